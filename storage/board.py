"""Who is out, who is looked for, and who is on duty, as one person may see it in their Home.

Everything is read from columns alone: no note, no answer and no sealed value is opened for a Home,
and a visit that cannot be read any more is shown all the same. Silent matters are never read here:
nothing on any board or Home can tell a duress answer from an ordinary one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, and_, false, or_, select

from protocol.ids import MatterId, PersonId, ProgramId
from protocol.people import RESPONDER_ROLES, Language, Role
from protocol.policy import ChannelRole
from protocol.rating import Rating
from protocol.records import (
    SILENT,
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    VisitState,
)
from storage import people, tables
from storage.columns import AnyRow
from storage.situation import BEFORE_START

# Whoever holds one of these roles sees everybody who is out in the program.
BOARD_ROLES = frozenset(RESPONDER_ROLES)


@dataclass(frozen=True, slots=True)
class CallRow:
    """This is an open escalation. `since` is what its ladder counts from, `due_at` its next look.

    `thread` is where its incident thread begins: a Slack channel and a ts.
    """

    no: int
    kind: EscalationKind
    state: EscalationState
    owner: PersonId | None
    opened_at: datetime
    since: datetime
    due_at: datetime | None
    drill: bool
    thread: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """This is a visit, as its columns tell it: from plan to clear."""

    state: VisitState
    rating: Rating
    approval: Approval
    approver: PersonId | None
    expecting: Expecting
    start_at: datetime
    due_at: datetime | None
    revision: int
    partner: PersonId | None = None
    place: str = ""
    stops: int = 1


@dataclass(frozen=True, slots=True)
class Open:
    """This is one open matter that this reader may see; a call for help has no visit."""

    matter: MatterId
    program: ProgramId
    worker: PersonId
    visit: VisitRow | None = None
    call: CallRow | None = None

    @property
    def members(self) -> tuple[PersonId, ...]:
        """The worker and, in a pair, the partner."""
        partner = self.visit.partner if self.visit else None
        return (self.worker,) if partner is None else (self.worker, partner)

    def is_out(self, at: datetime) -> bool:
        """Whether somebody is out or looked for; a plan begins at its start, whoever tapped."""
        visit = self.visit
        if visit is None or self.call is not None:
            return True
        return visit.state not in BEFORE_START or visit.start_at <= at

    @property
    def is_quiet(self) -> bool:
        """Whether somebody called for help that must not show."""
        return self.call is not None and self.call.kind in SILENT

    def as_if_calm(self) -> "tuple[Open, ...]":
        """The same as it would be if nobody had called; nothing where there is no visit."""
        if self.visit is None:
            return ()
        return (replace(self, call=None, visit=replace(self.visit, state=_calm(self.visit))),)


@dataclass(frozen=True, slots=True)
class Served:
    """This is a program in which somebody holds roles, with who is on duty in it now."""

    id: ProgramId
    name: str
    zone: str
    line: str
    county_number: str
    channels: Mapping[ChannelRole, str]
    roles: frozenset[Role]
    duties: tuple[tuple[Role, PersonId], ...] = ()
    language: Language = Language.EN


@dataclass(frozen=True, slots=True)
class Look:
    """This is all that one person's Home shows, read at one instant (`at`, aware).

    `shipped` is the digest of the matrix that comes with Belay; "" while that is not loaded.
    """

    person: PersonId
    at: datetime
    language: Language = Language.EN
    programs: tuple[Served, ...] = ()
    matters: tuple[Open, ...] = ()
    names: Mapping[PersonId, str] = field(default_factory=dict)
    again: bool = False  # whether there is an earlier visit to repeat
    shipped: str = ""

    def holds(self, *roles: Role) -> bool:
        """Whether this person holds one of these roles in any program."""
        return any(one.roles & frozenset(roles) for one in self.programs)

    def program(self, which: ProgramId) -> Served:
        """The program of a matter. LookupError where this person does not serve in it."""
        for one in self.programs:
            if one.id == which:
                return one
        raise LookupError(which)

    @property
    def mine(self) -> tuple[Open, ...]:
        """What this person is out for, or plans, in the order in which it was opened."""
        return tuple(one for one in self.matters if self.person in one.members)

    @property
    def boarded(self) -> tuple[Open, ...]:
        """What stands on this person's board, in no order.

        Their own call that must stay quiet does not: somebody may be looking at their screen.
        """
        boards = {one.id for one in self.programs if one.roles & BOARD_ROLES}
        found: list[Open] = []
        for one in self.matters:
            if one.program in boards:
                own = one.is_quiet and self.person in one.members
                found += one.as_if_calm() if own else (one,)
        return tuple(found)


def look(conn: Connection, slack_user: str, at: datetime) -> Look | None:
    """This reads one person's Home in at most nine queries; None for a stranger."""
    person = people.by_slack(conn, slack_user)
    if person is None:
        return None
    programs = _programs(conn, person.id, at)
    boards = [one.id for one in programs if one.roles & BOARD_ROLES]
    found = _open(conn, person.id, [one.id for one in programs], boards)
    named = {who for one in found for who in _named(one)}
    named |= {who for one in programs for _, who in one.duties}
    known = people.by_ids(conn, named)
    excludes = {who: one.excludes for who, one in known.items()}
    ours = programs[0].language if programs else Language.EN
    return Look(
        person.id,
        at,
        person.language or ours,
        programs,
        tuple(one for each in found for one in _as_seen_by(each, person.id, excludes)),
        {who: one.name for who, one in known.items()},
        any(Role.PEER in one.roles for one in programs) and _has_planned(conn, person.id),
    )


