"""Older code beside newer: what it cannot read it leaves to the other, and nothing is lost."""

import pytest

from bot.request import OfMatter
from protocol import events as e
from protocol.ids import MatterId
from storage import codec
from storage.codec import UnknownSchemaError
from tests.protocol.world import NOON, ROSA
from tests.scheduler.shift import open_shift
from tests.virtual_time import passes, run

NEWER = ("Visit", "Escalation", "Page")


@pytest.fixture
def newer(monkeypatch):
    """This is code of the next release while it is set; `newer()` is a context of it."""
    steps = {**codec.UPCASTS}
    for name in NEWER:
        steps[name] = (*steps.get(name, ()), lambda body: {**body, "added": None})

    def context():
        patch = monkeypatch.context()
        return Newer(patch, steps)

    return context


class Newer:
    def __init__(self, patch, steps):
        self._patch, self._steps = patch, steps

    def __enter__(self):
        self._patch.__enter__().setattr(codec, "UPCASTS", self._steps)

    def __exit__(self, *fault):
        self._patch.__exit__(*fault)


async def older_looks(shift):
    """An older replica goes round for as long as it takes to notice that it is one."""
    await shift.works(1.5)


def test_what_an_older_replica_cannot_read_it_leaves_to_the_newer_one(newer, logged):
    shift = open_shift()

    async def main():
        with newer():
            await shift.help_is_called()
        (before,) = shift.county.rows("matter")
        await passes((before.due_at - NOON).total_seconds())
        await older_looks(shift)
        assert shift.slack.said == [] or all("/page/" not in key for key in shift.slack.keys)
        (row,) = shift.county.rows("matter")
        assert (row.due_at, row.version) == (before.due_at, before.version)
        assert {one.outcome for one in shift.rows("Page")} == {None}
        with newer():
            await shift.again().works(15)
        (after,) = shift.county.rows("matter")
        assert after.version > before.version
        assert all(one.outcome == "sent" for one in shift.rows("Page"))
        assert shift.slack.twice == {}

    run(main())
    assert "sweep.batch_failed" in {line["event"] for line in logged}
    shift.database.dispose()


def test_a_tap_that_an_older_replica_cannot_decide_is_a_fault_and_changes_nothing(newer):
    shift = open_shift()

    async def main():
        with newer():
            await shift.help_is_called()
        before = shift.county.rows("matter")
        taken = shift.county.does(
            ROSA, lambda by: e.Acknowledge(NOON, by), OfMatter(MatterId("m1")), key="tap"
        )
        with pytest.raises(UnknownSchemaError):
            await taken
        assert shift.county.rows("matter") == before
        with newer():
            said = await shift.county.does(
                ROSA, lambda by: e.Acknowledge(NOON, by), OfMatter(MatterId("m1")), key="tap"
            )
        # Nothing was kept of the first try, not even that the delivery was seen.
        assert not said.repeated
        assert said.decision.changed

    run(main())
    shift.database.dispose()


def test_alone_it_tells_people_rather_than_wait_for_a_newer_one_that_never_comes(newer):
    shift = open_shift()

    async def main():
        with newer():
            await shift.help_is_called()
        (row,) = shift.county.rows("matter")
        await passes((row.due_at - NOON).total_seconds())
        await shift.works(20)

    run(main())
    assert shift.rows("PlainPage")
    shift.database.dispose()
