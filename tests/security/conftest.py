"""This makes the profile for fuzzing known before pytest is asked for it."""

from tests.security import profiles

__all__ = ["profiles"]
