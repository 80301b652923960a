"""The questions about the matrix: one message each, stored before shown, and nobody's score."""

import pytest
from sqlalchemy import insert, select

from bot.matcher import Matcher
from bot.slack import homes
from bot.slack.carried import NO_MATTER, pack, unpack
from bot.slack.ids import Action
from bot.slack.render.quiz import BUTTONS
from protocol.ids import MatterId, PersonId
from protocol.quiz import Quiz
from storage import quizzes
from storage.huddle_tables import quiz as quiz_table
from tests.answering import FakeEngine, matrix
from tests.county import PROGRAM
from tests.protocol.world import JO
from tests.slack.payloads import tap
from tests.slack.readable import elements, readable

TEXT = {"type": "plain_text", "text": "x"}


class Changing(FakeEngine):
    """This is an engine whose matrix a test changes."""

    now = None

    @property
    def matrix(self):
        return self.now or matrix()

    def reword(self, *keys):
        rows = tuple(
            row.model_copy(update={"title": row.wording}) if row.key in keys else row
            for row in self.matrix.rows
        )
        values = {name: getattr(self.matrix, name) for name in type(self.matrix).model_fields}
        self.now = type(self.matrix).model_construct(**{**values, "rows": rows})


@pytest.fixture(autouse=True)
def engine(real_workplace):
    made = Changing()
    matcher = real_workplace.door.ctx.matcher
    matcher.engine, matcher.state = made, Matcher(made).state
    return made


def button(action, value):
    return {"type": "button", "text": TEXT, "action_id": action.value, "value": value}


async def start(workplace, user="U_JO", trigger="1.2.s"):
    before = len(workplace.slack.calls)
    home = {"response_url": None, "channel": None}
    body = tap(button(Action.TRY_QUIZ, pack(NO_MATTER)), user=user, trigger=trigger, **home)
    await workplace.gets({key: value for key, value in body.items() if value is not None})
    return sent(workplace, before)


async def choose(workplace, quiz, choice, *, number=None, user="U_JO", trigger="1.2.p"):
    before, said = len(workplace.slack.calls), len(workplace.said)
    number = quiz.number if number is None else number
    value = pack(MatterId(quiz.id), "abc"[choice - 1], number)
    pressed = tap(button(BUTTONS[choice - 1], value), user=user, trigger=f"{trigger}.{number}")
    await workplace.gets(pressed)
    return workplace.said[said:], sent(workplace, before)


def sent(workplace, before):
    return [given for method, given in workplace.slack.calls[before:] if "post" in method]


def stored(workplace, who=JO):
    def read(conn):
        mine = quiz_table.c.person_id == who
        found = conn.execute(select(quiz_table).where(mine).order_by(quiz_table.c.started_at))
        return [quizzes._quiz(row) for row in found]

    return workplace.door.ctx.database.run_sync(read)


async def through(workplace, wrong=(), user="U_JO", who=JO):
    """Answer all ten, those at `wrong` wrongly; returns what was sent last."""
    await start(workplace, user, trigger=f"1.2.{len(stored(workplace, who))}")
    last = []
    for number in range(10):
        one = next(each for each in stored(workplace, who) if each.ended_at is None)
        answer = one.rows[number].answer
        choice = answer % 3 + 1 if number in wrong else answer
        _said, last = await choose(workplace, one, choice, user=user)
    return last


def home(workplace, user):
    ctx = workplace.door.ctx
    seen = ctx.database.run_sync(homes.read, user, ctx.clock.now(), ctx.matcher.matrix_of)
    return readable(homes.draw(seen).view["blocks"])


async def test_the_first_question_comes_as_a_message_with_three_buttons(real_workplace):
    [asked] = await start(real_workplace)
    assert asked["channel"] == "U_JO"
    [one] = stored(real_workplace)
    row = matrix().by_key[one.rows[0].key]
    said = readable(asked["blocks"])
    assert "Question 1 of 10" in said
    assert all(choice.en in said for choice in row.quiz.choices)
    buttons = elements(asked["blocks"])
    assert [each["action_id"] for each in buttons] == ["quiz_a", "quiz_b", "quiz_c"]
    assert {unpack(each["value"]).matter for each in buttons} == {one.id}
    assert (one.version, len(one.rows)) == (matrix().version, 10)


