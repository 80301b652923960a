"""Who handles this? Asked by command, on a message, by naming Belay, or from the Home.

The text is compared on this machine, shown to nobody and stored nowhere. What may be kept is a gap:
masked, without whoever asked, and never where a row about the worker's own life may be meant. Until
then the masked text waits in memory for some minutes, for *That is not it*; a restart forgets it.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers import opening
from bot.handlers.door import Answer, Door
from bot.matrix.answer import Answer as Answered
from bot.matrix.model import URGENT, Matrix, Row
from bot.slack.carried import Rows
from bot.slack.ids import Action, Command, Form, Shortcut
from bot.slack.modals import asking as forms
from bot.slack.read import asking as read
from bot.slack.read.asking import Question
from bot.slack.read.payload import BadInput, Body
from bot.slack.render import ack as answers
from bot.slack.render import answer_row as draw
from bot.slack.render.answer_lines import Asked
from bot.slack.render.answer_row import Found
from bot.slack.render.view import Rendered
from bot.slack.words import labels
from bot.slack.words import matrix as words
from bot.slack.words.speech import _, spoken
from protocol.masking import can_be_masked, masked, of_ones_own_life
from protocol.people import Language, Role
from storage import asked as asked_rows
from storage import gaps, on_call
from storage.database import Unavailable
from storage.gaps import Gap
from storage.matrix_tables import Asker
from storage.on_call import Desk, Wanted

# How long a masked text waits in memory, and how many of them do.
REMEMBERED_FOR: Final = timedelta(minutes=15)
REMEMBERED_MAX: Final = 200
# Whoever has no row asks the supervisor; where none is on duty, the coordinator.
ASKED_INSTEAD: Final = frozenset({Role.PEER_SUPERVISOR, Role.COORDINATOR})

log = structlog.get_logger(__name__)


class Memory:
    """This holds masked texts for some minutes, in this process and nowhere else."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def keep(self, text: str, now: datetime) -> str:
        """Keep a text; what is given back finds it, once."""
        note = secrets.token_urlsafe(12)
        self._texts[note] = (now, text)
        while len(self._texts) > REMEMBERED_MAX:
            self._texts.popitem(last=False)
        return note

    def take(self, note: str, now: datetime) -> str:
        """The text, if it is still there; it is not after this."""
        for old in [one for one, (at, _text) in self._texts.items() if now - at > REMEMBERED_FOR]:
            del self._texts[old]
        return self._texts.pop(note, (now, ""))[1]


