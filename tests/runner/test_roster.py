"""The list off Slack reads again what changed and nothing else, and never shows what is over."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text, update

from bot.reports import out
from bot.scheduler import field
from protocol import events as e
from protocol.matter import next_deadline
from storage import audit, roster, tables
from tests.county import PROGRAM
from tests.protocol.world import JO, MAYA, SAM, plan


@pytest.fixture
async def jo_is_out(county):
    """Jo is out for half an hour, with nothing due yet."""
    await county.plans(JO, plan())
    await county.confirms(MAYA)
    county.clock.pass_time(30)
    await county.does(JO, lambda by: e.Arrive(county.clock.now(), by))
    return county


@pytest.fixture
def kept(jo_is_out):
    """The list as it is kept, with a count of how often rows were read for it."""

    class Kept(out.Roster):
        reads = 0

        async def words(self):
            statements = []

            def note(_conn, _cursor, statement, *_):
                statements.append(statement)

            engine = jo_is_out.ctx.database.engine
            event.listen(engine, "before_cursor_execute", note)
            said = "".join(await self.gathered(jo_is_out.ctx, jo_is_out.clock.now()))
            event.remove(engine, "before_cursor_execute", note)
            self.reads = sum("worker_name" in one for one in statements)
            return said.partition("\n\n")[2]

    return Kept()


async def test_what_did_not_change_is_not_read_again(jo_is_out, kept):
    first = await kept.words()
    assert kept.reads == 1
    assert "Jo" in first
    jo_is_out.clock.pass_time(1)
    assert await kept.words() == first
    assert kept.reads == 0


async def test_whoever_moved_is_read_again_and_whoever_is_back_is_not_listed(jo_is_out, kept):
    await kept.words()
    jo_is_out.clock.pass_time(1)
    await jo_is_out.does(JO, lambda by: e.CheckIn(jo_is_out.clock.now(), by))
    assert "Jo" in await kept.words()
    assert kept.reads == 1
    await jo_is_out.does(JO, lambda by: e.Leave(jo_is_out.clock.now(), by))
    await jo_is_out.does(JO, lambda by: e.Clear(jo_is_out.clock.now(), by))
    assert "Nobody is out." in await kept.words()


async def test_a_plan_whose_time_has_come_is_listed_though_nobody_touched_it(jo_is_out, kept):
    await jo_is_out.plans(SAM, plan(50), "m2")
    assert "Sam" not in await kept.words()
    jo_is_out.clock.pass_time(21)
    assert "Sam" in await kept.words()
    assert kept.reads == 1


async def test_a_name_that_a_program_file_changed_is_read_again(jo_is_out, kept):
    await kept.words()

    def applied(conn):
        conn.execute(update(tables.person).where(tables.person.c.id == JO).values(name="Jo Anne"))
        audit.append(
            conn,
            f"program/{PROGRAM}",
            program=PROGRAM,
            at=jo_is_out.clock.now(),
            actor=None,
            event="ProgramApplied",
            reason="applied",
            body={},
        )

    jo_is_out.ctx.database.run_sync(applied)
    assert "Jo Anne" in await kept.words()


async def test_a_clock_that_was_put_back_is_not_trusted(jo_is_out, kept):
    await kept.words()
    jo_is_out.clock.pass_time(-5)
    await kept.words()
    assert kept.reads == 1


async def test_the_list_says_what_the_whole_record_says(jo_is_out):
    matter = jo_is_out.matter()
    found = jo_is_out.ctx.database.run_sync(roster.seen, [matter.id])[matter.id]
    visit = matter.visit
    assert found.place == visit.stop.label
    assert found.since == visit.started_at
    assert found.due_at == next_deadline(matter)
    assert found.leaves_at is None


async def test_a_record_that_cannot_be_read_hides_nobody(jo_is_out, kept):
    if jo_is_out.ctx.database.dialect != "sqlite":
        pytest.skip("PostgreSQL stores no damaged JSON")
    await jo_is_out.plans(SAM, plan(30), "m2")
    damage = text("UPDATE visit SET body = '{' WHERE matter_id = 'm1'")
    jo_is_out.ctx.database.run_sync(lambda conn: conn.execute(damage))
    said = await kept.words()
    assert "Sam" in said
    assert "the record m1 cannot be read" in said


async def test_the_names_alone_are_those_of_the_whole_field(jo_is_out):
    await jo_is_out.plans(SAM, plan(), "m2")
    run, now = jo_is_out.ctx.database.run_sync, jo_is_out.clock.now() + timedelta(hours=1)
    whole = run(field.field, PROGRAM, now)
    assert run(field.names, PROGRAM, now) == whole.names
    assert len(whole.names) == 2


async def test_of_many_the_first_are_named_and_the_rest_counted(jo_is_out, monkeypatch):
    monkeypatch.setattr(field, "NAMED", 1)
    await jo_is_out.plans(SAM, plan(), "m2")
    run, now = jo_is_out.ctx.database.run_sync, jo_is_out.clock.now() + timedelta(hours=1)
    assert run(field.names, PROGRAM, now) == run(field.field, PROGRAM, now).names
    assert run(field.names, PROGRAM, now)[-1] == "+1"
    assert run(field.names, "elsewhere", now) == ()


def test_people_are_counted_by_an_index(county):
    """A question of what is open reads no closed visit, and none of the large rows."""

    def planned(conn):
        asked = field._out(PROGRAM, county.clock.now()).compile(
            conn, compile_kwargs={"literal_binds": True}
        )
        if conn.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL enable_seqscan = off"))
            return conn.execute(text(f"EXPLAIN {asked}")).all()
        return conn.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()

    assert "visit_open_by_program" in str(county.ctx.database.run_sync(planned))


def test_who_is_watched_is_found_by_an_index(county):
    def planned(conn):
        if conn.dialect.name == "postgresql":
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        how = "EXPLAIN" if conn.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        marks = roster._MARKS.compile(conn, compile_kwargs={"literal_binds": True})
        return conn.execute(text(f"{how} {str(marks).replace(':', chr(92) + ':')}")).all()

    assert "matter_active_by_program" in str(county.ctx.database.run_sync(planned))
