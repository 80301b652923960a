"""Rows written in a huddle, and the row that a huddle looks at again."""

from datetime import date

import pytest

from bot.matrix.checks import Written, errors
from bot.matrix.drafted import Asked, drafted, frame
from bot.matrix.model import Kind, TierKey
from bot.matrix.revisit import choose
from protocol.people import Language
from tests.answering import matrix

TODAY = date(2026, 11, 23)


def asked(**more):
    said = {
        "title": "Lost phone with client numbers",
        "wording": "A work phone is gone.",
        "kind": Kind.TRIGGER,
        "owner": "privacy_officer",
        "tier": TierKey.U2,
        "first": ("Call the office.",),
        "do_not": ("Do not wait.", "Do not post about it."),
        "language": Language.EN,
    }
    return Asked(**{**said, **more})


@pytest.mark.parametrize("tier", list(TierKey))
def test_a_row_that_is_filled_in_breaks_no_rule_of_the_matrix(tier):
    owners = [key for key in matrix().owners if frame(matrix(), key, tier, Kind.TRIGGER)]
    assert owners
    for owner in owners:
        row = drafted(matrix(), asked(owner=owner, tier=tier), TODAY)
        more = matrix().model_copy(update={"rows": (*matrix().rows, row)})
        more.__dict__.pop("by_key", None)
        places = {one.key: no for no, one in enumerate(more.rows)}
        assert not list(errors(Written(type(more).model_validate(more.model_dump()), places)))


def test_it_is_marked_as_unchecked_in_one_language_and_due_soon():
    row = drafted(matrix(), asked(language=Language.ES, title="Teléfono perdido"), TODAY)
    assert row.key == "telefono_perdido"
    assert row.title.es == "Teléfono perdido"
    assert row.title.en == "(Spanish only) Teléfono perdido"
    assert [one.check_locally for one in row.authority] == [True]
    assert row.review_by == date(2026, 12, 23)
    assert row.quiz.choices[row.quiz.answer - 1] == matrix().owners["privacy_officer"].title


def test_what_is_urgent_is_never_filled_in_from_what_is_not():
    owner = next(
        key
        for key in matrix().owners
        if not any(row.owner == key and row.urgent for row in matrix().rows)
    )
    assert drafted(matrix(), asked(owner=owner, tier=TierKey.U0), TODAY) is None
    urgent = asked(owner="clinical_lead", tier=TierKey.U0)
    assert drafted(matrix(), urgent, TODAY).call_first
    one_line = asked(owner="clinical_lead", tier=TierKey.U0, do_not=("Do not wait.",))
    assert drafted(matrix(), one_line, TODAY) is None


def test_nothing_is_filled_in_from_a_row_about_ones_own_life():
    for row in (one for one in matrix().rows if one.private):
        like = frame(matrix(), row.owner, row.tier, row.kind)
        assert like is None or not like.private


def test_a_title_that_is_taken_gets_another_key():
    taken = matrix().rows[0].key
    row = drafted(matrix(), asked(title=taken.replace("_", " ")), TODAY)
    assert row.key == f"{taken}_2"


def test_what_is_asked_most_comes_first_and_then_what_was_reviewed_longest_ago():
    keys = [row.key for row in matrix().rows if not row.private]
    often = {keys[5]: 4, keys[7]: 9}
    assert choose(matrix(), often, ()).key == keys[7]
    assert choose(matrix(), often, {keys[7]}).key == keys[5]
    oldest = choose(matrix(), often, {keys[5], keys[7]})
    assert oldest.reviewed_on == min(row.reviewed_on for row in matrix().rows)


def test_a_row_about_ones_own_life_is_never_looked_at_together():
    private = {row.key for row in matrix().rows if row.private}
    assert private
    assert choose(matrix(), dict.fromkeys(private, 99), ()).key not in private
    everything = {row.key for row in matrix().rows}
    assert choose(matrix(), {}, everything).key not in private
