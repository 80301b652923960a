"""What responders did to reach the worker: attempts, support sent, emergency services, proxy."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.handlers.door import Door
from bot.slack.ids import Form
from bot.slack.modals import responder


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what responders report."""
    clock = door.ctx.clock

    @app.view(Form.ATTEMPT.value)
    async def attempt(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, responder.read_attempt(body, clock.now()))

    @app.view(Form.SUPPORT.value)
    async def support(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, responder.read_support(body, clock.now()))

    @app.view(Form.EMERGENCY.value)
    async def emergency(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, responder.read_emergency(body, clock.now()))

    @app.view(Form.PROXY.value)
    async def proxy(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, responder.read_proxy(body, clock.now()))
