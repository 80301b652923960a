"""The App Home: what it shows when it is opened, the whole board, and the way to the card.

Opening is one read and one `views.publish`, then the answer; what was shown is recorded beside, and
from then on bot/scheduler/homes.py keeps it up to date.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers import opening
from bot.handlers.door import Door
from bot.handlers.opening import Opener, open_view
from bot.slack import homes
from bot.slack.carried import Carried
from bot.slack.ids import Action, Command
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput, Body, cleaned, strict, trigger_of, user_of
from bot.slack.render import ack as answers
from bot.slack.words import home as words
from bot.slack.words.speech import _
from protocol.people import RESPONDER_ROLES
from storage import homes as rows
from storage.database import Unavailable

# What is typed after the visit command by whoever wants to see who is out, in each language.
_BOARD: Final = frozenset(("board", "tablero"))

log = structlog.get_logger(__name__)


class HomeOpener:
    """This puts somebody's Home before them, and the whole board where they ask for it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def opened(self, client: AsyncWebClient, event: Mapping[str, Any]) -> None:
        """Publish the Home that was opened. What fails now is published by the next look."""
        user = cleaned(str(event.get("user") or ""))
        if not user or event.get("tab") != "home":
            return
        seen = await self._read(user)
        if isinstance(seen, BaseException):
            log.warning("home.not_read", error=type(seen).__name__)
            ctx = self._door.ctx
            self._door.beside(ctx.database.run(rows.unread, user, ctx.clock.transport()))
            return
        drawn = homes.draw(seen, self._door.ctx.workspace.get("url", ""))
        answer = await self._publish(client, user, drawn)
        if seen is not None:
            shown = None if answer is None else drawn.digest
            view_hash = None if answer is None else (answer.get("view") or {}).get("hash")
            self._door.beside(self._record(seen, shown, view_hash))

    async def board(self, _value: Carried, user: str) -> View | str:
        """The whole board, or why there is none."""
        ctx = self._door.ctx
        seen = await ctx.database.run(homes.read, user, ctx.clock.now(), ctx.matcher.shipped)
        return _board_of(seen)

    async def command(self, ack: AsyncAck, client: AsyncWebClient, body: Body) -> None:
        """The whole board for the visit command; what went wrong is the command's answer."""
        asked = _asked(body)
        if isinstance(asked, BadInput):
            await ack(**answers.said(asked.sentence))
            return
        user, trigger = asked
        seen = await self._read(user)
        if isinstance(seen, BaseException):
            await ack(**answers.said(answers.no_form(self._door.line(user))))
            return
        drawn = _board_of(seen)
        if not isinstance(drawn, str):
            drawn = await open_view(self._door, client, trigger, user, drawn)
        await (ack(**answers.said(drawn)) if drawn else ack())

    async def _read(self, user: str) -> homes.Seen | BaseException | None:
        ctx = self._door.ctx
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                shipped = ctx.matcher.shipped
                return await ctx.database.run(homes.read, user, ctx.clock.now(), shipped)
        except (TimeoutError, Unavailable) as fault:
            return fault

    async def _publish(
        self, client: AsyncWebClient, user: str, drawn: homes.Drawn
    ) -> Mapping[str, Any] | None:
        try:
            async with asyncio.timeout(opening.OPEN_WITHIN):
                answer = await client.views_publish(user_id=user, view=drawn.view)
        except (TimeoutError, SlackClientError, OSError) as fault:
            log.warning("home.not_published", error=type(fault).__name__)
            return None
        return answer if isinstance(answer, dict) else answer.data  # type: ignore[return-value]

    async def _record(self, seen: homes.Seen, shown: str | None, view_hash: str | None) -> None:
        ctx = self._door.ctx
        now = ctx.clock.transport()
        # What did not get there is published anew at once.
        next_at = now + homes.PACE if shown is not None else now
        await ctx.database.run(
            rows.opened, seen.look.person, shown, view_hash, now=now, next_at=next_at
        )
        ctx.nudge()


class CardAsker:
    """This has somebody's card posted once more, where they will see it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def tap(self, ack: AsyncAck, context: AsyncBoltContext, body: Body) -> None:
        """Ask for the card through the outbox. Without an open visit there is none to show."""
        ctx, user = self._door.ctx, strict(user_of)(body)
        if isinstance(user, BadInput):
            await ack()
            self._door.say_beside(context, user.sentence)
            return
        asked = {"at": ctx.clock.now(), "transport_now": ctx.clock.transport()}
        stands = await ctx.database.run(rows.ask_for_card, user, **asked)
        ctx.nudge()
        await ack(**answers.action())
        self._door.say_beside(context, "" if stands else _(words.NOT_OUT))


def register(app: AsyncApp, door: Door) -> None:
    """Listen for openings. Comes before the visit command, one word of which is the board."""
    opener, forms, cards = HomeOpener(door), Opener(door), CardAsker(door)

    @app.event("app_home_opened")
    async def open_home(client: AsyncWebClient, event: dict[str, Any]) -> None:
        await opener.opened(client, event)

    visit = door.ctx.settings.commands[Command.VISIT.value]

    @app.command(visit, matchers=[_wants_board])
    async def open_board_by_command(
        ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.command(ack, client, body)

    @app.action(Action.SHOW_BOARD.value)
    async def open_board(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await forms.tap(ack, context, client, body, opener.board)

    @app.action(Action.SHOW_CARD.value)
    async def show_card(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await cards.tap(ack, context, body)


def _board_of(seen: homes.Seen | None) -> View | str:
    if seen is None or not seen.look.holds(*RESPONDER_ROLES):
        return _(words.NO_BOARD)
    return homes.draw_board(seen)


async def _wants_board(body: dict[str, Any]) -> bool:
    return str(body.get("text") or "").strip().casefold() in _BOARD


@strict
def _asked(body: Body) -> tuple[str, str]:
    return user_of(body), trigger_of(body)
