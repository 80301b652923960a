"""Never 5: a failed send counts as sent; a late deadline is skipped; one bad record stops all."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.scheduler.deliver import Deliver
from bot.scheduler.post import Poster
from bot.scheduler.sweep import Sweep
from bot.slack.audience import Why
from bot.slack.send import RetryAfter, Sent, Undeliverable, Unknown
from protocol import events as e
from protocol.ids import MatterId
from storage import deadlines, tables
from tests.never.life import M1, PAGES, acts, calls_help, leaps, pages, sweeps
from tests.protocol.world import JO, ROSA, SAM, plan

M2 = MatterId("m2")


RETRY = timedelta(minutes=10)
FAILURES = {
    "no answer": Unknown("timeout"),
    "too many": RetryAfter(30, "ratelimited", limited=True),
    "not now": RetryAfter(5, "internal_error"),
    "a fault of ours": ValueError("broken"),
}


@dataclass
class FakeSlack:
    """This answers every post as it is told to, and has nothing when it is looked up."""

    will: object
    posts: list = field(default_factory=list)

    async def direct(self, user, now):
        return f"D{user}"

    async def post(self, place, message, key):
        self.posts.append(key)
        if isinstance(self.will, Exception):
            raise self.will
        return self.will or Sent(place.channel, f"{len(self.posts)}.0")

    async def update(self, channel, ts, message):
        return Sent(channel, ts)

    async def find(self, place, key, since):
        return None


class Open:
    """Every channel may be posted to."""

    def verdict(self, channel, avoid=frozenset()):
        return Why.ALLOWED


async def delivers(c, slack, turns=1):
    """Let delivery turn; between turns what is to be tried again comes due."""
    deliver = Deliver(c.ctx, Poster(slack, c.clock), Open())
    for _ in range(turns):
        while await deliver.work():
            await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})
        c.clock.transported += RETRY


def page_rows(c):
    return {row.key: row for row in c.rows("outbox") if row.kind in PAGES}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failed_send_is_tried_again_until_it_is_sent(office, failure):
    await calls_help(office)
    first = set(page_rows(office))
    slack = FakeSlack(FAILURES[failure])
    await delivers(office, slack, turns=3)
    for key in first:
        row = page_rows(office)[key]
        assert row.outcome is None
        assert row.attempt_at is not None
        assert row.attempts >= 2
    slack.will = None
    await delivers(office, slack, turns=2)
    assert {page_rows(office)[key].outcome for key in first} == {"sent"}


async def test_a_page_that_can_never_arrive_is_not_sent_and_others_are_paged(office):
    outcome = await calls_help(office)
    paged = len(pages(office, outcome.matter.id))
    await delivers(office, FakeSlack(Undeliverable("user_not_found")))
    assert "sent" not in {row.outcome for row in page_rows(office).values()}
    assert len(pages(office, outcome.matter.id)) > paged


@pytest.mark.parametrize("days", [0.01, 1, 30])
async def test_a_late_deadline_is_met_and_not_skipped(office, days):
    await office.plans(JO, plan())
    await office.confirms(ROSA)
    await leaps(office, days * 24 * 60 + 90)
    keys = [key.split("/page/")[1] for key, _ in pages(office)]
    assert keys[0] == f"0/{ROSA}"
    assert office.ctx.database.run_sync(deadlines.next_due) > office.clock.at


async def test_one_bad_record_stops_nobody_elses_clock_and_people_hear_of_it(office):
    for who, matter in ((JO, M1), (SAM, M2)):
        await office.plans(who, plan(), matter)
        await office.confirms(ROSA, matter)
    await sweeps(office, 60)
    for who, matter in ((JO, M1), (SAM, M2)):
        await acts(office, who, e.Arrive, matter=matter)
    visit = tables.visit
    damaged = update(visit).where(visit.c.matter_id == M1).values(body={"plan": "torn"})
    office.ctx.database.run_sync(lambda conn: conn.execute(damaged))
    for _ in range(200):
        office.clock.pass_time(1)
        await Sweep(office.ctx).work()
    assert len(pages(office, M2)) > 3
    matters = {row.id: row for row in office.rows("matter")}
    assert matters[M1].due_at is not None
    assert matters[M1].due_at < office.clock.at, "its lateness cannot be hidden"
    told = [row for row in office.rows("outbox") if "missed" in str(row.body.get("text", ""))]
    assert {row.matter_id for row in told} == {M1}
    assert {row.outcome for row in told} == {None}
