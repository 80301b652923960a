"""What `doctor` finds in the settings and in the database. Pure, but for the reading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection

from bot.settings import Settings
from protocol.people import APPROVER_ROLES, RESPONDER_ROLES, Cover, Role
from storage import programs, situation

COVER_AHEAD = timedelta(days=7)
# Product 3.4: two responders for each ladder, so that one who is asleep is not the last.
RESPONDERS_WANTED = 2
GAPS_SHOWN = 3
NEEDED_ROLES = (Role.PEER, Role.CLINICAL_LEAD, Role.EXECUTIVE)


class Level(StrEnum):
    """This is how bad a finding is."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """This is one thing wrong: what it means for people, and what the operator does about it."""

    level: Level
    user: str
    operator: str


def fault(user: str, operator: str) -> Finding:
    """A finding that makes the installation unsafe."""
    return Finding(Level.FAULT, user, operator)


def warning(user: str, operator: str) -> Finding:
    """A finding to know about."""
    return Finding(Level.WARNING, user, operator)


def of_settings(settings: Settings) -> Iterator[Finding]:
    """What the settings leave out."""
    if not settings.heartbeat_url.get_secret_value():
        yield warning(
            "If Belay dies, nobody outside Slack is told.",
            "BELAY_HEARTBEAT_URL is not set: give the address of a monitor that rings a person "
            "when it hears nothing for a minute.",
        )
    if settings.sandbox_clock_url:
        yield warning(
            "This is a sandbox: its clock is moved by hand, and nobody may rely on it.",
            "BELAY_SANDBOX_CLOCK_URL is set. Unset it before anybody goes out.",
        )


def of_database(conn: Connection, now: datetime) -> list[Finding]:
    """What the programs in the database lack: roles, channels, cover for a week."""
    found: list[Finding] = []
    all_programs = programs.all_programs(conn)
    if not all_programs:
        return [
            fault(
                "Nobody can plan a visit yet.",
                "There is no program: write its file and run `belay apply FILE`.",
            )
        ]
    for program in all_programs:
        cover = situation.cover(conn, program.id, now, now + COVER_AHEAD)
        found += of_roles(program.id, cover)
        found += of_cover(program.id, cover, now)
    return found


def of_roles(program: str, cover: Cover) -> Iterator[Finding]:
    """Which roles nobody holds."""
    for role in NEEDED_ROLES:
        if not cover.holding(role):
            yield fault(
                f"There is no {_words(role)} in {program}.",
                f"Nobody holds {role.value} in {program}: add it in the program's file.",
            )
    approvers = {person for role in APPROVER_ROLES for person in cover.holding(role)}
    if len(approvers) < RESPONDERS_WANTED:
        yield warning(
            f"In {program} a plan may wait, because only one person can confirm it.",
            f"{program} has {len(approvers)} of 2 approvers, and nobody approves their own plan.",
        )


def of_cover(program: str, cover: Cover, now: datetime) -> Iterator[Finding]:
    """When, in the next seven days, too few responders are on duty."""
    spans = gaps(cover, now, now + COVER_AHEAD)
    empty = [(start, end) for start, end, people in spans if people == 0]
    thin = [(start, end) for start, end, people in spans if 0 < people < RESPONDERS_WANTED]
    if empty:
        yield fault(
            f"In {program} there are times when a missed check-in finds nobody on duty.",
            f"{program} has no responder on duty {_when(empty)}: fill the rota and apply it.",
        )
    if thin:
        yield warning(
            f"In {program} there are times with only one person on duty.",
            f"{program} has one responder on duty {_when(thin)}: the ladder needs two.",
        )


def gaps(cover: Cover, start: datetime, end: datetime) -> list[tuple[datetime, datetime, int]]:
    """The spans with fewer responders on duty than wanted, and how many; joined, in order."""
    duties = [duty for duty in cover.duties if duty.role in RESPONDER_ROLES]
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


def lines(found: Iterable[Finding]) -> Iterator[str]:
    """Each finding as it is shown, faults first."""
    for one in sorted(found, key=lambda one: one.level is not Level.FAULT):
        yield f"{one.level.value.upper()}  {one.user}"
        yield f"       {one.operator}"


def _when(spans: list[tuple[datetime, datetime]]) -> str:
    shown = [f"{start:%a %d %b %H:%M} to {end:%a %H:%M} UTC" for start, end in spans[:GAPS_SHOWN]]
    more = len(spans) - len(shown)
    return "; ".join(shown) + (f"; and {more} times more" if more else "")


def _words(role: Role) -> str:
    return role.value.replace("_", " ")
