"""Never 9: an identity, a duress phrase or a sealed note is in a log, error, metric or export."""

from pathlib import Path

from prometheus_client import generate_latest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot import observe
from bot.reports import out
from bot.scheduler.sweep import Sweep
from storage import matters, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.never.life import answers, everything, listening, log_lines
from tests.protocol.world import JO, plan
from tests.scenarios.backstage import DURESS_PHRASE, KEY

CLIENT = "Marcus Bellweather"
NOTE = f"{CLIENT} keeps the spare key under the third flowerpot"
TYPED = f"ok {DURESS_PHRASE}, {CLIENT} says hello"
STRANGE = f"{CLIENT} left his jacket with me"
# Anything of these, however it is cut, is too much.
PLANTED = (CLIENT, "Bellweather", "flowerpot", DURESS_PHRASE, "jacket with me")


def found_in(text):
    return [planted for planted in PLANTED if planted.casefold() in text.casefold()]


async def a_visit_that_is_missed(c):
    """With a note, words typed to Belay, and duress; then silence, until everybody was paged."""
    await c.jo.commands("/visit")
    await c.jo.presses_in_form("More details")
    typed = answers(**{"Sealed note": NOTE})
    refused = await c.jo.submits({**typed, "Sealed note": f"{NOTE}, call 555-867-5309"})
    assert refused["errors"]
    assert not found_in(str(refused["errors"]))
    assert (await c.jo.submits(typed))["errors"] == {}
    await c.rosa.presses("Confirm plan")
    await c.rosa.submits({"Check in every": "30 min"})
    await c.clock.forward(minutes=15)
    await c.jo.presses("I'm here")
    await c.jo.writes(TYPED)
    await c.jo.writes(STRANGE)
    said = await c.jo.commands(f"/checkin {TYPED}")
    assert not found_in(str(said["answer"]))
    await c.clock.forward(minutes=120)


async def test_what_was_planted_is_nowhere_but_sealed(whole_county):
    async with whole_county() as c:
        with listening() as stream:
            await a_visit_that_is_missed(c)
            said = [news.whole for news in await everything(c)]
            database = Database.open(c.database_url, threads=1)
            now = await c.clock.now()
            listed = out.text(database.run_sync(out.read, now), now)
            rows = stored(database)
            kept = opened_note(database)
            database.dispose()
        logged, metrics = stream.getvalue(), generate_latest(observe.registry).decode()
        file = Path(make_url(c.database_url).database or "")
        beside = [file, *file.parent.glob(f"{file.name}-*"), *file.parent.glob("belay-out*")]
        bytes_of = {path.name: path.read_bytes() for path in beside if path.exists()}
    assert kept == NOTE, "it was there to be found"
    assert len(said) > 20
    assert log_lines(stream)
    assert not [line for line in log_lines(stream) if line["level"] in ("error", "critical")]
    assert "Jo Alvarez" in listed
    for words in (*said, logged, metrics, listed, rows):
        assert not found_in(words)
    assert file.name in bytes_of
    for name, content in bytes_of.items():
        assert not [one for one in PLANTED if one.encode() in content], name


def opened_note(database):
    """The note, as somebody reads it who has the key."""
    sealer = Sealer.from_text(KEY)

    def read(conn):
        [first, *_] = conn.execute(select(tables.visit.c.matter_id)).scalars().all()
        return matters.load(conn, sealer, first).visit.plan.note

    return database.run_sync(read)


def stored(database):
    """Every row of every table, as text."""
    return "\n".join(
        str(tuple(row))
        for table in tables.metadata.sorted_tables
        for row in database.run_sync(lambda conn, t=table: conn.execute(t.select()).all())
    )


async def test_a_fault_in_the_middle_quotes_nothing(office):
    with listening() as stream:
        await office.plans(JO, plan(note=NOTE))
        office.ctx.database.run_sync(
            lambda conn: conn.execute(
                tables.visit.update().values(body={"plan": {"note": NOTE, "stops": CLIENT}})
            )
        )
        office.clock.pass_time(600)
        for _ in range(5):
            await Sweep(office.ctx).work()
            office.clock.pass_time(2)
    lines = log_lines(stream)
    assert [line for line in lines if line["level"] == "error"]
    assert not found_in(stream.getvalue())
