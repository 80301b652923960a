"""The effect of a change on known questions: what would be answered otherwise, and what is lost."""

from datetime import date

import pytest

from bot.matrix import change, known, shipped
from bot.matrix.answer import Answer, Hit
from bot.matrix.change import DropRow, Phrase, PutRow
from bot.matrix.effect import Changed, Effect, Fall, First, Known, effect
from bot.matrix.model import TierKey
from bot.matrix.words import Read
from protocol.people import Language
from tests.matrix import small

KNOWN = (
    Known(text="the house is burning down", row="fire"),
    Known(text="needs a lift to the clinic", row="ride"),
    Known(text="wheel grandma to dialysis"),
)


def effect_of(*changes):
    base = small.made(small.matrix())
    after = change.apply(base.matrix, changes)
    return effect(base.ask, base.grown(after).ask, KNOWN, base.matrix, after)


def test_a_change_that_changes_no_answer_says_so():
    row = small.matrix().by_key["ride"].model_copy(update={"review_by": date(2027, 2, 2)})
    found = effect_of(PutRow(row=row))
    assert (found.asked, found.changed, found.lost) == (3, (), 0)
    assert found.against == small.matrix().version


def test_what_would_be_answered_otherwise_is_listed_with_before_and_after():
    said = "gotta wheel grandma over to dialysis"
    found = effect_of(Phrase(row="ride", language=Language.EN, text=said))
    [one] = found.changed
    assert (one.text, one.before.row, one.after.row) == (KNOWN[2].text, None, "ride")
    assert found.stored()["examples"][0]["after"] == ["ride", "U4"]


def test_an_urgent_question_that_is_urgent_no_more_is_lost():
    fire = small.matrix().by_key["fire"].model_copy(update={"tier": TierKey.U4})
    found = effect_of(PutRow(row=fire))
    assert found.lost == 1
    assert found.stored()["examples"][0]["lost"] is True


def test_an_urgent_row_that_goes_is_lost_unless_another_takes_its_place():
    assert effect_of(DropRow(key="smoke"), DropRow(key="fire")).lost == 1
    fire = small.matrix().by_key["fire"].model_copy(update={"key": "blaze"})
    said = [
        Phrase(row="blaze", language=Language.EN, text=text)
        for text in ("the house is burning down", "the house burns to the ground")
    ]
    assert effect_of(DropRow(key="smoke"), DropRow(key="fire"), PutRow(row=fire), *said).lost == 0


def test_an_urgent_question_that_becomes_less_urgent_is_named_and_not_lost():
    fire = small.matrix().by_key["fire"].model_copy(update={"tier": TierKey.U1})
    found = effect_of(PutRow(row=fire))
    assert (found.lost, found.less) == (0, 1)
    [one] = found.stored()["examples"]
    assert (one["text"], one["less"], one["lost"]) == (KNOWN[0].text, True, False)
    assert (one["before"], one["after"]) == (["fire", "U0"], ["fire", "U1"])


@pytest.mark.parametrize(
    ("then", "fall"),
    [
        ((("fire", TierKey.U0),), None),
        ((("smoke", TierKey.U1), ("fire", TierKey.U0)), Fall.LESS),
        ((("ride", TierKey.U4), ("fire", TierKey.U0)), Fall.LOST),
        ((("ride", None), ("fire", TierKey.U0)), Fall.LOST),
        ((("fire", None),), Fall.LOST),
        ((), Fall.LOST),
    ],
)
def test_what_is_read_first_counts_though_the_row_stands_further_down(then, fall):
    whole = small.matrix()

    def answer(rows):
        hits = tuple(Hit(key, None, tier, 0.9, 0.9) for key, tier in rows)
        return Answer(not hits, hits, (), Read("x"), whole.version)

    before, after = answer((("fire", TierKey.U0),)), answer(then)
    found = effect(lambda _: before, lambda _: after, KNOWN[:1], whole, whole)
    assert [one.fall for one in found.changed] == ([fall] if fall else [])


def test_every_question_that_changes_is_kept_however_many_they_are_and_what_falls_first():
    falls = [
        Changed(f"q{no}", First("fire", "U0"), First("fire", "U1"), Fall.LESS) for no in range(25)
    ]
    kept = Effect("v", 60, (Changed("calm", First(None, None), First("ride", "U4")), *falls))
    examples = kept.stored()["examples"]
    assert [one["less"] for one in examples] == [True] * 25 + [False]


def test_what_is_not_urgent_may_change_without_being_lost():
    assert effect_of(DropRow(key="ride")).lost == 0


def test_the_shipped_questions_name_wide_rows_and_every_urgent_one():
    matrix = shipped.ours()
    questions = known.questions()
    named = {one.row for one in questions if one.row}
    assert len(questions) >= 60
    assert all(matrix.by_key[row].under is None for row in named)
    assert {row.key for row in matrix.wide_rows() if row.urgent} <= named
    assert len({one.text for one in questions}) == len(questions)
