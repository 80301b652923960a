"""This is what a method gets, and the table in which methods enter themselves."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sandbox import limits
from sandbox.args import Args, not_a_number
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import App, Channel, Json, Kind
from sandbox.workspace import Workspace

Item = TypeVar("Item")


@dataclass(frozen=True)
class Call:
    """This is one authorised call."""

    box: Sandbox
    app: App
    method: str
    args: Args

    @property
    def workspace(self) -> Workspace:
        """This is the workspace that is called."""
        return self.box.workspace

    def need_scope(self, *choices: str) -> None:
        """This passes if the app has one of the scopes; raises Refused missing_scope."""
        self.box.scope_book.need(self.app, self.method, *choices)

    def seen(self, suffix: str | None = None, name: str = "channel") -> Channel:
        """This is the channel in an argument, if the bot can see it.

        `suffix` read or history asks for the family's scope. Raises Refused channel_not_found.
        """
        channel = self.workspace.channel(self.args.need(name, "channel_not_found"))
        if channel.kind is not Kind.PUBLIC and self.app.bot_user not in channel.members:
            raise Refused("channel_not_found")
        if suffix:
            self.box.scope_book.need_for(self.app, self.method, channel.kind, suffix)
        return channel

    def inside(self, suffix: str | None = None) -> Channel:
        """This is the channel in an argument, if the bot is in it; else not_in_channel."""
        channel = self.seen(suffix)
        if self.app.bot_user not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def limit(self, *, whole: bool = False) -> int:
        """This is the size of page asked for, 0 if none is; raises Refused invalid_arguments.

        Slack reads it before channel, types and cursor, and takes 1.5 for 1 unless `whole`.
        """
        given = self.args.text("limit", "0")
        if given == "" or (whole and "." in given):
            raise not_a_number("limit")
        return int(self.args.number("limit") or 0)

    def page(self, found: list[Item], most: int = limits.PAGE_MOST) -> tuple[list[Item], Json]:
        """This is one page and its `response_metadata`; the cursor is opaque, as Slack's."""
        limit = self.limit() or limits.PAGE
        if not 1 <= limit <= most:
            raise Refused("invalid_limit")
        try:
            start = int(urlsafe_b64decode(self.args.text("cursor")) or 0)
        except (ValueError, BadBase64) as problem:
            raise Refused("invalid_cursor") from problem
        end = start + limit
        cursor = urlsafe_b64encode(str(end).encode()).decode() if end < len(found) else ""
        return found[start:end], {"response_metadata": {"next_cursor": cursor}}


Method = Callable[[Call], Json]
METHODS: dict[str, Method] = {}
Decorated = TypeVar("Decorated", bound=Method)


def method(name: str) -> Callable[[Decorated], Decorated]:
    """This enters a function into the table under Slack's name for the method."""

    def enter(function: Decorated) -> Decorated:
        METHODS[name] = function
        return function

    return enter