class Asking:
    """This answers questions, and the buttons of its answers."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._memory = Memory()

    async def command(self, ack: Answer, found: Question | BadInput) -> None:
        """A question behind the slash command is answered in the same breath."""
        if isinstance(found, BadInput):
            await ack(**answers.said(found.sentence))
            return
        message = await self.answer(found)
        await ack(**answers.private(_message(message)))

    async def beside(
        self, context: AsyncBoltContext, found: Question, where: read.Where | None = None
    ) -> None:
        """Answer a question that a delivery can't: alone to who asked, or in their DM."""
        message = await self.answer(found)
        if where is None:
            self._door.post_beside(context, _message(message))
        else:
            self._door.show_beside(context, found.user, where, _message(message))

    async def on_a_message(
        self, ack: AsyncAck, context: AsyncBoltContext, found: read.OnMessage | BadInput
    ) -> None:
        """A message's menu was used; what cannot be read is acknowledged, and that is all."""
        if not isinstance(found, BadInput):
            await self.shortcut(context, found.question)
        await ack()

    async def shortcut(self, context: AsyncBoltContext, found: Question) -> None:
        """Answer a shortcut on a message; only who used it sees the answer."""
        self._door.respond_beside(context, _message(await self.answer(found)))

    async def form(
        self, ack: Answer, client: AsyncWebClient, body: Body, found: Question | BadInput
    ) -> None:
        """Answer the form by DM. Where Slack does not take it, the form stays as it is."""
        if isinstance(found, BadInput):
            await ack(**answers.bad_form(body.get("view", {}), found))
            return
        message = await self.answer(found)
        try:
            async with asyncio.timeout(opening.OPEN_WITHIN):
                await client.chat_postMessage(channel=found.user, **_message(message))
        except (TimeoutError, SlackClientError, OSError) as fault:
            log.warning("answer.not_sent", error=type(fault).__name__)
            await ack(**answers.form_error(body["view"], _(words.NOT_SENT)))
            return
        await ack(response_action="clear")

    async def opens(self, ack: Answer, context: AsyncBoltContext, body: Body) -> None:
        """One of several rows is opened: its answer takes their place."""
        await self._instead(ack, context, body, self._opened)

    async def not_that(self, ack: Answer, context: AsyncBoltContext, body: Body) -> None:
        """What was shown is not it: what comes next takes its place."""
        await self._instead(ack, context, body, self._following)

    async def unasked(self, context: AsyncBoltContext, found: Question) -> bool:
        """Answer what was told and not asked, where its first row offers a page; else False.

        Whoever writes that a life is in danger puts no question mark behind it.
        """
        asked = await self._ask(found) if found.text else None
        hits = asked[1].rows[:1] if asked else ()
        if asked is None or not any(hit.tier in URGENT for hit in hits):
            return False
        self._door.post_beside(context, _message(await self._told(found, *asked)))
        return True

    async def answer(self, found: Question) -> Rendered:
        """The answer to a question; a gap is kept beside it."""
        if not found.text:
            return draw.how(self._door.ctx.settings.commands[Command.WHO_HANDLES.value])
        asked = await self._ask(found)
        return await (self._told(found, *asked) if asked else self._not_ready(found.user))

    async def _ask(self, found: Question) -> tuple[Matrix, Answered] | None:
        """What the matcher says, and the matrix by which it does; None while there is none."""
        matcher = self._door.ctx.matcher
        program = await self._door.program_of(found.user)
        # Both in one breath: a version that comes meanwhile answers the next question.
        matrix = matcher.matrix_of(program)
        answered = await matcher.ask(found.text, program)
        if answered is None or matrix is None:
            return None
        return matcher.of_version(answered.version) or matrix, answered

    async def _told(self, found: Question, matrix: Matrix, answered: Answered) -> Rendered:
        rows = [matrix.by_key[hit.row] for hit in answered.rows]
        desk = await self._desk(found.user, matrix, rows)
        if desk is None:
            return _stranger()
        text = _to_keep(found.text, rows)
        self._count(desk, rows[:1], found.text)
        asked = self._asked(matrix, desk, found, text)
        hits = answered.rows
        if not hits:
            return draw.outside(asked, gap=self._keep(asked, text, (), Asker.NOTHING))
        if draw.sure_of(hits):
            first, *rest = [Found.of(hit) for hit in hits]
            return draw.one(asked, first, rest)
        return draw.several(asked, hits)

    async def _opened(self, user: str, matrix: Matrix, rows: Rows) -> Rendered:
        return await self._drawn(user, matrix, rows, rows.keys[:1])

    async def _following(self, user: str, matrix: Matrix, rows: Rows) -> Rendered:
        known = [key for key in rows.rest if key in matrix.by_key]
        desk = await self._desk(user, matrix, [matrix.by_key[key] for key in known])
        if desk is None:
            return _stranger()
        asked = Asked(matrix, Language(spoken()), desk, self._draft(desk), note=rows.note)
        if known:
            return draw.following(asked, [Found(key, key in rows.live) for key in known])
        text = self._memory.take(rows.note, self._door.ctx.clock.now())
        gap = self._keep(asked, text, rows.keys, Asker.NOT_THAT)
        return draw.outside(asked, head=words.NO_MORE, gap=gap)

    async def outside_again(self, user: str, gap: Gap, did: Action) -> Rendered:
        """The answer without a row once more, with what its asker said that they do."""
        matrix = self._door.ctx.matcher.matrix_of(gap.program)
        if matrix is None:
            return await self._not_ready(user)
        desk = await self._desk(user, matrix, ())
        if desk is None:
            return _stranger()
        asked = Asked(matrix, Language(spoken()), desk, self._draft(desk))
        head = words.NO_MORE if gap.shown else words.OUTSIDE
        return draw.outside(asked, head=head, gap=gap.id, did=did)

    async def _drawn(self, user: str, matrix: Matrix, rows: Rows, keys: Sequence[str]) -> Rendered:
        found = [matrix.by_key[key] for key in keys if key in matrix.by_key]
        desk = await self._desk(user, matrix, found)
        if desk is None:
            return _stranger()
        asked = Asked(matrix, Language(spoken()), desk, self._draft(desk), note=rows.note)
        if not found:
            return draw.gone(asked)
        rest = [Found(key, key in rows.live) for key in rows.keys[1:] if key in matrix.by_key]
        return draw.one(asked, Found(found[0].key, found[0].key in rows.live), rest)

    async def _instead(self, ack: Answer, context: AsyncBoltContext, body: Body, work: Any) -> None:
        found = read.rows(body)
        if isinstance(found, BadInput):
            await ack()
            self._door.say_beside(context, found.sentence)
            return
        user, rows = found
        matrix = self._door.ctx.matcher.matrix_of(await self._door.program_of(user))
        if matrix is None:
            message = await self._not_ready(user)
        else:
            message = await work(user, matrix, rows)
        await ack()
        self._door.respond_beside(context, _message(message), instead=True)

    async def _not_ready(self, user: str) -> Rendered:
        desk = await self._read_desk(user, Wanted("", ASKED_INSTEAD, ASKED_INSTEAD))
        return _stranger() if desk is None else draw.not_ready(desk)

    async def _desk(self, user: str, matrix: Matrix, rows: Iterable[Row]) -> Desk | None:
        """Who is on duty for these rows; without any, who is asked instead."""
        shown = list(rows)
        named, called = draw.roles_of(shown)
        if not shown:
            named = called = ASKED_INSTEAD
        return await self._read_desk(user, Wanted(matrix.version, named, called))

    async def _read_desk(self, user: str, wanted: Wanted) -> Desk | None:
        ctx = self._door.ctx
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                return await ctx.database.run(
                    on_call.read, ctx.sealer, user, wanted, ctx.clock.now()
                )
        except (TimeoutError, Unavailable) as fault:
            # The row is worth more than who is on duty, and it needs no database.
            log.warning("answer.desk_not_read", error=type(fault).__name__)
            return Desk(line=self._door.line(user))

    def _asked(self, matrix: Matrix, desk: Desk, found: Question, text: str) -> Asked:
        now = self._door.ctx.clock.now()
        return Asked(
            matrix,
            Language(spoken()),
            desk,
            self._draft(desk),
            only_words=self._door.ctx.matcher.only_words,
            cut_to=read.READ_MAX if found.cut else 0,
            note=self._memory.keep(text, now) if text else "",
        )

    def _draft(self, desk: Desk) -> bool:
        return not desk.adopted and not self._door.ctx.settings.in_sandbox

    def _count(self, desk: Desk, first: Sequence[Row], text: str) -> None:
        """Count the answer by its first row, beside; never who asked, nor one's own life."""
        if desk.program is None or of_ones_own_life(text):
            return
        for row in (one for one in first if not one.private):
            ctx = self._door.ctx
            self._door.beside(
                ctx.database.run(asked_rows.count, desk.program, row.key, ctx.clock.now())
            )

    def _keep(self, asked: Asked, text: str, shown: Sequence[str], did: Asker) -> str:
        """Keep a gap beside the answer, and give its id; empty where nothing may be kept."""
        program = asked.desk.program
        if program is None or not text:
            return ""
        at, version = self._door.ctx.clock.now(), asked.matrix.version
        gap = Gap(secrets.token_hex(12), program, at, version, text, tuple(shown), did)
        self._door.beside(self._door.ctx.database.run(gaps.add, gap))
        return gap.id


