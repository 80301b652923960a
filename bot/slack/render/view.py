"""This is what a renderer is handed: the matter, who is who, and where the message will stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.ids import PersonId, PlaceId
from protocol.plan import Place
from protocol.records import Matter, Visit
from protocol.sending import Send

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Directory:
    """This is who is who in one program. `line` is the coordinator line as people dial it.

    `zone` is the program's IANA zone; `county_number` the county's ten-digit emergency number.
    """

    zone: str
    line: str = ""
    county_number: str = ""
    names: Mapping[PersonId, str] = field(default_factory=dict)
    slack_users: Mapping[PersonId, str] = field(default_factory=dict)

    def name(self, person: PersonId | None) -> str:
        """The person's name as the team knows it; a plain word where it is not known."""
        if person is None:
            return _(labels.SOMEBODY)
        return self.names.get(person) or _(labels.TEAMMATE)


@dataclass(frozen=True, slots=True)
class Thread:
    """This is where a thread stands in Slack. `workspace` is its address, ending in a slash."""

    channel: str
    ts: str
    workspace: str = ""

    @property
    def link(self) -> str:
        """The address that opens the thread beside its channel; "" while Slack's is not known."""
        if not self.workspace:
            return ""
        message = f"{self.workspace}archives/{self.channel}/p{self.ts.replace('.', '')}"
        return f"{message}?thread_ts={self.ts}&amp;cid={self.channel}"


@dataclass(frozen=True, slots=True)
class MatterView:
    """This bundles a matter with what is needed to draw it.

    `about` is the matter whose visit a silent matter is about. `places` holds the registered places
    of that visit's stops. `agreed` is whom the worker wants to be sent, in their order. `thread` is
    where the latest incident's thread stands; only pages know of it. `in_channel` says that more
    people read it than those who were paged.
    """

    matter: Matter
    directory: Directory
    about: Matter | None = None
    places: Mapping[PlaceId, Place] = field(default_factory=dict)
    agreed: tuple[Send, ...] = ()
    thread: Thread | None = None
    in_channel: bool = False

    @property
    def visit(self) -> Visit | None:
        """The visit this is about: the matter's own, or the one a silent matter points to."""
        return self.matter.visit or (self.about.visit if self.about else None)

    @property
    def place(self) -> Place | None:
        """The registered place of the stop the worker is at; None if it is not in the registry."""
        stop = self.visit.stop if self.visit else None
        return self.places.get(stop.place) if stop and stop.place else None


@dataclass(frozen=True, slots=True)
class Rendered:
    """This is one message: `text` is what a lock screen may show, `blocks` what Slack draws."""

    text: str
    blocks: tuple[Block, ...] = ()
