"""Versions and proposals are followed: the matcher takes what counts, effects are worked out."""

import pytest

from bot.matcher import State
from bot.matrix import body, change, known
from bot.matrix.change import Phrase
from bot.matrix.effect import Known
from bot.scheduler.loop import Loop
from bot.scheduler.revisions import EVERY, Revisions
from protocol.ids import ProgramId
from protocol.people import Language
from storage import gaps, matrix_versions, proposals
from storage.gaps import Gap
from storage.matrix_tables import Settled
from storage.matrix_versions import Version
from storage.proposals import Proposal
from storage.revision_tables import Source
from tests.county import PROGRAM, County
from tests.matrix import small
from tests.protocol.world import JO, LIN, MAYA, NOON

WHOLE = small.matrix()
GRANDMA = Phrase(row="ride", language=Language.EN, text="gotta wheel grandma over to dialysis")
NEAR = "wheel grandma to dialysis please"


@pytest.fixture
def county(ready_database_url, monkeypatch):
    monkeypatch.setattr(known, "questions", lambda: (Known(text=NEAR),))
    made = County.on(ready_database_url)
    made.ctx.matcher.engine, made.ctx.matcher.state = small.made(WHOLE), State.READY
    yield made
    made.ctx.matcher.close()
    made.ctx.database.dispose()


async def turn(county, revisions):
    """One turn of the loop, when it is due."""
    county.clock.transported += EVERY
    await revisions.work()


def adds_version(county, matrix, number=1, text=None):
    one = Version(
        f"v{number}",
        PROGRAM,
        number,
        matrix.version,
        WHOLE.version,
        matrix_versions.deflated(body.written(matrix) if text is None else text),
        "p",
        "why",
        JO,
        MAYA,
        LIN,
        NOON,
    )
    county.ctx.database.run_sync(matrix_versions.add, one)


def proposes(county, *changes, which="p1"):
    one = Proposal(
        which, PROGRAM, WHOLE.version, Source.GAP, tuple(change.dump(changes)), "why", JO, NOON
    )
    county.ctx.database.run_sync(proposals.add, one)


def effect_of(county, which="p1"):
    return county.ctx.database.run_sync(proposals.one, which).effect


async def test_a_version_answers_soon_after_it_was_made(county):
    revisions = Revisions(county.ctx)
    made = change.apply(WHOLE, [GRANDMA])
    await turn(county, revisions)
    adds_version(county, made)
    await turn(county, revisions)
    answer = await county.ctx.matcher.ask(NEAR, PROGRAM)
    assert (answer.rows[0].row, answer.version) == ("ride", made.version)
    assert (await county.ctx.matcher.ask(NEAR, ProgramId("other"))).version == WHOLE.version


async def test_a_version_that_cannot_be_read_stops_nothing(county):
    adds_version(county, change.apply(WHOLE, [GRANDMA]), text="{}")
    revisions = Revisions(county.ctx)
    await turn(county, revisions)
    await turn(county, revisions)
    assert (await county.ctx.matcher.ask(NEAR, PROGRAM)).version == WHOLE.version
    assert "could not be loaded" in county.ctx.matcher.note()


async def test_the_effect_of_a_proposal_is_kept_with_it(county):
    proposes(county, GRANDMA)
    await turn(county, Revisions(county.ctx))
    found = effect_of(county)
    assert (found["against"], found["changed"], found["lost"]) == (WHOLE.version, 1, 0)
    assert found["examples"][0]["text"] == NEAR


async def test_settled_gaps_are_among_the_questions(county):
    run = county.ctx.database.run_sync
    run(gaps.add, Gap("g1", PROGRAM, NOON, WHOLE.version, "the house is burning down"))
    run(gaps.settle, "g1", Settled.ROW, by=MAYA, at=NOON, row="fire")
    run(gaps.add, Gap("g2", PROGRAM, NOON, WHOLE.version, "still open"))
    proposes(county, GRANDMA)
    await turn(county, Revisions(county.ctx))
    assert effect_of(county)["asked"] == 2


async def test_an_effect_is_worked_out_anew_when_the_matrix_changed(county):
    proposes(county, GRANDMA)
    revisions = Revisions(county.ctx)
    await turn(county, revisions)
    other = Phrase(row="ride", language=Language.EN, text="tow him in my wagon")
    made = change.apply(WHOLE, [other])
    adds_version(county, made)
    await turn(county, revisions)
    assert effect_of(county)["against"] == made.version


async def test_while_nothing_is_loaded_nothing_is_due(county):
    county.ctx.matcher.engine = None
    proposes(county, GRANDMA)
    assert await Revisions(county.ctx).until_due() is None
    assert effect_of(county) is None


async def test_it_is_due_every_fifteen_seconds_and_soon_after_a_write_or_a_new_engine(
    county,
):
    revisions = Revisions(county.ctx)
    assert (await revisions.until_due()).total_seconds() <= 0
    await revisions.work()
    assert await revisions.until_due() == EVERY
    county.ctx.nudge()
    await revisions.loop.wait(revisions.loop.nudge, 1.0)
    assert (await revisions.until_due()).total_seconds() == 1
    county.ctx.matcher.engine = small.made(WHOLE)
    assert (await revisions.until_due()).total_seconds() <= 0
    assert isinstance(revisions.loop, Loop)
