"""Who people are: their Slack id, their roles in each program, and what of theirs is sealed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from protocol.ids import PersonId, ProgramId
from protocol.people import Language, Role
from protocol.situation import DuressChoice
from storage import audit
from storage.sealing import Sealer
from storage.tables import person, program, role_grant

# Asked at every tap: made once.
_PEOPLE = select(
    person.c.id,
    person.c.name,
    person.c.slack_user,
    person.c.active,
    person.c.trained_until,
    person.c.excludes,
    person.c.language,
)
_BY_SLACK = _PEOPLE.where(
    person.c.slack_user == bindparam("slack_user", type_=String), person.c.active
)
_BY_IDS = _PEOPLE.where(person.c.id.in_(bindparam("ids", type_=String, expanding=True)))


@dataclass(frozen=True, slots=True)
class Person:
    """This is a person as anybody in the program may know them; what is sealed is not part of it.

    `excludes` names those whom this person does not want to be told of a call for help. `language`
    is the one they chose; without one they are spoken to in their program's.
    """

    id: PersonId
    name: str
    slack_user: str | None
    active: bool = True
    trained_until: datetime | None = None
    excludes: tuple[PersonId, ...] = ()
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """This is how to speak to a person: in which language, and whom to call besides.

    `program` is the first that they serve, where it was read.
    """

    language: Language
    coordinator_line: str
    program: ProgramId | None = field(default=None, compare=False)


def phone_of(who: PersonId) -> str:
    """This is what a person's phone number is sealed as."""
    return f"person/{who}/phone"


def duress_of(who: PersonId) -> str:
    """This is what a person's duress choice is sealed as."""
    return f"person/{who}/duress"


def emergency_contact_of(who: PersonId) -> str:
    """This is what a person's emergency contact is sealed as."""
    return f"person/{who}/emergency_contact"


def by_slack(conn: Connection, slack_user: str) -> Person | None:
    """This finds an active person by Slack id."""
    found = _people(conn, _BY_SLACK, slack_user=slack_user)
    return found[0] if found else None


def by_id(conn: Connection, who: PersonId) -> Person | None:
    """This finds a person by id, active or not."""
    return by_ids(conn, [who]).get(who)


