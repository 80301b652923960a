"""Closing: accounted for, a late tap that is right, and the second person's answer."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Form
from bot.slack.modals import responder as forms
from bot.slack.read import responder


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what closes an escalation."""
    clock = door.ctx.clock

    @app.view(Form.CLOSE.value)
    async def close(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, forms.read_close(body, clock.now()))

    @app.action(Action.CONFIRM_TAP.value)
    async def confirm_tap(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.confirm_tap(body, clock.now()))

    @app.action(Action.CONFIRM_CLOSING.value)
    async def confirm(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.confirm_closing(body, clock.now()))

    @app.action(Action.REJECT_CLOSING.value)
    async def reject(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.reject_closing(body, clock.now()))
