"""What `doctor` finds in the database: its version, its programs, and their cover for a week."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from bot.cli.findings import Finding, Kind
from protocol.ids import PersonId
from protocol.people import APPROVER_ROLES, RESPONDER_ROLES, Cover, Role
from protocol.policy import ChannelRole
from storage import huddles, people, programs, schema, situation

COVER_AHEAD = timedelta(days=7)
# Product 3.4: two responders for each ladder, so that one who is asleep is not the last.
RESPONDERS_WANTED = 2
GAPS_SHOWN = 3
NEEDED_ROLES = (Role.PEER, Role.CLINICAL_LEAD, Role.EXECUTIVE)
# Whoever holds one of these is spoken to in Slack; the others only read reports.
REACHED_ROLES = frozenset({Role.PEER, Role.EXECUTIVE, *RESPONDER_ROLES})

NO_PROGRAM = Finding(
    Kind.PROGRAM_MISSING,
    "Nobody can plan a visit yet.",
    "There is no program: write its file and run `belay apply FILE`.",
)
SILENT = Finding(
    Kind.DATABASE_SILENT,
    "Nothing can be recorded: no visit, no check-in, no call for help.",
    "The database does not answer: see BELAY_DATABASE_URL, and whether it runs.",
)


@dataclass(frozen=True, slots=True)
class Named:
    """This is what the programs name in Slack: channels by program, and people's Slack ids."""

    channels: dict[str, dict[ChannelRole, str]] = field(default_factory=dict)
    people: dict[PersonId, str] = field(default_factory=dict)


def of_version(conn: Connection) -> Finding | None:
    """Whether the database has the version that this program needs."""
    found, wanted = schema.current(conn), schema.head()
    if found == wanted:
        return None
    if found is None:
        return Finding(
            Kind.DATABASE_EMPTY,
            "Belay cannot start.",
            "The database is empty: run `belay migrate`.",
        )
    if found in schema.known():
        return Finding(
            Kind.DATABASE_BEHIND,
            "Belay cannot start.",
            f"The database has version {found}, and this program needs {wanted}: stop every Belay, "
            "make a backup and run `belay migrate`.",
        )
    return Finding(
        Kind.DATABASE_AHEAD,
        "Belay cannot start.",
        f"The database has version {found}, which this program does not know: a newer Belay made "
        "it. Use that one.",
    )


def of_programs(conn: Connection, now: datetime) -> tuple[list[Finding], Named]:
    """What the programs lack, and what they name in Slack."""
    found: list[Finding] = []
    named = Named()
    all_programs = programs.all_programs(conn)
    if not all_programs:
        found.append(NO_PROGRAM)
    for program in all_programs:
        serving = people.serving(conn, program.id, now)
        cover = situation.cover(conn, program.id, now, now + COVER_AHEAD, peers=serving)
        everybody = serving | _reached(cover)
        named.channels[program.id] = program.channels
        named.people.update(people.slack_ids(conn, everybody))
        timed = any(one.at for one in huddles.wanted(conn, program.id))
        found += of_channels(program.id, program.channels, huddle=timed)
        found += of_people(program.id, _reached(cover) - named.people.keys())
        found += of_roles(program.id, cover)
        found += of_cover(program.id, cover, now)
    return found, named


def of_channels(
    program: str, channels: dict[ChannelRole, str], *, huddle: bool = False
) -> Iterator[Finding]:
    """Which of its channels a program does not name."""
    if huddle and ChannelRole.HUDDLE not in channels:
        yield Finding(
            Kind.CHANNEL_UNNAMED,
            f"{program} has a time for its huddle and no channel: nothing is posted.",
            f"{program} names no huddle channel: write its id into the program's file and apply "
            "it, or take huddle: out.",
        )
    # A program may do without a huddle.
    for role in ChannelRole:
        if role not in channels and role is not ChannelRole.HUDDLE:
            yield Finding(
                Kind.CHANNEL_UNNAMED,
                f"{program} has no {_words(role)} channel: what belongs there is seen by fewer "
                "people.",
                f"{program} names no {role.value} channel: write its id into the program's file "
                "and apply it.",
            )


