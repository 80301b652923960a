"""This is one file per thing that a person does in Slack: read, run, answer."""

from slack_bolt.async_app import AsyncApp

from bot import runner
from bot.context import Context
from bot.handlers import (
    approval,
    check_in,
    check_out,
    closing,
    contact,
    opening,
    page,
    text_messages,
    visit_plan,
)
from bot.handlers import help as calls_for_help
from bot.handlers.door import Door, Run

# Opening comes first: it takes its own lines of a menu and leaves the rest to the others.
_ALL = (
    opening,
    calls_for_help,
    check_in,
    check_out,
    page,
    closing,
    contact,
    approval,
    visit_plan,
    text_messages,
)


def register_all(app: AsyncApp, ctx: Context, *, run: Run = runner.run) -> Door:
    """Let the app listen for everything that people do. Tests hand in a `run` of their own."""
    door = Door(ctx, run)
    for thing in _ALL:
        thing.register(app, door)
    return door
