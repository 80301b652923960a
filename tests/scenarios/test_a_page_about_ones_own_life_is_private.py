"""What is about a worker's own life goes to whom they chose, and leaves no trace elsewhere."""

from sqlalchemy import create_engine, text

from tests.harness import UPDATE
from tests.scenarios import rows

TITLE = "You used again"
CHOSEN = {"Whom do you want to tell?": "Peer supervisor", "What did you see or hear?": "I slipped"}


async def everything_stored(c):
    """This is every column of every table as text, as somebody who reads the database has it."""
    engine = create_engine(c.database_url)
    try:
        with engine.connect() as conn:
            tables = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
            names = [name for (name,) in tables]
            return str([conn.execute(text(f'SELECT * FROM "{name}"')).all() for name in names])
    finally:
        engine.dispose()


async def test_only_whom_the_worker_chose_is_reached_and_nothing_is_left_behind(
    county, monkeypatch
):
    rows.shows(monkeypatch, rows.OWN_LIFE)
    async with county() as c:
        await c.jo.commands("/page")
        assert (await c.jo.submits({}))["errors"], "whom to tell is asked for"
        said = await c.jo.submits(CHOSEN)
        assert said["errors"] == {}
        await c.jo.expects_dm(UPDATE, "Paged.", TITLE)
        page = await c.maya.expects_page("Private.", TITLE, "I slipped")
        assert "Hand over" not in page.whole
        for room in (c.clinical, c.field_safety, c.incidents):
            await room.expects_nothing()

        stored = await everything_stored(c)
        for trace in (TITLE, "own_return_to_use", "I slipped"):
            assert trace not in stored
        assert TITLE not in str((await c.rosa.does("home"))["home"])
        assert TITLE not in str((await c.jo.does("home"))["home"])

        await c.maya.presses("I have it")
        await c.jo.expects_dm(UPDATE, "Maya Okafor has seen this.")
        await c.clock.forward(minutes=20)


async def test_nobody_else_is_paged_where_whom_they_chose_is_silent(county, monkeypatch):
    rows.shows(monkeypatch, rows.OWN_LIFE)
    async with county() as c:
        await c.jo.commands("/page")
        await c.jo.submits(CHOSEN)
        await c.jo.expects_dm(UPDATE, "Paged.", TITLE)
        await c.maya.expects_page(TITLE)
        await c.clock.forward(minutes=60)
        await c.maya.expects_page(TITLE)
        await c.jo.expects_dm(UPDATE, "Nobody whom you chose has answered yet.", "[Page them now]")
        # Theirs to take back at any time.
        await c.jo.presses("Sorted")
        await c.maya.expects_dm("Sorted. Jo Alvarez closed it")


async def test_danger_now_reaches_whoever_is_on_call_and_no_channel(county, monkeypatch):
    rows.shows(monkeypatch, rows.OWN_LIFE)
    async with county() as c:
        await c.jo.commands("/page")
        said = await c.jo.submits(
            {"Are you in danger?": ["I am in danger now: reach whoever is on call"]}
        )
        assert said["errors"] == {}
        await c.jo.expects_dm(UPDATE, "Paged.", TITLE)
        for one in (c.rosa, c.theo, c.maya, c.lin, c.ines):
            await one.expects_page("Private.", TITLE)
        await c.clinical.expects_nothing()
