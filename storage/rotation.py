"""This seals everything anew under the first key, so that an older key may go.

Every running program is first restarted with both keys, the new one in front: one that knows only
the old key would go on sealing with it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, select, update

from protocol.ids import MatterId
from storage import codec, declines, flags, people, places
from storage.database import Database
from storage.matrix_tables import decline_salt
from storage.sealing import Sealer
from storage.tables import flag, flag_word, person, place, raised, visit

# The clock goes on meanwhile: each transaction is short, so that it waits for none.
ROWS_AT_A_TIME = 200

# Which columns are sealed, and as what.
SEALED: tuple[tuple[Table, str, Callable[[Any], str]], ...] = (
    (person, "phone", people.phone_of),
    (person, "duress", people.duress_of),
    (person, "emergency_contact", people.emergency_contact_of),
    (place, "address", places.address_of),
    (flag, "evidence", places.evidence_of),
    (flag_word, "reason", flags.reason_of),
    (raised, "body", codec.raised_as),
    (decline_salt, "salt", declines.salt_of),
)


def rotate(database: Database, sealer: Sealer) -> int:
    """This seals every sealed value anew and forgets the other keys; returns how many there were.

    It may be stopped and started again. Raises CannotOpenError where a value does not open.
    """
    done = 0
    for table, name, about in SEALED:
        for ids in _batches(database, _key(table), table.c[name]):
            done += database.run_sync(_reseal, sealer, table, name, about, ids)
    for ids in _batches(database, visit.c.matter_id, visit.c.body):
        done += database.run_sync(_reseal_visits, sealer, ids)
    database.run_sync(sealer.retire_others)
    return done


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key
    return key


def _batches(database: Database, key: Column[Any], value: Column[Any]) -> Iterator[Sequence[str]]:
    def ids(conn: Connection) -> list[str]:
        return list(conn.execute(select(key).where(value.is_not(None)).order_by(key)).scalars())

    found = database.run_sync(ids)
    for start in range(0, len(found), ROWS_AT_A_TIME):
        yield found[start : start + ROWS_AT_A_TIME]


def _reseal(
    conn: Connection,
    sealer: Sealer,
    table: Table,
    name: str,
    about: Callable[[Any], str],
    ids: Sequence[str],
) -> int:
    column, key = table.c[name], _key(table)
    mine = select(key, column).where(key.in_(ids), column.is_not(None))
    rows = conn.execute(mine.order_by(key).with_for_update()).all()
    for id_, blob in rows:
        anew = sealer.reseal(blob, about(id_))
        conn.execute(update(table).where(key == id_).values({name: anew}))
    return len(rows)


def _reseal_visits(conn: Connection, sealer: Sealer, ids: Sequence[str]) -> int:
    # Locked from reading to writing: whoever saves the visit meanwhile comes after, and wins.
    mine = select(visit.c.matter_id, visit.c.body, visit.c.body_schema)
    rows = conn.execute(
        mine.where(visit.c.matter_id.in_(ids)).order_by(visit.c.matter_id).with_for_update()
    ).all()
    for row in rows:
        matter = MatterId(row.matter_id)
        opened = codec.visit_of(row.body, row.body_schema, sealer, matter)
        anew = {
            "body": codec.visit_body(opened, sealer, matter),
            "body_schema": codec.schema_of("Visit"),
        }
        conn.execute(update(visit).where(visit.c.matter_id == row.matter_id).values(anew))
    return len(rows)
