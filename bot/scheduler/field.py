"""Who is out in a program right now, from columns alone: said when little else works."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select, union

from protocol.ids import PersonId, ProgramId
from protocol.records import SILENT
from storage import people
from storage.people import Person
from storage.situation import BEFORE_START
from storage.tables import VISIT_IS_OPEN, escalation, matter, visit

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


def _begun(program: ProgramId, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of a program's visits those in which somebody is out at an instant."""
    before = [state.value for state in BEFORE_START]
    begun = or_(visit.c.state.not_in(before), visit.c.start_at <= at)
    return visit.c.program_id == program, VISIT_IS_OPEN, begun


def _out(program: ProgramId, at: datetime) -> Select[str, str | None]:
    mine = select(visit.c.worker, visit.c.partner).where(*_begun(program, at))
    return mine.order_by(visit.c.start_at, visit.c.matter_id)


def _climbs(conn: Connection, program: ProgramId) -> tuple[set[PersonId], tuple[PersonId, ...]]:
    """Who called without anybody knowing, and who else is looked for, in a program."""
    climbs = conn.execute(
        select(escalation.c.worker, escalation.c.kind, matter.c.silent)
        .select_from(escalation.join(matter, matter.c.id == escalation.c.matter_id))
        # An open one is due; by that there is an index.
        .where(escalation.c.due_at.is_not(None), escalation.c.program_id == program)
        .order_by(escalation.c.opened_at)
    ).all()
    silent = {PersonId(row.worker) for row in climbs if row.silent or row.kind in SILENT}
    return silent, tuple(PersonId(row.worker) for row in climbs if row.worker not in silent)


def names(conn: Connection, program: ProgramId, at: datetime) -> tuple[str, ...]:
    """Who is out or looked for, as `Field.names` has it, without reading everybody who is."""
    _, looked_for = _climbs(conn, program)
    rows = conn.execute(_out(program, at).limit(2 * NAMED))
    first = (PersonId(who) for row in rows for who in row if who)
    named = tuple(dict.fromkeys((*first, *looked_for)))[:NAMED]
    if not named:
        return ()
    begun = _begun(program, at)
    workers = select(visit.c.worker).where(*begun)
    partners = select(visit.c.partner).where(*begun, visit.c.partner.is_not(None))
    called = [select(literal(who)) for who in looked_for]
    everybody = union(workers, partners, *called).subquery()
    count = conn.execute(select(func.count()).select_from(everybody)).scalar_one()
    return _listed(people.by_ids(conn, named), named, count - len(named))


def field(conn: Connection, program: ProgramId, at: datetime) -> Field:
    """This reads a program's field at an instant (aware)."""
    rows = conn.execute(_out(program, at))
    out = tuple(dict.fromkeys(PersonId(who) for row in rows for who in row if who))
    silent, looked_for = _climbs(conn, program)
    everybody = tuple(dict.fromkeys((*out, *looked_for)))
    named, more = everybody[:NAMED], len(everybody[NAMED:])
    known = people.by_ids(conn, {*named, *silent})
    kept_from = {who for one in silent if one in known for who in known[one].excludes}
    return Field(
        out,
        looked_for,
        _listed(known, named, more),
        hidden=bool(silent),
        keep_from=frozenset(silent | kept_from),
    )


def _listed(
    known: Mapping[PersonId, Person], named: Iterable[PersonId], more: int
) -> tuple[str, ...]:
    said = tuple(known[who].name for who in named if who in known)
    return (*said, f"+{more}") if more else said
