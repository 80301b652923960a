"""Answering a plan: confirm it, ask for changes, decline, lower its rating with a second."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Form
from bot.slack.modals import approver
from bot.slack.read.payload import BadInput
from bot.slack.words import labels
from bot.slack.words.speech import _


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the approver's forms, and for the second who agrees to a lower rating."""
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

    @app.view(Form.LOWER_RATING.value)
    async def lower(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, approver.read_lower(body, clock.now()))

    @app.action(Action.AGREE_LOWERING.value)
    async def agree(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, approver.agree_lowering(body, clock.now()))

    @app.action(Action.APPROVER_MORE.value)
    async def more(ack: AsyncAck, context: AsyncBoltContext) -> None:
        # Every line of this menu opens a form; what comes here is a line that is no more.
        await door.tap(ack, context, BadInput(_(labels.UNREADABLE)))
