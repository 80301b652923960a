"""Many pages at once: a list of all of them first, then each by itself; nothing is lost or held."""

import asyncio
import re
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import event, select, update

from bot.request import OfMatter
from bot.scheduler import bursts
from bot.scheduler.bursts import PER_LIST, TOGETHER
from bot.slack.audience import Why
from bot.slack.carried import unpack
from bot.slack.ids import Action
from bot.slack.send import RetryAfter, Undeliverable
from protocol import events as e
from protocol.ids import MatterId
from storage.tables import escalation, outbox
from tests.protocol.world import JO, ROSA
from tests.scheduler.crowds import PLACES, call_for_help, lists, text_of, workers
from tests.scheduler.shift import Crash, open_shift, outcomes
from tests.slack.readable import assert_slack_takes, elements
from tests.virtual_time import passes, run

MANY = 9


def pages_to(shift, place):
    """When each page to this place was accepted (s), in order."""
    return sorted(
        shift.slack.at[key]
        for where, _, key in shift.slack.said
        if where.channel == place and "/page/" in key
    )


def ended(shift):
    """What became of every page and list."""
    kinds = ("Page", "PostPage", bursts.LIST)
    return {key: how for kind in kinds for key, how in outcomes(shift, kind).items()}


def worked(shift, count=MANY, seconds=12, quiet=(), before=None):
    """So many call for help, and delivery turns."""

    async def main():
        await call_for_help(shift.county, count, quiet)
        if before:
            before()
        await shift.delivers(seconds)

    run(main())


def test_the_first_thing_in_each_place_names_everybody_and_then_each_comes_by_itself(shift):
    worked(shift)
    for place in PLACES:
        here = [(text_of(m), key) for where, m, key in shift.slack.said if where.channel == place]
        text, named = next((text, key) for text, key in here if "/burst/" in key)
        assert all(who.title() in text for who in workers(MANY))
        # Begun before them, and under way beside them.
        assert shift.slack.at[named] < pages_to(shift, place)[0] + 0.01
        assert sum("/page/" in key for _, key in here) == MANY
        assert sum("/burst/" in key for _, key in here) == 1
    assert max(shift.slack.at[key] for key in shift.slack.at if "/burst/" in key) < 1
    assert set(ended(shift).values()) == {"sent"}
    assert not shift.slack.twice


def test_the_pages_after_a_list_keep_slacks_pace_and_wait_no_longer(shift):
    worked(shift)
    for place in PLACES:
        at = pages_to(shift, place)
        # The list is one of four at once; then one comes each second.
        assert sum(one < 1 for one in at) == 3
        assert all(one < turn + 1 for turn, one in enumerate(at[3:], start=1))
        assert all(later - first > 0.8 for first, later in pairwise(at[3:]))


def test_a_list_is_a_page_on_the_lock_screen_and_its_buttons_take_one_on(shift):
    worked(shift)
    message = next(m for _, m, key in shift.slack.said if "/burst/" in key)
    assert message.text == "Belay: URGENT page, open now"
    assert_slack_takes(message.blocks)
    buttons = elements(message.blocks)
    assert {one["action_id"] for one in buttons} == {Action.ACKNOWLEDGE}
    found = [unpack(one["value"]).matter for one in buttons]
    assert found == [f"m{number:02}" for number in range(MANY)]


def test_as_many_as_slack_takes_soon_come_as_they_always_did(shift):
    worked(shift, TOGETHER, seconds=5)
    assert not lists(shift.slack.said)
    assert max(pages_to(shift, "DU_ROSA")) < 2