def _has_planned(conn: Connection, who: PersonId) -> bool:
    matter, visit = tables.matter.c, tables.visit.c
    mine = matter.worker == who, ~matter.silent
    visits = select(visit.matter_id).join(tables.matter, matter.id == visit.matter_id).where(*mine)
    return conn.execute(visits.limit(1)).first() is not None


def _as_seen_by(
    one: Open, reader: PersonId, excludes: Mapping[PersonId, Collection[PersonId]]
) -> tuple[Open, ...]:
    """What this reader may know of a matter, which may be nothing.

    A call that must stay quiet is kept from whoever the worker named for that, as pages in channels
    are; the worker's own screen says of it no more than their card does.
    """
    named = any(reader in excludes.get(who, ()) for who in one.members)
    kept_from = one.is_quiet and named and reader not in one.members
    return one.as_if_calm() if kept_from else (one,)


def _calm(visit: VisitRow) -> VisitState:
    """The state that a visit would be in if nobody had called for help."""
    if visit.expecting is Expecting.CLEAR:
        return VisitState.LEAVING
    if visit.expecting is not Expecting.ARRIVAL:
        return VisitState.UNDERWAY
    confirmed = visit.approval is Approval.CONFIRMED
    return VisitState.CONFIRMED if confirmed else VisitState.PLANNED


def _programs(conn: Connection, who: PersonId, at: datetime) -> tuple[Served, ...]:
    grant, program = tables.role_grant.c, tables.program.c
    held: dict[str, set[Role]] = {}
    for row in conn.execute(
        select(grant.program_id, grant.role).where(grant.person_id == who, people.held_at(at))
    ):
        held.setdefault(row.program_id, set()).add(Role(row.role))
    duties = _duties(conn, held, at)
    rows = conn.execute(
        select(
            program.id,
            program.name,
            program.zone,
            program.coordinator_line,
            program.county_number,
            program.channels,
            program.language,
        )
        .where(program.id.in_(held))
        .order_by(program.id)
    )
    return tuple(
        Served(
            ProgramId(row.id),
            row.name,
            row.zone,
            row.coordinator_line,
            row.county_number,
            {ChannelRole(role): channel for role, channel in row.channels.items()},
            frozenset(held[row.id]),
            tuple(duties.get(row.id, ())),
            Language(row.language),
        )
        for row in rows
    )


def _duties(
    conn: Connection, programs: Iterable[str], at: datetime
) -> dict[str, list[tuple[Role, PersonId]]]:
    duty = tables.duty.c
    rows = conn.execute(
        select(duty.program_id, duty.role, duty.person_id)
        .where(
            duty.program_id.in_(programs),
            duty.role.in_([role.value for role in RESPONDER_ROLES]),
            duty.from_at <= at,
            duty.until_at > at,
        )
        .order_by(duty.from_at, duty.id)
    )
    found: dict[str, list[tuple[Role, PersonId]]] = {}
    for row in rows:
        found.setdefault(row.program_id, []).append((Role(row.role), PersonId(row.person_id)))
    return found


