"""Every move of the tables, taken by the production code on a real database.

Each is reached from nothing by the events of a life that the rules alone have lived before; after
every event what is stored must be, field by field, what the rules decided.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import runner
from bot.runner import Write
from protocol.events import Event, OpenSilent, PlanVisit
from protocol.ids import MatterId
from protocol.matter import blank
from protocol.records import Matter
from storage import matters
from tests.county import PROGRAM, County
from tests.protocol.walk import Step, steps
from tests.protocol.world import JO, plan
from tests.simulation.record import Move, all_moves, moves_of

# Drawn once, and used by all of these.
pytestmark = pytest.mark.xdist_group("walk")


def ways() -> dict[Move, Step]:
    """For each move the shortest way to it."""
    found: dict[Move, Step] = {}
    for step in steps():
        if not step.decision.changed:
            continue
        for move in moves_of(step.before, step.kind, step.after) & all_moves():
            if move not in found or len(step.path) < len(found[move].path):
                found[move] = step
    return found


class Replay:
    """This lives a life again, through the runner's own step, and keeps which moves it made."""

    def __init__(self, county: County):
        self.county = county
        self.moves: set[Move] = set()
        self.lives = 0

    def live(self, path: tuple[Event, ...]) -> Matter:
        self.lives += 1
        matter = blank(MatterId(f"m{self.lives}"), PROGRAM, JO)
        for event in path:
            matter = self._one(matter, event)
        return matter

    def _one(self, before: Matter, event: Event) -> Matter:
        if isinstance(event, OpenSilent) and self._stored(event.about) is None:
            later = replace(plan(), start_at=event.at + timedelta(hours=1))
            visited = blank(event.about, PROGRAM, event.worker)
            self._step(visited, PlanVisit(event.at, event.worker, later))
        self._step(before, event)
        after = self._stored(before.id)
        assert after is not None
        self.moves |= moves_of(before, type(event).__name__, after)
        return after

    def _step(self, before: Matter, event: Event) -> None:
        ctx = self.county.ctx
        write = Write(ctx.sealer, event.at, self.county.clock.transport())
        decision = ctx.database.run_sync(runner.step, write, before, event)
        assert not decision.refused or decision.changed, (event, decision.reason)

    def _stored(self, matter: MatterId) -> Matter | None:
        ctx = self.county.ctx
        return ctx.database.run_sync(matters.load, ctx.sealer, matter)


def test_every_move_of_the_tables_is_taken_and_stored_as_it_was_decided(ready_database_url):
    county = County.on(ready_database_url)
    replay = Replay(county)
    # The longest first: on their way they make most of the others.
    for move, step in sorted(ways().items(), key=lambda way: -len(way[1].path)):
        if move in replay.moves:
            continue
        stored = replay.live(step.path)
        assert without_names(stored) == without_names(step.after), move
    assert all_moves() <= replay.moves
    county.ctx.database.dispose()


def without_names(matter: Matter) -> tuple:
    """What must be the same however the matter is called."""
    return (matter.worker, matter.version, matter.visit, matter.escalations, matter.silent)
