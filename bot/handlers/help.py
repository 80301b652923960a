"""Calling for help. No form and no question stands between the tap and the page."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Command
from bot.slack.read import worker
from protocol.events import HelpForm


def register(app: AsyncApp, door: Door) -> None:
    """Listen for calls for help."""
    clock = door.ctx.clock

    @app.action(Action.HELP_CALL.value)
    async def call_me(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.help_tap(body, clock.now(), HelpForm.CALL))

    @app.action(Action.HELP_QUIET.value)
    async def stay_quiet(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, worker.help_tap(body, clock.now(), HelpForm.QUIET))

    @app.command(door.ctx.settings.commands[Command.SOS.value])
    async def sos(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.command(ack, worker.sos_command(body, clock.now()))
