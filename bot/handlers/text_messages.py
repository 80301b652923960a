"""Words typed to Belay: OK, OUT and HELP do what the buttons do, and are answered in the same DM.

A question is answered there by the matrix, whatever else it says: OK, OUT and HELP come first. So
is what sounds urgent, question or not; anything else is answered with what can be typed.
A fault is not answered here: Slack delivers the message again, and it may be somebody's only word.
"""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.handlers.asking import Asking
from bot.handlers.door import Door
from bot.slack.read import asking as read
from bot.slack.read import worker
from bot.slack.read.payload import BadInput
from bot.slack.render import ack as answers
from bot.slack.words import labels
from bot.slack.words.speech import _


def register(app: AsyncApp, door: Door, asking: Asking) -> None:
    """Listen for typed words."""

    @app.event("message")
    async def typed(body: dict[str, Any], context: AsyncBoltContext) -> None:
        found = worker.text_message(body, door.ctx.clock.now())
        if isinstance(found, worker.NotForUs | BadInput):
            return
        if isinstance(found, worker.NotUnderstood):
            if (question := read.asks(body)) is not None:
                await asking.beside(context, question)
            elif not await asking.unasked(context, read.told(body)):
                door.post_beside(context, answers.message(_(labels.KIND_LIST)))
            return
        outcome = await door.run(found)
        # A refusal comes through the outbox: it is a message that somebody waits for.
        if outcome.problem is not None or (outcome.decision and not outcome.decision.refused):
            door.post_beside(context, answers.typed_words(outcome))
