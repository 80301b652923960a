"""Questions about the matrix that were put to people: who, about which version, when, passed.

One quiz of a person is open at a time. One that nobody finished leaves nothing behind once it is
begun anew.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, select, update

from protocol.ids import PersonId, ProgramId
from protocol.quiz import Asked, Quiz
from storage.columns import AnyRow
from storage.database import insert
from storage.huddle_tables import quiz

_Q = quiz.c


def add(conn: Connection, one: Quiz) -> Quiz:
    """Begin a quiz, unless one of this person is open, or it was begun by this id before.

    Returns the one that is open, or else the one of this id.
    """
    row: dict[str, Any] = {
        "id": one.id,
        "program_id": one.program,
        "person_id": one.person,
        "version": one.version,
        "rows": [[each.key, each.digest, each.urgent, each.answer] for each in one.rows],
        "answers": list(one.answers),
        "started_at": one.started_at,
    }
    conn.execute(insert(conn, quiz).on_conflict_do_nothing(), [row])
    return open_of(conn, one.program, one.person) or of_id(conn, one.id) or one


def open_of(conn: Connection, program: ProgramId, person: PersonId) -> Quiz | None:
    """The quiz that a person has open. Its row is locked until the transaction ends."""
    mine = select(quiz).where(
        _Q.program_id == program, _Q.person_id == person, _Q.ended_at.is_(None)
    )
    row = conn.execute(mine.with_for_update()).first()
    return None if row is None else _quiz(row)


def is_open(conn: Connection, program: ProgramId, person: PersonId) -> bool:
    """Whether a person has begun and not finished."""
    mine = (_Q.program_id == program, _Q.person_id == person, _Q.ended_at.is_(None))
    return conn.execute(select(_Q.id).where(*mine)).first() is not None


def of_id(conn: Connection, which: str) -> Quiz | None:
    """A quiz by its id. Its row is locked until the transaction ends."""
    row = conn.execute(select(quiz).where(_Q.id == which).with_for_update()).first()
    return None if row is None else _quiz(row)


def save(conn: Connection, after: Quiz) -> None:
    """Keep the answers of a quiz whose row this transaction has locked, and its end."""
    conn.execute(
        update(quiz)
        .where(_Q.id == after.id, _Q.ended_at.is_(None))
        .values(answers=list(after.answers), ended_at=after.ended_at, passed=after.passed)
    )


def drop(conn: Connection, which: str) -> None:
    """Take away a quiz that is not over: the matrix changed under it, so it is no training."""
    conn.execute(delete(quiz).where(_Q.id == which, _Q.ended_at.is_(None)))


def passed(
    conn: Connection, program: ProgramId, people: Iterable[PersonId] | None = None
) -> dict[PersonId, Quiz]:
    """The last quiz that each of these people passed, or each of the program."""
    found = select(quiz).where(_Q.program_id == program, _Q.passed.is_(True))
    if people is not None:
        found = found.where(_Q.person_id.in_(list(people)))
    rows = conn.execute(found.order_by(_Q.ended_at, _Q.id))
    return {one.person: one for one in map(_quiz, rows)}


def _quiz(row: AnyRow) -> Quiz:
    return Quiz(
        row.id,
        ProgramId(row.program_id),
        PersonId(row.person_id),
        row.version,
        tuple(Asked(*each) for each in row.rows),
        row.started_at,
        tuple(row.answers),
        row.ended_at,
        row.passed,
    )
