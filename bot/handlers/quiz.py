"""Questions about the matrix, in the conversation with Belay: one message each, three buttons.

An answer is stored before anything is shown. Then its message says what the row says, and the next
question follows. A question that did not get there is asked again by *Go on* in the Home, and a
press on an old one changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from sqlalchemy import Connection

from bot.handlers.door import Door
from bot.matrix import quizzing
from bot.matrix.model import Matrix
from bot.runner import Write, write
from bot.slack.ids import Action
from bot.slack.read.payload import (
    BadInput,
    Body,
    Unreadable,
    carried,
    key_of_action,
    minted,
    strict,
    user_of,
)
from bot.slack.render import ack as answers
from bot.slack.render import quiz as draw
from bot.slack.render.view import Rendered
from bot.slack.words import labels
from bot.slack.words import matrix as matrix_words
from bot.slack.words import quiz as words
from bot.slack.words.speech import _, spoken
from protocol import quiz as rules
from protocol.ids import PersonId, ProgramId
from protocol.people import Language
from protocol.quiz import ASKED_ROLES, Quiz
from storage import homes, people, quizzes
from storage.database import Conflict, Unavailable

MatrixOf = Callable[[ProgramId], Matrix | None]
_CHOICES: Final = {letter.lower(): no for no, letter in enumerate(words.LETTERS, 1)}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pressed:
    """This is one press: `fresh` is the id of what it may begin, the same for a retry of it."""

    user: str
    fresh: str
    quiz: str = ""
    number: int = 0
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Stands:
    """This is how a quiz stands after a press; `anew` says that the matrix changed under it."""

    quiz: Quiz
    matrix: Matrix
    anew: bool = False


# --- what is stored, in one transaction on a database thread ---------------------------------


def begin(
    conn: Connection, write: Write, pressed: Pressed, matrix_of: MatrixOf
) -> Stands | BadInput:
    """Begin the questions, or go on with those that are open."""
    found = _asked(conn, write, pressed.user)
    if isinstance(found, BadInput):
        return found
    who, program = found
    matrix = matrix_of(program)
    if matrix is None:
        return BadInput(matrix_words.NO_ROWS)
    before = quizzes.open_of(conn, program, who)
    if before is not None and rules.still_asks(before, quizzing.present(matrix)):
        return Stands(before, matrix)
    return _fresh(conn, write, pressed, who, program, matrix, before)


def answer(
    conn: Connection, write: Write, pressed: Pressed, matrix_of: MatrixOf
) -> Stands | BadInput:
    """Take an answer to the open question; one to any other changes nothing."""
    found = _asked(conn, write, pressed.user)
    if isinstance(found, BadInput):
        return found
    who, _program = found
    before = quizzes.of_id(conn, pressed.quiz)
    if before is None or before.ended_at is not None:
        return BadInput(words.OVER)
    if before.person != who:
        return BadInput(words.NOT_YOURS)
    if pressed.number != before.number:
        return BadInput(words.ANSWERED_ALREADY)
    matrix = matrix_of(before.program)
    if matrix is None:
        return BadInput(matrix_words.NO_ROWS)
    if not rules.still_asks(before, quizzing.present(matrix)):
        return _fresh(conn, write, pressed, who, before.program, matrix, before)
    after = rules.answered(before, pressed.choice, write.at)
    quizzes.save(conn, after)
    if after.ended_at is not None:
        # The part of whoever supervises changes with it.
        homes.doubt(conn, after.program)
    return Stands(after, matrix)


def _fresh(
    conn: Connection,
    write: Write,
    pressed: Pressed,
    who: PersonId,
    program: ProgramId,
    matrix: Matrix,
    before: Quiz | None,
) -> Stands | BadInput:
    chosen = rules.as_asked(rules.choose(pressed.fresh, quizzing.items(matrix)))
    if not chosen:
        return BadInput(matrix_words.NO_ROWS)
    if before is not None:
        quizzes.drop(conn, before.id)
    new = Quiz(pressed.fresh, program, who, matrix.version, chosen, write.at)
    stored = quizzes.add(conn, new)
    homes.doubt_one(conn, who)
    return Stands(stored, matrix, anew=before is not None)


def _asked(conn: Connection, write: Write, user: str) -> tuple[PersonId, ProgramId] | BadInput:
    """Who presses, and the first of their programs in which they are asked such questions."""
    who = people.by_slack(conn, user)
    serving = people.programs_of(conn, who.id, write.at) if who else []
    if who is None or not serving:
        return BadInput(labels.NOT_KNOWN)
    for program in serving:
        if people.roles(conn, program, who.id, write.at) & ASKED_ROLES:
            return who.id, program
    return BadInput(words.NOT_ASKED)


# --- the buttons -----------------------------------------------------------------------------


class Quizzing:
    """This begins the questions, and takes their answers."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def start(self, ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        """*Try the questions*: the open question comes as a message."""
        stands = await self._written(begin, _starting(body))
        await ack(**answers.action())
        if isinstance(stands, BadInput):
            self._door.say_beside(context, stands.sentence)
        else:
            self._door.follow_beside(context, _next(stands))

    async def press(self, ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        """A choice: its message says what the row says, and what comes next follows."""
        pressed = _answering(body)
        stands = await self._written(answer, pressed)
        await ack(**answers.action())
        if isinstance(stands, BadInput) or isinstance(pressed, BadInput):
            self._door.say_beside(context, stands.sentence if isinstance(stands, BadInput) else "")
            return
        instead = None
        if not stands.anew:
            language = Language(spoken())
            instead = _message(draw.verdict(stands.matrix, stands.quiz, pressed.number, language))
        self._door.follow_beside(context, _next(stands), instead=instead)

    async def _written(
        self, work: Callable[..., Stands | BadInput], pressed: Pressed | BadInput
    ) -> Stands | BadInput:
        if isinstance(pressed, BadInput):
            return pressed
        try:
            stands = await write(self._door.ctx, work, pressed, self._door.ctx.matcher.matrix_of)
        except (Unavailable, Conflict) as fault:
            log.error("quiz.unknown", error_type=type(fault).__name__)
            return BadInput(answers.unknown(self._door.line(pressed.user)))
        # A database thread speaks no language: what it refuses with is said here.
        return BadInput(_(stands.sentence)) if isinstance(stands, BadInput) else stands


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the button that begins the questions, and for the choices."""
    quizzing_ = Quizzing(door)
    app.action(Action.TRY_QUIZ.value)(quizzing_.start)
    for action in draw.BUTTONS:
        app.action(action.value)(quizzing_.press)


def _next(stands: Stands) -> list[dict[str, Any]]:
    """What comes after a press: the open question, or the end."""
    language, quiz = Language(spoken()), stands.quiz
    if quiz.ended_at is not None:
        return [_message(draw.result(stands.matrix, quiz, language))]
    asked = _message(draw.question(stands.matrix, quiz, language))
    return [answers.message(_(words.BEGUN_ANEW)), asked] if stands.anew else [asked]


def _message(drawn: Rendered) -> dict[str, Any]:
    return {"text": drawn.text, "blocks": list(drawn.blocks)}


@strict
def _starting(body: Body) -> Pressed:
    return Pressed(user_of(body), minted(key_of_action(body)))


@strict
def _answering(body: Body) -> Pressed:
    said = carried(body)
    if said.said not in _CHOICES:
        raise Unreadable
    fresh = minted(key_of_action(body))
    return Pressed(user_of(body), fresh, said.matter, said.number, _CHOICES[said.said])
