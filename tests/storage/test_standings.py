"""Standing plans as rows: read as they were written, and never taken for something else."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from protocol import standing as rules
from protocol.ids import MatterId, ProgramId
from protocol.matter import blank
from protocol.plan import Transport
from protocol.rating import Factor
from protocol.standing import Standing, StandingState, Why
from storage import standing_tables, standings, tables
from storage.codec import DamagedError, UnknownSchemaError
from tests.county import PROGRAM, County
from tests.protocol.world import JO, MAYA, NOON, ROSA, SAM, minutes, plan

GOLDEN = Path(__file__).parent / "golden" / "v1" / "Standing.json"
_ROWS = standing_tables.standing


@pytest.fixture
def database(ready_database_url):
    county = County.on(ready_database_url)
    yield county.ctx.database
    county.ctx.database.dispose()


def everything():
    """One in which no part is as it is by default."""
    like = plan(
        partner=SAM,
        backup=ROSA,
        transport=Transport.BUS,
        factors=frozenset({Factor.POLICE_PRESENT, Factor.ISOLATED}),
    )
    asked = rules.ask("s1", blank(MatterId(""), PROGRAM, JO), like, (1, 3), 14, NOON)
    assert isinstance(asked, Standing)
    return replace(
        asked,
        state=StandingState.ACTIVE,
        approver=MAYA,
        confirmed_at=NOON + minutes(1),
        until_at=NOON + minutes(14 * 24 * 60),
        every=minutes(30),
        next_no=3,
        next_at=NOON + minutes(60),
        told_at=NOON + minutes(2),
    )


def stored(database, one):
    assert database.run_sync(standings.add, one, JO, NOON)
    return database.run_sync(standings.look, one.id)


def test_what_was_written_is_read_with_every_part(database):
    one = everything()
    assert stored(database, one) == one
    over = rules.ended(one, Why.NO_COVER, NOON + minutes(5))
    database.run_sync(standings.save, over, None, NOON, "StandingEnded")
    assert database.run_sync(standings.look, "s1") == over
    plain = {part.name for part in fields(Standing)}
    assert plain == set(json.loads(GOLDEN.read_text())), "a new part needs a new schema"


def test_what_an_earlier_belay_wrote_is_read(database):
    stored(database, everything())
    body = json.loads(GOLDEN.read_text())
    database.run_sync(lambda conn: conn.execute(update(_ROWS).values(body=body)))
    assert database.run_sync(standings.look, "s1") == everything()


def test_the_same_one_asked_for_twice_is_one(database):
    stored(database, everything())
    assert not database.run_sync(standings.add, everything(), JO, NOON)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"body": {}}, DamagedError),
        ({"due_at": NOON, "attempt_at": NOON}, DamagedError),
        ({"body_schema": 2}, UnknownSchemaError),
    ],
)
def test_a_row_that_is_not_what_it_says_is_not_read_and_keeps_no_other_from_being_shown(
    database, values, fault
):
    stored(database, everything())
    other = replace(everything(), id="s2")
    stored(database, other)
    database.run_sync(
        lambda conn: conn.execute(update(_ROWS).where(_ROWS.c.id == "s1").values(**values))
    )
    with pytest.raises(fault):
        database.run_sync(standings.look, "s1")
    assert database.run_sync(standings.open_ones, JO, [PROGRAM]) == [other]


def test_a_person_sees_their_own_and_an_approver_those_of_their_programs(database):
    one = stored(database, everything())
    assert database.run_sync(standings.open_ones, JO, []) == [one]
    assert database.run_sync(standings.open_ones, ROSA, [PROGRAM]) == [one]
    assert database.run_sync(standings.open_ones, ROSA, []) == []
    assert database.run_sync(standings.open_ones, ROSA, [ProgramId("other")]) == []


def test_each_change_is_a_line_of_its_history_without_anything_typed(database):
    one = stored(database, everything())
    database.run_sync(standings.save, rules.passed(one), None, NOON, "StandingVisitMade")
    lines = database.run_sync(
        lambda conn: (
            conn.execute(
                select(tables.audit_line.c.event).where(tables.audit_line.c.chain == "standing/s1")
            )
            .scalars()
            .all()
        )
    )
    assert lines == ["StandingAsked", "StandingVisitMade"]


def test_a_visit_has_the_id_of_its_place_in_the_row():
    assert standings.matter_of("s1", 1) == standings.matter_of("s1", 1)
    assert len({standings.matter_of(which, no) for which in ("s1", "s2") for no in (1, 2)}) == 4