def _open(
    conn: Connection,
    who: PersonId,
    programs: Collection[ProgramId],
    boards: Collection[ProgramId],
) -> list[Open]:
    matter, visit, climb = tables.matter.c, tables.visit.c, tables.escalation.c
    on_board = matter.program_id.in_(boards) if boards else false()
    rows = conn.execute(
        select(
            matter.id,
            matter.program_id,
            matter.worker,
            visit.partner,
            visit.state,
            visit.rating,
            visit.approval,
            visit.approver,
            visit.expecting,
            visit.start_at,
            visit.due_at,
            visit.revision,
            climb.no,
            climb.kind,
            climb.state.label("call_state"),
            climb.owner,
            climb.opened_at,
            climb.base_at,
            climb.due_at.label("call_due_at"),
            climb.drill,
        )
        .select_from(
            tables.matter.outerjoin(tables.visit, visit.matter_id == matter.id).outerjoin(
                tables.escalation,
                and_(climb.matter_id == matter.id, climb.due_at.is_not(None)),
            )
        )
        .where(
            matter.active,
            matter.closed_at.is_(None),
            ~matter.silent,
            matter.program_id.in_(programs),
            or_(on_board, matter.worker == who, visit.partner == who),
        )
        .order_by(matter.opened_at, matter.id)
    ).all()
    places = _places(conn, [row.id for row in rows if row.state is not None])
    threads = _threads(conn, [row.id for row in rows if row.kind is not None])
    return [_one(row, places.get(row.id, []), threads) for row in rows]


def _one(
    row: AnyRow, stops: list[AnyRow], threads: Mapping[tuple[str, int], tuple[str, str]]
) -> Open:
    visit = call = None
    if row.state is not None:
        expecting = Expecting(row.expecting)
        visit = VisitRow(
            VisitState(row.state),
            Rating(row.rating),
            Approval(row.approval),
            None if row.approver is None else PersonId(row.approver),
            expecting,
            row.start_at,
            row.due_at,
            row.revision,
            None if row.partner is None else PersonId(row.partner),
            _place(stops, expecting),
            len(stops),
        )
    if row.kind is not None:
        call = CallRow(
            row.no,
            EscalationKind(row.kind),
            EscalationState(row.call_state),
            None if row.owner is None else PersonId(row.owner),
            row.opened_at,
            row.base_at,
            row.call_due_at,
            row.drill,
            threads.get((row.id, row.no)),
        )
    return Open(MatterId(row.id), ProgramId(row.program_id), PersonId(row.worker), visit, call)


def _places(conn: Connection, matters: Collection[str]) -> dict[str, list[AnyRow]]:
    if not matters:
        return {}
    stop = tables.stop.c
    found: dict[str, list[AnyRow]] = {}
    for row in conn.execute(
        select(stop.matter_id, stop.label, stop.left_at)
        .where(stop.matter_id.in_(matters))
        .order_by(stop.matter_id, stop.no)
    ):
        found.setdefault(row.matter_id, []).append(row)
    return found


def _place(stops: list[AnyRow], expecting: Expecting) -> str:
    """The label of the stop somebody is at or on the way to; who leaves for good is still there."""
    left = [stop for stop in stops if stop.left_at is not None]
    ahead = [stop for stop in stops if stop.left_at is None]
    there = left[-1:] if expecting is Expecting.CLEAR and left else ahead[:1] or left[-1:]
    return str(there[0].label) if there else ""


def _threads(conn: Connection, matters: Collection[str]) -> dict[tuple[str, int], tuple[str, str]]:
    if not matters:
        return {}
    message = tables.message.c
    rows = conn.execute(
        select(message.matter_id, message.episode, message.slack_channel, message.ts)
        .where(message.matter_id.in_(matters), message.thread)
        .order_by(message.id.desc())
    )
    return {(row.matter_id, row.episode): (row.slack_channel, row.ts) for row in rows}


def _named(one: Open) -> set[PersonId]:
    named: set[PersonId | None] = {*one.members}
    named |= {one.visit.approver if one.visit else None, one.call.owner if one.call else None}
    return {who for who in named if who is not None}
