"""Identifiers as types of their own, so that one kind cannot be handed in for another."""

from typing import NewType

PersonId = NewType("PersonId", str)
ProgramId = NewType("ProgramId", str)
MatterId = NewType("MatterId", str)
PlaceId = NewType("PlaceId", str)
