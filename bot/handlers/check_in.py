"""Checking in: I'm here, OK, on to the next stop, and the lines of the card's menus."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Command
from bot.slack.read import worker


def register(app: AsyncApp, door: Door) -> None:
    """Listen for check-ins."""
    clock = door.ctx.clock

    @app.action(Action.ARRIVE.value)
    async def arrive(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.arrive(body, clock.now()))

    @app.action(Action.OK.value)
    async def check_in(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.check_in(body, clock.now()))

    @app.action(Action.NEXT_STOP.value)
    async def next_stop(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.next_stop(body, clock.now()))

    @app.action(Action.PAIR.value)
    async def pair(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.from_menu(body, clock.now()))

    @app.action(Action.MORE.value)
    async def more(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.from_menu(body, clock.now()))

    @app.command(door.ctx.settings.commands[Command.CHECK_IN.value])
    async def check_in_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.command(ack, worker.check_in_command(body, clock.now()))
