"""Plans that are confirmed together: the request is stored whole, each plan is answered by itself.

Whoever claims a request holds its row, so two replicas never answer for the same one; one that dies
has answered the plans that it committed and no others, and the rest follow. Instants are world
time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from protocol.ids import MatterId, PersonId, ProgramId
from storage.batch_tables import batch, batch_plan
from storage.database import insert, skip_locked

# What became of a plan that could not be decided, however often it was tried.
FAULT = "fault"
FAULTS_MAX = 3

_B, _P = batch.c, batch_plan.c
_NEXT = select(func.min(_B.attempt_at)).where(_B.attempt_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Read:
    """This is one plan as its approver read it; `outcome` is the answer, None until there is one.

    `no` counts from 0 in the order in which they were shown.
    """

    no: int
    matter: MatterId
    revision: int
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """This is one request: who confirms which plans, and how often their workers check in."""

    id: str
    program: ProgramId
    by: PersonId
    plans: tuple[Read, ...]
    every: timedelta | None = None

    @property
    def next(self) -> Read | None:
        """The first plan without an answer; None where each has one."""
        return next((plan for plan in self.plans if plan.outcome is None), None)


def add(conn: Connection, asked: Batch, at: datetime) -> bool:
    """This stores a request, due at once; False where this very one is there already."""
    row = {
        "id": asked.id,
        "program_id": asked.program,
        "by": asked.by,
        "every_minutes": None if asked.every is None else asked.every // timedelta(minutes=1),
        "asked_at": at,
        "attempt_at": at,
    }
    new = conn.execute(insert(conn, batch).on_conflict_do_nothing(), row).rowcount == 1
    if new:
        plans = [
            {
                "batch_id": asked.id,
                "no": plan.no,
                "program_id": asked.program,
                "matter_id": plan.matter,
                "revision": plan.revision,
            }
            for plan in asked.plans
        ]
        conn.execute(insert(conn, batch_plan), plans)
    return new


def next_due(conn: Connection) -> datetime | None:
    """This is when the next request is due to be tried; None where each plan has its answer."""
    return conn.execute(_NEXT).scalar()


def claim(conn: Connection, now: datetime) -> Batch | None:
    """This takes the request that is due longest, and holds it until the transaction ends."""
    due = select(batch).where(_B.attempt_at.is_not(None), _B.attempt_at <= now)
    due = due.order_by(_B.attempt_at, _B.id).limit(1)
    row = conn.execute(skip_locked(conn, due, batch)).first()
    if row is None:
        return None
    every = None if row.every_minutes is None else timedelta(minutes=row.every_minutes)
    plans = plans_of(conn, row.id)
    return Batch(row.id, ProgramId(row.program_id), PersonId(row.by), plans, every)


def answered(conn: Connection, which: str, no: int, outcome: str) -> None:
    """This records what became of one plan."""
    mine = (_P.batch_id == which, _P.no == no)
    conn.execute(update(batch_plan).where(*mine).values(outcome=outcome))
    conn.execute(update(batch).where(_B.id == which).values(faults=0))


def done(conn: Connection, which: str) -> None:
    """This records that nothing of a request is left to do."""
    conn.execute(update(batch).where(_B.id == which).values(attempt_at=None))


def postpone(conn: Connection, which: str, until: datetime) -> int:
    """This tries a request that faulted again at `until`; returns its faults on this plan."""
    moved = (
        update(batch)
        .where(_B.id == which, _B.attempt_at.is_not(None))
        .values(attempt_at=until, faults=_B.faults + 1)
        .returning(_B.faults)
    )
    return conn.execute(moved).scalar() or 0


def plans_of(conn: Connection, which: str) -> tuple[Read, ...]:
    """These are the plans of a request, as they stand now."""
    rows = conn.execute(select(batch_plan).where(_P.batch_id == which).order_by(_P.no))
    return tuple(Read(row.no, MatterId(row.matter_id), row.revision, row.outcome) for row in rows)
