"""Decline with citation: kindly, in the program's name, with the row, and the need goes on.

What is counted names the team and the row, and nobody. It is stored, with the message to whoever
the need belongs to, before anything is shown; the reply itself goes out beside, and stands in the
form to be copied, so that it is lost in no case.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.handlers.door import Answer, Door
from bot.handlers.opening import open_view
from bot.matrix.model import Matrix, Row
from bot.runner import Write, write
from bot.slack.carried import unpack_rows
from bot.slack.ids import Action, Form, Shortcut
from bot.slack.modals import declining as forms
from bot.slack.modals.declining import Declining
from bot.slack.modals.parts import View
from bot.slack.read import asking as read
from bot.slack.read.payload import BadInput, Body, action_of, strict, trigger_of, user_of
from bot.slack.render import ack as answers
from bot.slack.render.answer_row import may_decline
from bot.slack.render.blocks import escape, lines, section
from bot.slack.render.view import Thread
from bot.slack.words import labels, news
from bot.slack.words import matrix as words
from bot.slack.words.speech import _, speaking, spoken
from protocol.ids import PersonId, ProgramId
from protocol.people import Language, Role
from storage import declines, people, plain, programs, situation
from storage.database import Conflict, Unavailable
from storage.declines import Declined

# Where nobody holds the roles of a row, it goes to whoever answers for the peers.
LAST_RESORT: Final = (Role.PEER_SUPERVISOR, Role.COORDINATOR)
POST_WITHIN: Final = 3.0  # s

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """This is what became of a request: in whose name it is answered, and who has it now."""

    program: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """This is what is stored: the request, its row, and where Slack's own addresses begin."""

    said: Declining
    matrix: Matrix
    row: Row
    workspace: str


def pass_on(conn: Connection, write: Write, what: Passing) -> PassedOn | BadInput:
    """Count the request by team and row, and tell whoever it belongs to; once for each form."""
    said, row = what.said, what.row
    who = people.by_slack(conn, said.user)
    serving = people.programs_of(conn, who.id, write.at) if who else []
    program = programs.by_id(conn, serving[0]) if serving else None
    if who is None or program is None:
        return BadInput(labels.NOT_KNOWN)
    one = Declined(said.id, program.id, said.team.value, row.key, what.matrix.version, write.at)
    declines.count(conn, write.sealer, one, who.id)
    told = _owners(conn, program.id, row, write)
    texts = []
    for reader, language in people.languages(conn, program.id, told).items():
        if reader is not None:
            with speaking(language):
                text = _to_owner(what, language)
            texts.append(plain.Text(f"decline/{said.id}/{reader}", plain.NEWS, text, to=reader))
    times = {"at": write.at, "transport_now": write.transport_now}
    plain.add(conn, program.id, None, texts, **times)
    names = people.names(conn, told)
    return PassedOn(program.name, tuple(names.get(reader, reader) for reader in told))


def _owners(conn: Connection, program: ProgramId, row: Row, write: Write) -> tuple[PersonId, ...]:
    """Who is on duty in the row's role, else holds it, else stands behind it."""
    cover = situation.cover(conn, program, write.at, write.at)
    for role in dict.fromkeys((row.route.role, row.route.backup, *LAST_RESORT)):
        if found := cover.on_duty(role, write.at) or cover.holding(role):
            return found
    return cover.anyone()


def _to_owner(what: Passing, language: Language) -> str:
    row, said = what.row, what.said
    owed = row.owed.es if language is Language.ES else row.owed.en
    return lines(
        _(
            words.PASSED_ON,
            title=escape(row.title.in_(language)),
            team=_(words.TEAM[said.team]),
            key=row.key,
            version=what.matrix.version,
        ),
        _asked_by(what),
        _(words.OWED_BY_YOU, owed=escape(owed)),
    )


def _asked_by(what: Passing) -> str:
    said = what.said
    if not said.author:
        return _(words.ASKED_BY_TEAM)
    who = f"<@{escape(said.author)}>"
    link = Thread(said.where.channel, said.where.thread, what.workspace).link if said.where else ""
    if not link:
        return _(words.ASKED_BY, who=who)
    return _(words.ASKED_IN, who=who, link=f"<{link}|{_(words.SEE_THREAD)}>")


