"""A program's own matrix answers for it at once, and for nobody else; the former one until then."""

import asyncio

import pytest
import structlog

from bot.matcher import Matcher
from bot.matrix import body, change
from bot.matrix.change import DropRow, Phrase
from bot.matrix.effect import Known
from protocol.ids import ProgramId
from protocol.people import Language
from tests.matrix import small

COUNTY, OTHER = ProgramId("county"), ProgramId("other")
GRANDMA = Phrase(row="ride", language=Language.EN, text="gotta wheel grandma over to dialysis")
NEAR = "wheel grandma to dialysis please"


@pytest.fixture
def matcher():
    made = Matcher(small.made(small.matrix()))
    yield made
    made.close()


def changed(*changes):
    return change.apply(small.matrix(), changes)


async def take(matcher, matrix, program=COUNTY):
    return await matcher.take(program, matrix.version, body.written(matrix))


async def test_a_new_version_answers_for_its_program_alone(matcher):
    made = changed(GRANDMA)
    assert matcher.behind({COUNTY: made.version}) == [COUNTY]
    assert await take(matcher, made)
    assert matcher.behind({COUNTY: made.version}) == []
    own = await matcher.ask(NEAR, COUNTY)
    assert (own.rows[0].row, own.version) == ("ride", made.version)
    for program in (OTHER, None):
        answer = await matcher.ask(NEAR, program)
        assert answer.version == small.matrix().version
    assert matcher.matrix_of(COUNTY).version == made.version
    assert matcher.matrix_of(OTHER) is matcher.matrix


async def test_a_version_that_cannot_be_loaded_leaves_the_former_and_is_said(matcher):
    made = changed(GRANDMA)
    await take(matcher, made)
    with structlog.testing.capture_logs():
        assert not await matcher.take(COUNTY, "broken", "{}")
    assert matcher.matrix_of(COUNTY).version == made.version
    assert "county could not be loaded" in matcher.note()
    assert matcher.behind({COUNTY: "broken"}) == []  # it is not tried over and over
    assert await take(matcher, changed(GRANDMA))
    assert matcher.note() is None


async def test_when_the_models_are_there_a_programs_matrix_is_made_from_them(matcher):
    made = changed(GRANDMA)
    await take(matcher, made)
    matcher.engine = small.made(small.matrix(), (small.Hashed(),))
    assert matcher.behind({COUNTY: made.version}) == [COUNTY]
    await take(matcher, made)
    assert (await matcher.ask(NEAR, COUNTY)).rows[0].row == "ride"
    assert matcher.behind({COUNTY: made.version}) == []


async def test_what_was_learnt_in_full_is_taken_instead(matcher):
    made = changed(GRANDMA)
    full = small.made(made)
    matcher.kept = lambda matrix: full if matrix.version == made.version else None
    await take(matcher, made)
    assert matcher.engine_of(COUNTY) is full


async def test_a_program_without_a_version_of_its_own_is_answered_as_shipped(matcher):
    made = changed(GRANDMA)
    await take(matcher, made)
    assert not matcher.all_alike
    matcher.leave({})
    assert matcher.all_alike
    assert matcher.matrix_of(COUNTY) is matcher.matrix
    assert matcher.of_version(made.version).version == made.version


async def test_a_row_that_went_is_still_paged_by_the_version_that_offered_it(matcher):
    before, after = changed(GRANDMA), changed(DropRow(key="ride"))
    await take(matcher, before)
    await take(matcher, after)
    assert "ride" not in matcher.matrix_of(COUNTY).by_key
    assert matcher.with_row("ride", before.version).version == before.version
    assert matcher.with_row("ride", "never seen").version == small.matrix().version
    assert matcher.with_row("no_such_row", before.version) is None


async def test_the_effect_of_a_proposal_is_worked_out_on_known_questions(matcher, monkeypatch):
    from bot.matrix import known

    monkeypatch.setattr(known, "questions", lambda: (Known(text=NEAR),))
    burning = Known(text="the house is burning down", row="fire")
    found = await matcher.effect(COUNTY, change.dump([GRANDMA]), [burning])
    assert found.asked == 2
    assert [(one.text, one.after.row, one.fall) for one in found.changed] == [(NEAR, "ride", None)]


async def test_a_proposal_that_does_not_fit_says_so_as_its_effect(matcher):
    found = await matcher.effect(COUNTY, change.dump([DropRow(key="fire")]))
    assert "smoke" in found.unfit
    assert found.against == small.matrix().version


async def test_questions_are_answered_while_a_matrix_is_made(matcher):
    engine = small.made(small.matrix(), (small.Hashed(),))
    matcher.engine = engine
    many = [
        Phrase(row="ride", language=Language.EN, text=f"errand number {number} by van")
        for number in range(60)
    ]
    taking = asyncio.ensure_future(take(matcher, changed(*many)))
    answered = [await matcher.ask("the house is burning down", COUNTY) for _ in range(5)]
    assert all(answer.rows[0].row == "fire" for answer in answered)
    assert await taking
