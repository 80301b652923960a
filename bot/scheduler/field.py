"""Who is out in a program right now, from columns alone: said when little else works."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, or_, select

from protocol.ids import PersonId, ProgramId
from protocol.records import SILENT, EscalationState, VisitState
from storage import people
from storage.situation import BEFORE_START
from storage.tables import escalation, matter, visit

# Slack takes 4,000 characters of text; beyond so many people the rest is counted.
NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class Field:
    """This is who is out, and who is looked for. Silent matters are not in it: anybody may read it.

    `hidden` says that there is a silent one besides, and `keep_from` whom that must be kept from.
    """

    out: tuple[PersonId, ...] = ()
    looked_for: tuple[PersonId, ...] = ()
    names: tuple[str, ...] = ()
    hidden: bool = False
    keep_from: frozenset[PersonId] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody whom everybody may know of."""
        return not self.out and not self.looked_for


def field(conn: Connection, program: ProgramId, at: datetime) -> Field:
    """This reads a program's field at an instant (aware)."""
    begun = or_(visit.c.state.not_in([s.value for s in BEFORE_START]), visit.c.start_at <= at)
    rows = conn.execute(
        select(visit.c.worker, visit.c.partner)
        .where(visit.c.program_id == program, visit.c.state != VisitState.CLOSED.value, begun)
        .order_by(visit.c.start_at, visit.c.matter_id)
    )
    out = tuple(dict.fromkeys(PersonId(who) for row in rows for who in row if who))
    climbs = conn.execute(
        select(escalation.c.worker, escalation.c.kind, matter.c.silent)
        .select_from(escalation.join(matter, matter.c.id == escalation.c.matter_id))
        .where(
            and_(
                escalation.c.program_id == program,
                escalation.c.state != EscalationState.CLOSED.value,
            )
        )
        .order_by(escalation.c.opened_at)
    ).all()
    silent = {PersonId(row.worker) for row in climbs if row.silent or row.kind in SILENT}
    looked_for = tuple(PersonId(row.worker) for row in climbs if row.worker not in silent)
    everybody = tuple(dict.fromkeys((*out, *looked_for)))
    named, more = everybody[:NAMED], len(everybody[NAMED:])
    known = people.by_ids(conn, {*named, *silent})
    names = [known[who].name for who in named if who in known]
    kept_from = {who for one in silent if one in known for who in known[one].excludes}
    return Field(
        out,
        looked_for,
        (*names, f"+{more}") if more else tuple(names),
        hidden=bool(silent),
        keep_from=frozenset(silent | kept_from),
    )
