"""What a huddle looks at: who goes where today, and what is open; read from columns alone.

Nothing silent is read, nothing of a worker's own life, and nothing that somebody typed of what they
saw. A visit is told by its plan, never by how it stands: so nothing here can tell of a duress.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from protocol.ids import PersonId, ProgramId
from protocol.records import SILENT, Approval, EscalationKind, EscalationState
from protocol.trigger import Both, Tier
from storage.tables import VISIT_IS_OPEN, escalation, matter, raised, stop, visit

# Plans that will not take place.
_NOT_TAKEN: Final = (Approval.DECLINED.value,)


@dataclass(frozen=True, slots=True)
class Going:
    """This is one visit of the day as it was planned; `place` is the label of its first stop."""

    start_at: datetime
    worker: PersonId
    partner: PersonId | None
    place: str
    stops: int


@dataclass(frozen=True, slots=True)
class Risk:
    """This is something open: an escalation by its kind, or a trigger by its row's title."""

    since: datetime
    state: EscalationState
    kind: EscalationKind
    owner: PersonId | None = None
    tier: Tier | None = None
    title: Both | None = None


def going(conn: Connection, program: ProgramId, until: datetime) -> list[Going]:
    """Visits that are not over and that start before this instant, the earliest first."""
    rows = conn.execute(
        select(visit.c.matter_id, visit.c.start_at, visit.c.worker, visit.c.partner)
        .join(matter, matter.c.id == visit.c.matter_id)
        .where(
            visit.c.program_id == program,
            VISIT_IS_OPEN,
            ~matter.c.silent,
            matter.c.closed_at.is_(None),
            visit.c.approval.not_in(_NOT_TAKEN),
            visit.c.start_at < until,
        )
        .order_by(visit.c.start_at, visit.c.matter_id)
    ).all()
    labels: dict[str, list[str]] = {}
    for one in conn.execute(
        select(stop.c.matter_id, stop.c.label)
        .where(stop.c.matter_id.in_([row.matter_id for row in rows]))
        .order_by(stop.c.matter_id, stop.c.no)
    ):
        labels.setdefault(one.matter_id, []).append(one.label)
    return [
        Going(
            row.start_at,
            PersonId(row.worker),
            None if row.partner is None else PersonId(row.partner),
            labels.get(row.matter_id, [""])[0],
            len(labels.get(row.matter_id, ())),
        )
        for row in rows
    ]


def risks(conn: Connection, program: ProgramId) -> list[Risk]:
    """What is open and may be told to the team, the oldest first; no drill, nobody's name."""
    found = [*_escalations(conn, program), *_triggers(conn, program)]
    return sorted(found, key=lambda one: (one.since, one.kind.value))


def _escalations(conn: Connection, program: ProgramId) -> list[Risk]:
    climb = escalation.c
    rows = conn.execute(
        select(climb.opened_at, climb.state, climb.kind, climb.owner)
        .join(matter, matter.c.id == climb.matter_id)
        .where(
            climb.program_id == program,
            climb.due_at.is_not(None),
            climb.kind.not_in([kind.value for kind in SILENT]),
            ~climb.drill,
            ~matter.c.silent,
        )
    )
    return [
        Risk(
            row.opened_at,
            EscalationState(row.state),
            EscalationKind(row.kind),
            None if row.owner is None else PersonId(row.owner),
        )
        for row in rows
    ]


def _triggers(conn: Connection, program: ProgramId) -> list[Risk]:
    column = raised.c
    rows = conn.execute(
        select(raised).where(
            column.program_id == program, column.due_at.is_not(None), ~column.private
        )
    )
    return [
        Risk(
            row.raised_at,
            EscalationState(row.state),
            EscalationKind.TRIGGER,
            None if row.owner is None else PersonId(row.owner),
            None if row.tier is None else Tier(row.tier),
            None if row.title_en is None else Both(row.title_en, row.title_es),
        )
        for row in rows
    ]
