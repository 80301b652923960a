"""What is settled in a huddle: a gap becomes a proposal; a pattern of requests is agreed upon.

Whoever serves in the team may settle; what comes of a gap still needs two signatures. Settling, the
proposal and the edit of the message are one transaction.
"""

import asyncio
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.handlers import fitting, opening
from bot.handlers.door import Answer, Door
from bot.handlers.opening import Opener, open_view
from bot.matrix import drafted
from bot.matrix.change import Change, Outside, Phrase, PutRow, dump
from bot.matrix.model import Matrix
from bot.proposing import propose
from bot.runner import Write
from bot.slack.carried import Carried
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import huddle as forms
from bot.slack.modals.huddle import Settling
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput, Body, carried, strict, text_of, trigger_of, user_of
from bot.slack.render import ack as answers
from bot.slack.render import patterns as draw
from bot.slack.render.times import day
from bot.slack.words import huddle as words
from bot.slack.words import labels
from bot.slack.words.speech import _, speaking, spoken
from protocol.ids import PersonId, ProgramId
from protocol.people import PATTERN_ROLES, Language, Role
from storage import dumping, gaps, homes, huddles, people, programs, proposals
from storage.database import Unavailable
from storage.dumping import Item
from storage.gaps import Gap
from storage.huddles import Letter
from storage.matrix_tables import Settled
from storage.programs import Program
from storage.proposals import Proposal
from storage.revision_tables import Source

# The team that sits in a huddle. Others who serve the program read nothing of its gaps.
TEAM: Final = (
    Role.PEER,
    Role.COORDINATOR,
    Role.PEER_SUPERVISOR,
    Role.CLINICAL_LEAD,
    Role.PROGRAM_MANAGER,
)
_FORMS: Final = {
    Action.GAP_IS_ROW: Form.GAP_IS_ROW,
    Action.GAP_NEW_ROW: Form.GAP_NEW_ROW,
    Action.GAP_OUTSIDE: Form.GAP_OUTSIDE,
}


class Huddle:
    """This opens the forms of a huddle, and does what they say."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def opens(self, ack: Answer, context: Any, client: Any, body: Body, form: Form) -> None:
        """One of a gap's three buttons: its form, or why there is none."""
        sentence = await self._opened(client, body, form)
        await ack()
        self._door.say_beside(context, sentence)

    async def _opened(self, client: Any, body: Body, form: Form) -> str:
        pressed = _pressed(body)
        if isinstance(pressed, BadInput):
            return pressed.sentence
        user, trigger, gap_id, (channel, ts) = pressed
        ctx = self._door.ctx
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                found = await ctx.database.run(_gap, user, gap_id, ctx.clock.now())
        except (TimeoutError, Unavailable):
            return answers.no_form(self._door.line(user))
        if isinstance(found, str):
            return _(found)
        gap, language = found
        matrix = ctx.matcher.matrix_of(gap.program)
        if matrix is None:
            return _(words.NO_MATRIX)
        view = forms.gap_form(form, gap, matrix, channel, ts, language)
        return await open_view(self._door, client, trigger, user, view)

    async def tried(self, said: Settling | BadInput) -> Settling | BadInput:
        """What a form says, if what would be proposed fits the matrix; else why it does not."""
        if isinstance(said, BadInput):
            return said
        ctx = self._door.ctx
        try:
            program = await ctx.database.run(_still_open, said)
        except Unavailable:
            return BadInput(answers.unknown(self._door.line(said.user)))
        matrix = ctx.matcher.matrix_of(program.id) if program else None
        if program is None or matrix is None:
            return said  # what is wrong is said where it would be stored
        made = _changes(matrix, said, ctx.clock.now().astimezone(ZoneInfo(program.zone)))
        if isinstance(made, BadInput):
            return said
        return await fitting.unfit(matrix, made[0], Field.QUESTION) or said

    def settle(self, conn: Connection, write: Write, said: Settling) -> BadInput | None:
        """Settle a gap, propose what follows from it, and have the message say so."""
        who, found = people.by_slack(conn, said.user), gaps.some(conn, [said.gap])
        if who is None or not found:
            return BadInput(words.GAP_GONE)
        gap = found[0]
        if not _is_of_team(conn, gap.program, who.id, write.at):
            return BadInput(words.NOT_YOURS)
        if proposals.one(conn, said.id) is not None:
            return None
        matrix = self._door.ctx.matcher.matrix_of(gap.program)
        program = programs.by_id(conn, gap.program)
        if matrix is None or program is None:
            return BadInput(words.NO_MATRIX)
        made = _changes(matrix, said, write.at.astimezone(ZoneInfo(program.zone)))
        if isinstance(made, BadInput):
            return made
        changes, row = made
        if not gaps.settle(conn, gap.id, said.how, by=who.id, at=write.at, row=row):
            return BadInput(words.GAP_SETTLED)
        proposal = Proposal(
            said.id,
            gap.program,
            matrix.version,
            Source.GAP,
            tuple(dump(changes)),
            _why(matrix, said, gap, program),
            who.id,
            write.at,
            source_id=gap.id,
        )
        propose(conn, write, proposal)
        _redraw(conn, write, gap, said)
        return None

    async def agree(self, value: Carried, user: str) -> View | str:
        """The form about one pattern; refused to whoever does not settle those."""
        ctx = self._door.ctx
        found = await ctx.database.run(_item, user, value.matter, ctx.clock.now())
        if isinstance(found, str):
            return _(found)
        item, zone = found
        told = draw.item(item, zone, ctx.matcher.matrix_of(item.program)).blocks[:1]
        return forms.agree_form(item.id, told)