def test_a_page_alone_costs_one_look_more_and_reads_no_more_than_itself(shift):
    seen = []

    async def main():
        await shift.help_is_called()
        event.listen(shift.database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        await shift.deliver.work()
        await shift.deliver.stop()

    run(main())
    looks = [one for one in seen if "LIMIT" in one and "outbox.body" not in one]
    assert len(looks) == 1
    assert not [one for one in seen if bursts.LIST in one]


def test_a_longer_list_is_cut_and_the_rest_is_in_a_further_message(shift):
    worked(shift, PER_LIST + 5, seconds=10)
    both = [text for place, text in lists(shift.slack.said) if place == "DU_ROSA"]
    assert len(both) == 2
    assert sorted(text.count("Since:") for text in both) == [5, PER_LIST]
    assert all(any(who.title() in text for text in both) for who in workers(PER_LIST + 5))
    assert any("list 2 of 2" in text for text in both)


def test_the_most_urgent_stand_first_and_say_what_not_to_do(shift):
    worked(shift, quiet={7})
    text = dict(lists(shift.slack.said))["DU_ROSA"]
    first = text.partition("Since:")[0]
    assert "*Do not ring them.*" in first
    assert "Peer07" in first


def test_what_must_be_kept_from_somebody_is_on_no_list_of_a_channel(shift):
    """Its own page goes at once, and asks who can read the channel, as ever."""

    def keep_from_peer03():
        one = outbox.c.key == "county/m03/1.1/page/0/clinical"

        def keep(conn):
            body = conn.execute(select(outbox.c.body).where(one)).scalar_one()
            conn.execute(update(outbox).where(one).values(body={**body, "avoid": ["peer03"]}))

        shift.database.run_sync(keep)

    worked(shift, MANY + 2, quiet={8}, before=keep_from_peer03)
    found = dict(lists(shift.slack.said))
    assert "Peer03" not in found["C_CLINICAL"]
    assert "Peer08" not in found["C_CLINICAL"]
    assert "Peer05" in found["C_CLINICAL"]
    assert {"Peer03", "Peer08"} <= set(re.findall(r"Peer\d\d", found["DU_ROSA"]))
    assert ("C_CLINICAL", frozenset({"U_PEER03"})) in shift.audience.avoided
    own = (f"county/{matter}/1.1/page/0/clinical" for matter in ("m03", "m08"))
    assert all(shift.slack.at[key] < 1 for key in own)


def test_a_matter_that_became_quiet_is_left_out_where_those_it_is_about_may_read(shift):
    async def main():
        await call_for_help(shift.county, MANY)
        await claimed(
            shift, lambda: shift.county.does(workers(MANY)[4], quietly, OfMatter(MatterId("m04")))
        )
        await shift.delivers(25)

    def quietly(by):
        return e.Help(shift.clock.now(), by, e.HelpForm.QUIET)

    run(main())
    found = dict(lists(shift.slack.said))
    assert "Peer04" not in found["C_CLINICAL"]
    assert "Peer05" in found["C_CLINICAL"]
    assert set(outcomes(shift, "PostPage").values()) <= {"sent", "void"}


async def claimed(shift, meanwhile):
    """Let the lists be made while Slack refuses everything, and something happen meanwhile."""
    shift.slack.will = [RetryAfter(3, "ratelimited", limited=True)] * 8
    await shift.delivers(0.5)
    assert not lists(shift.slack.said)
    shift.slack.will = []
    await meanwhile()


def test_a_channel_whose_readers_are_wrong_gets_no_list_either(shift):
    worked(shift, before=lambda: shift.audience.why.update({"C_CLINICAL": Why.GUESTS}))
    assert {place for place, _ in lists(shift.slack.said)} == {"DU_ROSA", "DU_LIN"}
    assert set(outcomes(shift, "PostPage").values()) == {"undeliverable"}


def test_what_somebody_took_before_the_list_left_is_not_on_it(shift):
    async def main():
        await call_for_help(shift.county, MANY)
        await claimed(shift, lambda: takes(shift, "m04"))
        await shift.delivers(25)

    run(main())
    found = dict(lists(shift.slack.said))
    assert "Peer04" not in found["DU_ROSA"]
    assert "Peer05" in found["DU_ROSA"]


def test_a_list_of_which_nothing_waits_any_more_is_void(shift):
    async def main():
        matters = await call_for_help(shift.county, MANY)

        async def all_taken():
            for matter in matters:
                await takes(shift, matter)

        await claimed(shift, all_taken)
        await shift.delivers(25)

    run(main())
    assert not lists(shift.slack.said)
    assert set(outcomes(shift, bursts.LIST).values()) == {"void"}


async def takes(shift, matter):
    now = shift.clock.now()
    await shift.county.does(ROSA, lambda by: e.Acknowledge(now, by), OfMatter(MatterId(matter)))


def test_a_new_page_goes_before_those_that_a_list_has_named(shift):
    async def main():
        await call_for_help(shift.county, 25)
        await shift.delivers(5)
        shift.slack.at["asked"] = shift.slack.now()
        await shift.help_is_called("new", JO)
        await shift.delivers(25)

    run(main())
    at = shift.slack.at
    assert at["county/new/1.1/page/0/rosa"] - at["asked"] < 1
    assert len(lists(shift.slack.said)) == len(PLACES)


def test_a_list_accepted_without_an_answer_is_found_and_not_sent_again(shift):
    worked(shift, before=lambda: shift.slack.will.extend(["accepted, no answer"] * 6))
    assert shift.slack.lookups > 0
    assert not shift.slack.twice
    assert set(ended(shift).values()) == {"sent"}


def test_while_slack_is_away_one_list_waits_and_is_first_when_it_is_back(shift):
    worked(shift, before=lambda: shift.slack.will.extend(["lost"] * 150), seconds=200)
    assert len(lists(shift.slack.said)) == len(PLACES)
    assert set(ended(shift).values()) == {"sent"}


def test_a_list_that_can_never_arrive_lets_each_ladder_climb_at_once(shift):
    gone = {"U_ROSA": Undeliverable("user_disabled")}
    worked(shift, before=lambda: shift.slack.gone.update(gone), seconds=5)
    to_rosa = {key: end for key, end in outcomes(shift, "Page").items() if key.endswith("/0/rosa")}
    assert len(to_rosa) == MANY
    assert set(to_rosa.values()) == {"undeliverable"}
    made = [key for key in outcomes(shift, bursts.LIST) if "/burst/rosa/" in key]
    assert len(made) == 1


def test_a_matter_that_cannot_be_read_stands_on_the_list_all_the_same(shift):
    def damage():
        broken = update(escalation).where(escalation.c.matter_id == "m07").values(body={"no": 1})
        shift.database.run_sync(lambda conn: conn.execute(broken))

    worked(shift, before=damage)
    text = dict(lists(shift.slack.said))["DU_ROSA"]
    assert "Belay could not draw one page here." in text
    assert "Peer06" in text
    assert "county/m07/1.1/page/0/rosa" in shift.slack.keys


def test_a_crash_at_any_point_of_a_burst_loses_nothing():
    """Before and after each kind of step, the first time it comes and the second."""
    points = burst_with_a_crash(None)
    assert {"before post", "after post", "after record", "after _claim"} <= set(points)
    for name in sorted(set(points)):
        for at in [at for at, one in enumerate(points) if one == name][:2]:
            burst_with_a_crash(at)


def burst_with_a_crash(at):
    first = open_shift()

    async def main():
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        await call_for_help(first.county, TOGETHER + 1)
        first.fuse.passed.clear()
        first.fuse.at = at
        with suppress(Crash):
            await first.delivers(0.6)
        await passes(0.2)
        second = first.again()
        await second.delivers(33)
        return second

    second = run(main())
    where = f"at {at}, {first.fuse.passed[-1:]}"
    found = ended(second)
    # Whoever found the list when its pages had left by themselves took it back.
    assert {end for key, end in found.items() if "/burst/" in key} <= {"sent", "void"}, where
    assert {end for key, end in found.items() if "/burst/" not in key} == {"sent"}, f"lost {where}"
    assert all(len(pages_to(second, place)) == TOGETHER + 1 for place in PLACES), where
    assert not second.slack.twice, f"said twice {where}"
    first.database.dispose()
    return list(first.fuse.passed)


def test_nothing_counts_as_sent_because_a_list_named_it(shift):
    worked(shift, seconds=0.9)
    assert len(lists(shift.slack.said)) == len(PLACES)
    pages = outcomes(shift, "Page")
    accepted = {key for key in shift.slack.keys if key in pages}
    assert {key for key, outcome in pages.items() if outcome == "sent"} == accepted
    assert any(outcome is None for outcome in pages.values())


def test_a_page_moved_to_its_turn_is_never_further_off_than_slacks_pace(shift):
    worked(shift, 25, seconds=0.2)
    waiting = [row for row in shift.rows("Page") if row.outcome is None]
    now = shift.clock.transport()
    assert max(row.attempt_at for row in waiting) <= now + timedelta(seconds=25)
