"""`python -m tests.upgrade.make FILE`: leaves what a release leaves that is stopped in the middle.

It is run in the tree of the release itself, once, before the next one changes anything; the file is
kept. It is rows alone, as SQL that both engines take: the tables come from the migrations. Since
the first release nothing that this uses has changed its name: where it must, copy it to a new file.
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Boolean, insert

from bot.request import HelpTarget, OfMatter
from protocol import events as e
from protocol.ids import MatterId, PersonId
from storage import schema, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, TRANSPORT, populate, slack_id
from tests.protocol.world import JO, NOON, ROSA, SAM, plan
from tests.scheduler.shift import FakeSlack, Shift
from tests.virtual_time import VirtualClock, during, passes, run

KIM, LEE = PersonId("kim"), PersonId("lee")
OUT, MISSED, HELP, WAITS = (MatterId(name) for name in ("out", "missed", "help", "waits"))
MINUTE = 60


def main(file: Path) -> None:
    """This lives for half an hour with real rules and rows, and writes down what there is then."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "belay.db"
        url = f"sqlite:///{path}"
        schema.upgrade(url)
        database = Database.open(url)
        database.run_sync(populate)
        database.run_sync(more_peers)
        database.run_sync(Sealer([KEY]).register)
        run(half_an_hour(Shift(database, FakeSlack(), VirtualClock(TRANSPORT, NOON))))
        database.dispose()
        file.write_text("\n".join([*lines(path), ""]), encoding="utf-8")


def more_peers(conn):
    """Add two workers: everybody is on one visit at a time."""
    long_ago, far = NOON - timedelta(days=400), NOON + timedelta(days=400)
    for who in (KIM, LEE):
        person = {"id": who, "slack_user": slack_id(who), "name": who.title(), "excludes": []}
        conn.execute(insert(tables.person).values(**person, trained_until=far, created_at=long_ago))
        grant = {"program_id": PROGRAM, "person_id": who, "role": "peer", "from_at": long_ago}
        conn.execute(insert(tables.role_grant).values(**grant))


async def half_an_hour(shift):
    """One is out, one was missed, one called for help and is held, one waits for an answer."""
    county = shift.county
    await county.plans(KIM, plan(start_in=5), matter=MISSED)
    await county.confirms(ROSA, matter=MISSED)
    await county.plans(JO, plan(start_in=20, note="blue door"), matter=OUT)
    await county.confirms(ROSA, matter=OUT)
    await county.plans(LEE, plan(start_in=180), matter=WAITS)
    await shift.works(10 * MINUTE)
    await county.does(
        SAM, lambda by: e.Help(shift.clock.now(), by, e.HelpForm.CALL), HelpTarget(None, HELP)
    )
    await shift.works(5 * MINUTE)
    await county.does(ROSA, lambda by: e.Acknowledge(shift.clock.now(), by), OfMatter(HELP))
    await shift.works(6 * MINUTE)
    await county.does(JO, lambda by: e.Arrive(shift.clock.now(), by, "a", False))
    while county.matter(MISSED).open_escalation is None:
        await shift.works(MINUTE)
    # It is stopped after it decided, and before it could say so.
    unsent = len(shift.rows("Page"))
    while len(shift.rows("Page")) == unsent:
        await during(shift.sweep.loop.run(), passes(10))


def lines(path):
    """This is every row as an INSERT, in the order in which they may be written."""
    with closing(sqlite3.connect(path)) as conn:
        for table in tables.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            flags = [isinstance(column.type, Boolean) for column in table.columns]
            order = ", ".join(column.name for column in table.primary_key)
            quoted = ", ".join(f'"{name}"' for name in names)
            for row in conn.execute(f"SELECT {quoted} FROM {table.name} ORDER BY {order}"):
                values = ", ".join(map(literal, row, flags))
                yield f"INSERT INTO {table.name} ({quoted}) VALUES ({values});"


def literal(value, flag):
    """This is a value as both engines read it."""
    if value is None:
        return "NULL"
    if flag:
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
