"""Answering a page: I have it, escalate, can't take it, still on it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action
from bot.slack.read import responder


def register(app: AsyncApp, door: Door) -> None:
    """Listen for answers to pages."""
    clock = door.ctx.clock

    @app.action(Action.ACKNOWLEDGE.value)
    async def acknowledge(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.acknowledge(body, clock.now()))

    @app.action(Action.ESCALATE.value)
    async def escalate(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.escalate(body, clock.now()))

    @app.action(Action.CANNOT_TAKE.value)
    async def cannot_take(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.cannot_take(body, clock.now()))

    @app.action(Action.STILL_ON_IT.value)
    async def still_on_it(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.still_on_it(body, clock.now()))

    @app.action(Action.RESPONDER_MORE.value)
    async def more(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.from_menu(body, clock.now()))