def agreed(conn: Connection, write: Write, said: forms.Agreeing) -> BadInput | None:
    """Write down what was agreed about a pattern, once."""
    found = _item(conn, said.user, said.item, write.at)
    if isinstance(found, str):
        return BadInput(found)
    item, _zone = found
    who = people.by_slack(conn, said.user)
    if who is None:
        return BadInput(labels.NOT_KNOWN)
    if not dumping.settle(conn, item.id, said.how, said.note, by=who.id, at=write.at):
        return BadInput(words.PATTERN_SETTLED)
    homes.doubt(conn, item.program)
    if item.told is not None:
        # It leaves after the message itself, wherever that will stand by then.
        body = {"part": huddles.AGREED, "id": item.id}
        letter = Letter(f"agreed/{item.id}", body, to=item.told, lane=huddles.pattern_lane(item.id))
        times = {"at": write.at, "transport_now": write.transport_now}
        huddles.queue(conn, item.program, [letter], **times)
    return None


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the buttons of a huddle, and for its forms."""
    huddle, opener = Huddle(door), Opener(door)
    for action, form in _FORMS.items():
        app.action(action.value)(_opens(huddle, form))

    @app.action(Action.SETTLE_PATTERN.value)
    async def open_pattern(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, huddle.agree)

    @app.view(Form.GAP_IS_ROW.value)
    async def is_row(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, await huddle.tried(forms.read_row(body)), huddle.settle)

    @app.view(Form.GAP_NEW_ROW.value)
    async def new_row(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, await huddle.tried(forms.read_new(body)), huddle.settle)

    @app.view(Form.GAP_OUTSIDE.value)
    async def is_outside(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, await huddle.tried(forms.read_outside(body)), huddle.settle)

    @app.view(Form.SETTLE_PATTERN.value)
    async def pattern_agreed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_agreed(body), agreed)


def _opens(huddle: Huddle, form: Form) -> Any:
    async def opened(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await huddle.opens(ack, context, client, body, form)

    return opened


@strict
def _pressed(body: Body) -> tuple[str, str, str, tuple[str, str]]:
    where = body["container"]
    place = text_of(where["channel_id"]), text_of(where["message_ts"])
    return user_of(body), trigger_of(body), carried(body).matter, place


# --- on a database thread --------------------------------------------------------------------


def _is_of_team(conn: Connection, program: ProgramId, who: PersonId, at: datetime) -> bool:
    return not people.roles(conn, program, who, at).isdisjoint(TEAM)


def _gap(conn: Connection, user: str, gap_id: str, at: datetime) -> tuple[Gap, Language] | str:
    """A gap that this person may settle, and the program's language; else what to say."""
    who, found = people.by_slack(conn, user), gaps.some(conn, [gap_id])
    if who is None or not found:
        return words.GAP_GONE
    gap = found[0]
    if not _is_of_team(conn, gap.program, who.id, at):
        return words.NOT_YOURS
    program = programs.by_id(conn, gap.program)
    if program is None or gap.settled_at is not None:
        return words.GAP_SETTLED
    return gap, program.language


