"""Opening the form that pages for a trigger, from a command, an answer or the Home; and the reply.

What a button carries says which row it is. Nothing is written here.
"""

import asyncio
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.handlers import opening, reading
from bot.handlers.door import Door
from bot.slack.carried import Carried, row_of
from bot.slack.ids import Action, Command
from bot.slack.modals import trigger as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import (
    BadInput,
    Body,
    carried,
    key_of_action,
    key_of_command,
    minted,
    strict,
    trigger_of,
    user_of,
)
from bot.slack.render import ack as answers
from bot.slack.words import labels
from bot.slack.words import trigger as words
from bot.slack.words.speech import _
from protocol.ids import MatterId, PersonId
from protocol.people import RESPONDER_ROLES, Role
from protocol.raised import MAY_WRITE
from protocol.records import Matter
from protocol.trigger import MANUAL_PAGE, Pageable
from storage import matters, people
from storage.database import Unavailable
from storage.sealing import Sealer

_SUPERVISORS: Final = (*RESPONDER_ROLES, Role.PROGRAM_MANAGER)
_AGAIN: Final = "again"


class Pages:
    """This opens the forms, reading once at most."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def command(self, ack: AsyncAck, client: AsyncWebClient, body: Body) -> None:
        """Open the form for `/page`."""
        found = _command(body)
        if isinstance(found, BadInput):
            await ack(**answers.said(found.sentence))
            return
        user, trigger, matter = found
        said = await self._open(client, trigger, user, matter, MANUAL_PAGE)
        await (ack(**answers.said(said)) if said else ack())

    async def tap(
        self, ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: Body
    ) -> None:
        """Open the form for the row of an answer's button, or for the manual page."""
        found = _tap(body)
        if isinstance(found, BadInput):
            said = found.sentence
        else:
            user, trigger, matter, value = found
            page = await self._page_of(value, user)
            if isinstance(page, str):
                said = page
            else:
                said = await self._open(client, trigger, user, matter, page)
        await ack()
        self._door.say_beside(context, said)

    async def consult(self, value: Carried, user: str) -> View | str:
        """The form in which whoever has it writes back."""
        ctx = self._door.ctx
        now = ctx.clock.now()
        found = await ctx.database.run(_may_write, ctx.sealer, value.matter, user, now)
        return _(words.NOT_YOURS) if found is None else forms.consult_form(value, found, now)

    async def _page_of(self, value: Carried, user: str) -> Pageable | str:
        if value.said == _AGAIN:
            ctx = self._door.ctx
            try:
                async with asyncio.timeout(opening.READ_WITHIN):
                    again = await ctx.database.run(_again, ctx.sealer, value.matter, user)
            except (TimeoutError, Unavailable):
                return answers.no_form(self._door.line(user))
            return again or _(labels.UNREADABLE)
        row = row_of(value)
        return (self._door.row_of(*row) if row else None) or MANUAL_PAGE

    async def _open(
        self, client: AsyncWebClient, trigger: str, user: str, matter: MatterId, page: Pageable
    ) -> str:
        supervisors: list[tuple[PersonId, str]] = []
        if page.private and not page.danger:
            ctx = self._door.ctx
            try:
                async with asyncio.timeout(opening.READ_WITHIN):
                    supervisors = await ctx.database.run(_supervisors, user, ctx.clock.now())
            except (TimeoutError, Unavailable):
                # The roles stand in the form all the same.
                supervisors = []
        view = forms.page_form(page, matter, supervisors)
        return await opening.open_view(self._door, client, trigger, user, view)


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens these forms."""
    pages, opener = Pages(door), opening.Opener(door)

    @app.command(door.ctx.settings.commands[Command.PAGE.value])
    async def open_page_command(
        ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await pages.command(ack, client, body)

    async def open_page_tap(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await pages.tap(ack, context, client, body)

    app.action(Action.PAGE_ROW.value)(open_page_tap)
    app.action(Action.PAGE_LEAD.value)(open_page_tap)

    @app.action(Action.WRITE_CONSULT.value)
    async def open_consult(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, pages.consult)


# --- what opening reads, in one transaction on a database thread -----------------------------


def _supervisors(conn: Connection, user: str, at: datetime) -> list[tuple[PersonId, str]]:
    """Whom a worker may name: everybody who leads in the program, but not themselves."""
    who = people.by_slack(conn, user)
    served = people.programs_of(conn, who.id, at) if who else []
    if who is None or not served:
        return []
    found = {
        one
        for one in people.serving(conn, served[0], at) - {who.id}
        if not people.roles(conn, served[0], one, at).isdisjoint(_SUPERVISORS)
    }
    return sorted(people.names(conn, found).items(), key=lambda one: one[1].casefold())


def _may_write(
    conn: Connection, sealer: Sealer, matter_id: MatterId, user: str, at: datetime
) -> list[tuple[PersonId, str]] | None:
    """The people who may be named as the one that does it; None for whoever may not write."""
    matter, who = matters.load(conn, sealer, matter_id), people.by_slack(conn, user)
    if matter is None or matter.trigger is None or who is None or who.id == matter.worker:
        return None
    climb = matter.escalations[-1]
    asked = who.id in (*climb.paged, climb.owner)
    if matter.trigger.private:
        return sorted(people.names(conn, climb.paged).items()) if asked else None
    if not asked and not reading.holds_role(conn, matter.program, user, at, MAY_WRITE):
        return None
    return reading.colleagues(conn, sealer, matter_id, user, at) or None


def _again(conn: Connection, sealer: Sealer, matter_id: MatterId, user: str) -> Pageable | None:
    """The row of one's own earlier page, to choose somebody else for it."""
    matter, who = matters.load(conn, sealer, matter_id), people.by_slack(conn, user)
    mine = matter is not None and who is not None and matter.worker == who.id
    return _as_before(matter) if mine and matter is not None else None


def _as_before(matter: Matter) -> Pageable | None:
    trigger = matter.trigger
    if trigger is None or not matter.escalations:
        return None
    steps = matter.escalations[-1].ladder
    return Pageable(trigger.row, steps, trigger.backup, trigger.channel, trigger.private)


@strict
def _command(body: Body) -> tuple[str, str, MatterId]:
    return user_of(body), trigger_of(body), minted(key_of_command(body))


@strict
def _tap(body: Body) -> tuple[str, str, MatterId, Carried]:
    return user_of(body), trigger_of(body), minted(key_of_action(body)), carried(body)
