"""Which Homes are open and what stands in them, and what tells that they may have changed.

A Home is derived state: a row that is lost, or a refresh that failed, is mended at the next look.
Instants of rows are transport time; `at` is world time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, String, bindparam, delete, select, update

from protocol.ids import MatterId, PersonId, ProgramId
from storage import matters, people, tables
from storage.columns import AnyRow
from storage.database import insert
from storage.doubts import doubt, doubt_one
from storage.situation import BEFORE_START

__all__ = [
    "CARD",
    "CARD_PRIORITY",
    "KEPT_FOR",
    "Beat",
    "Home",
    "Pulse",
    "claim",
    "doubt",
    "doubt_one",
    "forget",
    "kept",
    "opened",
    "published",
    "pulse",
    "unread",
]

# Whoever has not looked for a day opens it anew, and gets the newest then.
KEPT_FOR: Final = timedelta(hours=24)
# The kind of an outbox row that posts somebody's card once more.
CARD: Final = "Card"
CARD_PRIORITY: Final = 2

_H = tables.home.c


@dataclass(frozen=True, slots=True)
class Home:
    """This is an open Home. `shown` is the digest of what stands there, None where unknown.

    `attempt_at` is when it may next be published: it paces, it is the lease of whoever publishes,
    and it tells whether anybody else has published since.
    """

    person: PersonId
    slack_user: str
    shown: str | None
    view_hash: str | None
    attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Beat:
    """This is one open matter, as far as its change is noticed: `begun` once its start passed."""

    matter: MatterId
    version: int
    program: ProgramId
    worker: PersonId
    partner: PersonId | None
    begun: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """This is what changes when what Homes show changes; silent matters have no part in it."""

    beats: tuple[Beat, ...]
    duties: frozenset[tuple[str, str, str]]

    def of(
        self, who: PersonId, programs: Collection[ProgramId], boards: Collection[ProgramId]
    ) -> str:
        """The pulse of one person's Home: of the matters that it shows, and of who is on duty."""
        mine = [
            (beat.matter, beat.version, beat.begun)
            for beat in self.beats
            if beat.program in boards or who in (beat.worker, beat.partner)
        ]
        duties = sorted(duty for duty in self.duties if duty[0] in programs)
        return sha256(repr((mine, duties)).encode()).hexdigest()


def opened(
    conn: Connection,
    person: PersonId,
    shown: str | None,
    view_hash: str | None,
    *,
    now: datetime,
    next_at: datetime,
) -> None:
    """This records that a Home was opened and what was put there; None where that is not known."""
    values = {"opened_at": now, "shown": shown, "view_hash": view_hash, "attempt_at": next_at}
    row = insert(conn, tables.home).values(person_id=person, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))


def unread(conn: Connection, slack_user: str, now: datetime) -> None:
    """This records that a Home was opened and could not be shown: the next look shows it."""
    person = people.by_slack(conn, slack_user)
    if person is not None:
        opened(conn, person.id, None, None, now=now, next_at=now)


# Asked every second: made once, they cost a fraction. The first is hardly ever longer than a page.
_KEPT = (
    select(tables.home)
    .where(_H.opened_at > bindparam("after", type_=tables.UtcDateTime()))
    .order_by(_H.attempt_at, _H.person_id)
)
_REACHED = select(tables.person.c.id, tables.person.c.slack_user).where(
    tables.person.c.id.in_(bindparam("ids", type_=String, expanding=True)),
    tables.person.c.active,
    tables.person.c.slack_user.is_not(None),
)


def kept(conn: Connection, now: datetime) -> list[Home]:
    """These are the Homes to keep up to date, whether they may be published now or not."""
    rows = conn.execute(_KEPT, {"after": now - KEPT_FOR}).all()
    if not rows:
        return []
    who = conn.execute(_REACHED, {"ids": [row.person_id for row in rows]})
    reached = {row.id: row.slack_user for row in who}
    return [
        Home(PersonId(row.person_id), reached[row.person_id], *_stands(row))
        for row in rows
        if row.person_id in reached
    ]


def _stands(row: AnyRow) -> tuple[str | None, str | None, datetime]:
    return row.shown, row.view_hash, row.attempt_at


def pulse(conn: Connection, at: datetime) -> Pulse:
    """This reads the pulse of all programs, in two cheap queries."""
    matter, visit, duty = tables.matter.c, tables.visit.c, tables.duty.c
    before = [state.value for state in BEFORE_START]
    rows = conn.execute(
        select(
            matter.id,
            matter.version,
            matter.program_id,
            matter.worker,
            visit.partner,
            visit.state,
            visit.start_at,
        )
        .select_from(tables.matter.outerjoin(tables.visit, visit.matter_id == matter.id))
        .where(matter.active, matter.closed_at.is_(None), ~matter.silent)
        .order_by(matter.id)
    )
    beats = tuple(
        Beat(
            MatterId(row.id),
            row.version,
            ProgramId(row.program_id),
            PersonId(row.worker),
            None if row.partner is None else PersonId(row.partner),
            row.state not in before or row.start_at <= at,
        )
        for row in rows
    )
    duties = conn.execute(
        select(duty.program_id, duty.role, duty.person_id).where(
            duty.from_at <= at, duty.until_at > at
        )
    )
    return Pulse(beats, frozenset((row[0], row[1], row[2]) for row in duties))


def claim(conn: Connection, home: Home, until: datetime) -> bool:
    """This takes the turn to publish a Home; False where somebody else has published since."""
    return _move(conn, home.person, home.attempt_at, attempt_at=until)


def published(
    conn: Connection,
    home: Home,
    claimed_until: datetime,
    shown: str | None,
    view_hash: str | None,
    next_at: datetime,
) -> bool:
    """This records what a claim came to; False where the Home was opened anew meanwhile."""
    return _move(
        conn,
        home.person,
        claimed_until,
        shown=shown,
        view_hash=view_hash,
        attempt_at=next_at,
    )


def forget(conn: Connection, now: datetime) -> int:
    """This takes away the Homes that nobody has opened for a day; returns how many."""
    return conn.execute(delete(tables.home).where(_H.opened_at <= now - KEPT_FOR)).rowcount


def drop(conn: Connection, person: PersonId) -> None:
    """This takes away the Home of somebody whom Slack no longer knows."""
    conn.execute(delete(tables.home).where(_H.person_id == person))


def ask_for_card(
    conn: Connection, slack_user: str, *, at: datetime, transport_now: datetime
) -> bool:
    """This asks for somebody's card as a new message, at the end of their conversation.

    False where they have no open visit or call. One that shows the same state is asked for once.
    """
    person = people.by_slack(conn, slack_user)
    which = matters.current_of(conn, person.id) if person else None
    if person is None or which is None:
        return False
    matter, outbox = tables.matter.c, tables.outbox
    row = conn.execute(select(matter.program_id, matter.version).where(matter.id == which)).one()
    values = {
        "key": f"{row.program_id}/{which}/card/{person.id}/{row.version}",
        "program_id": row.program_id,
        "matter_id": which,
        "kind": CARD,
        "priority": CARD_PRIORITY,
        "to_person": person.id,
        "body": {},
        "body_schema": 1,
        "created_at": at,
        "queued_at": transport_now,
        "attempt_at": transport_now,
    }
    conn.execute(insert(conn, outbox).on_conflict_do_nothing(), values)
    return True


def _move(conn: Connection, person: PersonId, was: datetime, **values: object) -> bool:
    mine = (_H.person_id == person, _H.attempt_at == was)
    return conn.execute(update(tables.home).where(*mine).values(**values)).rowcount == 1
