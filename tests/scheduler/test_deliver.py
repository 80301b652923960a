"""Delivery: nothing is lost, nothing is said twice, and pages wait for nothing."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.scheduler import plain
from bot.scheduler.deliver import ORDINARY_SLOTS, SLOTS
from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.send import RetryAfter, Undeliverable
from protocol.ids import MatterId
from storage.tables import escalation
from storage.tables import person as people
from tests.county import PROGRAM
from tests.protocol.world import JO, LIN, ROSA, SAM, THEO, plan
from tests.scheduler.shift import Crash, open_shift, outcomes
from tests.slack.readable import elements, readable
from tests.virtual_time import during, passes, run, until

PAGES = {"county/m1/1.1/page/0/rosa", "county/m1/1.1/page/0/lin", "county/m1/1.1/page/0/clinical"}


def test_whatever_a_call_for_help_asks_for_is_said_once_and_recorded_where_it_stands(shift):
    async def main():
        await shift.help_is_called()
        await shift.delivers(5)

    run(main())
    assert set(outcomes(shift).values()) == {"sent"}
    assert set(shift.slack.keys) > PAGES
    assert not shift.slack.twice
    standing = {row.slack_channel for row in shift.county.rows("message") if row.surface == "pages"}
    assert standing == {"DU_ROSA", "DU_LIN", "C_CLINICAL"}


@pytest.mark.parametrize("lookup", [True, False])
def test_a_crash_at_any_point_loses_nothing(lookup):
    """Every point before and after each transaction and each post, by enumeration."""
    points = life_with_a_crash(None, lookup)
    assert {"before post", "after post", "after record", "before _claim"} < set(points)
    # Without the lookup only what is close to the post can differ.
    near = [at for at, name in enumerate(points) if "post" in name or "record" in name]
    for at in range(len(points)) if lookup else near:
        life_with_a_crash(at, lookup)


def life_with_a_crash(at, lookup):
    """Delivery dies at point number `at`, and another process goes on; returns the points."""
    first = open_shift(lookup)

    async def main():
        # Nobody is left to hear how the tasks of a dead process ended.
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        await first.help_is_called()
        first.fuse.passed.clear()
        first.fuse.at = at
        with suppress(Crash):
            await first.delivers(1)
        await passes(0.2)
        second = first.again()
        await second.delivers(35)
        return second

    second = run(main())
    where = f"at {at}, {first.fuse.passed[-1:]}"
    assert set(outcomes(second).values()) == {"sent"}, f"lost {where}"
    assert set(second.slack.keys) > PAGES
    if lookup:
        assert not second.slack.twice, f"said twice {where}"
    else:
        assert sum(second.slack.twice.values()) - len(second.slack.twice) <= SLOTS
    first.database.dispose()
    return list(first.fuse.passed)


def test_a_call_that_hangs_delays_no_other_page(shift):
    async def main():
        for number, person in enumerate((JO, SAM, THEO)):
            await shift.help_is_called(f"m{number}", person)
        shift.slack.once = {"county/m1/1.1/page/0/rosa": "hang"}
        await shift.delivers(40)

    run(main())
    pages = {key: at for key, at in shift.slack.at.items() if "/page/" in key}
    late = [key for key, at in pages.items() if at > 2]
    assert len(pages) == 9
    assert len(late) == 1, "only the page whose call hung is late"
    assert max(pages.values()) < 30
    assert not shift.slack.twice


def test_ordinary_messages_never_take_the_slots_of_pages(shift):
    async def main():
        for number in range(12):
            await shift.county.plans(JO if number % 2 else LIN, plan(start_in=60), f"p{number}")
        shift.slack.will = ["hang"] * 40

        async def then_help():
            await until(lambda: shift.deliver.in_flight >= ORDINARY_SLOTS)
            await passes(1)
            assert shift.deliver.in_flight == ORDINARY_SLOTS < SLOTS
            shift.slack.will = []
            await shift.help_is_called(person=THEO)
            await until(lambda: set(shift.slack.keys) >= PAGES, within=1)

        try:
            await during(shift.deliver.loop.run(), then_help())
        finally:
            await shift.deliver.stop()

    run(main())


def test_a_page_accepted_without_an_answer_is_found_and_not_sent_again(shift):
    async def main():
        await shift.help_is_called()
        shift.slack.will = ["accepted, no answer"] * 20
        await shift.delivers(60)

    run(main())
    assert shift.slack.lookups > 0
    assert not shift.slack.twice
    assert set(outcomes(shift).values()) == {"sent"}


def test_a_lookup_that_hangs_holds_no_page_back(shift):
    async def main():
        await shift.help_is_called()
        shift.slack.slow_find = True
        shift.slack.will = ["lost"] * 8
        await shift.delivers(60)

    run(main())
    assert set(shift.slack.keys) >= PAGES
    assert max(at for key, at in shift.slack.at.items() if key in PAGES) < 13


def test_a_conversation_that_cannot_be_opened_holds_no_page_back(shift):
    async def main():
        await shift.help_is_called()
        shift.slack.slow_open = True
        await shift.delivers(5)

    run(main())
    assert set(shift.slack.keys) >= PAGES
    places = {place.channel for place, _, key in shift.slack.said if key in PAGES}
    assert places == {"U_ROSA", "U_LIN", "C_CLINICAL"}


def test_a_page_of_unknown_outcome_is_tried_again_within_fifteen_seconds_for_ever(shift):
    tries = []

    async def main():
        await shift.help_is_called()
        shift.slack.will = ["lost"] * 300
        plain = shift.slack.post

        async def post(place, message, key):
            if key.endswith("page/0/rosa"):
                tries.append(shift.slack.now())
            return await plain(place, message, key)

        shift.slack.post = post
        await shift.delivers(300)

    run(main())
    pauses = [after - before for before, after in pairwise(tries)]
    assert pauses[0] >= 2
    assert max(pauses) < 16.5
    assert len(tries) > 15


def test_429_shuts_the_method_until_slacks_own_time_and_not_longer(shift):
    async def main():
        await shift.help_is_called()
        shift.slack.will = [RetryAfter(20, "ratelimited", limited=True)]
        await shift.delivers(60)

    run(main())
    pages = [at for key, at in shift.slack.at.items() if key in PAGES]
    assert set(shift.slack.keys) >= PAGES
    assert max(pages) >= 20
    assert max(pages) < 21.5
    assert not shift.slack.twice


def test_a_429_for_opening_a_conversation_does_not_shut_the_way_of_pages(shift):
    async def main():
        await shift.county.plans(JO, plan())
        limited = RetryAfter(30, "ratelimited", limited=True)
        shift.slack.gone = {"U_JO": limited, "U_ROSA": limited}
        await shift.delivers(1)
        await shift.help_is_called("m2", THEO)
        await shift.delivers(2)

    run(main())
    assert shift.slack.at["county/m2/1.1/page/0/rosa"] < 3


def test_a_token_that_fails_is_tried_again_and_nothing_is_given_up(shift):
    async def main():
        await shift.help_is_called()
        shift.slack.once = dict.fromkeys(PAGES, RetryAfter(60, "invalid_auth"))
        await shift.delivers(40)

    run(main())
    assert max(at for key, at in shift.slack.at.items() if key in PAGES) < 17


def test_a_page_that_can_never_arrive_makes_the_ladder_climb_at_once(shift):
    async def main():
        await shift.help_is_called()
        gone = Undeliverable("user_disabled")
        shift.slack.gone = {"U_ROSA": gone, "U_LIN": gone}
        await shift.works(5)

    run(main())
    assert outcomes(shift)["county/m1/1.1/page/0/rosa"] == "undeliverable"
    second = [key for key in shift.slack.at if "/page/1/" in key]
    assert second, "the next rung fired"
    assert max(shift.slack.at[key] for key in second) < 3
    assert shift.county.matter().open_escalation.rung >= 1


def test_a_person_without_slack_is_undeliverable_too(shift):
    async def main():
        await shift.help_is_called()
        shift.database.run_sync(_forget_slack, ROSA)
        shift.database.run_sync(_forget_slack, LIN)
        await shift.works(5)

    run(main())
    assert shift.county.matter().open_escalation.rung >= 1


@pytest.mark.parametrize("kind", plain.KINDS)
def test_plain_words_to_somebody_who_is_gone_are_given_up_and_not_tried_for_ever(shift, kind):
    text = plain.Text("gap/rosa", kind, "Monitoring was interrupted.", to=ROSA)

    async def main():
        shift.slack.gone = {"U_ROSA": Undeliverable("user_disabled")}
        times = {"at": shift.clock.now(), "transport_now": shift.clock.transport()}
        shift.database.run_sync(plain.add, PROGRAM, None, [text], **times)
        await shift.delivers(5)

    run(main())
    assert outcomes(shift) == {"county/gap/rosa": "undeliverable"}


def test_plain_news_may_carry_one_button_and_a_lock_screen_shows_none_of_it(shift):
    press = (Action.SEE_PROPOSAL.value, pack(MatterId("p1")))
    text = plain.Text("p1/rosa", plain.NEWS, "*A change* needs you.", to=ROSA, press=press)

    async def main():
        times = {"at": shift.clock.now(), "transport_now": shift.clock.transport()}
        shift.database.run_sync(plain.add, PROGRAM, None, [text], **times)
        await shift.delivers(5)

    run(main())
    [(_place, message, _key)] = shift.slack.said
    assert message.text == "Belay: update"
    [button] = elements(message.blocks)
    assert (button["action_id"], button["value"]) == press
    assert "needs you" in readable(message.blocks)


def _forget_slack(conn, person):
    conn.execute(people.update().where(people.c.id == person).values(slack_user=None))


def test_a_page_that_cannot_be_drawn_is_sent_in_plain_words(shift):
    async def main():
        await shift.help_is_called()
        shift.database.run_sync(_damage)
        await shift.delivers(5)

    run(main())
    said = [message for place, message, key in shift.slack.said if key.endswith("page/0/rosa")]
    assert len(said) == 1
    assert "+15550100" in str(said[0].blocks)


def _damage(conn):
    conn.execute(escalation.update().values(body={"no": "sense"}))


def test_a_process_that_slept_past_its_lease_sends_nothing_before_it_claims_anew(shift):
    held_up = []

    async def main():
        await shift.help_is_called()
        plain = shift.slack.direct

        async def direct(user, now):
            # The machine is suspended here: transport time goes on, we do not.
            held_up.append(user)
            shift.clock.start += timedelta(seconds=60)
            shift.slack.direct = plain
            return await plain(user, now)

        shift.slack.direct = direct
        # Without the lookup a post by both, the sleeper and whoever has the row now, would show.
        shift.deliver.poster.lookup = False
        await shift.delivers(30)

    run(main())
    assert set(outcomes(shift).values()) == {"sent"}
    assert not shift.slack.twice
    tries = {f"U_{row.to_person.upper()}": row.attempts for row in shift.rows("Page")}
    assert tries[held_up[0]] == 2


def test_delivery_outlives_a_database_that_is_away(shift):
    async def main():
        await shift.help_is_called()
        shift.inline.away = True

        async def outage():
            await passes(20)
            shift.inline.away = False
            await passes(20)

        try:
            await during(shift.deliver.loop.run(), outage())
        finally:
            await shift.deliver.stop()

    run(main())
    assert set(outcomes(shift).values()) == {"sent"}
    assert max(shift.slack.at[key] for key in PAGES) < 22
