"""This answers whatever no handler answered, so that nobody waits for an answer that never comes.

A delivery that stays without an answer for three seconds shows the person a warning sign, and for a
worker in trouble that is the worst answer of all. Nothing here says that something was recorded.
"""

import re
import secrets
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot import observe
from bot.slack.bolt import say_to_whoever_tapped
from bot.slack.words.labels import CLOSE_WINDOW, UNKNOWN_NO_LINE, UNREADABLE
from bot.slack.words.speech import _
from bot.tasks import Tasks

ANYTHING = re.compile(".*", re.DOTALL)

log = structlog.get_logger(__name__)


def install(app: AsyncApp, tasks: Tasks) -> None:
    """This adds the answers for faults and for the unknown. Called last: bolt takes the first."""

    @app.error
    async def failed(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext
    ) -> BoltResponse:
        kind = kind_of(body)
        # The id alone goes to the log and to nobody else: an error's own words may quote a note.
        log.error("handler.failed", fault=secrets.token_hex(4), kind=kind, exc_info=error)
        observe.FAULTS.labels("handler").inc()
        if kind == "action":
            tasks.start("respond", lambda: say_to_whoever_tapped(context, _(UNKNOWN_NO_LINE)))
        return answer_to(kind)

    @app.command(ANYTHING)
    async def unknown_command(ack: AsyncAck) -> None:
        _count("command")
        await ack(_(UNREADABLE))

    @app.action(ANYTHING)
    async def unknown_action(ack: AsyncAck, context: AsyncBoltContext) -> None:
        _count("action")
        await ack()
        tasks.start("respond", lambda: say_to_whoever_tapped(context, _(UNREADABLE)))

    @app.shortcut(ANYTHING)
    async def unknown_shortcut(ack: AsyncAck) -> None:
        _count("shortcut")
        await ack()

    @app.options(ANYTHING)
    async def unknown_options(ack: AsyncAck) -> None:
        _count("options")
        await ack(options=[])

    @app.view(ANYTHING)
    async def unknown_view(ack: AsyncAck) -> None:
        _count("view")
        await ack(response_action="update", view=_modal(_(UNREADABLE)))

    @app.view_closed(ANYTHING)
    async def closed_view(ack: AsyncAck) -> None:
        await ack()

    @app.event(ANYTHING)
    async def unknown_event(ack: AsyncAck) -> None:
        await ack()


def kind_of(body: dict[str, Any]) -> str:
    """What sort of delivery this is, in our words."""
    if "command" in body:
        return "command"
    if "event" in body:
        return "event"
    kinds = {"view_submission": "view", "view_closed": "view_closed", "block_actions": "action"}
    return kinds.get(str(body.get("type")), "other")


def answer_to(kind: str) -> BoltResponse:
    """The answer to a delivery that failed: the short sentence where the answer can carry one.

    An event is left without one: Slack delivers it again, and it may be the only word of somebody.
    """
    match kind:
        case "event":
            return BoltResponse(status=500)
        case "command":
            return BoltResponse(
                status=200, body={"response_type": "ephemeral", "text": _(UNKNOWN_NO_LINE)}
            )
        case "view":
            update = {"response_action": "update", "view": _modal(_(UNKNOWN_NO_LINE))}
            return BoltResponse(status=200, body=update)
        case _:
            return BoltResponse(status=200)


def _count(kind: str) -> None:
    observe.UNKNOWN_DELIVERIES.labels(kind).inc()
    log.warning("delivery.unknown", kind=kind)


def _modal(text: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Belay"},
        "close": {"type": "plain_text", "text": _(CLOSE_WINDOW)},
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}],
    }
