"""Triggers that were raised, as rows: written and read with their matter, and listed for a Home."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, false, or_, select, update

from protocol.ids import MatterId, PersonId, ProgramId
from protocol.records import Escalation, EscalationState, Matter
from protocol.trigger import Both, Tier, Trigger
from storage import codec, doubts
from storage.codec import DamagedError, Sealing
from storage.columns import AnyRow
from storage.tables import raised


@dataclass(frozen=True, slots=True)
class OpenTrigger:
    """This is one open trigger as its columns tell it; of a private one they say nothing else."""

    matter: MatterId
    program: ProgramId
    by: PersonId
    state: EscalationState
    private: bool
    raised_at: datetime
    heard_at: datetime
    due_at: datetime
    tier: Tier | None = None
    title: Both | None = None
    owner: PersonId | None = None


def write(conn: Connection, sealer: Sealing, pairs: Sequence[tuple[Matter, Matter]]) -> None:
    """Write the triggers that changed; each changes with its own climb."""
    for before, after in pairs:
        now = after.trigger
        if now is None or (now, after.escalations) == (before.trigger, before.escalations):
            continue
        row = _row(after, now, after.escalations[-1], sealer)
        doubts.doubt_one(conn, now.by)
        if not now.private:
            doubts.doubt(conn, after.program)
        if before.trigger is not None:
            wanted = update(raised).where(raised.c.matter_id == bindparam("of")).values(row)
            conn.execute(wanted, {"of": after.id})
            continue
        key = {"matter_id": after.id, "program_id": after.program, "raised_by": now.by}
        conn.execute(raised.insert(), [{**key, **row}])


def read(row: AnyRow, sealer: Sealing) -> tuple[Trigger, Escalation] | None:
    """Read the trigger of a matter's row, and its climb. Raises as the codec does."""
    if row.raised is None:
        return None
    found, climb = codec.raised_of(row.raised, row.raised_schema, sealer, MatterId(row.id))
    if (climb.state, climb.due_at) != (row.raised_state, row.raised_due_at):
        raise DamagedError(f"trigger {row.id}: columns and body differ")
    return found, climb


def open_ones(conn: Connection, programs: Collection[ProgramId], by: PersonId) -> list[OpenTrigger]:
    """List what is open in these programs, and this person's own: the next due first.

    What is private stands in nobody's list but that of whoever raised it.
    """
    column = raised.c
    of_programs = column.program_id.in_(programs) & ~column.private if programs else false()
    rows = conn.execute(
        select(raised)
        .where(column.due_at.is_not(None), or_(of_programs, column.raised_by == by))
        .order_by(column.due_at, column.matter_id)
    )
    return [_open(row) for row in rows]


def _open(row: AnyRow) -> OpenTrigger:
    return OpenTrigger(
        MatterId(row.matter_id),
        ProgramId(row.program_id),
        PersonId(row.raised_by),
        EscalationState(row.state),
        row.private,
        row.raised_at,
        row.heard_at,
        row.due_at,
        None if row.tier is None else Tier(row.tier),
        None if row.title_en is None else Both(row.title_en, row.title_es),
        None if row.owner is None else PersonId(row.owner),
    )


def _row(after: Matter, now: Trigger, climb: Escalation, sealer: Sealing) -> dict[str, Any]:
    private, used = now.private, now.row
    told: dict[str, Any] = {
        "tier": used.tier,
        "row_key": used.key,
        "matrix_version": used.version,
        "title_en": used.title.en,
        "title_es": used.title.es,
        "owner": climb.owner,
    }
    return {
        "state": climb.state,
        "private": private,
        "raised_at": now.at,
        "heard_at": now.heard_at,
        "due_at": climb.due_at,
        "closed_at": climb.closed_at,
        "closed_by": now.settled_by,
        **(dict.fromkeys(told) if private else told),
        "body": codec.raised_body(now, climb, sealer, after.id),
        "body_schema": codec.schema_of("Raised"),
    }
