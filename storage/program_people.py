"""This brings people and their roles to what a program's file says."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from protocol.ids import PersonId
from protocol.people import Role
from storage import onboarding, tables
from storage.onboarding_tables import Step
from storage.people import phone_of
from storage.program_change import ApplyRefusedError, Change
from storage.program_file import HeldRole, Person, ProgramFile
from storage.sealing import Sealer
from storage.tables import person, role_grant


def refuse_strangers(conn: Connection, file: ProgramFile, at: datetime) -> None:
    """This refuses a file that means somebody else by an id, or gives away another's Slack id."""
    rows = _rows(conn, file)
    mine = {one.id: one for one in file.people}
    elsewhere = _serving_elsewhere(conn, file, at)
    wanted = {one.slack: one.id for one in file.people if one.slack}
    for row in rows.values():
        named = mine.get(row.id)
        if row.id not in elsewhere:
            continue
        if named and row.slack_user and named.slack != row.slack_user:
            raise ApplyRefusedError(
                f"The id {row.id} belongs to somebody with another Slack id in another program. "
                "If it is the same person, use the same Slack id; if not, choose another id."
            )
        if not named and row.slack_user in wanted:
            raise ApplyRefusedError(
                f"The Slack id of {wanted[row.slack_user]} belongs to {row.id} in another program. "
                f"Call the person {row.id} here too."
            )


def refuse_leaving_alone(conn: Connection, file: ProgramFile, at: datetime) -> None:
    """This refuses a file that leaves out who is out now: their taps would reach nobody."""
    gone = _gone(conn, file, at)
    matter, visit = tables.matter.c, tables.visit.c
    joined = tables.matter.outerjoin(tables.visit, visit.matter_id == matter.id)
    out = select(matter.worker, visit.partner).select_from(joined)
    out = out.where(matter.active, matter.silent.is_(False))
    for who in sorted({who for row in conn.execute(out) for who in row if who in gone}):
        raise ApplyRefusedError(
            f"{who} is not in the file, and is out or being looked for right now. "
            "Keep the person in the file until that is closed."
        )


def apply_people(
    conn: Connection, sealer: Sealer, file: ProgramFile, at: datetime
) -> Iterator[Change]:
    """This adds and changes people, and deactivates those who are no longer in the file."""
    rows = _rows(conn, file)
    # What somebody chose in Belay themselves is theirs, whatever an older file says of it.
    own = onboarding.chosen_by_themselves(conn, Step.CONTACTS, [one.id for one in file.people])
    _free_slack_ids(conn, file, rows)
    for one in file.people:
        row = rows.get(one.id)
        values = _values(one, row, file)
        if row is not None and one.id in own:
            values["excludes"] = row.excludes
        if row is None:
            new = {**values, "id": one.id, "phone": _sealed(sealer, one), "created_at": at}
            conn.execute(insert(person), new)
            yield Change("person", one.id, "added")
            continue
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        known = sealer.open(row.phone, phone_of(PersonId(one.id))) if row.phone else None
        if known != one.phone and one.id not in own:
            changed["phone"] = _sealed(sealer, one)
        if changed:
            conn.execute(update(person).where(person.c.id == one.id).values(**changed))
            yield Change("person", one.id, "changed", tuple(sorted(changed)))
    yield from _deactivate(conn, file, at)


def apply_roles(conn: Connection, file: ProgramFile, at: datetime) -> Iterator[Change]:
    """This gives and ends roles. What was held before `at` stays in the history of the grants."""
    grant = role_grant.c
    rows = conn.execute(
        select(role_grant)
        .where(grant.program_id == file.program.id)
        .order_by(grant.person_id, grant.from_at.desc())
    )
    grants = {who: list(some) for who, some in groupby(rows, key=lambda row: row.person_id)}
    for one in file.people:
        left = grants.pop(one.id, [])
        for held in one.roles:
            yield from _hold(conn, file, one, held, left, at)
        yield from _end(conn, left, at)
    for left in grants.values():
        yield from _end(conn, left, at)


