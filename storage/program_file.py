"""The file in which a coordinator writes down a program: its shape, and what each part may hold.

`program_read.py` reads it, and says of everything wrong on which line it stands.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal, NoReturn, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from protocol.ids import PersonId
from protocol.people import Duty, Language, Role
from protocol.policy import Policy
from protocol.rating import FlagKind
from storage.matrix_tables import Team
from storage.program_times import Moment, instant, weekly

ALWAYS, FOR_GOOD = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
SLUG = r"[a-z][a-z0-9_-]{0,39}"
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STREET = re.compile(
    r"^\d+[a-z]?\s+\D|\b\d+[a-z]?\s+(\S+\s+){1,3}"
    r"(st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|way|hwy|highway)\b",
    re.IGNORECASE,
)


def wrong(what: str, remedy: str) -> NoReturn:
    """This refuses a value; neither text may repeat it, for it may be somebody's secret."""
    raise PydanticCustomError("belay", "{what}", {"what": what, "remedy": remedy})


def _shape(pattern: str, what: str, remedy: str) -> AfterValidator:
    def check(value: str) -> str:
        return value if re.fullmatch(pattern, value) else wrong(what, remedy)

    return AfterValidator(check)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        wrong("this is not a time zone", 'write its full name, such as "America/Los_Angeles"')
    return value


def _label(value: str) -> str:
    if STREET.search(value):
        wrong(
            "a label looks like a street address, and labels are shown in Slack",
            'call it "Home 17" or "Main St shelter", and put the street into address: it is sealed',
        )
    return value


def _moment(value: object) -> object:
    if isinstance(value, Moment):
        return value
    text = str(value)
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M"):
        try:
            # Local on purpose: the program's zone is known only where the whole file is.
            found = datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        return Moment(found.date(), found.time() if " " in form else None)
    wrong("this is not a day or a time", "write 2026-03-01, or 2026-03-01 08:00")


def _in_order(begins: Moment, ends: Moment) -> bool:
    # A bare day begins with its midnight and ends with the next.
    first = (begins.day, begins.clock or time())
    return first < (ends.day, ends.clock or time.max)


def _clock(value: object) -> object:
    if isinstance(value, time):
        return value
    if value == "24:00":
        return time()
    if not isinstance(value, str) or not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        wrong("this is not a time of day", 'write "08:00", on the 24-hour clock')
    hours, minutes = value.split(":")
    return time(int(hours), int(minutes))


def _role(value: object) -> object:
    return {"role": value} if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=120)]
Slug = Annotated[
    str,
    _shape(
        SLUG,
        "an id is a short word in small letters",
        'write one such as "rosa" or "home-17"; it is never changed later',
    ),
]
Phone = Annotated[
    str,
    _shape(
        r"\+[1-9]\d{7,14}",
        "this is not a phone number that can be dialled from anywhere",
        'write it in quotes, with + and country code and no spaces, such as "+15555550100"',
    ),
]
# A partner may have a short number, such as 211.
PartnerNumber = Annotated[
    str,
    _shape(
        r"\+[1-9]\d{7,14}|[2-9]\d{2}",
        "this is not a number that a phone can call",
        'write it in quotes, with + and country code and no spaces, such as "+15555550100"; '
        'short ones as they are dialled, such as "211"',
    ),
]
LineKey = Annotated[
    str,
    BeforeValidator(str),
    _shape(
        r"[a-z0-9][a-z0-9_]{1,39}",
        "this is not a line of the matrix",
        "write its key as it stands under lines: in the matrix, such as mobile_crisis",
    ),
]
SlackUser = Annotated[
    str,
    _shape(
        r"[UW][A-Z0-9_]{1,30}",
        "this is not the Slack id of a person",
        "in Slack open the person's profile, then More, then Copy member ID; it begins with U or W",
    ),
]
Channel = Annotated[
    str,
    _shape(
        r"[CG][A-Z0-9_]{1,30}",
        "this is not the Slack id of a channel",
        "in Slack open the channel's details; the id stands at the bottom and begins with C or G",
    ),
]
Label = Annotated[Text, AfterValidator(_label)]
When = Annotated[Moment, BeforeValidator(_moment)]
Clock = Annotated[time, BeforeValidator(_clock)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Channels(_Part):
    """This names the program's channels in Slack, each by its id."""

    field_safety: Channel | None = None
    clinical: Channel | None = None
    incidents: Channel | None = None
    huddle: Channel | None = None


class Huddle(_Part):
    """This is when the huddle is posted, at a local time on these days of each week.

    `managers` names, by requesting team, who hears of a pattern of requests from that team.
    """

    at: Clock
    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] = WEEKDAYS[:5]
    managers: dict[Team, Slug] = {}

    def stored(self) -> dict[str, Any]:
        """The huddle as its column holds it; days in the order of a week."""
        return {
            "at": f"{self.at:%H:%M}",
            "days": [day for day in WEEKDAYS if day in self.days],
            "managers": {team.value: who for team, who in sorted(self.managers.items())},
        }


class Program(_Part):
    """This is the program itself; `zone` is an IANA name, and all times in the file are in it."""

    id: Slug
    name: Text
    zone: Annotated[str, AfterValidator(_zone)]
    language: Language = Language.EN
    channels: Channels = Channels()
    huddle: Huddle | None = None
    coordinator_line: Phone
    county_number: Phone


