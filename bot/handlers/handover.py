"""Handing over to a named person, and asking everyone who is out to account for themselves."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Form
from bot.slack.modals import handover as forms
from bot.slack.read import responder, worker


def register(app: AsyncApp, door: Door) -> None:
    """Listen for handovers and roll calls."""
    clock = door.ctx.clock

    @app.view(Form.HAND_OVER.value)
    async def hand_over(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, forms.read_one(body, clock.now()))

    @app.view(Form.HAND_OVER_ALL.value)
    async def hand_over_all(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.forms(ack, body, forms.read_all(body, clock.now()))

    @app.view(Form.CALL_ROLL.value)
    async def call_roll(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, forms.read_call(body, clock.now()))

    @app.action(Action.TAKE_HANDOVER.value)
    async def take(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.take_handover(body, clock.now()))

    @app.action(Action.DECLINE_HANDOVER.value)
    async def decline(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, responder.decline_handover(body, clock.now()))

    @app.action(Action.ON_THE_WAY.value)
    async def on_the_way(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.on_the_way(body, clock.now()))