def _hold(
    conn: Connection,
    file: ProgramFile,
    one: Person,
    held: HeldRole,
    grants: list[Row[Any]],
    at: datetime,
) -> Iterator[Change]:
    from_at = held.from_.begins(file.zone) if held.from_ else None
    until_at = held.until.ends(file.zone) if held.until else None
    if until_at is not None and until_at <= at:
        # Over: what may still run is among the grants that are left, and ends now.
        return
    for row in grants:
        # A role without a first day goes on from whenever it was first given.
        same = row.from_at == from_at if from_at else _current(row, at)
        if row.role == held.role and same:
            grants.remove(row)
            if row.until_at != until_at:
                conn.execute(update(role_grant).where(_is(row)).values(until_at=until_at))
                yield Change("role", f"{held.role} of {one.id}", "has another last day")
            return
    new = {
        "program_id": file.program.id,
        "person_id": one.id,
        "role": held.role.value,
        "from_at": from_at or at,
        "until_at": until_at,
    }
    conn.execute(insert(role_grant), new)
    yield Change("role", f"{held.role} of {one.id}", "given")


def _end(conn: Connection, grants: list[Row[Any]], at: datetime) -> Iterator[Change]:
    for row in grants:
        if not _current(row, at):
            continue
        if row.from_at < at:
            conn.execute(update(role_grant).where(_is(row)).values(until_at=at))
        else:
            conn.execute(delete(role_grant).where(_is(row)))
        yield Change("role", f"{Role(row.role)} of {row.person_id}", "ended")


def _current(row: Row[Any], at: datetime) -> bool:
    return row.until_at is None or bool(row.until_at > at)


def _is(row: Row[Any]) -> Any:
    grant = role_grant.c
    return and_(
        grant.program_id == row.program_id,
        grant.person_id == row.person_id,
        grant.role == row.role,
        grant.from_at == row.from_at,
    )


def _values(one: Person, row: Row[Any] | None, file: ProgramFile) -> dict[str, object]:
    # Whom somebody excluded in another program is not for this file to forget.
    mine = {other.id for other in file.people}
    others = [who for who in row.excludes if who not in mine] if row else []
    return {
        "name": one.name,
        "slack_user": one.slack,
        "trained_until": one.trained_until.ends(file.zone) if one.trained_until else None,
        "excludes": sorted({*others, *one.excludes}),
        "language": _language(one, row),
        "active": True,
    }


def _language(one: Person, row: Row[Any] | None) -> str | None:
    # What is there may be what the person chose in Slack, and a file does not take that back.
    if row is not None and row.language is not None:
        return str(row.language)
    return one.language.value if one.language else None


def _sealed(sealer: Sealer, one: Person) -> str | None:
    return sealer.seal(one.phone, phone_of(PersonId(one.id))) if one.phone else None


def _rows(conn: Connection, file: ProgramFile) -> dict[str, Row[Any]]:
    ids = [one.id for one in file.people]
    slack = [one.slack for one in file.people if one.slack]
    named = or_(person.c.id.in_(ids), person.c.slack_user.in_(slack))
    return {row.id: row for row in conn.execute(select(person).where(named))}


def _serving_elsewhere(conn: Connection, file: ProgramFile, at: datetime) -> frozenset[str]:
    grant = role_grant.c
    others = select(grant.person_id).where(
        grant.program_id != file.program.id, or_(grant.until_at.is_(None), grant.until_at > at)
    )
    return frozenset(conn.execute(others).scalars())


def _free_slack_ids(conn: Connection, file: ProgramFile, rows: dict[str, Row[Any]]) -> None:
    # Two people may have swapped theirs, and each belongs to one person at any moment.
    mine = {one.id: one.slack for one in file.people}
    moved = [row.id for row in rows.values() if row.slack_user != mine.get(row.id)]
    if moved:
        conn.execute(update(person).where(person.c.id.in_(moved)).values(slack_user=None))


def _gone(conn: Connection, file: ProgramFile, at: datetime) -> list[str]:
    grant = role_grant.c
    here = select(grant.person_id).where(grant.program_id == file.program.id)
    gone = select(person.c.id).where(
        person.c.active,
        person.c.id.in_(here),
        person.c.id.not_in([one.id for one in file.people]),
    )
    elsewhere = _serving_elsewhere(conn, file, at)
    found = conn.execute(gone.order_by(person.c.id)).scalars()
    return [who for who in found if who not in elsewhere]


def _deactivate(conn: Connection, file: ProgramFile, at: datetime) -> Iterator[Change]:
    for who in _gone(conn, file, at):
        conn.execute(update(person).where(person.c.id == who).values(active=False))
        yield Change("person", who, "deactivated")
