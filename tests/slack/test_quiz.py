"""The questions as they are drawn: every row that is asked, in both languages, within limits."""

import pytest

from bot.matrix import quizzing
from bot.slack.render import quiz as draw
from bot.slack.render.quiz import QuizView
from bot.slack.words.speech import speaking
from protocol import quiz as rules
from protocol.ids import PersonId, ProgramId
from protocol.people import Language
from protocol.quiz import Due, Quiz
from tests.answering import matrix
from tests.block_kit import check_message
from tests.protocol.world import NOON
from tests.slack.readable import elements, readable

ITEMS = quizzing.items(matrix())


def quiz():
    """One of every row that may be asked, so that none is left out."""
    asked = rules.as_asked(ITEMS)
    return Quiz("q1" * 12, ProgramId("p"), PersonId("jo"), matrix().version, asked, NOON)


@pytest.mark.parametrize("language", list(Language))
def test_every_question_and_every_answer_is_drawn_whole(language):
    one = quiz()
    with speaking(language.value):
        for number, row in enumerate(one.rows):
            asked = draw.question(matrix(), one, language)
            check_message(asked.blocks)
            found = matrix().by_key[row.key].quiz
            said = readable(asked.blocks)
            assert found.question.in_(language) in said
            one = rules.answered(one, number % 3 + 1, NOON)
            told = draw.verdict(matrix(), one, number, language)
            check_message(told.blocks)
            assert found.because.in_(language) in readable(told.blocks)
            assert f"{row.key}" in readable(told.blocks)
        end = draw.result(matrix(), one, language)
        check_message(end.blocks)


def test_no_lock_screen_shows_anything_of_a_question():
    drawn = draw.question(matrix(), quiz(), Language.EN)
    assert drawn.text == "Belay: update"


def test_private_rows_are_no_items():
    private = {row.key for row in matrix().rows if row.private}
    assert private
    assert not private & {one.key for one in ITEMS}


def test_a_review_of_a_row_is_no_change_to_learn_and_another_wording_is():
    row = matrix().by_key["active_overdose"]
    reviewed = row.model_copy(update={"review_by": row.reviewed_on})
    assert quizzing.digest(reviewed) == quizzing.digest(row)
    reworded = row.model_copy(update={"wording": row.title})
    assert quizzing.digest(reworded) != quizzing.digest(row)


def test_the_home_names_who_is_due_and_says_nothing_of_answers():
    names = tuple(f"Peer {number}" for number in range(40))
    blocks = draw.part(QuizView(Due.DONE, team_done=3, team_due=names))
    check_message(blocks)
    said = readable(blocks)
    assert "3 done, 40 due" in said
    assert "Peer 0" in said
    assert "+28" in said


def test_whoever_has_begun_is_offered_to_go_on():
    blocks = draw.part(QuizView(Due.NEVER, is_open=True))
    assert [one["text"]["text"] for one in elements(blocks)] == ["Go on"]