class Decliner:
    """This opens the form and does what it says."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def from_row(self, ack: Answer, context: Any, client: Any, body: Body) -> None:
        """The button of an answer, or of the Home, which names no row."""
        found = _pressed(body)
        if isinstance(found, BadInput):
            await ack()
            self._door.say_beside(context, found.sentence)
            return
        user, trigger, key = found
        drawn = self._form(self._door.ctx.matcher.matrix_of(await self._door.program_of(user)), key)
        if not isinstance(drawn, str):
            drawn = await open_view(self._door, client, trigger, user, drawn)
        await ack()
        self._door.say_beside(context, drawn)

    async def from_message(
        self, ack: Answer, context: AsyncBoltContext, client: AsyncWebClient, body: Body
    ) -> None:
        """The shortcut on a message: the row that fits it is chosen already, and may be changed."""
        found = read.shortcut(body)
        if isinstance(found, BadInput):
            await ack()
            return
        answered = None
        program = await self._door.program_of(found.question.user)
        if found.question.text:
            answered = await self._door.ctx.matcher.ask(found.question.text, program)
        matrix = self._door.ctx.matcher.matrix_of(program)
        rows = matrix.by_key if matrix else {}
        hits = [hit.row for hit in answered.rows if hit.row in rows] if answered else []
        fits = [key for key in hits if may_decline(rows[key])]
        drawn = self._form(matrix, fits[0] if fits else None, found.where, found.author)
        if not isinstance(drawn, str):
            user = found.question.user
            drawn = await open_view(self._door, client, found.trigger, user, drawn)
        await ack()
        if drawn:
            self._door.respond_beside(context, answers.message(drawn))

    async def sent(self, ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        """Store it, show the reply, and send it where the request was made."""
        found = forms.read_decline(body)
        matrix = None
        if not isinstance(found, BadInput):
            program = await self._door.program_of(found.user)
            matrix = self._door.ctx.matcher.matrix_of(program)
        if isinstance(found, BadInput) or matrix is None or found.row not in matrix.by_key:
            bad = found if isinstance(found, BadInput) else BadInput(_(words.NO_ROWS))
            await ack(**answers.bad_form(body.get("view", {}), bad))
            return
        row = matrix.by_key[found.row]
        workspace = self._door.ctx.workspace.get("url", "")
        try:
            passed = await write(self._door.ctx, pass_on, Passing(found, matrix, row, workspace))
        except (Unavailable, Conflict) as fault:
            log.error("decline.unknown", error_type=type(fault).__name__)
            sentence = answers.unknown(self._door.line(found.user))
            await ack(**answers.form_error(body["view"], sentence))
            return
        if isinstance(passed, BadInput):
            await ack(**answers.bad_form(body["view"], BadInput(_(passed.sentence))))
            return
        text = forms.reply_text(matrix, row, found.reply, passed.program, Language(spoken()))
        how = words.SENDING if found.where else words.TO_COPY
        view = forms.declined_view(text, passed.told, _(how))
        await ack(response_action="update", view=view)
        if found.where:
            self._door.beside(self._post(client, found, passed, text))

    async def _post(
        self, client: AsyncWebClient, found: Declining, passed: PassedOn, text: str
    ) -> None:
        where = found.where
        if where is None:
            return
        place: dict[str, Any] = {"thread_ts": where.thread} if where.thread else {}
        message: dict[str, Any] = {"text": _(news.LOCK_NEWS), "blocks": [section(text)]}
        try:
            async with asyncio.timeout(POST_WITHIN):
                await client.chat_postMessage(channel=where.channel, **place, **message)
            how = _(words.SENT)
        except (TimeoutError, SlackClientError, OSError) as fault:
            log.info("decline.not_posted", error=type(fault).__name__)
            how = _(words.NOT_THERE)
        view = forms.declined_view(text, passed.told, how)
        await client.views_update(view_id=found.view_id, view=view)

    def _form(
        self,
        matrix: Matrix | None,
        key: str | None,
        where: read.Where | None = None,
        author: str = "",
    ) -> View | str:
        if matrix is None:
            return _(words.NO_ROWS)
        return forms.decline_form(matrix, Language(spoken()), key, where, author)


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens the form, and for the form."""
    decliner = Decliner(door)

    @app.action(Action.DECLINE_ROW.value)
    async def open_decline(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await decliner.from_row(ack, context, client, body)

    @app.shortcut(Shortcut.OUTSIDE_ROLE.value)
    async def open_decline_on_a_message(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await decliner.from_message(ack, context, client, body)

    app.view(Form.DECLINE_ROW.value)(decliner.sent)


@strict
def _pressed(body: Body) -> tuple[str, str, str | None]:
    rows = unpack_rows(action_of(body).get("value"))
    return user_of(body), trigger_of(body), rows.keys[0] if rows and rows.keys else None
