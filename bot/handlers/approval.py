"""Answering a plan: confirm it, ask for changes, decline."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.handlers.door import Door
from bot.slack.ids import Form
from bot.slack.modals import approver


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the approver's forms."""
    clock = door.ctx.clock

    @app.view(Form.CONFIRM_PLAN.value)
    async def confirm(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, approver.read_confirm(body, clock.now()))

    @app.view(Form.ASK_CHANGES.value)
    async def ask_changes(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, approver.read_ask_changes(body, clock.now()))

    @app.view(Form.DECLINE_PLAN.value)
    async def decline(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, approver.read_decline(body, clock.now()))
