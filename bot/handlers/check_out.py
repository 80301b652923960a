"""Checking out, in two steps: leaving, and clear."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Command
from bot.slack.read import worker


def register(app: AsyncApp, door: Door) -> None:
    """Listen for check-outs."""
    clock = door.ctx.clock

    @app.action(Action.LEAVE.value)
    async def leave(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.leave(body, clock.now()))

    @app.action(Action.CLEAR.value)
    async def clear(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.clear(body, clock.now()))

    @app.action(Action.NOT_YET_CLEAR.value)
    async def not_yet(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.not_yet_clear(body, clock.now()))

    @app.command(door.ctx.settings.commands[Command.CHECK_OUT.value])
    async def check_out_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.command(ack, worker.check_out_command(body, clock.now()))
