"""A trigger of the matrix that somebody raised: what of it a matter keeps, and what happens to it.

It is pinned to the row and version that were shown: a row that changes or goes later changes
nothing here. It is never about the safety of whoever raised it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from protocol.ids import PersonId
from protocol.people import Language, Role
from protocol.policy import ChannelRole, Ladder, Rung


class Tier(StrEnum):
    """This is how soon somebody must have it, from a life at risk now to the next supervision."""

    U0 = "U0"
    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"


class Who(StrEnum):
    """This is whom a step of a tier reaches, seen from the row."""

    OWNER = "owner"
    BACKUP = "backup"
    EVERYONE = "everyone"
    EXECUTIVE = "executive"


@dataclass(frozen=True, slots=True)
class Both:
    """This is one text of a row in each language, as it was when somebody was shown it."""

    en: str
    es: str

    def in_(self, language: Language) -> str:
        """The text in this language."""
        return self.es if language is Language.ES else self.en


@dataclass(frozen=True, slots=True)
class RowUsed:
    """This is the row that was used. `call_first` comes before anything else, `first` after it."""

    key: str
    version: str
    tier: Tier
    title: Both
    call_first: tuple[Both, ...] = ()
    first: tuple[Both, ...] = ()


@dataclass(frozen=True, slots=True)
class Pageable:
    """This is a row that can be paged for: what is kept of it, and who is reached in which order.

    `danger` says that it is about danger to the worker's own life now. A private row without it
    reaches whom the worker chooses, and nobody else.
    """

    row: RowUsed
    ladder: Ladder
    backup: Role
    channel: ChannelRole | None = None
    private: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """This is whom a worker chose for something about their own life: a role, or one person."""

    role: Role | None = None
    person: PersonId | None = None


class UntilMorning(StrEnum):
    """This is what happens now, where a page is put down for the night and written up by ten."""

    CALM = "calm"
    IN_CARE = "in_care"
    SOMEBODY_THERE = "somebody_there"
    CALLING = "calling"


@dataclass(frozen=True, slots=True)
class Consult:
    """This is what whoever has it wrote back: the decision, who does it, and by when.

    `owner` or `role` says who does it. `now` stands where it was put down for the night: then there
    is no decision yet, and `by_when` is when it must be written.
    """

    by: PersonId
    at: datetime
    by_when: datetime
    decision: str = ""
    owner: PersonId | None = None
    role: Role | None = None
    now: UntilMorning | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """This is one contact attempt. `what` is coded: how, and what came of it ("call: spoke")."""

    by: PersonId
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """This is what was raised, and all that was written about it since.

    `heard` is what the raiser saw or heard, `call_back` where they can be reached; both were typed.
    `asked_again` counts the questions since the last word that were not answered. `tried` are the
    latest contact attempts, the newest last.
    """

    by: PersonId
    at: datetime
    heard_at: datetime
    row: RowUsed
    backup: Role
    heard: str = ""
    call_back: str = ""
    channel: ChannelRole | None = None
    private: bool = False
    chosen: Chosen | None = None
    consults: tuple[Consult, ...] = ()
    asked_again: int = 0
    not_sorted: int = 0
    settled_by: PersonId | None = None
    tried: tuple[Tried, ...] = ()

    @property
    def last(self) -> Consult | None:
        """The last word that was written back."""
        return self.consults[-1] if self.consults else None


# --- what happens to it ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RaiseTrigger:
    """Somebody pages for a row; `heard_at` is when they saw or heard it, and timeliness counts so.

    `page` is what the row was when they were shown it. With a private row goes whom they `chosen`
    to tell, or that they are in `danger` now: that reaches whoever is on call.
    """

    at: datetime
    by: PersonId
    heard_at: datetime
    page: Pageable
    heard: str = ""
    call_back: str = ""
    chosen: Chosen | None = None
    danger: bool = False


@dataclass(frozen=True, slots=True)
class WriteConsult:
    """Whoever has it writes back what was decided, who does it, and by when."""

    at: datetime
    by: PersonId
    decision: str
    by_when: datetime
    owner: PersonId | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class NightClose:
    """Whoever has it says what happens now, and writes it up by ten the next morning."""

    at: datetime
    by: PersonId
    now: UntilMorning


@dataclass(frozen=True, slots=True)
class Sorted:
    """A named person says that it is sorted, having seen what was written at `mark`."""

    at: datetime
    by: PersonId
    mark: int


@dataclass(frozen=True, slots=True)
class NotSorted:
    """Whoever raised it says that it is not sorted."""

    at: datetime
    by: PersonId


TriggerEvent = RaiseTrigger | WriteConsult | NightClose | Sorted | NotSorted


# --- how a tier climbs -----------------------------------------------------------------------

# How soon somebody must have it (product section 2; U4 pages nobody).
ACKNOWLEDGE_WITHIN: Final = {
    Tier.U0: timedelta(minutes=5),
    Tier.U1: timedelta(minutes=15),
    Tier.U2: timedelta(minutes=60),
    Tier.U3: timedelta(minutes=480),
}
# An acknowledgement holds so long (product, Defaults), and its owner is asked this much earlier.
_HOLD: Final = {Tier.U0: timedelta(minutes=15), Tier.U1: timedelta(minutes=30)}
_HOLD_ELSE: Final = timedelta(minutes=60)
_ASK_BEFORE: Final = timedelta(minutes=5)
# The product's ten minutes are for what cannot wait; what can wait rings less often.
_REPEAT: Final = {Tier.U2: timedelta(minutes=30), Tier.U3: timedelta(minutes=60)}
_REPEAT_ELSE: Final = timedelta(minutes=10)

Step = tuple[timedelta, Who]


def steps(tier: Tier) -> tuple[Step, ...]:
    """The steps of a tier where the matrix names none: owner, backup, everyone, executive."""
    within = ACKNOWLEDGE_WITHIN[tier]
    return (
        (timedelta(0), Who.OWNER),
        (within, Who.BACKUP),
        (2 * within, Who.EXECUTIVE),
        (2 * within, Who.EVERYONE),
    )


def ladder(
    tier: Tier,
    owner: Role,
    backup: Role,
    channel: ChannelRole | None = None,
    given: Sequence[Step] = (),
) -> Ladder:
    """The ladder of a row of this tier. ValueError for U4, for which nobody is paged.

    `given` are the steps of the matrix's own tier; a last one that reaches everyone is added where
    they have none: no climb ends in silence.
    """
    if tier not in ACKNOWLEDGE_WITHIN:
        raise ValueError(f"{tier} pages nobody")
    wanted = sorted(given or steps(tier), key=lambda step: step[0])
    if all(who is not Who.EVERYONE for _, who in wanted):
        after = max(wanted[-1][0], ACKNOWLEDGE_WITHIN[tier])
        wanted.append((after, Who.EVERYONE))
    roles = {Who.OWNER: (owner,), Who.BACKUP: (backup,), Who.EXECUTIVE: (Role.EXECUTIVE,)}
    channels = (channel,) if channel else ()
    return Ladder(
        rungs=tuple(
            Rung(
                after=after,
                roles=roles.get(who, ()),
                everyone=who is Who.EVERYONE,
                channels=channels,
            )
            for after, who in wanted
        ),
        hold=_HOLD.get(tier, _HOLD_ELSE),
        ask_before=_ASK_BEFORE,
        repeat_every=_REPEAT.get(tier, _REPEAT_ELSE),
    )


def reopened(before: Ladder, backup: Role, channel: ChannelRole | None) -> Ladder:
    """The ladder after *Not sorted*: backup and peer supervisor at once, then everyone.

    The times of the rungs that follow stay those of the tier.
    """
    channels = (channel,) if channel else ()
    roles = tuple(dict.fromkeys((backup, Role.PEER_SUPERVISOR)))
    first = Rung(after=timedelta(0), roles=roles, channels=channels)
    wide = tuple(one for one in before.rungs if one.everyone or one.roles == (Role.EXECUTIVE,))
    return before.model_copy(update={"rungs": (first, *wide)})


def on_call(before: Ladder) -> Ladder:
    """The same ladder, from its first step on to everybody on call: for danger to life now."""
    first = Rung(after=timedelta(0), everyone=True)
    later = tuple(one for one in before.rungs if one.after > first.after)
    return before.model_copy(update={"rungs": (first, *later)})


def quiet(before: Ladder) -> Ladder:
    """The same ladder without its channels: what is private goes by DM alone."""
    rungs = tuple(one.model_copy(update={"channels": ()}) for one in before.rungs)
    return before.model_copy(update={"rungs": rungs})


# Anyone may page the clinical lead without asking the matrix: a row that is always there.
MANUAL_PAGE: Final = Pageable(
    row=RowUsed(
        key="manual_page",
        version="1",
        tier=Tier.U1,
        title=Both("Page to the clinical lead", "Aviso a la dirección clínica"),
        call_first=(
            Both(
                "A life in danger? Call 911 first.",
                "¿Hay una vida en peligro? Llama primero al 911.",
            ),
        ),
    ),
    ladder=ladder(Tier.U1, Role.CLINICAL_LEAD, Role.PEER_SUPERVISOR, ChannelRole.CLINICAL),
    backup=Role.PEER_SUPERVISOR,
    channel=ChannelRole.CLINICAL,
)
