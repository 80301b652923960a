"""What stands against adoption: rules nobody held to the law, and numbers nobody called."""

from dataclasses import replace
from datetime import date

import pytest

from bot.matrix import settling
from bot.matrix.settling import What
from bot.slack.render.answer_lines import unsettled as sentences
from bot.slack.words.speech import speaking
from protocol.ids import PersonId, ProgramId
from protocol.partners import Hours, Partner
from protocol.people import Language
from tests.answering import matrix

TODAY = date(2026, 11, 23)
HOURS = Hours("at any hour", "a toda hora")


ROSA = PersonId("rosa")


def partner(line, **more):
    whole = Partner(
        f"river/{line}", ProgramId("river"), line, line, "+15555550181", HOURS, TODAY, ROSA
    )
    return replace(whole, **more)


def lines_to_check():
    return [key for key in settling.used(matrix()) if matrix().lines[key].check_locally]


def left(partners, without=(What.AUTHORITY,)):
    found = settling.unsettled(matrix(), partners, TODAY)
    return [(one.what, one.key) for one in found if one.what not in without]


def test_every_used_line_that_is_to_be_checked_needs_a_partner():
    assert lines_to_check()
    assert left([]) == [(What.NO_PARTNER, key) for key in lines_to_check()]
    assert "poison_control" not in lines_to_check(), "no row uses it"


def test_where_each_line_has_a_checked_partner_only_rules_are_left():
    whole = [partner(key) for key in lines_to_check()]
    assert left(whole) == []
    rules = {one.key for one in settling.unsettled(matrix(), whole, TODAY)}
    assert rules == {
        row.key for row in matrix().rows if any(one.check_locally for one in row.authority)
    }


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"checked_on": None}, What.NOT_CHECKED),
        ({"checked_on": date(2026, 11, 24)}, What.NOT_CHECKED),
        ({"checked_on": date(2026, 1, 1)}, What.CHECKED_LONG_AGO),
        ({"number": None}, What.NO_NUMBER),
        ({"hours": None}, What.NO_HOURS),
    ],
)
def test_what_a_partner_lacks_is_left(changed, what):
    first, *rest = lines_to_check()
    found = left([partner(first, **changed), *(partner(key) for key in rest)])
    assert found == [(what, first)]


def test_a_line_that_is_not_in_the_matrix_is_said():
    whole = [partner(key) for key in (*lines_to_check(), "nowhere")]
    assert left(whole) == [(What.NO_LINE, "nowhere")]


@pytest.mark.parametrize("language", list(Language))
def test_each_kind_is_a_sentence_that_says_what_settles_it_above_all_its_names(language):
    found = settling.unsettled(matrix(), [partner("mobile_crisis", hours=None)], TODAY)
    with speaking(language.value):
        said = sentences(found)
    assert len(said) == len({one.what for one in found})
    assert all(sentence.endswith(".") for sentence, _names in said)
    named = {name for _sentence, names in said for name in names}
    assert matrix().lines["child_line"].text.in_(language) in named
    assert len(named) == len({one.name.in_(language) for one in found})


def test_only_a_checked_number_settles_a_line():
    def settled(line, *known):
        return settling.is_settled(matrix(), line, known, TODAY)

    assert settled("911")
    assert not settled("mobile_crisis")
    assert settled("mobile_crisis", partner("mobile_crisis"))
    assert not settled("mobile_crisis", partner("mobile_crisis", checked_on=None))
    assert not settled("mobile_crisis", partner("child_line"))


def test_what_stands_against_a_matrix_is_in_the_order_of_the_alphabet():
    for language in Language:
        with speaking(language):
            for _sentence, names in sentences(settling.unsettled(matrix(), (), TODAY)):
                assert names == sorted(names, key=str.casefold)