async def test_starting_again_goes_on_where_it_was(real_workplace):
    await start(real_workplace)
    await choose(real_workplace, stored(real_workplace)[0], 1)
    [asked] = await start(real_workplace, trigger="1.2.t")
    assert "Question 2 of 10" in readable(asked["blocks"])
    assert len(stored(real_workplace)) == 1


async def test_a_right_answer_is_said_to_be_right_and_the_next_question_follows(real_workplace):
    await start(real_workplace)
    [one] = stored(real_workplace)
    [said], [asked] = await choose(real_workplace, one, one.rows[0].answer)
    assert said["replace_original"] is True
    told = readable(said["blocks"])
    row = matrix().by_key[one.rows[0].key]
    assert "That is what the row says" in told
    assert row.quiz.because.en in told
    assert "Question 2 of 10" in readable(asked["blocks"])


async def test_a_wrong_answer_is_told_kindly_what_the_row_says_and_whose_it_is(real_workplace):
    await start(real_workplace)
    [one] = stored(real_workplace)
    [said], _next = await choose(real_workplace, one, one.rows[0].answer % 3 + 1)
    told = readable(said["blocks"])
    row = matrix().by_key[one.rows[0].key]
    assert "The row says something else" in told
    for text in (row.title, row.quiz.because, row.quiz.choices[row.quiz.answer - 1]):
        assert text.en in told
    assert matrix().owners[row.owner].title.en in told
    assert not elements(said["blocks"]), "an answered question has no buttons"


async def test_a_press_on_an_old_question_changes_nothing_and_says_so(real_workplace):
    await start(real_workplace)
    [one] = stored(real_workplace)
    await choose(real_workplace, one, 1)
    [before] = stored(real_workplace)
    [said], more = await choose(real_workplace, one, 2, number=0)
    assert "You have answered that question" in said["text"]
    assert (stored(real_workplace), more) == ([before], [])


async def test_another_person_cannot_answer(real_workplace):
    await start(real_workplace)
    [one] = stored(real_workplace)
    [said], more = await choose(real_workplace, one, 1, user="U_SAM")
    assert "somebody else's" in said["text"]
    assert (stored(real_workplace), more) == ([one], [])


async def test_whoever_has_another_role_is_not_asked(real_workplace):
    [said] = await start(real_workplace, user="U_INES")
    assert "for peers" in readable(said["blocks"])
    assert stored(real_workplace, PersonId("ines")) == []


async def test_eight_right_are_done_and_kept_as_training(real_workplace):
    [last] = await through(real_workplace, wrong=(3, 9))
    assert "8 of 10 right: done" in readable(last["blocks"])
    [one] = stored(real_workplace)
    now = real_workplace.door.ctx.clock.now()
    assert (one.person, one.version, one.ended_at, one.passed) == (JO, matrix().version, now, True)


async def test_seven_right_are_looked_at_again_and_a_button_begins_others(real_workplace):
    [last] = await through(real_workplace, wrong=(1, 2, 3))
    said = readable(last["blocks"])
    assert "look at these rows again" in said
    [one] = stored(real_workplace)
    assert all(matrix().by_key[one.rows[number].key].title.en in said for number in (1, 2, 3))
    assert [each["action_id"] for each in elements(last["blocks"])] == ["try_quiz"]
    await start(real_workplace, trigger="1.2.u")
    assert len(stored(real_workplace)) == 2


async def test_a_press_after_the_end_changes_nothing(real_workplace):
    await through(real_workplace)
    [one] = stored(real_workplace)
    [said], more = await choose(real_workplace, one, 2, number=9)
    assert "are over" in said["text"]
    assert (stored(real_workplace), more) == ([one], [])


