"""What is still to be said, as rows: added with the decision, claimed by a lease, sent once.

A claim moves `attempt_at` forward by the lease, so the rows of a sender that died are tried again
by themselves. `attempt_at` is transport time. Rows of one lane leave in order; pages wait for
nothing. A Refresh has one row for each matter and surface, which is opened again when needed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)

from protocol.effects import Effect
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.policy import ChannelRole
from storage import codec, messages
from storage.columns import AnyRow
from storage.database import Each, insert_on, skip_locked
from storage.dispatch import (
    DUE,
    EDIT,
    FIRST,
    NEWS,
    URGENT,
    Void,
    channel_of,
    key_of,
    lane_of,
    person_of,
    priority_of,
)
from storage.messages import Standing
from storage.tables import outbox

# After this many tries a row no longer holds back those behind it.
PATIENCE = 5
TO_PEOPLE = ("Page", "PlainPage")
REFRESH = "Refresh"

_O = outbox.c
_UNFINISHED = _O.attempt_at.is_not(None)
_CLAIMED = _O.claimed_by.is_not(None)
_AHEAD = outbox.alias("ahead")
_OLDEST_PAGE = select(func.min(_O.queued_at)).where(_UNFINISHED, _O.kind.in_(TO_PEOPLE))
# Nothing older in its lane is still to be sent. In `claim` and in `next_attempt` alike: otherwise
# the loop wakes for a row that it may not take.
# A scalar, and not NOT EXISTS: PostgreSQL would make a join of that, and with the statistics of a
# quiet hour read everything that waits once for each row that waits. And `outcome`, for
# `attempt_at` means the same and another index: storage/tables.py says why.
_HEAD = (
    select(func.min(_AHEAD.c.id))
    .where(_AHEAD.c.lane == _O.lane, _AHEAD.c.outcome.is_(None), _AHEAD.c.attempts < PATIENCE)
    .correlate(outbox)
    .scalar_subquery()
)
_FIRST = or_(_O.lane.is_(None), func.coalesce(_HEAD, _O.id) >= _O.id)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """This is one row as it was when it was claimed; instants but `created_at` are transport time.

    `attempts` counts the tries before this one, and `unsure` says that the outcome of one of them
    is unknown: look the key up first, from `first_tried_at` on. `claim_no` tells claims apart.
    """

    id: int
    key: str
    program: ProgramId
    matter: MatterId | None
    kind: str
    priority: int
    to: PersonId | None
    channel: ChannelRole | None
    body: dict[str, Any]
    schema: int
    created_at: datetime
    queued_at: datetime
    first_tried_at: datetime | None
    attempts: int
    unsure: bool
    claim_no: int

    @property
    def effect(self) -> Effect:
        """What to do. Raises DamagedError or UnknownSchemaError where it cannot be read."""
        return codec.effect_of(self.kind, self.body, self.schema)


@dataclass(frozen=True, slots=True)
class Asked:
    """This is what one decision asks of the world."""

    program: ProgramId
    matter: MatterId | None
    effects: Iterable[Effect]


def add(
    conn: Connection,
    program: ProgramId,
    matter: MatterId | None,
    effects: Iterable[Effect],
    *,
    at: datetime,
    transport_now: datetime,
) -> int:
    """Add effects in their order, due now; returns how many stood there already.

    A key that is there already means the same thing, said or still to be said, so it is left.
    """
    return add_many(conn, [Asked(program, matter, effects)], at=at, transport_now=transport_now)


def add_many(
    conn: Connection, asked: Iterable[Asked], *, at: datetime, transport_now: datetime
) -> int:
    """Add the effects of several decisions; see `add`."""
    rows = [
        _new_row(one.program, one.matter, effect, at, transport_now)
        for one in asked
        for effect in one.effects
    ]
    # The last of several wins, as it would one by one.
    refreshes = list({row["key"]: row for row in rows if row["kind"] == REFRESH}.values())
    others = [row for row in rows if row["kind"] != REFRESH]
    if refreshes:
        conn.execute(_reopening(conn.dialect.name), refreshes)
    if not others:
        return 0
    added = conn.execute(_adding(conn.dialect.name), others).rowcount
    return len(others) - added


def claim(
    conn: Connection,
    transport_now: datetime,
    limit: int,
    lease: timedelta,
    *,
    by: str = "deliver",
    kinds_blocked: Collection[str] = (),
) -> list[OutboxRow]:
    """Take what may be sent now, the most important first; it is ours until the lease ends.

    What another deliverer is just taking is passed by.
    """
    rows = select(outbox).where(_claimable(kinds_blocked), _O.attempt_at <= transport_now)
    rows = rows.order_by(_O.priority, _O.attempt_at, _O.id).limit(limit)
    taken = conn.execute(skip_locked(conn, rows, outbox)).all()
    if taken:
        conn.execute(
            update(outbox)
            .where(_O.id.in_([row.id for row in taken]))
            .values(
                attempt_at=transport_now + lease,
                attempts=_O.attempts + 1,
                claim_no=_O.claim_no + 1,
                claimed_by=by,
                first_tried_at=func.coalesce(_O.first_tried_at, transport_now),
                # Should this sender die, nobody knows whether the message went out.
                unsure=true(),
                again=false(),
            )
        )
    return [_row(row) for row in taken]


def next_attempt(conn: Connection, *, kinds_blocked: Collection[str] = ()) -> datetime | None:
    """Say when the next row may be claimed; the same rows as in `claim`."""
    return conn.execute(_next(tuple(kinds_blocked))).scalar()


def sent(conn: Connection, row: OutboxRow, where: Standing | None, transport_now: datetime) -> bool:
    """Record that Slack accepted it, and where it stands; False where the row was done already.

    A message that went out counts as sent though its row was made void meanwhile, or though its
    lease had run out. A Refresh that was asked for again meanwhile is due again.
    """
    if where is not None:
        messages.record(conn, where, transport_now)
    mine = and_(_O.outcome.is_(None), _O.claim_no == row.claim_no)
    went_out = or_(_O.outcome.is_(None), _O.outcome != "sent")
    done = (
        update(outbox)
        .where(_O.id == row.id, mine if row.kind == REFRESH else went_out)
        .values(
            outcome=case((_O.again, null()), else_="sent"),
            attempt_at=case((_O.again, transport_now), else_=null()),
            again=false(),
            claimed_by=None,
            unsure=false(),
            error=None,
        )
    )
    return conn.execute(done).rowcount == 1


def retry(conn: Connection, row: OutboxRow, at: datetime, unsure: bool, error: str) -> bool:
    """Try again at `at`; False where the row is done, was made void, or is another's by now.

    `unsure` says that Slack may have accepted it all the same.
    """
    later = (
        update(outbox)
        .where(_O.id == row.id, _O.outcome.is_(None), _O.claim_no == row.claim_no)
        .values(attempt_at=at, unsure=unsure, error=error, claimed_by=None)
    )
    return conn.execute(later).rowcount == 1


def undeliverable(conn: Connection, row: OutboxRow, error: str) -> bool:
    """Record that it can never arrive; False where the row is done or void, so nobody need know."""
    over = (
        update(outbox)
        .where(_O.id == row.id, _O.outcome.is_(None))
        .values({**_over("undeliverable"), "error": error})
    )
    return conn.execute(over).rowcount == 1


def void(conn: Connection, voids: Sequence[Void]) -> None:
    """Take back what no longer applies and was not sent; a call that is under way may still land.

    Such a row is not tried again, and if the call lands, `sent` records it all the same.
    """
    if not voids:
        return
    _VOID.run(conn, [{"of": v.matter, "what": v.kind, "whom": v.to} for v in voids])


def quiet(conn: Connection, transport_now: datetime) -> bool:
    """Whether nothing could be sent now and no call is under way."""
    busy = or_(_CLAIMED, and_(_O.attempt_at <= transport_now, _FIRST))
    return not conn.execute(select(exists().where(_UNFINISHED, busy))).scalar()


def late_pages(conn: Connection, transport_now: datetime) -> timedelta:
    """Say how long the oldest page that is not sent has waited; zero where there is none.

    Pages to people and plain ones: a channel's page may wait for who reads it, and nobody depends
    on it alone.
    """
    first = conn.execute(_OLDEST_PAGE).scalar()
    return max(timedelta(0), transport_now - first) if first else timedelta(0)


@lru_cache(maxsize=8)
def _next(kinds_blocked: tuple[str, ...]) -> Select[datetime | None]:
    """The first of each priority, and of those the first: walks of the index that end at once."""
    firsts = [
        select(_O.attempt_at)
        .where(_O.priority == urgency, _claimable(kinds_blocked))
        .order_by(_O.attempt_at, _O.id)
        .limit(1)
        .subquery()
        for urgency in (FIRST, URGENT, DUE, NEWS, EDIT)
    ]
    each = union_all(*(select(one.c.attempt_at) for one in firsts)).subquery()
    return select(func.min(each.c.attempt_at))


def _claimable(kinds_blocked: Collection[str]) -> ColumnElement[bool]:
    blocked = _O.kind.not_in(list(kinds_blocked)) if kinds_blocked else true()
    return and_(_UNFINISHED, blocked, _FIRST)


def _over(outcome: str) -> dict[str, Any]:
    return {"outcome": outcome, "attempt_at": None, "claimed_by": None, "again": False}


_VOID = Each(
    {"of": String(), "what": String(), "whom": String()},
    lambda one: (
        update(outbox)
        .where(
            _O.outcome.is_(None),
            _O.matter_id == one["of"],
            _O.kind == one["what"],
            or_(one["whom"].is_(None), _O.to_person == one["whom"]),
        )
        .values(_over("void"))
    ),
)


@lru_cache(maxsize=2)
def _adding(dialect: str) -> Any:
    return insert_on(dialect, outbox).on_conflict_do_nothing()


@lru_cache(maxsize=2)
def _reopening(dialect: str) -> Any:
    """Add a Refresh, or open its row again; while a call is under way, make it due after that.

    Two edits of one message at once could land in the wrong order.
    """
    row = insert_on(dialect, outbox)
    new, open_still = row.excluded, _O.outcome.is_(None)
    return row.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "body": new.body,
            "body_schema": new.body_schema,
            "created_at": new.created_at,
            "queued_at": case((open_still, _O.queued_at), else_=new.queued_at),
            "attempt_at": case((_CLAIMED, _O.attempt_at), else_=new.attempt_at),
            "attempts": case((open_still, _O.attempts), else_=0),
            "first_tried_at": case((open_still, _O.first_tried_at), else_=null()),
            "again": _CLAIMED,
            "outcome": None,
            "error": None,
        },
    )


def _new_row(
    program: ProgramId,
    matter: MatterId | None,
    effect: Effect,
    at: datetime,
    transport_now: datetime,
) -> dict[str, Any]:
    kind = type(effect).__name__
    return {
        "key": key_of(program, matter, effect),
        "program_id": program,
        "matter_id": matter,
        "kind": kind,
        "priority": priority_of(effect),
        "to_person": person_of(effect),
        "channel": channel_of(effect),
        "lane": lane_of(program, matter, effect),
        "body": codec.effect_body(effect),
        "body_schema": codec.schema_of(kind),
        "created_at": at,
        "queued_at": transport_now,
        "attempt_at": transport_now,
    }


def _row(row: AnyRow) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        key=row.key,
        program=ProgramId(row.program_id),
        matter=None if row.matter_id is None else MatterId(row.matter_id),
        kind=row.kind,
        priority=row.priority,
        to=None if row.to_person is None else PersonId(row.to_person),
        channel=None if row.channel is None else ChannelRole(row.channel),
        body=row.body,
        schema=row.body_schema,
        created_at=row.created_at,
        queued_at=row.queued_at,
        first_tried_at=row.first_tried_at,
        attempts=row.attempts,
        unsure=row.unsure,
        claim_no=row.claim_no + 1,
    )
