"""Huddles: when each program has one, which were held, and which messages of theirs stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from protocol.ids import PersonId, ProgramId
from protocol.people import Language
from protocol.policy import ChannelRole
from storage.database import insert
from storage.huddle_tables import huddle
from storage.tables import message, outbox, program

# What a row of the outbox is called whose message is drawn when it is sent.
KIND: Final = "Huddle"
SCHEMA: Final = 1
POST, GAPS, SETTLED, PATTERN, AGREED = "post", "gaps", "settled", "pattern", "agreed"
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_H, _P = huddle.c, program.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """This is when a program has its huddle: `at` a local time in `zone`, on days from 0, Monday.

    `managers` is who hears of a pattern of requests, by requesting team. Without a channel no
    huddle is posted.
    """

    program: ProgramId
    zone: str
    language: Language
    channel: str | None = None
    at: time | None = None
    days: frozenset[int] = frozenset()
    managers: Mapping[str, PersonId] = field(default_factory=dict)

    @property
    def is_posted(self) -> bool:
        """Whether there is both a time and a channel for it."""
        return self.channel is not None and self.at is not None


@dataclass(frozen=True, slots=True)
class Huddle:
    """This is one huddle. `day` is local, such as 2026-11-23; `row` is what was looked at again."""

    id: str
    program: ProgramId
    day: str
    at: datetime
    row: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """This is one message to draw when it is sent: into the huddle's channel, or to one person."""

    key: str
    body: Mapping[str, Any]
    to: PersonId | None = None
    lane: str | None = None


def wanted(conn: Connection, which: ProgramId | None = None) -> list[Wanted]:
    """Every program with what it says of its huddle, by id; or this one alone."""
    columns = select(_P.id, _P.zone, _P.language, _P.channels, _P.huddle).order_by(_P.id)
    rows = conn.execute(columns if which is None else columns.where(_P.id == which))
    return [_wanted(*row) for row in rows]


def _wanted(which: str, zone: str, language: str, channels: Mapping[str, str], said: Any) -> Wanted:
    told: Mapping[str, Any] = said or {}
    return Wanted(
        ProgramId(which),
        zone,
        Language(language),
        channels.get(ChannelRole.HUDDLE.value),
        time.fromisoformat(told["at"]) if "at" in told else None,
        frozenset(_WEEK.index(day) for day in told.get("days", ())),
        {team: PersonId(who) for team, who in told.get("managers", {}).items()},
    )


def begin(conn: Connection, one: Huddle) -> bool:
    """Write down that this huddle is held. False where another replica has done so."""
    row = {
        "id": one.id,
        "program_id": one.program,
        "day": one.day,
        "at": one.at,
        "row_key": one.row,
        "version": one.version,
    }
    return conn.execute(insert(conn, huddle).on_conflict_do_nothing(), [row]).rowcount == 1


def held(conn: Connection, which: ProgramId, since: str) -> set[str]:
    """The days, from this one on, on which the program has had its huddle."""
    days = select(_H.day).where(_H.program_id == which, _H.day >= since)
    return set(conn.execute(days).scalars())


def by_id(conn: Connection, which: str) -> Huddle | None:
    """One huddle."""
    row = conn.execute(select(huddle).where(_H.id == which)).first()
    if row is None:
        return None
    return Huddle(row.id, ProgramId(row.program_id), row.day, row.at, row.row_key, row.version)


def revisited(conn: Connection, which: ProgramId, since: datetime) -> set[str]:
    """The rows that were looked at again since this instant."""
    rows = select(_H.row_key).where(_H.program_id == which, _H.at > since, _H.row_key.is_not(None))
    return set(conn.execute(rows).scalars())


def queue(
    conn: Connection,
    which: ProgramId,
    letters: Iterable[Letter],
    *,
    at: datetime,
    transport_now: datetime,
) -> None:
    """Add these to the outbox, due now; one whose key is there already was said before."""
    rows = [
        {
            "key": f"{which}/huddle/{one.key}",
            "program_id": which,
            "matter_id": None,
            "kind": KIND,
            "priority": 2,
            "to_person": one.to,
            "channel": None if one.to else ChannelRole.HUDDLE,
            "lane": one.lane,
            "body": dict(one.body),
            "body_schema": SCHEMA,
            "created_at": at,
            "queued_at": transport_now,
            "attempt_at": transport_now,
        }
        for one in letters
    ]
    if rows:
        conn.execute(insert(conn, outbox).on_conflict_do_nothing(), rows)


def queued_as(
    conn: Connection, slack_channel: str, ts: str
) -> tuple[ProgramId, dict[str, Any]] | None:
    """What the message that stands there was drawn from; None where it is no huddle's."""
    key = select(message.c.outbox_key).where(
        message.c.slack_channel == slack_channel, message.c.ts == ts
    )
    row = conn.execute(
        select(outbox.c.program_id, outbox.c.body).where(
            outbox.c.key == key.scalar_subquery(), outbox.c.kind == KIND
        )
    ).first()
    return None if row is None else (ProgramId(row.program_id), dict(row.body))


def pattern_lane(item: str) -> str:
    """The lane of what is sent about one pattern: its message, then the edit of that."""
    return f"pattern/{item}"


def place_of(conn: Connection, which: ProgramId, key: str) -> tuple[str, str] | None:
    """Where the message of this letter stands: channel and ts; None where it does not."""
    found = conn.execute(
        select(message.c.slack_channel, message.c.ts).where(
            message.c.program_id == which, message.c.outbox_key == f"{which}/huddle/{key}"
        )
    ).first()
    return None if found is None else (found.slack_channel, found.ts)


def day_before(day: str, days: int) -> str:
    """The day so many days before this one, both written as 2026-11-23."""
    return (datetime.fromisoformat(day).date() - timedelta(days=days)).isoformat()
