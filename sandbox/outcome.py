"""This says how a delivery to the app ended."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Lane(StrEnum):
    """This is the type of an envelope."""

    EVENTS = "events_api"
    COMMANDS = "slash_commands"
    INTERACTIVE = "interactive"


@dataclass(frozen=True)
class Outcome:
    """This is what became of one attempt.

    `delivered`: it left for the app. `acked`: the app answered in time; `payload` is its answer.
    `reason` is Slack's retry reason. `final`: the app asked for no retry, or the attempt was lost
    on purpose.
    """

    delivered: bool
    acked: bool
    payload: Any = None
    reason: str = ""
    final: bool = False


@dataclass(frozen=True)
class Attempt:
    """This is the number of a delivery attempt, from 0, and why there is another one."""

    number: int = 0
    reason: str = ""
