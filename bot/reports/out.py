"""Who is out right now: the list that is still there when neither Slack nor Belay is.

It is written to a file every minute, readable by its owner alone. It holds a name and a place's
label, never an address, a note or a phone number of a worker, and nothing of a silent matter. Only
programs in which something changed since the minute before are read again.
"""

import asyncio
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot import observe
from bot.clock import Sleep
from bot.context import Context
from protocol.ids import MatterId, ProgramId
from storage import matters, programs, roster
from storage.programs import Program
from storage.roster import Seen

# So many matters are read in one transaction; it takes some 20 ms.
PIECE: Final = 500
EVERY: Final = 60.0  # s; the head of the list says from when on it is too old to be trusted
TOO_OLD: Final = timedelta(minutes=3)
MODE: Final = 0o600

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


@dataclass(frozen=True, slots=True)
class Told:
    """This is what was written of one program, and until when it is true if nobody does anything.

    `mark` says what it was made of, `at` when; both instants are world time.
    """

    mark: bytes | None
    at: datetime
    words: str
    until: datetime | None

    def holds(self, mark: bytes | None, now: datetime) -> bool:
        """Whether it is still what would be written; a clock that was put back is not trusted."""
        return self.mark == mark and self.at <= now and (self.until is None or now < self.until)


@dataclass
class Roster:
    """This keeps the list, program by program, and reads again only what changed."""

    _told: dict[ProgramId, Told] = field(default_factory=dict)

    async def gathered(self, ctx: Context, now: datetime) -> list[str]:
        """The list in words, read in pieces: a check-in that comes meanwhile waits for one."""
        # Before the rows: what changes in between is another mark the next time.
        marks = await ctx.database.run(roster.marks)
        programs_now = await ctx.database.run(programs.all_programs)
        parts = ["\n".join(_head(now)) + "\n"]
        told: dict[ProgramId, Told] = {}
        for one in programs_now:
            before, mark = self._told.get(one.id), marks.get(one.id)
            kept = before is not None and before.holds(mark, now)
            told[one.id] = before if before and kept else await self._read(ctx, one, mark, now)
            parts.append(told[one.id].words)
        self._told = told
        return parts

    async def _read(self, ctx: Context, one: Program, mark: bytes | None, now: datetime) -> Told:
        ids = await ctx.database.run(matters.open_matters, one.id)
        lines: list[str] = []
        leaving: list[datetime] = []
        for start in range(0, len(ids), PIECE):
            rows, later = await ctx.database.run(_rows, ids[start : start + PIECE], now)
            lines += _sentences(rows, one.zone)
            leaving += later
        about = _about(one.name, one.coordinator_line, one.zone, lines)
        return Told(mark, now, "\n".join(about) + "\n", min(leaving, default=None))


def read(conn: Connection, now: datetime) -> list[Group]:
    """Everybody who is out at `now`, by program; a program with nobody out is listed as such."""
    return [
        Group(
            one.name,
            one.zone,
            one.coordinator_line,
            tuple(_rows(conn, matters.open_matters(conn, one.id), now)[0]),
        )
        for one in programs.all_programs(conn)
    ]


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
    path, kept = Path(ctx.settings.out_file), Roster()
    while True:
        try:
            parts = await kept.gathered(ctx, ctx.clock.now())
            await asyncio.to_thread(write, path, parts)
            ctx.troubles.pop("out", None)
        except Exception as fault:
            log.exception("out.not_written")
            observe.FAULTS.labels("out").inc()
            ctx.troubles["out"] = (
                f"The list of who is out was not written ({type(fault).__name__}): look at "
                "BELAY_OUT_FILE, its folder's rights and the space on the disk."
            )
        await sleep(EVERY)


def write(path: Path, words: Iterable[str]) -> None:
    """Replace the file as a whole, so that nobody ever reads half of it. Raises OSError."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)  # from a process of the same number that was killed
    # Made with its rights: between making and changing them somebody else could open it.
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(words)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _rows(
    conn: Connection, ids: Sequence[MatterId], now: datetime
) -> tuple[list[Row], list[datetime]]:
    """Who of these is out, and when the others are to leave."""
    try:
        with conn.begin_nested():
            found = roster.seen(conn, ids)
    except Exception:
        if len(ids) == 1:  # it is still somebody
            log.exception("out.unreadable", matter=ids[0])
            return [Row(ids[0], "unreadable", "", None, None)], []
        both = [_rows(conn, [id_], now) for id_ in ids]  # one of them is damaged
        return [row for rows, _ in both for row in rows], [at for _, later in both for at in later]
    there = [found[id_] for id_ in ids if id_ in found]
    later = [one.leaves_at for one in there if one.leaves_at is not None and one.leaves_at > now]
    return [_row(one) for one in there if one.leaves_at is None or one.leaves_at <= now], later


def _row(one: Seen) -> Row:
    place = "asked for help, no visit" if one.place is None else one.place
    return Row(one.matter, " and ".join(one.who), place, one.since, one.due_at)


def _sentence(row: Row, zone: ZoneInfo) -> str:
    if row.since is None and row.due_at is None:
        return f"Somebody is out, and the record {row.matter} cannot be read: see the operator."
    since, due = _time(row.since, zone), _time(row.due_at, zone)
    return f"{row.who}: {row.place}, since {since}, next due {due}"


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return "unknown" if at is None else f"{at.astimezone(zone):%a %H:%M}"
