"""What somebody does while the matrix has no row for them: one tap on the answer that said so.

It is kept with the gap, for those who settle it, and without whoever tapped. The button stands only
on the asker's own answer, so that its value is all that leads from them to the gap.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from sqlalchemy import Connection

from bot.handlers.asking import Asking
from bot.handlers.door import Door
from bot.runner import Write, write
from bot.slack.ids import Action
from bot.slack.read.payload import BadInput, Body, carried, strict, user_of
from bot.slack.render import ack as answers
from bot.slack.render.answer_row import DID
from bot.slack.words import huddle as words
from bot.slack.words import labels
from bot.slack.words.speech import _
from storage import gaps, people
from storage.database import Conflict, Unavailable
from storage.gaps import Gap


def register(app: AsyncApp, door: Door, asking: Asking) -> None:
    """Listen for what askers say that they do."""
    for action in DID:
        app.action(action.value)(_listener(door, asking, action))


def note(conn: Connection, write: Write, user: str, gap_id: str, action: Action) -> Gap | BadInput:
    """Keep what the asker does with the gap, until it is settled. Who may is asked here."""
    who, found = people.by_slack(conn, user), gaps.some(conn, [gap_id])
    if who is None or not found:
        return BadInput(words.GAP_GONE)
    if found[0].program not in people.programs_of(conn, who.id, write.at):
        return BadInput(labels.NOT_KNOWN)
    if not gaps.did(conn, gap_id, DID[action]):
        return BadInput(words.GAP_SETTLED)
    return found[0]


def _listener(door: Door, asking: Asking, action: Action) -> Callable[..., Awaitable[None]]:
    async def said(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        found = _tap(body)
        if isinstance(found, BadInput):
            await ack()
            door.say_beside(context, found.sentence)
            return
        user, gap_id = found
        try:
            kept = await write(door.ctx, note, user, gap_id, action)
        except (Unavailable, Conflict):
            kept = BadInput(answers.unknown(door.line(user)))
        if isinstance(kept, BadInput):
            await ack()
            door.say_beside(context, _(kept.sentence))
            return
        drawn = await asking.outside_again(user, kept, action)
        await ack()
        message = {"text": drawn.text, "blocks": list(drawn.blocks)}
        door.respond_beside(context, message, instead=True)

    return said


@strict
def _tap(body: Body) -> tuple[str, str]:
    return user_of(body), str(carried(body).matter)