def of_people(program: str, unnamed: set[PersonId]) -> Iterator[Finding]:
    """Who cannot be reached because Slack knows nobody by their name."""
    for who in sorted(unnamed):
        yield Finding(
            Kind.PERSON_UNNAMED,
            f"{who} of {program} cannot be reached.",
            f"{who} has no Slack id in {program}'s file: add it and apply it.",
        )


def of_roles(program: str, cover: Cover) -> Iterator[Finding]:
    """Which roles nobody holds."""
    for role in NEEDED_ROLES:
        if not cover.holding(role):
            yield Finding(
                Kind.ROLE_EMPTY,
                f"There is no {_words(role)} in {program}.",
                f"Nobody holds {role.value} in {program}: add it in the program's file.",
            )
    approvers = {person for role in APPROVER_ROLES for person in cover.holding(role)}
    if len(approvers) < RESPONDERS_WANTED:
        yield Finding(
            Kind.APPROVER_ALONE,
            f"In {program} a plan may wait, because too few people can confirm it.",
            f"{program} has {len(approvers)} of 2 approvers, and nobody approves their own plan: "
            "give another person the role coordinator or peer_supervisor.",
        )


def of_cover(program: str, cover: Cover, now: datetime) -> Iterator[Finding]:
    """When, in the next seven days, too few responders are on duty."""
    spans = gaps(cover, now, now + COVER_AHEAD)
    empty = [(start, end) for start, end, people in spans if people == 0]
    thin = [(start, end) for start, end, people in spans if 0 < people < RESPONDERS_WANTED]
    if empty and empty[0][0] <= now:
        yield Finding(
            Kind.COVER_NOW,
            f"In {program} nobody is on duty now: let nobody go out.",
            f"{program} has no responder on duty until {empty[0][1]:%a %d %b %H:%M} UTC: fill the "
            "rota and apply it.",
        )
        empty = empty[1:]
    if empty:
        yield Finding(
            Kind.COVER_NONE,
            f"In {program} there are times when a missed check-in finds nobody on duty.",
            f"{program} has no responder on duty {_when(empty)}: fill the rota and apply it.",
        )
    if thin:
        yield Finding(
            Kind.COVER_THIN,
            f"In {program} there are times with only one person on duty.",
            f"{program} has one responder of {RESPONDERS_WANTED} {_when(thin)}: add a second.",
        )


def gaps(cover: Cover, start: datetime, end: datetime) -> list[tuple[datetime, datetime, int]]:
    """The spans with fewer responders on duty than wanted, and how many; joined, in order.

    Whoever Slack cannot reach does not count.
    """
    duties = [
        duty
        for duty in cover.duties
        if duty.role in RESPONDER_ROLES and duty.person not in cover.unreachable
    ]
    edges = {start, end}
    edges |= {at for duty in duties for at in (duty.from_at, duty.until_at) if start < at < end}
    points = sorted(edges)
    found: list[tuple[datetime, datetime, int]] = []
    for begin, finish in pairwise(points):
        people = len({duty.person for duty in duties if duty.covers(begin)})
        if people >= RESPONDERS_WANTED:
            continue
        if found and found[-1][1] == begin and found[-1][2] == people:
            found[-1] = (found[-1][0], finish, people)
        else:
            found.append((begin, finish, people))
    return found


def _reached(cover: Cover) -> set[PersonId]:
    """Everybody who is to be spoken to: on the rota, or a holder of such a role."""
    held = {person for role, person in cover.holders if role in REACHED_ROLES}
    return held | {duty.person for duty in cover.duties}


def _when(spans: list[tuple[datetime, datetime]]) -> str:
    shown = [f"{start:%a %d %b %H:%M} to {end:%a %H:%M} UTC" for start, end in spans[:GAPS_SHOWN]]
    more = len(spans) - len(shown)
    return "; ".join(shown) + (f"; and {more} times more" if more else "")


def _words(role: Role | ChannelRole) -> str:
    return role.value.replace("_", " ")
