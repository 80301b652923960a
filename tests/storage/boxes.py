"""An outbox with a transport clock at hand."""

from datetime import timedelta

from sqlalchemy import select

from protocol.ids import MatterId
from storage import outbox, tables
from tests.storage.samples import NOW, PROGRAM, TRANSPORT

SECONDS = timedelta(seconds=1)
LEASE = 15 * SECONDS
M1, M2 = MatterId("m1"), MatterId("m2")


class Box:
    """The outbox with a transport clock at hand."""

    def __init__(self, database):
        self.database, self.now = database, TRANSPORT

    def run(self, fn, *args, **kwargs):
        return self.database.run_sync(fn, *args, **kwargs)

    def add(self, *effects, matter=M1):
        added = {"at": NOW, "transport_now": self.now}
        return self.run(outbox.add, PROGRAM, matter, effects, **added)

    def claim(self, limit=10, **kwargs):
        return self.run(outbox.claim, self.now, limit, LEASE, **kwargs)

    def take(self):
        [row] = self.claim()
        return row

    def sent(self, row, where=None):
        return self.run(outbox.sent, row, where, self.now)

    def retry(self, row, after=SECONDS, *, unsure=False):
        return self.run(outbox.retry, row, self.now + after, unsure, "rate_limited")

    def pass_by(self, time):
        self.now += time

    def next_attempt(self, **kwargs):
        return self.run(outbox.next_attempt, **kwargs)

    def row(self, key):
        where = tables.outbox.c.key == f"{PROGRAM}/{key}"
        return self.run(lambda conn: conn.execute(select(tables.outbox).where(where)).one())


def keys(rows):
    return [row.key.removeprefix(f"{PROGRAM}/") for row in rows]