def register(app: AsyncApp, door: Door) -> Asking:
    """Listen for questions, and for the buttons of answers."""
    asking = Asking(door)
    name = door.ctx.settings.commands[Command.WHO_HANDLES.value]

    @app.command(name)
    async def asked(ack: AsyncAck, body: dict[str, Any]) -> None:
        await asking.command(ack, read.command(body))

    @app.shortcut(Shortcut.WHO_HANDLES.value)
    async def asked_on_a_message(
        ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]
    ) -> None:
        await asking.on_a_message(ack, context, read.shortcut(body))

    @app.event("app_mention")
    async def named(context: AsyncBoltContext, body: dict[str, Any]) -> None:
        found = read.mention(body)
        if found is not None and not isinstance(found, BadInput):
            question, where = found
            await asking.beside(context, question, where)

    @app.view(Form.ASK.value)
    async def open_answer(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await asking.form(ack, client, body, forms.read_ask(body))

    @app.action(Action.OPEN_ROW.value)
    async def opened(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await asking.opens(ack, context, body)

    @app.action(Action.NOT_THAT.value)
    async def not_that(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await asking.not_that(ack, context, body)

    return asking


def _to_keep(text: str, rows: Iterable[Row]) -> str:
    """What of a question may be kept as a gap: it is empty where nothing may."""
    if of_ones_own_life(text) or any(row.private for row in rows) or not can_be_masked(text):
        return ""
    return masked(text)


def _message(drawn: Rendered) -> dict[str, Any]:
    return {"text": drawn.text, "blocks": list(drawn.blocks)}


def _stranger() -> Rendered:
    """Nobody whom Belay knows gets a row; whom to call in danger, they do."""
    return Rendered(_(labels.NOT_KNOWN))
