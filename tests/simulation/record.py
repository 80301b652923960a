"""What a run decided, by matter and version, and which moves of the tables it made."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import runner
from protocol import events as e
from protocol.decision import Decision
from protocol.records import Matter
from protocol.table import ESCALATION, VISIT
from tests.protocol.walk import escalation_state, visit_state

Move = tuple[str, str, str, str]


@dataclass(frozen=True)
class Decided:
    """One decision that a transaction made; whether it was committed, the audit tells."""

    at: datetime
    before: Matter
    event: e.Event
    decision: Decision


def moves_of(before: Matter, name: str, after: Matter) -> set[Move]:
    """The move of the visit and the move of the escalation that an event made."""
    was, now = escalation_state(before, after)
    return {
        ("visit", visit_state(before), name, visit_state(after)),
        ("escalation", was, name, now),
    }


def all_moves() -> set[Move]:
    """Every move that the tables have."""
    tables = (("visit", VISIT), ("escalation", ESCALATION))
    return {
        (what, state, name, after)
        for what, table in tables
        for state, moves in table.items()
        for name, afters in moves.items()
        for after in afters
    }


@dataclass
class Record:
    """This keeps every decision, by the matter and the version that it led to."""

    decided: dict[tuple[str, int], list[Decided]] = field(default_factory=lambda: defaultdict(list))
    moves: set[Move] = field(default_factory=set)
    wanted: set[Move] = field(default_factory=all_moves)

    def watch(self, monkeypatch) -> None:
        """Look over the runner's shoulder."""
        really = vars(runner)["decide"]

        def watched(matter, event, situation):
            decision = really(matter, event, situation)
            after = replace(decision.matter, version=matter.version + 1)
            if decision.changed:
                made = Decided(event.at, matter, event, decision)
                self.decided[matter.id, after.version].append(made)
                self._note(matter, event, after)
            return decision

        monkeypatch.setattr(runner, "decide", watched)

    def _note(self, before: Matter, event: e.Event, after: Matter) -> None:
        self.moves |= moves_of(before, type(event).__name__, after)
