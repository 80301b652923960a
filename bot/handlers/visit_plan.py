"""Planning: a new plan, a changed one, I'm here now, and what moves a plan's times."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.handlers.door import Door
from bot.slack.ids import Form
from bot.slack.modals import plan, worker


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the worker's forms."""
    clock = door.ctx.clock

    @app.view(Form.PLAN.value)
    async def planned(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, plan.read_plan(body, clock.now()))

    @app.view(Form.REVISE.value)
    async def revised(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, plan.read_revised(body, clock.now()))

    @app.view(Form.HERE_NOW.value)
    async def here_now(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, plan.read_here_now(body, clock.now()))

    @app.view(Form.RUNNING_LATE.value)
    async def running_late(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, worker.read_running_late(body, clock.now()))

    @app.view(Form.EXTEND.value)
    async def extend(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, worker.read_extend(body, clock.now()))

    @app.view(Form.NO_SIGNAL.value)
    async def no_signal(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, worker.read_no_signal(body, clock.now()))
