"""What a run decided, by matter and version, and which moves of the tables it made."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import runner
from protocol import events as e
from protocol.decision import Decision
from protocol.records import Matter
from protocol.table import ESCALATION, VISIT
from storage import invariants, outbox
from tests.protocol.walk import escalation_state, visit_state

Move = tuple[str, str, str, str]


@dataclass(frozen=True)
class Decided:
    """One decision that a transaction made; whether it was committed, the audit tells.

    `at` is world time, `second` that of the loop, which nobody moves.
    """

    at: datetime
    before: Matter
    event: e.Event
    decision: Decision
    second: float


@dataclass(frozen=True)
class Claimed:
    """One claim of a row, until its lease ends (loop seconds); `settled` once it was answered."""

    at: float
    until: float
    settled: bool = False


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
    claims: dict[str, list[Claimed]] = field(default_factory=lambda: defaultdict(list))
    told: list[tuple[str, int, str]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def watch(self, monkeypatch) -> None:
        """Look over the runner's shoulder."""
        really = vars(runner)["_save"]

        def saved(conn, write, done):
            # Not what was decided: a delivery that comes again is decided anew, and not saved.
            for before, decision, event in done:
                if decision.changed:
                    after = replace(decision.matter, version=before.version + 1)
                    second = asyncio.get_running_loop().time()
                    made = Decided(event.at, before, event, decision, second)
                    self.decided[before.id, after.version].append(made)
                    self._note(before, event, after)
            return really(conn, write, done)

        monkeypatch.setattr(runner, "_save", saved)
        self._watch_claims(monkeypatch)
        self._watch_invariants(monkeypatch)

    def _watch_claims(self, monkeypatch) -> None:
        """See when rows are claimed, and whether whoever claimed them said what became of it."""
        claim = outbox.claim

        def claimed(conn, transport_now, limit, lease, **kwargs):
            rows = claim(conn, transport_now, limit, lease, **kwargs)
            now = asyncio.get_running_loop().time()
            for row in rows:
                self.claims[row.key].append(Claimed(now, now + lease.total_seconds()))
            return rows

        monkeypatch.setattr(outbox, "claim", claimed)
        for name in ("sent", "retry", "undeliverable"):
            monkeypatch.setattr(outbox, name, self._settling(vars(outbox)[name]))

    def _settling(self, really):
        def settled(conn, row, *args):
            if self.claims[row.key]:
                self.claims[row.key][-1] = replace(self.claims[row.key][-1], settled=True)
            return really(conn, row, *args)

        return settled

    def _watch_invariants(self, monkeypatch) -> None:
        """See what production's own questions find while everything fails."""
        really = invariants.broken

        def asked(conn, invariant, seen):
            rows = really(conn, invariant, seen)
            self.asked[invariant.letter] += 1
            if rows and not invariant.passing:
                self.broken.append(f"{invariant.letter} {invariant.name}: {rows} at {seen.now}")
            return rows

        monkeypatch.setattr(invariants, "broken", asked)

    def tell(self, outcome, request) -> None:
        """Somebody was answered that what they did is stored."""
        if outcome.decision is not None and outcome.decision.changed and not outcome.repeated:
            after, event = outcome.matter, type(request.event(outcome.person)).__name__
            self.told.append((after.id, after.version + 1, event))

    def _note(self, before: Matter, event: e.Event, after: Matter) -> None:
        self.moves |= moves_of(before, type(event).__name__, after)