def by_ids(conn: Connection, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
    """This finds people by id, active or not; an id that is not known is left out."""
    return {one.id: one for one in _people(conn, _BY_IDS, ids=list(set(ids)))}


def names(conn: Connection, ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """This is what to call these people; an id that is not known is left out."""
    return {one.id: one.name for one in by_ids(conn, ids).values()}


def slack_ids(conn: Connection, ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """This is where Slack reaches these people; who is not active or has no id is left out."""
    found = by_ids(conn, ids).values()
    return {one.id: one.slack_user for one in found if one.active and one.slack_user}


def languages(
    conn: Connection, which: ProgramId, ids: Iterable[PersonId | None]
) -> dict[PersonId | None, Language]:
    """This is what each of these reads: what they chose, else the program's language.

    None stands for the program itself, as in its channels, and is always there.
    """
    ours = conn.execute(select(program.c.language).where(program.c.id == which)).scalar()
    spoken = Language(ours) if ours else Language.EN
    wanted = {who for who in ids if who is not None}
    known = by_ids(conn, wanted) if wanted else {}
    chosen = {who: known[who].language if who in known else None for who in wanted}
    return {None: spoken, **{who: language or spoken for who, language in chosen.items()}}


def readers(conn: Connection, at: datetime) -> dict[str, Reader]:
    """This is how to speak to everybody who has a Slack id and a role at this instant, by that id.

    Who serves several programs is spoken to as in the first by id, as in `programs_of`.
    """
    grant = role_grant.c
    rows = conn.execute(
        select(
            person.c.slack_user,
            func.coalesce(person.c.language, program.c.language).label("language"),
            program.c.coordinator_line,
            grant.program_id,
        )
        .select_from(person.join(role_grant, grant.person_id == person.c.id))
        .join(program, program.c.id == grant.program_id)
        .where(person.c.active, person.c.slack_user.is_not(None), held_at(at))
        .order_by(grant.program_id.desc())
    )
    # One for all who are spoken to alike: there may be many thousands.
    alike = lru_cache(maxsize=None)(_reader)
    return {
        row.slack_user: alike(row.language, row.coordinator_line, row.program_id) for row in rows
    }


def _reader(language: str, line: str, program: str) -> Reader:
    return Reader(Language(language), line, ProgramId(program))


def home_of(conn: Connection, slack_user: str, at: datetime) -> ProgramId | None:
    """This is the first program that a person serves; None for whom no program knows."""
    who = by_slack(conn, slack_user)
    return next(iter(programs_of(conn, who.id, at)), None) if who else None


def set_language(conn: Connection, who: PersonId, language: Language | None) -> None:
    """This keeps the language that a person chose; None goes back to their program's."""
    value = language.value if language else None
    conn.execute(update(person).where(person.c.id == who).values(language=value))


def held_at(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """This is the condition that a role is held at this instant (aware)."""
    grant = role_grant.c
    return and_(grant.from_at <= at, or_(grant.until_at.is_(None), grant.until_at > at))


def roles(conn: Connection, program: ProgramId, who: PersonId, at: datetime) -> frozenset[Role]:
    """This is what a person may be in a program at this instant."""
    grant = role_grant.c
    held = select(grant.role).where(
        grant.program_id == program, grant.person_id == who, held_at(at)
    )
    return frozenset(map(Role, conn.execute(held).scalars()))


def programs_of(conn: Connection, who: PersonId, at: datetime) -> list[ProgramId]:
    """These are the programs in which a person holds a role at this instant, by name of the id."""
    grant = role_grant.c
    held = select(grant.program_id).where(grant.person_id == who, held_at(at)).distinct()
    return list(map(ProgramId, conn.execute(held.order_by(grant.program_id)).scalars()))


def serving(conn: Connection, program: ProgramId, at: datetime) -> set[PersonId]:
    """These are all who hold a role in a program at this instant."""
    grant = role_grant.c
    held = select(grant.person_id).where(grant.program_id == program, held_at(at)).distinct()
    return set(map(PersonId, conn.execute(held).scalars()))


def holders(
    conn: Connection, program: ProgramId, held: Iterable[Role], at: datetime
) -> dict[PersonId, str]:
    """These are the active people who hold one of these roles at this instant, by name."""
    grant = role_grant.c
    rows = conn.execute(
        select(person.c.id, person.c.name)
        .select_from(person.join(role_grant, grant.person_id == person.c.id))
        .where(
            person.c.active,
            grant.program_id == program,
            grant.role.in_([role.value for role in held]),
            held_at(at),
        )
    )
    return {PersonId(row.id): row.name for row in rows}


def contact(
    conn: Connection,
    sealer: Sealer,
    who: PersonId,
    *,
    reader: PersonId,
    why: str,
    at: datetime,
    program: ProgramId | None = None,
) -> str | None:
    """This opens a person's phone number and writes the read down; None where there is none.

    `why` is a reason in a word ("missed_check_in"), never text that somebody typed.
    """
    blob = conn.execute(select(person.c.phone).where(person.c.id == who)).scalar()
    if blob is None:
        return None
    what = phone_of(who)
    audit.sealed_read(conn, program=program, at=at, actor=reader, what=what, why=why)
    return sealer.open(blob, what)


def set_duress(conn: Connection, sealer: Sealer, who: PersonId, button: str, phrase: str) -> None:
    """This seals a worker's private choice: which OK button, and which words, mean duress."""
    text = json.dumps({"button": button, "phrase": phrase})
    blob = sealer.seal(text, duress_of(who))
    conn.execute(update(person).where(person.c.id == who).values(duress=blob))


def assign_duress(
    conn: Connection, sealer: Sealer, people: Iterable[PersonId], choices: Sequence[DuressChoice]
) -> tuple[PersonId, ...]:
    """This gives each of these people who has no choice yet the next of `choices`, around again.

    The caller has shuffled them. Returns to whom one was given, so that they can be told.
    """
    without = select(person.c.id).where(person.c.id.in_(set(people)), person.c.duress.is_(None))
    given = tuple(map(PersonId, conn.execute(without.order_by(person.c.id)).scalars()))
    for number, who in enumerate(given):
        choice = choices[number % len(choices)]
        set_duress(conn, sealer, who, choice.button, choice.phrase)
    return given


def duress_choices(
    conn: Connection, sealer: Sealer, ids: Iterable[PersonId]
) -> dict[PersonId, DuressChoice]:
    """This opens the choices of these workers: for the sweep that reads answers, and practice."""
    rows = conn.execute(
        select(person.c.id, person.c.duress).where(
            person.c.id.in_(set(ids)), person.c.duress.is_not(None)
        )
    )
    return {
        PersonId(row.id): DuressChoice(**json.loads(sealer.open(row.duress, duress_of(row.id))))
        for row in rows
    }


def _people(conn: Connection, which: Select[Any], **given: object) -> list[Person]:
    rows = conn.execute(which, given)
    return [
        Person(
            id=PersonId(row.id),
            name=row.name,
            slack_user=row.slack_user,
            active=row.active,
            trained_until=row.trained_until,
            excludes=tuple(map(PersonId, row.excludes)),
            language=Language(row.language) if row.language else None,
        )
        for row in rows
    ]
