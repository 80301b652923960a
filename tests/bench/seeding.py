"""Many open visits at once: valid rows in every table that a visit has, made from one real visit.

A visit is planned, confirmed and begun by the rules, and written by the production codec. The
copies differ in their ids, their people and what is due when; only the program and its staff are
shared. Each has its history with a chain of its own, and messages that went out before.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from protocol.ids import MatterId, PersonId, ProgramId
from protocol.matter import next_deadline
from protocol.people import Role
from protocol.policy import ChannelRole
from protocol.records import Matter
from storage import audit, matter_rows, tables
from storage.digests import GENESIS, Line, body_digest, canonical
from storage.sealing import Sealer
from tests.county import KEY
from tests.protocol.world import NOON, POLICY, ZONE, underway

PROGRAMS = 10
CHUNK = 5_000
SEALER = Sealer([KEY])
LONG_AGO, FAR = NOON - timedelta(days=400), NOON + timedelta(days=400)
STAFF = (Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD, Role.EXECUTIVE)
# What is not measured in this run is due within the following day, like visits that are underway.
OTHERS_WITHIN = timedelta(hours=20)
OTHERS_AFTER = timedelta(hours=4)
# When the visits have begun, and nothing of them is due yet.
SOON = timedelta(minutes=70)
# So many different due times are shared by all that are not due in a run.
MOMENTS = 97


@dataclass(frozen=True)
class Group:
    """So many visits whose next deadline is at one instant. `missed`: a ladder begins there."""

    count: int
    due_at: datetime
    missed: bool = False


def program_of(number: int) -> ProgramId:
    """Which program the visit of this number belongs to."""
    return ProgramId(f"county-{number % PROGRAMS}")


def worker_of(number: int) -> PersonId:
    """Whose visit it is; everybody has one."""
    return PersonId(f"peer-{number}")


def slack_user_of(number: int) -> str:
    """What Slack calls the worker."""
    return f"U{number:09}"


def staff_of(program: ProgramId, role: Role) -> PersonId:
    """Who holds a role in a program, and is on duty in it."""
    return PersonId(f"{program}-{role}")


def channel_of(program: ProgramId, role: ChannelRole) -> str:
    """The Slack id of one of its channels."""
    return f"C{program}{role}".upper().replace("-", "").replace("_", "")


def fill(conn: Connection, visits: int, groups: Sequence[Group] = ()) -> None:
    """Add the programs, a worker for each visit, and the visits; those of `groups` come first."""
    _programs(conn)
    _put(conn, tables.person, (_person(worker_of(n), slack_user_of(n)) for n in range(visits)))
    peers = ((worker_of(n), program_of(n), Role.PEER) for n in range(visits))
    _put(conn, tables.role_grant, (_grant(*one) for one in peers))
    rng = random.Random(4)
    # Ids as the product mints them are in no order: the indexes are as scattered as they will be.
    ids = [MatterId(f"{rng.getrandbits(128):032x}") for _ in range(visits)]
    rng.shuffle(ids)
    whole = list(_whole(ids, list(_dues(visits, groups))))
    for table, rows in (
        (tables.matter, (one.matter for one in whole)),
        (tables.visit, (one.visit for one in whole)),
        (tables.stop, (one.stop for one in whole)),
        (tables.outbox, (row for one in whole for row in one.sent)),
    ):
        _put(conn, table, rows)
    _histories(conn, whole)
    if conn.dialect.name == "postgresql":
        conn.execute(text("ANALYZE"))


@dataclass(frozen=True)
class _Rows:
    """The rows of one visit; those of the history are made beside."""

    matter: dict[str, Any]
    visit: dict[str, Any]
    stop: dict[str, Any]
    sent: list[dict[str, Any]]


@lru_cache(maxsize=2)
def begun(*, missed: bool = False) -> Matter:
    """One visit as the rules made it: begun; and if it is to be missed next, reminded in vain."""
    life = underway()
    life.sweep(life.matter.visit.answers_due_at)
    while missed and life.matter.visit.nudge_no < len(life.matter.visit.timings.nudges):
        life.sweep(next_deadline(life.matter))
    return life.matter


def _dues(visits: int, groups: Sequence[Group]) -> Iterator[tuple[datetime, bool]]:
    for group in groups:
        yield from ((group.due_at, group.missed) for _ in range(group.count))
    rest = visits - sum(group.count for group in groups)
    for number in range(rest):
        share = (number % MOMENTS) / MOMENTS
        yield NOON + OTHERS_AFTER + OTHERS_WITHIN * share, False


def _whole(ids: Sequence[MatterId], dues: Sequence[tuple[datetime, bool]]) -> Iterator[_Rows]:
    made_once = lru_cache(maxsize=None)(shape)
    for number, (id_, due) in enumerate(zip(ids, dues, strict=True)):
        program, worker = program_of(number), worker_of(number)
        made, visit = made_once(*due, staff_of(program, Role.COORDINATOR))
        yield _Rows(
            matter={
                "id": id_,
                "program_id": program,
                "worker": worker,
                "version": made.version,
                "silent": False,
                "active": True,
                "due_at": due[0],
                "attempt_at": due[0],
                "opened_at": NOON,
            },
            visit={**visit, "matter_id": id_, "program_id": program, "worker": worker},
            stop={"matter_id": id_, "no": 0, "program_id": program, "label": "Shelter"},
            sent=[_sent(id_, program, worker, kind) for kind in ("Tell", "Refresh")],
        )


def shape(due_at: datetime, missed: bool, approver: PersonId) -> tuple[Matter, dict[str, Any]]:
    """A visit whose next deadline is at `due_at`, and its row as production writes it."""
    made = begun(missed=missed)
    first, visit = next_deadline(made), made.visit
    assert first is not None
    assert visit is not None
    assert visit.due_at is not None
    later = due_at - first
    plan = replace(visit.plan, expected=visit.plan.expected + max(later, timedelta(0)))
    visit = replace(visit, plan=plan, due_at=visit.due_at + later)
    visit = replace(visit, approver=approver, asked_of=(approver,))
    moved = replace(made, visit=visit)
    assert next_deadline(moved) == due_at
    return moved, matter_rows._visit_row(moved, visit, SEALER)


def _sent(id_: MatterId, program: ProgramId, worker: PersonId, kind: str) -> dict[str, Any]:
    """A message that went out when the visit began."""
    return {
        "key": f"{program}/{id_}/{kind}",
        "program_id": program,
        "matter_id": id_,
        "kind": kind,
        "priority": 2,
        "to_person": worker,
        "lane": f"{program}/{id_}/{worker}",
        "body": {},
        "body_schema": 1,
        "created_at": NOON,
        "queued_at": NOON,
        "attempts": 1,
        "first_tried_at": NOON,
        "outcome": "sent",
    }


def _histories(conn: Connection, whole: Sequence[_Rows]) -> None:
    """One line each: planned, confirmed and begun at once. Its digests hold."""
    written = canonical({})
    salt = "0" * (2 * audit.SALT_BYTES)
    digest = body_digest(salt, written)
    lines = [
        Line(
            chain=one.matter["id"],
            seq=1,
            program=one.matter["program_id"],
            at=NOON,
            actor=one.matter["worker"],
            event="Arrive",
            reason="arrived",
            body_digest=digest,
            previous=GENESIS,
        )
        for one in whole
    ]
    rows = [audit._row(line) for line in lines]
    bodies = ({"chain": one.chain, "seq": 1, "salt": salt, "body": written} for one in lines)
    heads = (
        {"chain": r["chain"], "seq": 1, "digest": r["digest"], "anchored_seq": 0} for r in rows
    )
    _put(conn, tables.audit_line, rows)
    _put(conn, tables.audit_body, bodies)
    _put(conn, tables.audit_head, heads)


def _programs(conn: Connection) -> None:
    _put(conn, tables.program, (_program(program_of(n)) for n in range(PROGRAMS)))
    staff = [
        (staff_of(program_of(n), role), program_of(n), role)
        for n in range(PROGRAMS)
        for role in STAFF
    ]
    people = (_person(who, f"S{number:09}") for number, (who, _, _) in enumerate(staff))
    _put(conn, tables.person, people)
    _put(conn, tables.role_grant, (_grant(*one) for one in staff))
    _put(conn, tables.duty, ({**_grant(*one), "until_at": FAR} for one in staff))


def _program(which: ProgramId) -> dict[str, Any]:
    return {
        "id": which,
        "name": which,
        "zone": ZONE,
        "policy": json.loads(POLICY.model_dump_json()),
        "channels": {role: channel_of(which, role) for role in ChannelRole},
        "coordinator_line": "+15550100",
        "county_number": "+15550199",
        "created_at": LONG_AGO,
    }


def _person(who: PersonId, slack_user: str) -> dict[str, Any]:
    return {
        "id": who,
        "slack_user": slack_user,
        "name": who,
        "trained_until": FAR,
        "excludes": [],
        "created_at": LONG_AGO,
    }


def _grant(who: PersonId, program: ProgramId, role: Role) -> dict[str, Any]:
    return {"program_id": program, "person_id": who, "role": role, "from_at": LONG_AGO}


def _put(conn: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows of the same columns; on PostgreSQL by COPY."""
    for some in _chunks(rows):
        if conn.dialect.name == "sqlite":
            conn.execute(insert(table), some)
        else:
            _copy(conn, table, some)


def _copy(conn: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    columns = ", ".join(rows[0])
    cursor: Any = conn.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_copied(value) for value in row.values()])


def _copied(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value.value if isinstance(value, Enum) else value


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, CHUNK)):
        yield some