def _still_open(conn: Connection, said: Settling) -> Program | None:
    """The program of a gap that is to be settled still, by this form for the first time."""
    found = gaps.some(conn, [said.gap])
    if not found or found[0].settled_at is not None or proposals.one(conn, said.id) is not None:
        return None
    return programs.by_id(conn, found[0].program)


def _item(conn: Connection, user: str, which: str, at: datetime) -> tuple[Item, str] | str:
    """An open pattern that this person may settle, and the program's zone; else what to say."""
    who, item = people.by_slack(conn, user), dumping.one(conn, which)
    if who is None or item is None:
        return words.PATTERN_GONE
    held = people.roles(conn, item.program, who.id, at)
    # Whoever was told manages the team that asks; they need no such role here, but one they have.
    if not held or (held.isdisjoint(PATTERN_ROLES) and item.told != who.id):
        return words.PATTERN_NOT_YOURS
    program = programs.by_id(conn, item.program)
    if program is None or item.settled_at is not None:
        return words.PATTERN_SETTLED
    return item, program.zone


def _changes(
    matrix: Matrix, said: Settling, now: datetime
) -> tuple[tuple[Change, ...], str | None] | BadInput:
    """What a gap's settling changes in the matrix, and the row that it is about."""
    if said.new is not None:
        made = drafted.drafted(matrix, said.new, now.date())
        if made is None:
            return BadInput(words.NO_FRAME, Field.OWNER)
        phrase = Phrase(row=made.key, language=said.language, text=said.text)
        return (PutRow(row=made), phrase), made.key
    if said.how is Settled.OUTSIDE:
        return (Outside(language=said.language, text=said.text),), None
    row = matrix.by_key.get(said.row or "")
    if row is None or row.private:
        return BadInput(words.NEEDS_ROW, Field.ROW)
    return (Phrase(row=row.key, language=said.language, text=said.text),), row.key


def _why(matrix: Matrix, said: Settling, gap: Gap, program: Program) -> str:
    """Why this is proposed, as whoever signs reads it, in the program's language."""
    with speaking(program.language):
        asked = day(gap.at, program.zone)
        if said.new is None:
            why = words.WHY_OUTSIDE if said.how is Settled.OUTSIDE else words.WHY_ROW
            return _(why, day=asked)
        new = said.new
        like = drafted.frame(matrix, new.owner, new.tier, new.kind)
        title = like.title.in_(Language(spoken())) if like else ""
        return _(words.WHY_NEW, day=asked, like=title)


def _redraw(conn: Connection, write: Write, gap: Gap, said: Settling) -> None:
    """Have the message on which the button was pressed say how its gaps stand."""
    stands = huddles.queued_as(conn, said.channel, said.ts)
    if stands is None or stands[0] != gap.program:
        return
    body = {"part": huddles.SETTLED, "channel": said.channel, "ts": said.ts}
    letter = Letter(f"settled/{gap.id}", body, lane=f"{said.channel}/{said.ts}")
    times = {"at": write.at, "transport_now": write.transport_now}
    huddles.queue(conn, gap.program, [letter], **times)
