"""Who is out right now: the list that is still there when neither Slack nor Belay is.

It is written to a file every minute, readable by its owner alone. It holds a name and a place's
label, never an address, a note or a phone number of a worker, and nothing of a silent matter.
"""

import asyncio
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot import observe
from bot.clock import Sleep
from bot.context import Context
from protocol.ids import MatterId, PersonId
from protocol.matter import next_deadline
from protocol.records import Matter, VisitState
from storage import matters, people, programs
from storage.sealing import Sealer

# So many matters are read in one transaction; it takes some 30 ms.
PIECE: Final = 200
EVERY: Final = 60.0  # s; the head of the list says from when on it is too old to be trusted
TOO_OLD: Final = timedelta(minutes=3)
MODE: Final = 0o600
NOT_LEFT: Final = frozenset({VisitState.PLANNED, VisitState.CONFIRMED})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """This is one matter of somebody who is out; instants are aware UTC.

    A matter that could not be read has a row too: somebody is out, and the list must not hide it.
    """

    matter: MatterId
    who: str
    place: str
    since: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """This is one program with everybody who is out for it, the next due first."""

    name: str
    zone: str
    line: str
    rows: tuple[Row, ...]


def read(conn: Connection, sealer: Sealer, now: datetime) -> list[Group]:
    """Everybody who is out at `now`, by program; a program with nobody out is listed as such."""
    return [
        Group(
            one.name,
            one.zone,
            one.coordinator_line,
            tuple(_rows(conn, sealer, matters.open_matters(conn, one.id), now)),
        )
        for one in programs.all_programs(conn)
    ]


async def gathered(ctx: Context, now: datetime) -> str:
    """The list in words, read in pieces: a check-in that comes meanwhile waits for one of them."""
    lines = _head(now)
    for one in await ctx.database.run(programs.all_programs):
        ids = await ctx.database.run(matters.open_matters, one.id)
        told: list[str] = []
        for start in range(0, len(ids), PIECE):
            piece = ids[start : start + PIECE]
            rows = await ctx.database.run(_rows, ctx.sealer, piece, now)
            told += _sentences(rows, one.zone)
        lines += _about(one.name, one.coordinator_line, one.zone, told)
    return "\n".join(lines) + "\n"


def text(groups: Iterable[Group], now: datetime) -> str:
    """The list in words, with times in each program's zone."""
    lines = _head(now)
    for group in groups:
        told = _sentences(group.rows, group.zone)
        lines += _about(group.name, group.line, group.zone, told)
    return "\n".join(lines) + "\n"


def _head(now: datetime) -> list[str]:
    old = f"Older than {TOO_OLD // timedelta(minutes=1)} minutes? Then Belay is not running"
    return [
        f"Belay: who is out. Written {now:%Y-%m-%d %H:%M} UTC.",
        f"{old}: call everybody who is listed.",
    ]


def _about(name: str, line: str, zone: str, told: list[str]) -> list[str]:
    heading = f"{name}. Responders: {line}. Times: {zone}."
    return ["", heading, *(told or ["  Nobody is out."])]


def _sentences(rows: Iterable[Row], zone: str) -> list[str]:
    return [f"  {_sentence(row, ZoneInfo(zone))}" for row in rows]


async def keep_file(ctx: Context, *, sleep: Sleep = asyncio.sleep) -> NoReturn:
    """Write the list every minute, for ever; while that fails it is a trouble of readiness."""
    path = Path(ctx.settings.out_file)
    while True:
        try:
            now = ctx.clock.now()
            await asyncio.to_thread(write, path, await gathered(ctx, now))
            ctx.troubles.pop("out", None)
        except Exception as fault:
            log.exception("out.not_written")
            observe.FAULTS.labels("out").inc()
            ctx.troubles["out"] = (
                f"The list of who is out was not written ({type(fault).__name__}): look at "
                "BELAY_OUT_FILE, its folder's rights and the space on the disk."
            )
        await sleep(EVERY)


def write(path: Path, words: str) -> None:
    """Replace the file as a whole, so that nobody ever reads half of it. Raises OSError."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)  # from a process of the same number that was killed
    # Made with its rights: between making and changing them somebody else could open it.
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _rows(conn: Connection, sealer: Sealer, ids: Collection[MatterId], now: datetime) -> list[Row]:
    try:
        found = matters.load_many(conn, sealer, ids)
    except Exception:
        if len(ids) > 1:  # one of them is damaged, or sealed with a key that is gone
            return [row for id_ in ids for row in _rows(conn, sealer, [id_], now)]
        unread = next(iter(ids))
        log.exception("out.unreadable", matter=unread)  # it is still somebody
        return [Row(unread, "unreadable", "", None, None)]
    left = [found[id_] for id_ in ids if id_ in found and not _has_not_left(found[id_], now)]
    names = people.names(conn, {person for matter in left for person in matter.members})
    return [_row(matter, names) for matter in left]


def _row(matter: Matter, names: Mapping[PersonId, str]) -> Row:
    id_ = matter.id
    who = " and ".join(names.get(person, person) for person in matter.members)
    visit = matter.visit
    if visit is None:
        opened = matter.escalations[0].opened_at if matter.escalations else None
        return Row(id_, who, "asked for help, no visit", opened, next_deadline(matter))
    since = visit.started_at or visit.plan.start_at
    return Row(id_, who, visit.stop.label, since, next_deadline(matter))


def _has_not_left(matter: Matter, now: datetime) -> bool:
    """Whether a plan has not begun. From its start on it is watched, whoever tapped what."""
    visit = matter.visit
    if visit is None or matter.open_escalation is not None:
        return False
    return visit.state in NOT_LEFT and visit.plan.start_at > now


def _sentence(row: Row, zone: ZoneInfo) -> str:
    if row.since is None and row.due_at is None:
        return f"Somebody is out, and the record {row.matter} cannot be read: see the operator."
    since, due = _time(row.since, zone), _time(row.due_at, zone)
    return f"{row.who}: {row.place}, since {since}, next due {due}"


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return "unknown" if at is None else f"{at.astimezone(zone):%a %H:%M}"