class HeldRole(_Part):
    """This is a role that a person holds, from a day or from now on, to a day or for good."""

    role: Role
    from_: When | None = Field(default=None, alias="from")
    until: When | None = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.from_ and self.until and not _in_order(self.from_, self.until):
            wrong("a role ends before it begins", "look at its from and until")
        return self


class Person(_Part):
    """This is one person of the program; what they choose in Slack comes before `language`."""

    id: Slug
    name: Text
    slack: SlackUser | None = None
    phone: Phone | None = None
    language: Language | None = None
    roles: Annotated[tuple[Annotated[HeldRole, BeforeValidator(_role)], ...], Field(min_length=1)]
    trained_until: When | None = None
    excludes: tuple[Slug, ...] = ()

    def holds(self, *roles: Role) -> bool:
        """Whether the person holds one of these roles at any time."""
        return any(held.role in roles for held in self.roles)


class PlaceFlag(_Part):
    """This is a flag on a place: what it says, who raised it, and when."""

    kind: FlagKind
    author: Slug
    raised: When


class Place(_Part):
    """This is a place of the registry. `address` is sealed; only the label is shown in Slack."""

    id: Slug
    label: Label
    address: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    flags: tuple[PlaceFlag, ...] = ()
    send: Text | None = None
    solo_transport_prohibited: bool = False


class PartnerHours(_Part):
    """This is when a partner answers, in each language."""

    en: Text
    es: Text


class PartnerCheck(_Part):
    """This is who called a partner's number and found it right, and on which day."""

    on: date
    by: Slug


class Partner(_Part):
    """This is whom the program calls outside itself, for a line of the matrix or besides."""

    id: Slug
    name: Text
    line: LineKey | None = None
    number: PartnerNumber | None = None
    hours: PartnerHours | None = None
    checked: PartnerCheck | None = None

    @model_validator(mode="after")
    def _of_a_number(self) -> Self:
        if self.checked is not None and self.number is None:
            wrong("what was checked is a number, and there is none", "add number:")
        return self


class Turn(_Part):
    """This is one turn of duty, from one local time to another."""

    role: Role
    person: Slug
    from_: When = Field(alias="from")
    until: When

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if not _in_order(self.from_, self.until):
            wrong("a turn ends before it begins", "look at its from and until")
        return self

    def spans(self, zone: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime]]:  # noqa: ARG002
        """The instants between which the turn runs, whatever the instant `at` of applying is."""
        yield self.from_.begins(zone), self.until.ends(zone)


class WeeklyTurns(_Part):
    """This is a pattern of turns: on these days of each week, between these local times."""

    role: Role
    person: Slug
    days: Annotated[frozenset[Weekday], Field(min_length=1)]
    from_: Clock = Field(alias="from")
    until: Clock
    starting: date | None = None
    weeks: Annotated[int, Field(ge=1, le=104)]

    def spans(self, zone: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The instants between which each turn runs.

        Without a first day the weeks count from the one in which the instant `at` lies; the week
        before comes along, for a turn of it may still run.
        """
        starting, weeks = self.starting, self.weeks
        if starting is None:
            today = at.astimezone(zone).date()
            starting, weeks = today - timedelta(days=today.weekday() + 7), weeks + 1
        days = frozenset(WEEKDAYS.index(day) for day in self.days)
        for start, end in weekly(starting, weeks, days, self.from_, self.until):
            yield instant(start, zone), instant(end, zone)


def _once_or_weekly(value: Any) -> str:
    # Somebody may have written a word, or nothing: as a single turn it is refused by its line.
    names = value if isinstance(value, dict) else getattr(value, "__dict__", ())
    return "weekly" if {"days", "weeks", "starting"} & set(names) else "once"


DutyPart = Annotated[
    Annotated[Turn, Tag("once")] | Annotated[WeeklyTurns, Tag("weekly")],
    Discriminator(_once_or_weekly),
]


class ProgramFile(_Part):
    """This is a whole program as its file describes it, with the policy already merged."""

    program: Program
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    places: tuple[Place, ...] = ()
    partners: tuple[Partner, ...] = ()
    duty: tuple[DutyPart, ...] = ()
    policy: Policy

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which every time of the file is meant."""
        return ZoneInfo(self.program.zone)

    def turns(self, at: datetime) -> tuple[Duty, ...]:
        """Every turn of duty as instants (aware UTC), in the file's order, as applied at `at`.

        A turn lasts no longer than the role: whoever's role has ended is not paged any more.
        """
        return tuple(
            Duty(PersonId(part.person), part.role, max(begins, first), min(ends, last))
            for part in self.duty
            for begins, ends in part.spans(self.zone, at)
            for first, last in self._held(part.person, part.role)
            if max(begins, first) < min(ends, last)
        )

    def _held(self, person: str, role: Role) -> Iterator[tuple[datetime, datetime]]:
        """From when to when this person holds this role (aware UTC)."""
        for held in (h for p in self.people if p.id == person for h in p.roles if h.role is role):
            first = held.from_.begins(self.zone) if held.from_ else ALWAYS
            yield first, held.until.ends(self.zone) if held.until else FOR_GOOD
