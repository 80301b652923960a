"""Opening the forms to hand something over, and to ask everyone who is out.

Comes before the visit command and before the other lines of a responder's menu: some words of the
one and one line of the other are ours.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers import held, opening
from bot.handlers.door import Door
from bot.handlers.opening import Opener, open_view
from bot.slack.carried import Carried
from bot.slack.ids import Action, Command, ResponderMore
from bot.slack.modals import handover as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import (
    BadInput,
    Body,
    carried,
    key_of_command,
    strict,
    trigger_of,
    user_of,
)
from bot.slack.render import ack as answers
from bot.slack.words.speech import _
from storage.database import Unavailable

T = TypeVar("T")

# What is typed after the visit command, in each language.
_EVERYONE: Final = frozenset(("everyone", "todos"))
_HAND_OVER: Final = frozenset(("handover", "hand over", "relevo"))


class Forms:
    """This draws the forms, reading once."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def one(self, value: Carried, user: str) -> View | str:
        """Hand over what the button stands under."""
        found = await self._read(held.one, value, user)
        return _(found) if isinstance(found, str) else forms.one_form(*found)

    async def all(self, _value: Carried | None, user: str) -> View | str:
        """Hand over everything of mine."""
        found = await self._read(held.mine, user)
        return _(found) if isinstance(found, str) else forms.all_form(found.held, found.takers)

    async def call(self, key: str, user: str) -> View | str:
        """Ask before everyone is asked."""
        found = await self._read(held.out_now, user)
        if isinstance(found, str):
            return _(found)
        return forms.call_form(key, found.program, found.people, found.within)

    async def command(
        self, ack: AsyncAck, client: AsyncWebClient, body: Body, *, everyone: bool
    ) -> None:
        """Open one of the forms for the visit command."""
        asked = _asked(body)
        if isinstance(asked, BadInput):
            await ack(**answers.said(asked.sentence))
            return
        user, trigger, key = asked
        try:
            async with asyncio.timeout(opening.READ_WITHIN):
                drawn = await (self.call(key, user) if everyone else self.all(None, user))
        except (TimeoutError, Unavailable):
            drawn = answers.no_form(self._door.line(user))
        if not isinstance(drawn, str):
            drawn = await open_view(self._door, client, trigger, user, drawn)
        await (ack(**answers.said(drawn)) if drawn else ack())

    async def _read(self, read: Callable[..., T], *args: Any) -> T:
        ctx = self._door.ctx
        return await ctx.database.run(read, ctx.sealer, *args, ctx.clock.now())


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens a form."""
    opener, drawn = Opener(door), Forms(door)
    visit = door.ctx.settings.commands[Command.VISIT.value]

    @app.command(visit, matchers=[_says(_EVERYONE)])
    async def open_everyone(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await drawn.command(ack, client, body, everyone=True)

    @app.command(visit, matchers=[_says(_HAND_OVER)])
    async def open_mine(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await drawn.command(ack, client, body, everyone=False)

    @app.action(Action.HAND_OVER.value)
    async def open_one(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, drawn.one)

    @app.action(Action.RESPONDER_MORE.value, matchers=[_hands_over])
    async def open_line(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, drawn.one)

    @app.action(Action.HAND_OVER_ALL.value)
    async def open_all(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, drawn.all)

    @app.action(Action.CALL_ROLL.value)
    async def open_call(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        async def call(_value: Carried, user: str) -> View | str:
            return await drawn.call(trigger_of(body), user)

        await opener.tap(ack, context, client, body, call)


def _says(words: frozenset[str]) -> Callable[..., Any]:
    async def matches(body: dict[str, Any]) -> bool:
        return " ".join(str(body.get("text") or "").casefold().split()) in words

    return matches


async def _hands_over(body: dict[str, Any]) -> bool:
    found = strict(carried)(body)
    return not isinstance(found, BadInput) and found.said == ResponderMore.HAND_OVER


@strict
def _asked(body: Body) -> tuple[str, str, str]:
    return user_of(body), trigger_of(body), key_of_command(body)