async def test_where_the_matrix_changes_under_open_questions_they_begin_anew(
    real_workplace, engine
):
    await start(real_workplace)
    [one] = stored(real_workplace)
    engine.reword(one.rows[5].key)
    said, more = await choose(real_workplace, one, 1)
    assert said == []
    assert "begin anew" in readable(more[0]["blocks"])
    assert "Question 1 of 10" in readable(more[1]["blocks"])
    [fresh] = stored(real_workplace)
    assert fresh.id != one.id
    assert fresh.version == engine.matrix.version


async def test_a_private_row_is_never_asked(real_workplace):
    for number in range(3):
        await through(real_workplace, user="U_JO")
        assert len(stored(real_workplace)) == number + 1
    keys = {row.key for one in stored(real_workplace) for row in one.rows}
    assert not [key for key in keys if matrix().by_key[key].private]


async def test_without_a_matrix_nothing_is_asked_and_that_is_said(real_workplace):
    real_workplace.door.ctx.matcher.engine = None
    [said] = await start(real_workplace)
    assert "can't read the matrix" in readable(said["blocks"])


async def test_what_was_answered_is_stored_though_slack_takes_no_message(real_workplace):
    await start(real_workplace)
    [one] = stored(real_workplace)
    real_workplace.slack.refuses["chat.postMessage"] = "fatal_error"
    await choose(real_workplace, one, 1)
    assert stored(real_workplace)[0].answers == (1,)
    del real_workplace.slack.refuses["chat.postMessage"]
    [asked] = await start(real_workplace, trigger="1.2.v")
    assert "Question 2 of 10" in readable(asked["blocks"])


# --- the Home --------------------------------------------------------------------------------


async def test_the_home_offers_the_questions_and_says_when_they_are_done(real_workplace, engine):
    assert "Questions about the matrix" in home(real_workplace, "U_JO")
    assert "✓ *Questions" not in home(real_workplace, "U_JO")
    await through(real_workplace)
    assert "✓ *Questions" in home(real_workplace, "U_JO")
    engine.reword(stored(real_workplace)[0].rows[0].key)
    assert "some rows have changed" in home(real_workplace, "U_JO")


async def test_a_supervisor_sees_who_is_due_and_no_scores(real_workplace):
    before = home(real_workplace, "U_MAYA")
    await through(real_workplace, wrong=(1, 2))
    after = home(real_workplace, "U_MAYA")
    assert "0 done" in before
    assert "1 done" in after
    assert "Jo" in before.partition("Due:")[2]
    assert "Jo" not in after.partition("Due:")[2].splitlines()[0]
    assert "of 10" not in after
    assert "Questions about the matrix:* " not in home(real_workplace, "U_ROSA")


async def test_where_no_matrix_is_loaded_the_home_says_nothing_of_the_team(real_workplace):
    real_workplace.door.ctx.matcher.engine = None
    said = home(real_workplace, "U_MAYA")
    assert "Questions about the matrix" in said
    assert "done," not in said


async def test_a_question_that_is_pressed_twice_is_answered_once(real_workplace):
    await start(real_workplace)
    [one] = stored(real_workplace)
    await choose(real_workplace, one, 1, trigger="1.2.x")
    await choose(real_workplace, one, 2, trigger="1.2.y")
    assert stored(real_workplace)[0].answers == (1,)


def test_a_quiz_that_another_has_begun_meanwhile_is_the_one_that_is_open(real_workplace):
    database = real_workplace.door.ctx.database

    def both(conn):
        row = {"id": "q0", "program_id": PROGRAM, "person_id": JO, "version": "v", "rows": []}
        at = real_workplace.door.ctx.clock.now()
        conn.execute(insert(quiz_table).values(**row, answers=[], started_at=at))
        return quizzes.add(conn, Quiz("q1", PROGRAM, JO, "v", (), at))

    assert database.run_sync(both).id == "q0"
