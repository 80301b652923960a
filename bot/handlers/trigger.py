"""Paging for a trigger, and what comes of it: written back, sorted, not sorted, put down for now.

The row is looked up again when the form is sent. One that went meanwhile is paged to the clinical
lead by hand: no page is refused because somebody changed the matrix.
"""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.handlers.door import Door
from bot.slack.ids import Action, Form
from bot.slack.modals import trigger as forms
from bot.slack.read import trigger as read
from protocol.trigger import MANUAL_PAGE, Pageable


def register(app: AsyncApp, door: Door) -> None:
    """Listen for pages, and for what is said about them."""
    clock = door.ctx.clock

    def row(key: str, version: str) -> Pageable:
        return door.row_of(key, version) or MANUAL_PAGE

    @app.view(Form.PAGE.value)
    async def paged(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, forms.read_page(body, clock.now(), row))

    @app.view(Form.CONSULT.value)
    async def consulted(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.form(ack, body, forms.read_consult(body, clock.now()))

    @app.action(Action.SORTED.value)
    async def is_sorted(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, read.is_sorted(body, clock.now()))

    @app.action(Action.NOT_SORTED.value)
    async def not_sorted(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, read.not_sorted(body, clock.now()))

    @app.action(Action.NIGHT_CLOSE.value)
    async def night_close(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.tap(ack, context, read.night_close(body, clock.now()))
