"""A delivery from Slack, read: who did what, about which matter; and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from protocol.decision import Decision
from protocol.events import Event
from protocol.identifiers import mask_strictly
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.records import Matter
from protocol.trigger import Chosen, Pageable, RaiseTrigger


@dataclass(frozen=True, slots=True)
class OfMatter:
    """This targets the matter that a button names."""

    id: MatterId


@dataclass(frozen=True, slots=True)
class CurrentMatter:
    """This targets whatever visit the person is on; a typed word names no matter."""


@dataclass(frozen=True, slots=True)
class NewMatter:
    """This targets a matter to be opened; its id was minted with the form, so it opens once.

    `program` is the one that was chosen; None where the person serves one only.
    """

    id: MatterId
    program: ProgramId | None = None


@dataclass(frozen=True, slots=True)
class HelpTarget:
    """This targets the named matter if it is open, else the person's visit, else a new matter."""

    id: MatterId | None
    fresh: MatterId


Target = OfMatter | CurrentMatter | NewMatter | HelpTarget


@dataclass(frozen=True, slots=True)
class Request:
    """This is one delivery from Slack, read: who, what, about which matter.

    `key` is the same when Slack delivers it again. `reply` is set where the delivery itself cannot
    carry an answer, so that a refusal is sent to the person as a message.
    """

    key: str
    user: str
    target: Target
    event: Callable[[PersonId], Event]
    reply: bool = False


def raise_trigger(
    key: str,
    user: str,
    matter: MatterId,
    page: Pageable,
    now: datetime,
    *,
    heard: str = "",
    heard_ago: timedelta = timedelta(0),
    call_back: str = "",
    chosen: Chosen | None = None,
    danger: bool = False,
    program: ProgramId | None = None,
) -> Request:
    """The request behind *Page them now*, whichever row it is for; run it as any other.

    `matter` was minted with the form, so that a form sent twice pages once. `page` is the row as
    the asker was shown it, made by the caller: the texts of its `RowUsed` in both languages, its
    `ladder` (`protocol.trigger.ladder(tier, owner, backup, channel, steps)`), the channel of its
    route or None. A row of tier U4 has no ladder and is refused. `heard` and what it leads to are
    sealed; identifiers are taken out here, so that no caller can forget it. `call_back` is a
    number to ring and is kept as it is. Where `page.private` and not `page.danger`, `chosen` says
    whom the worker tells, unless they are in `danger` now.
    """
    said = mask_strictly(heard)
    return Request(
        key,
        user,
        NewMatter(matter, program),
        lambda by: RaiseTrigger(now, by, now - heard_ago, page, said, call_back, chosen, danger),
    )


class Problem(StrEnum):
    """This is why a request could not even be decided."""

    UNKNOWN_PERSON = "unknown_person"
    NO_PROGRAM = "no_program"
    NO_OPEN_VISIT = "no_open_visit"
    NO_SUCH_MATTER = "no_such_matter"


@dataclass(frozen=True, slots=True)
class Outcome:
    """This is what became of a request. `repeated`: it was recorded before, nothing was done."""

    decision: Decision | None = None
    matter: Matter | None = None
    person: PersonId | None = None
    repeated: bool = False
    problem: Problem | None = None
