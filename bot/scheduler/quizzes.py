"""Offers the questions about the matrix again to whom a row that mattered has changed.

Looked at once an hour, between morning and evening where people are; whoever is out on a visit is
asked at a look after it. What was offered is known by
its key in the outbox: once for each change, whoever looks, and however often.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.context import Context
from bot.matrix import quizzing
from bot.matrix.model import Matrix
from bot.scheduler.loop import SLOW_POLL_SECONDS, Loop, Wait, wait_for_nudge
from bot.slack.render import quiz as draw
from bot.slack.words import quiz as words
from bot.slack.words.speech import _, speaking
from bot.urgent_rows import since
from protocol import quiz as rules
from protocol.ids import PersonId, ProgramId
from protocol.people import Language
from protocol.quiz import ASKED_ROLES, Quiz
from storage import people, plain, programs, quizzes
from storage.programs import Program
from storage.situation import in_field

# Transport time, as of all that is done now and then.
EVERY: Final = timedelta(hours=1)
AFTER_START: Final = timedelta(minutes=2)
# In the program's zone.
MORNING: Final = time(9, 0)
EVENING: Final = time(18, 0)

MatrixOf = Callable[[ProgramId], Matrix | None]


class Quizzes:
    """This offers what is due; `loop` is what turns it."""

    def __init__(self, ctx: Context, wait: Wait = wait_for_nudge) -> None:
        self._ctx = ctx
        self.loop = Loop("quizzes", self.until_due, self.work, wait=wait, poll=SLOW_POLL_SECONDS)
        self._due_at = ctx.clock.transport() + AFTER_START

    async def until_due(self) -> timedelta:
        """How far off the next look is."""
        return self._due_at - self._ctx.clock.transport()

    async def work(self) -> int:
        """Look once; returns to how many people something was offered."""
        ctx = self._ctx
        # Set first, so that a look that fails is not done over and over.
        self._due_at = ctx.clock.transport() + EVERY
        at, now = ctx.clock.now(), ctx.clock.transport()
        done = await ctx.database.run(offer, ctx.matcher.matrix_of, at, now)
        if done:
            ctx.nudge()
        return done


def offer(conn: Connection, matrix_of: MatrixOf, at: datetime, transport_now: datetime) -> int:
    """Offer the questions again to whoever is due, in every program where it is day."""
    done = 0
    for program in programs.all_programs(conn):
        matrix = matrix_of(program.id)
        if matrix is None or not MORNING <= at.astimezone(program.zone_info).time() < EVENING:
            continue
        asked = people.holders(conn, program.id, ASKED_ROLES, at)
        out = in_field(conn, asked, at)
        found = quizzes.passed(conn, program.id, [who for who in asked if who not in out])
        new = {who: since(conn, quiz, matrix, matrix_of) for who, quiz in found.items()}
        texts = _texts(conn, program, matrix, found, new)
        done += plain.add(conn, program.id, None, texts, at=at, transport_now=transport_now)
    return done


def _texts(
    conn: Connection,
    program: Program,
    matrix: Matrix,
    found: dict[PersonId, Quiz],
    new: dict[PersonId, tuple[str, ...]],
) -> list[plain.Text]:
    present = quizzing.present(matrix)
    due = {who: rules.changed(quiz, present, new[who]) for who, quiz in found.items()}
    due = {who: keys for who, keys in due.items() if keys}
    languages = people.languages(conn, program.id, due) if due else {}
    texts = []
    for who, keys in due.items():
        change = rules.change_of(keys, present)
        text = _offer(matrix, keys, languages[who])
        texts.append(plain.Text(f"quiz/{found[who].id}/{change}/{who}", plain.NEWS, text, to=who))
    return texts


def _offer(matrix: Matrix, keys: tuple[str, ...], language: Language) -> str:
    with speaking(language):
        named = draw.titles(matrix, keys, language)
        return _(words.OFFER, titles=named) if named else _(words.OFFER_GONE)
