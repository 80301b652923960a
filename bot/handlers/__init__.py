"""This is one file per thing that a person does in Slack: read, run, answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot import runner
from bot.context import Context
from bot.handlers import (
    adopting,
    approval,
    asking,
    batch,
    check_in,
    check_out,
    closing,
    contact,
    declining,
    flags,
    handover,
    home,
    huddle,
    meanwhile,
    onboarding,
    opening,
    opening_handover,
    opening_plans,
    opening_trigger,
    page,
    proposals,
    quiz,
    standing,
    text_messages,
    trigger,
    visit_plan,
)
from bot.handlers import help as calls_for_help
from bot.handlers.door import Door, Run
from bot.slack.bolt import ask_directly
from bot.slack.pageable import pageable

# Home comes before opening: the board is one word of the visit command. Opening comes before the
# rest: it takes its own lines of a menu and leaves the rest to the others.
_ALL = (
    home,
    opening_handover,
    handover,
    opening,
    opening_plans,
    opening_trigger,
    calls_for_help,
    check_in,
    check_out,
    page,
    trigger,
    closing,
    contact,
    approval,
    batch,
    standing,
    visit_plan,
    flags,
    onboarding,
    declining,
    quiz,
    huddle,
    proposals,
    adopting,
)


def register_all(app: AsyncApp, ctx: Context, *, run: Run = runner.run) -> Door:
    """Let the app listen for everything that people do. Tests hand in a `run` of their own."""
    door = Door(ctx, run)
    door.row_of = lambda key, version: pageable(ctx.matcher.with_row(key, version), key)

    @app.middleware
    async def speak_their_language(
        context: AsyncBoltContext, next_: Callable[[], Awaitable[Any]]
    ) -> Any:
        door.speak_to(context.user_id)
        return await next_()

    for thing in _ALL:
        thing.register(app, door)
    answers = asking.register(app, door)
    meanwhile.register(app, door, answers)
    text_messages.register(app, door, answers)
    ask_directly(app)
    return door
