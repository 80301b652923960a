"""What standing plans owe: made a day ahead, once, whoever is there; ended by whatever is new."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.handlers.standing import confirm, end, skip
from bot.request import OfMatter
from bot.runner import Write
from bot.scheduler import is_quiet
from bot.scheduler.standing import StandingPlans, do_next
from bot.slack.modals.standing import Confirming, Tapped
from protocol import events as e
from protocol import standing as rules
from protocol.ids import MatterId
from protocol.matter import blank
from protocol.rating import Factor, FlagKind
from protocol.records import Approval, VisitState
from protocol.standing import Standing, StandingState, Why
from storage import flags, matters, standing_tables, standings, tables
from storage.standing_tables import standing_visit
from tests.county import PROGRAM, County, slack_id
from tests.protocol.world import JO, MAYA, NOON, POLICY, ROSA, SAM, SHELTER, minutes, plan

DAY = timedelta(days=1)
FIRST = NOON + minutes(60)  # Tuesday, March 10, 1 PM
EVERY_DAY = tuple(range(7))


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    yield made
    made.ctx.database.dispose()


def on(county, work, *args):
    return county.ctx.database.run_sync(work, Write.of(county.ctx), *args)


def stored(county, weekdays=EVERY_DAY, days=30, **more):
    """A standing plan that Jo asked for."""
    like = plan(**more)
    found = rules.ask("s1", blank(MatterId(""), PROGRAM, JO), like, weekdays, days, NOON)
    assert isinstance(found, Standing)
    on(county, lambda conn, _write: standings.add(conn, found, JO, NOON))
    return found


def stands(county, by=ROSA, days=30, **more):
    """The same, confirmed."""
    stored(county, days=days, **more)
    assert on(county, confirm, Confirming(slack_id(by), "s1", days, None)) is None
    return now(county)


def now(county):
    return county.ctx.database.run_sync(standings.look, "s1")


def made(county):
    """The visits, as their state, approval and start."""
    ids = county.ctx.database.run_sync(standings.visits, "s1")
    found = county.ctx.database.run_sync(matters.load_many, county.ctx.sealer, ids)
    visits = [found[which].visit for which in ids]
    return [(one.state, one.approval, one.plan.start_at) for one in visits]


async def works(county, *, at):
    """Everything that is due by then, one thing in each turn."""
    county.clock.at = at
    loop = StandingPlans(county.ctx)
    turns = 0
    while await loop.work():
        turns += 1
        assert turns < 60
    return turns


def told(county, said):
    return sorted(row.to_person for row in county.rows("outbox") if row.body.get("said") == said)


CONFIRMED = (VisitState.CONFIRMED, Approval.CONFIRMED)


async def test_a_visit_is_made_a_day_ahead_and_not_before(county):
    stands(county)
    assert now(county).next_at == FIRST
    await works(county, at=FIRST - DAY - minutes(1))
    assert made(county) == []
    await works(county, at=FIRST)
    assert made(county) == [(*CONFIRMED, FIRST), (*CONFIRMED, FIRST + DAY)]
    assert now(county).next_at == FIRST + 2 * DAY


async def test_each_visit_has_the_same_hour_on_the_clock_through_a_change_of_it(county):
    # The clocks change in the night to Sunday, November 1.
    before = datetime(2026, 10, 30, 19, 0, tzinfo=UTC)
    county.clock.at = before
    stored(county)
    far = {"until_at": before + 60 * DAY}
    county.ctx.database.run_sync(lambda conn: conn.execute(update(tables.duty).values(**far)))
    on(county, confirm, Confirming(slack_id(ROSA), "s1", 30, None))
    for day in range(4):
        await works(county, at=before + day * DAY)
    starts = [start for _state, _approval, start in made(county)]
    assert [start.hour for start in starts] == [20, 20, 21, 21], "1 PM there, in UTC"
    assert len({start.date() for start in starts}) == len(starts)


async def test_whoever_looks_and_however_often_each_visit_is_made_once(county):
    stands(county)
    await works(county, at=FIRST)
    one = now(county)
    # As if the step had not been recorded: the visit has the id of its place in the row.
    on(
        county,
        lambda conn, _w: standings.save(
            conn, replace(one, next_no=1, next_at=FIRST), None, NOON, "Test"
        ),
    )
    await works(county, at=FIRST)
    assert made(county) == [(*CONFIRMED, FIRST), (*CONFIRMED, FIRST + DAY)]
    assert len(county.rows("visit")) == 2


async def test_two_that_look_at_the_same_moment_make_each_visit_once(county):
    stands(county)
    county.clock.at = FIRST - DAY
    both = [StandingPlans(county.ctx).work() for _ in range(2)]
    assert sum(await asyncio.gather(*both)) >= 1
    assert made(county) == [(*CONFIRMED, FIRST)]
    assert now(county).next_no == 2


@pytest.mark.parametrize("called_off", [False, True])
async def test_a_visit_that_its_worker_has_at_that_time_is_not_made_again(county, called_off):
    await county.plans(JO, plan(), "m1")
    if called_off:
        await county.does(JO, lambda by: e.CallOff(NOON, by), OfMatter(MatterId("m1")))
    stands(county)
    await works(county, at=FIRST)
    assert made(county) == [(*CONFIRMED, FIRST + DAY)]
    assert len(county.rows("visit")) == 2


async def test_a_standing_plan_that_follows_another_makes_no_visit_twice(county):
    stands(county)
    following = replace(now(county), id="s2")
    on(county, lambda conn, _w: standings.add(conn, following, JO, NOON))
    await works(county, at=FIRST)
    starts = [row.start_at for row in county.rows("visit")]
    assert sorted(starts) == [FIRST, FIRST + DAY]


async def test_whoever_is_killed_before_the_commit_has_made_nothing_and_the_next_makes_it(county):
    stands(county)
    county.clock.at = FIRST - DAY

    class Killed(BaseException):
        pass

    def dies(conn, write):
        do_next(conn, write)
        raise Killed

    with pytest.raises(Killed):
        on(county, dies)
    assert made(county) == []
    await works(county, at=FIRST - DAY)
    assert made(county) == [(*CONFIRMED, FIRST)]


def flag(county, at, kind=FlagKind.CONCERN):
    county.ctx.database.run_sync(
        lambda conn: flags.raise_one(
            conn,
            county.ctx.sealer,
            POLICY,
            flag_id="f1",
            program=PROGRAM,
            place=SHELTER.id,
            kind=kind,
            author=SAM,
            at=at,
        )
    )


@pytest.mark.parametrize(
    ("kind", "why", "visits"),
    [(FlagKind.CONCERN, Why.NEW_FLAG, 2), (FlagKind.NO_ENTRY, Why.RULE, 1)],
)
async def test_a_new_flag_ends_it_and_both_are_told(county, kind, why, visits):
    stands(county)
    await works(county, at=NOON)
    assert len(made(county)) == 1
    flag(county, NOON + minutes(5), kind)
    await works(county, at=FIRST)
    assert (now(county).state, now(county).why) == (StandingState.ENDED, why)
    assert len(made(county)) == visits
    for state, approval, _start in made(county)[1:]:
        assert (state, approval) == (VisitState.PLANNED, Approval.ASKED)
    assert told(county, "standing_ended") == ["jo", "rosa"]
    await works(county, at=FIRST + 10 * DAY)
    assert len(made(county)) == visits


async def test_a_gap_in_cover_ends_it(county):
    stands(county)
    await works(county, at=NOON)
    gap = FIRST + DAY + minutes(30)
    county.ctx.database.run_sync(
        lambda conn: conn.execute(update(tables.duty).values(until_at=gap))
    )
    await works(county, at=FIRST)
    assert now(county).why is Why.NO_COVER
    assert made(county)[1][:2] == (VisitState.PLANNED, Approval.ASKED)


@pytest.mark.parametrize(
    ("who", "why", "visits"), [(JO, Why.PERSON_GONE, 1), (ROSA, Why.APPROVER_GONE, 2)]
)
async def test_whoever_left_ends_it(county, who, why, visits):
    stands(county)
    await works(county, at=NOON)
    grant = tables.role_grant
    county.ctx.database.run_sync(
        lambda conn: conn.execute(delete(grant).where(grant.c.person_id == who))
    )
    await works(county, at=FIRST)
    assert now(county).why is why
    assert len(made(county)) == visits


async def test_a_factor_that_a_visit_turned_out_to_have_ends_it(county):
    stands(county)
    await works(county, at=NOON)
    (which,) = county.ctx.database.run_sync(standings.visits, "s1")
    changed = plan(factors=frozenset({Factor.POLICE_PRESENT}))
    await county.does(JO, lambda by: e.RevisePlan(NOON, by, changed), OfMatter(which))
    await works(county, at=FIRST)
    assert now(county).why is Why.NEW_FACTOR


async def test_a_visit_that_could_not_be_made_in_time_is_said_and_the_next_is_made(county):
    stands(county)
    await works(county, at=FIRST + DAY)
    assert [start for *_rest, start in made(county)] == [FIRST + DAY, FIRST + 2 * DAY]
    assert told(county, "standing_not_made") == ["jo", "rosa"]


async def test_a_visit_that_is_under_way_when_it_is_made_late_is_watched(county):
    stands(county)
    await works(county, at=FIRST + minutes(20))
    assert next(start for *_rest, start in made(county)) == FIRST


async def test_both_hear_that_it_ends_and_then_it_ends(county):
    stands(county, days=7)
    for day in range(3):
        await works(county, at=NOON + day * DAY)
    assert told(county, "standing_ends_soon") == []
    await works(county, at=NOON + 4 * DAY)
    assert told(county, "standing_ends_soon") == ["jo", "rosa"]
    await works(county, at=NOON + 7 * DAY)
    assert now(county).why is Why.EXPIRED
    assert told(county, "standing_ended") == ["jo", "rosa"]
    assert all(start < NOON + 7 * DAY for *_rest, start in made(county))


async def test_what_nobody_answers_lapses(county):
    stored(county)
    await works(county, at=NOON + 3 * DAY)
    assert now(county).why is Why.UNANSWERED
    assert told(county, "standing_ended") == ["jo"]


async def test_one_that_cannot_be_done_stops_no_other_and_ends_with_a_word(county):
    stands(county)
    other = replace(now(county), id="s2")
    on(county, lambda conn, _w: standings.add(conn, other, JO, NOON))
    rows = standing_tables.standing
    county.ctx.database.run_sync(
        lambda conn: conn.execute(update(rows).where(rows.c.id == "s2").values(body={}))
    )
    await works(county, at=FIRST - DAY)
    assert made(county) == [(*CONFIRMED, FIRST)], "the other one is made at once"
    for tries in range(5):
        await works(county, at=FIRST - DAY + timedelta(hours=2 * tries))
    damaged = next(row for row in county.rows("standing") if row.id == "s2")
    assert (damaged.state, damaged.why, damaged.attempt_at) == ("ended", "fault", None)
    assert told(county, "standing_ended") == ["jo", "rosa"]


async def test_the_peer_skips_one_and_the_approver_ends_it(county):
    stands(county)
    on(county, skip, Tapped("k1", slack_id(JO), "s1", 1))
    on(county, skip, Tapped("k1", slack_id(JO), "s1", 1))
    assert now(county).next_at == FIRST + DAY
    on(county, skip, Tapped("k2", slack_id(SAM), "s1", 2))
    assert now(county).next_no == 2, "only who is on it skips"
    on(county, end, Tapped("k3", slack_id(SAM), "s1", 0))
    assert now(county).state is StandingState.ACTIVE
    on(county, end, Tapped("k4", slack_id(MAYA), "s1", 0))
    assert now(county).why is Why.BY_APPROVER
    assert told(county, "standing_ended") == ["jo", "rosa"]


async def test_nobody_confirms_their_own_and_a_second_yes_is_one(county):
    stored(county)
    assert on(county, confirm, Confirming(slack_id(JO), "s1", 30, None)) is not None
    assert on(county, confirm, Confirming(slack_id(ROSA), "s1", 30, None)) is None
    assert on(county, confirm, Confirming(slack_id(ROSA), "s1", 30, None)) is None
    assert on(county, confirm, Confirming(slack_id(MAYA), "s1", 30, None)) is not None
    assert told(county, "standing_confirmed") == ["jo"]


async def test_a_no_to_what_waits_ends_nothing_that_was_confirmed_meanwhile(county):
    stands(county)
    on(county, end, Tapped("k1", slack_id(MAYA), "s1", declines=True))
    assert now(county).state is StandingState.ACTIVE


async def test_a_clock_that_leaps_stops_where_a_visit_is_to_be_made(county):
    stands(county)
    await works(county, at=FIRST - DAY)
    _quiet, wake = county.ctx.database.run_sync(is_quiet, county.clock.at, county.clock.transported)
    assert wake is not None
    assert wake <= FIRST


async def test_what_was_skipped_and_made_stands_in_the_rows(county):
    stands(county)
    on(county, skip, Tapped("k1", slack_id(JO), "s1", 1))
    await works(county, at=FIRST)
    rows = county.ctx.database.run_sync(
        lambda conn: conn.execute(select(standing_visit).order_by(standing_visit.c.no)).all()
    )
    assert [(row.no, row.matter_id is None) for row in rows] == [(1, True), (2, False)]
