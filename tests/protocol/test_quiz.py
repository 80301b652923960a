"""Which rows are asked, what passes, and when questions are due again."""

from dataclasses import replace

from protocol import quiz as rules
from protocol.ids import PersonId, ProgramId
from protocol.quiz import Due, Item, Quiz
from tests.protocol.world import NOON

ITEMS = tuple(
    Item(f"row{number}", f"d{number}", number < 14, number % 3 + 1, rank=number % 5, kind=kind)
    for number, kind in enumerate(["trigger"] * 20 + ["peer"] * 5 + ["shared"] * 5)
)
PRESENT = {one.key: one.digest for one in ITEMS}


def quiz(items=ITEMS, which="q1"):
    asked = rules.as_asked(rules.choose(which, items))
    return Quiz(which, ProgramId("p"), PersonId("jo"), "v1", asked, NOON)


def answered(one, wrong=()):
    for number, row in enumerate(one.rows):
        choice = row.answer if number not in wrong else row.answer % 3 + 1
        one = rules.answered(one, choice, NOON)
    return one


def test_ten_rows_are_chosen_again_the_same_and_by_another_seed_others():
    assert rules.choose("a", ITEMS) == rules.choose("a", tuple(reversed(ITEMS)))
    assert len({rules.choose(seed, ITEMS) for seed in "abcdefgh"}) > 1
    assert all(len(set(rules.choose(seed, ITEMS))) == 10 for seed in "abcdefgh")


def test_the_most_urgent_come_first_and_the_limits_of_the_role_are_always_asked():
    for seed in "abcdefgh":
        chosen = rules.choose(seed, ITEMS)
        ranks = [one.rank for one in chosen if one.urgent]
        assert len(ranks) == rules.URGENT_MAX
        assert ranks == sorted(ranks)
        assert [one.urgent for one in chosen] == [True] * 7 + [False] * 3
        assert {"peer", "shared"} <= {one.kind for one in chosen}


def test_a_matrix_of_fewer_rows_asks_them_all_and_one_of_urgent_rows_fills_up_with_them():
    assert len(rules.choose("a", ITEMS[:4])) == 4
    assert len(rules.choose("a", ITEMS[:14])) == 10
    assert rules.choose("a", ()) == ()


def test_eight_of_ten_pass_and_seven_do_not():
    assert answered(quiz(), wrong=(0, 9)).passed is True
    assert answered(quiz(), wrong=(0, 5, 9)).passed is False
    assert [rules.wanted(rows) for rows in (10, 9, 5, 1)] == [8, 8, 4, 1]


def test_a_quiz_ends_with_its_last_answer_and_not_before():
    one = quiz()
    for _number in range(9):
        one = rules.answered(one, 1, NOON)
        assert (one.ended_at, one.passed) == (None, None)
    assert rules.answered(one, 1, NOON).ended_at == NOON


def test_what_matters_is_what_was_urgent_or_answered_wrong():
    calm = 9
    right, wrong = answered(quiz()), answered(quiz(), wrong=(calm,))
    urgent_key, calm_key = right.rows[0].key, right.rows[calm].key
    assert rules.due(right, PRESENT) is Due.DONE
    assert rules.due(right, {**PRESENT, urgent_key: "new"}) is Due.AGAIN
    assert rules.due(right, {**PRESENT, calm_key: "new"}) is Due.DONE
    assert rules.due(wrong, {**PRESENT, calm_key: "new"}) is Due.AGAIN
    assert rules.due(wrong, PRESENT) is Due.DONE
    assert rules.due(None, PRESENT) is Due.NEVER


def test_a_row_that_was_urgent_matters_when_it_is_gone():
    right = answered(quiz())
    gone = {key: one for key, one in PRESENT.items() if key != right.rows[0].key}
    assert rules.changed(right, gone) == (right.rows[0].key,)


def test_only_what_is_still_to_be_asked_must_stand_as_it_did():
    one = rules.answered(quiz(), 1, NOON)
    assert rules.still_asks(one, {**PRESENT, one.rows[0].key: "new"})
    assert not rules.still_asks(one, {**PRESENT, one.rows[1].key: "new"})


def test_a_change_is_known_by_what_the_rows_are_now():
    keys = ("row1", "row2")
    first = rules.change_of(keys, {**PRESENT, "row1": "new"})
    assert first == rules.change_of(keys[::-1], {**PRESENT, "row1": "new"})
    assert first != rules.change_of(keys, {**PRESENT, "row1": "newer"})


def test_an_answer_that_is_no_choice_or_comes_after_the_end_is_a_mistake():
    over = answered(quiz())
    for one, choice in ((quiz(), 0), (quiz(), 4), (over, 1)):
        try:
            rules.answered(one, choice, NOON)
        except ValueError:
            continue
        raise AssertionError(choice)


def test_how_many_are_right_counts_what_was_right_when_it_was_asked():
    one = answered(quiz(), wrong=(1, 2, 3))
    assert one.right == 7
    moved = replace(one, rows=tuple(replace(row, digest="new") for row in one.rows))
    assert moved.right == 7
