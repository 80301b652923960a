"""Never 11: a worker who is already there is refused a clock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update

from protocol.ids import PersonId, ProgramId
from protocol.rating import FlagKind
from protocol.records import VisitState
from storage import matters, places, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.harness import CARD
from tests.never.life import answers
from tests.protocol.world import POLICY
from tests.scenarios.backstage import FILE, KEY, NOON

THERE = {"I'm already there: watch me": ["I'm already there: watch me"]}
UNLISTED = "A place not on the list"
Change = Callable[[Connection], None]
OFFER = "Tick I'm already there: watch me."
PROGRAM = ProgramId(FILE.program.id)
SHELTER = places.place_id(PROGRAM, "main-st-shelter")


def no_training(conn):
    conn.execute(update(tables.person).values(trained_until=None))


def no_cover(conn):
    conn.execute(delete(tables.duty))


def place_gone(conn):
    conn.execute(update(tables.place).values(retired_at=NOON))


def no_entry(conn):
    places.raise_flag(
        conn,
        Sealer.from_text(KEY),
        POLICY,
        flag_id="flag-1",
        program=PROGRAM,
        place=SHELTER,
        kind=FlagKind.NO_ENTRY,
        author=PersonId("lin"),
        at=NOON - timedelta(hours=1),
    )


# What is typed, and what became of the county meanwhile; then what the form says.
RULES: dict[str, tuple[dict[str, Any], Change | None, str]] = {
    "start in the past": ({"When?": "12:00"}, None, "start time has passed"),
    "too far ahead": ({"When?": "2027-03-01 13:15"}, None, "too far ahead"),
    "active violence": (
        {"What do you know about the place?": ["Violence going on now"]},
        None,
        "active violence",
    ),
    "no entry": ({}, no_entry, "marked no entry"),
    "high and alone": (
        {"What do you know about the place?": ["Weapons"]},
        None,
        "a partner or a backup",
    ),
    "drives somebody alone": ({"Also": ["I drive somebody, alone"]}, None, "drives a person alone"),
    "carries cash": ({"Also": ["I carry cash"]}, None, "No cash"),
    "no training": ({}, no_training, "field safety training"),
    "the place is gone": ({}, place_gone, "no longer on the list"),
}
TYPING: dict[str, dict[str, Any]] = {
    "two places": {"What do you call it?": "Home 17"},
    "no place": {"Where?": None},
    "an identifier in the place": {"What do you call it?": "1724 Alder Court", "Where?": UNLISTED},
    "an identifier in the note": {"Sealed note": "call 555-867-5309"},
}


@pytest.mark.parametrize("rule", RULES)
async def test_whatever_rule_stops_the_plan_one_tick_starts_the_clock(whole_county, rule):
    typed, change, words = RULES[rule]
    async with whole_county() as c:
        await c.jo.commands("/visit")
        await c.jo.presses_in_form("More details")
        if change is not None:
            written(c, change)
        refused = await c.jo.submits(answers(**typed))
        [sentence] = refused["errors"].values()
        assert words in sentence
        assert sentence.endswith(OFFER)
        assert read(c) == []
        await is_watched(c)


@pytest.mark.parametrize("how", TYPING)
async def test_whatever_was_typed_one_tick_starts_the_clock(whole_county, how):
    typed = {k: v for k, v in answers(**TYPING[how]).items() if v is not None}
    async with whole_county() as c:
        await c.jo.commands("/visit")
        await c.jo.presses_in_form("More details")
        if name := typed.get("What do you call it?"):
            await c.jo.fills({"Where?": UNLISTED})
            await c.jo.fills({"What do you call it?": name})
        assert (await c.jo.submits(typed))["errors"]
        await is_watched(c)


async def test_the_short_form_is_taken_with_nothing_in_it_and_everything_against_it(whole_county):
    async with whole_county() as c:
        for change in (no_training, no_cover, no_entry, place_gone):
            written(c, change)
        await c.jo.commands("/visit here")
        assert (await c.jo.submits({}))["errors"] == {}
        await finish(c)


async def is_watched(c):
    """The same form, with what was typed still in it, and one tick."""
    assert (await c.jo.submits(THERE))["errors"] == {}
    await finish(c)


async def finish(c):
    [matter] = read(c)
    assert matter.visit.state is VisitState.UNDERWAY
    assert matter.visit.started_at is not None
    assert matter.visit.due_at is not None
    await c.jo.expects_dm(CARD, "[OK]", "[Leaving]", "[Help: call me]")
    await c.inbox.look()
    c.inbox.left.clear()


def written(c, change):
    database = Database.open(c.database_url, threads=1)
    database.run_sync(change)
    database.dispose()


def read(c):
    database, sealer = Database.open(c.database_url, threads=1), Sealer.from_text(KEY)

    def all_of(conn):
        return list(matters.load_many(conn, sealer, matters.open_matters(conn)).values())

    found = database.run_sync(all_of)
    database.dispose()
    return found
