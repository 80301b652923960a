"""This takes what earlier releases left in the middle, and goes on from there to every end.

The files are made by the release's own code (`make.py`): somebody is out, somebody was missed and
the page was not yet sent, a call for help is held, a plan waits for an answer.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.request import OfMatter
from protocol import events as e
from protocol.ids import MatterId
from protocol.records import Accounted, Finding
from storage import matters, schema, tables, verification
from storage.database import Database
from storage.sealing import Sealer
from tests import databases
from tests.county import KEY, TRANSPORT
from tests.protocol.world import LIN, MAYA, NOON, ROSA
from tests.scheduler.shift import FakeSlack, Shift
from tests.upgrade.make import HELP, MISSED, OUT, WAITS
from tests.virtual_time import VirtualClock, run

FOLDER = Path(__file__).parent
# Stopped after about 45 minutes; the upgrade takes so long that deadlines pass meanwhile.
STOPPED = timedelta(minutes=45)
DOWN = timedelta(minutes=75)
MINUTE = 60


@pytest.fixture(params=[("postgresql", "0001"), ("sqlite", "0007")])
def left(request, tmp_path, postgres_home):
    """This is what an earlier release left, brought to the present schema."""
    engine, revision = request.param
    with databases.fresh(engine, tmp_path, postgres_home) as url:
        schema.upgrade(url, revision)
        database = Database.open(url, threads=1)
        database.run_sync(fill, revision)
        before = database.run_sync(open_matters)
        schema.upgrade(url)
        try:
            yield before, database
        finally:
            database.dispose()


def fill(conn, revision):
    for line in (FOLDER / f"{revision}.sql").read_text(encoding="utf-8").splitlines():
        conn.exec_driver_sql(line.replace("%", "%%") if conn.dialect.name != "sqlite" else line)
    if conn.dialect.name == "postgresql":
        # The rows brought their numbers along; the next ones come after.
        for table in ("duty", "message", "outbox"):
            newest = f"(SELECT max(id) FROM {table})"
            conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest})"))


def open_matters(conn):
    return set(conn.execute(text("SELECT id FROM matter WHERE closed_at IS NULL")).scalars())


def at_present(database):
    clock = VirtualClock(TRANSPORT + STOPPED + DOWN, NOON + STOPPED + DOWN)
    return Shift(database, FakeSlack(), clock)


def test_every_visit_goes_on_to_its_end(left):
    before, database = left
    assert before == {OUT, MISSED, HELP, WAITS}
    assert matter(database, OUT).visit.plan.note == "blue door"
    assert ROSA in matter(database, HELP).open_escalation.paged
    unsent = database.run_sync(unsent_pages)
    shift = at_present(database)
    county = shift.county

    async def goes_on():
        rungs = {one: rung(county, one) for one in (MISSED, HELP)}
        # The county's own numbering would meet keys that the release before has recorded.
        county.deliveries = 100
        await shift.works(MINUTE)
        # What was decided and not said is said, and what came due meanwhile is decided.
        assert unsent <= set(shift.slack.keys)
        assert rung(county, MISSED) > rungs[MISSED]
        assert any(f"/{OUT}/" in key for key in shift.slack.keys)
        assert shift.slack.twice == {}
        await accounted(shift, MISSED)
        await accounted(shift, HELP)
        # Whoever was out has said nothing since: within forty minutes they are looked for, too.
        shift.clock.move(rate=40.0)
        await shift.works(MINUTE)
        assert county.matter(OUT).open_escalation is not None
        for which in (OUT, WAITS):
            await ends(shift, which)
        await shift.works(MINUTE)

    run(goes_on())
    for one in before:
        assert matter(database, one).is_active is False, one
    assert database.run_sync(verification.verify, {}).ok
    rows = database.run_sync(lambda conn: conn.execute(tables.outbox.select()).all())
    assert {row.outcome for row in rows} <= {"sent", "void", "undeliverable"}


async def accounted(shift, which):
    """Somebody takes it, hears from the worker and says so; another confirms if need be."""
    target = OfMatter(which)

    async def says(who, event):
        await shift.county.does(who, lambda by: event(shift.clock.now(), by), target)

    await says(MAYA, e.Acknowledge)
    climb = shift.county.matter(which).open_escalation
    spoken = (climb.mark, Accounted.SPOKEN, Finding.LATE)
    await says(MAYA, lambda at, by: e.Close(at, by, *spoken))
    if (climb := shift.county.matter(which).open_escalation) is not None:
        await says(LIN, lambda at, by: e.ConfirmClosing(at, by, climb.mark))


async def ends(shift, which):
    """Whoever is looked for is accounted for; a plan that waits is called off."""
    if shift.county.matter(which).open_escalation is not None:
        await accounted(shift, which)
    found = shift.county.matter(which)
    if found.is_active:
        now = shift.clock.now()
        await shift.county.does(found.worker, lambda by: e.CallOff(now, by), OfMatter(which))


def rung(county, which):
    found = county.matter(which).open_escalation
    return (found.cycle, found.rung)


def matter(database, which):
    return database.run_sync(lambda conn: matters.load(conn, Sealer([KEY]), MatterId(which)))


def unsent_pages(conn):
    rows = conn.execute(
        text("SELECT key FROM outbox WHERE attempt_at IS NOT NULL AND kind = 'Page'")
    )
    return set(rows.scalars())
