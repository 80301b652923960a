"""This draws one message that names many pages; decision 0041 says when there is one."""

from collections.abc import Sequence
from datetime import datetime

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render.blocks import button, context, divider, lines, section
from bot.slack.render.page import listed
from bot.slack.render.times import clock
from bot.slack.render.view import MatterView, Rendered
from bot.slack.words import bursts, news
from bot.slack.words.speech import _
from protocol.ids import MatterId
from protocol.records import Escalation

# What is listed, in its order: a page that can be drawn, or the matter of one that cannot.
Listed = tuple[MatterView, Escalation] | MatterId


def page_list(
    which: Sequence[Listed], at: datetime, zone: str, part: int = 1, parts: int = 1
) -> Rendered:
    """The list as it is true at `at`. It is never edited, and says so.

    The lock screen tells no more than of any page.
    """
    head = _(bursts.PART, part=part, parts=parts) if parts > 1 else _(bursts.MANY)
    rows = [
        section(_(bursts.UNDRAWN), button(Action.ACKNOWLEDGE, pack(one)))
        if isinstance(one, str)
        else listed(*one)
        for one in which
    ]
    foot = context(_(bursts.TRUE_AT, at=clock(at, zone)))
    shown = (section(lines(head, _(bursts.TAKE_ONE))), divider(), *rows, divider(), foot)
    return Rendered(_(news.LOCK_PAGE), shown)
