"""This turns records and effects into what Slack draws. Pure: all it needs is handed in.

`message` draws what is sent once, `surface` what is kept up to date by editing, `ack` the answer to
somebody's tap.
"""

from typing import assert_never

from bot.slack.render import approval, card, messages, page, roll_call, thread, trigger
from bot.slack.render.card import former_card
from bot.slack.render.view import Directory, MatterView, Rendered
from protocol.effects import (
    Ask,
    Effect,
    OpenThread,
    Page,
    PostApproval,
    PostPage,
    PostStandDown,
    Refresh,
    Remind,
    Reply,
    StandDown,
    Surface,
    Tell,
    ThreadNote,
)

__all__ = ["Directory", "MatterView", "Rendered", "former_card", "message", "surface"]


def message(effect: Effect, view: MatterView) -> Rendered:
    """The new message this effect asks for. ValueError for a Refresh, which makes none."""
    match effect:
        case Remind():
            return messages.reminder(effect, view)
        case Page() | PostPage():
            shown = trigger.for_channel(view) if isinstance(effect, PostPage) else view
            return page.page(shown, page.numbered(shown, effect.episode))
        case Ask():
            return messages.question(effect, view)
        case PostApproval():
            return approval.approval(view)
        case Tell():
            return messages.told(effect, view)
        case Reply():
            return messages.reply(effect)
        case StandDown():
            return messages.stand_down(effect, view)
        case PostStandDown():
            return messages.stand_down_in_channel(effect, view)
        case OpenThread():
            return thread.head(effect, view)
        case ThreadNote():
            return thread.line(effect, view)
        case Refresh():
            raise ValueError("a refresh edits a message: use surface()")
        case _:
            assert_never(effect)


def surface(kept: Surface, view: MatterView) -> Rendered:
    """A kept message as it is now. ValueError where this matter has no such message."""
    match kept:
        case Surface.WORKER_CARD:
            return card.card(view)
        case Surface.APPROVAL:
            return approval.approval(view)
        case Surface.PAGES:
            return page.page(view, page.latest(view))
        case Surface.THREAD:
            return thread.head_now(view)
        case Surface.ROLL_CALL:
            return roll_call.roll_call(view)
        case _:
            assert_never(kept)
