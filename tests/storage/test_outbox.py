"""This holds the outbox to its promises: nothing lost, pages first, nobody takes another's row."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from protocol.effects import Asked, Surface
from protocol.policy import ChannelRole
from storage import messages, outbox, tables
from storage.database import Database
from storage.messages import Standing
from tests.storage import samples
from tests.storage.boxes import LEASE, M1, M2, SECONDS, keys
from tests.storage.samples import LEAD, NOW, PROGRAM, SECOND, TRANSPORT, effect

# --- claiming --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", samples.EFFECTS)
def test_what_is_added_is_claimed_as_it_was(box, kind):
    box.add(effect(kind))
    row = box.take()
    assert (row.effect, row.matter, row.program) == (effect(kind), M1, PROGRAM)
    assert (row.created_at, row.queued_at) == (NOW, TRANSPORT)
    assert (row.attempts, row.unsure, row.first_tried_at) == (0, False, None)


def test_a_claimed_row_is_nobody_elses_until_the_lease_ends(box):
    box.add(effect("Page"))
    box.take()
    assert box.claim() == []
    assert box.next_attempt() == TRANSPORT + LEASE
    box.pass_by(LEASE)
    again = box.take()
    assert (again.attempts, again.unsure, again.first_tried_at) == (1, True, TRANSPORT)


def test_the_most_important_rows_are_claimed_first(box):
    box.add(effect("Refresh"), effect("Tell", to=SECOND), effect("Remind"), effect("Page"))
    assert [row.kind for row in box.claim(limit=3)] == ["Page", "Remind", "Tell"]
    assert [row.kind for row in box.claim()] == ["Refresh"]


def test_questions_about_an_open_escalation_are_as_urgent_as_pages(box):
    box.add(effect("Ask", "a", asked=Asked.APPROVE), effect("Ask", "b", asked=Asked.CONFIRM_TAP))
    assert [(row.key, row.priority) for row in box.claim()] == [("north/b", 0), ("north/a", 1)]


def test_what_is_blocked_is_neither_claimed_nor_waited_for(box):
    box.add(effect("Tell"))
    assert box.claim(kinds_blocked={"Tell"}) == []
    assert box.next_attempt(kinds_blocked={"Tell"}) is None
    assert box.next_attempt() == TRANSPORT


def test_two_deliverers_at_once_never_take_the_same_row(box, ready_database_url):
    box.add(*(effect("Page", f"k{number}") for number in range(200)))
    together = threading.Barrier(4)

    def deliver(_):
        mine = Database.open(ready_database_url)
        together.wait(10)
        taken = []
        while rows := mine.run_sync(outbox.claim, TRANSPORT, 7, LEASE):
            taken += keys(rows)
        mine.dispose()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [key for part in pool.map(deliver, range(4)) for key in part]
    assert len(taken) == 200
    assert len(set(taken)) == 200


def test_a_deliverer_passes_by_what_another_is_just_taking(box, ready_database_url):
    if box.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    box.add(effect("Page", "a"), effect("Page", "b"))
    other = Database.open(ready_database_url)

    def claim_while_another_does(conn):
        mine = outbox.claim(conn, TRANSPORT, 1, LEASE)
        return keys(mine), keys(other.run_sync(outbox.claim, TRANSPORT, 5, LEASE))

    assert box.run(claim_while_another_does) == (["a"], ["b"])
    other.dispose()


def test_the_same_key_is_added_once(box):
    assert box.add(effect("Page")) == 0
    box.sent(box.take())
    assert box.add(effect("Page"), effect("Page", "other")) == 1
    assert keys(box.claim()) == ["other"]


def test_the_same_key_in_two_programs_is_two_messages(box):
    box.run(samples.populate, people=("x",), program="south")
    box.add(effect("Page"))
    added = {"at": NOW, "transport_now": TRANSPORT}
    box.run(outbox.add, "south", None, [effect("Page")], **added)
    assert len(box.claim()) == 2


# --- how a try ends --------------------------------------------------------------------------


def test_a_sent_row_is_done_and_its_message_is_recorded(box):
    box.add(effect("Page"))
    row = box.take()
    where = Standing(PROGRAM, M1, "D1", "1.5", Surface.PAGES, person=LEAD, outbox_key=row.key)
    assert box.sent(row, where)
    box.pass_by(LEASE)
    assert box.claim() == []
    assert box.next_attempt() is None
    [standing] = box.run(messages.standing, M1, Surface.PAGES)
    assert (standing.ts, standing.outbox_key) == ("1.5", row.key)


def test_a_row_that_is_to_be_tried_again_says_what_is_known_of_the_first_try(box):
    box.add(effect("Page"))
    box.retry(box.take(), unsure=False)
    assert box.next_attempt() == TRANSPORT + SECONDS
    box.pass_by(SECONDS)
    row = box.take()
    assert (row.attempts, row.unsure, row.first_tried_at) == (1, False, TRANSPORT)
    assert box.row(row.effect.key).error == "rate_limited"


def test_a_sender_whose_lease_ran_out_does_not_move_the_row_of_the_next(box):
    box.add(effect("Page"))
    late = box.take()
    box.pass_by(LEASE)
    box.take()
    assert not box.retry(late, after=timedelta(0))
    assert box.next_attempt() == box.now + LEASE


def test_a_message_that_went_out_after_the_lease_counts_as_sent(box):
    box.add(effect("Page"))
    late = box.take()
    box.pass_by(LEASE)
    second = box.take()
    assert box.sent(late)
    assert not box.retry(second)
    assert not box.sent(second)
    assert box.next_attempt() is None


def test_an_undeliverable_row_ends_once(box):
    box.add(effect("Page"))
    row = box.take()
    assert box.run(outbox.undeliverable, row, "user_not_found")
    assert not box.run(outbox.undeliverable, row, "user_not_found")
    stored = box.row(row.effect.key)
    assert (stored.outcome, stored.error) == ("undeliverable", "user_not_found")


# --- lanes -----------------------------------------------------------------------------------


def test_news_to_one_person_about_one_matter_keeps_its_order(box):
    box.add(effect("Tell", "first"), effect("Reply", "second"), effect("Tell", "third"))
    for key in ("first", "second", "third"):
        row = box.take()
        assert keys([row]) == [key]
        assert box.claim() == []
        box.sent(row)


def test_a_more_urgent_row_of_a_lane_waits_for_the_one_before_it(box):
    box.add(effect("Tell", "first"), effect("Remind", "second"))
    assert keys(box.claim()) == ["first"]


def test_other_people_and_other_matters_do_not_wait(box):
    box.add(effect("Tell", "a"), effect("Tell", "b", to=SECOND))
    box.add(effect("Tell", "c"), matter=M2)
    assert sorted(keys(box.claim())) == ["a", "b", "c"]


def test_pages_questions_and_edits_wait_for_nothing(box):
    box.add(effect("Tell", "a", to=LEAD), effect("Page", "b"), effect("Page", "c"))
    box.add(effect("Ask", "d"), effect("Ask", "e"))
    box.add(effect("PostPage", "f"), effect("Refresh"))
    assert len(box.claim()) == 7


def test_a_thread_is_opened_before_anything_is_noted_in_it(box):
    box.add(effect("OpenThread", "open"), effect("ThreadNote", "note"))
    row = box.take()
    assert row.channel is ChannelRole.INCIDENTS
    assert row.effect.key == "open"
    box.sent(row)
    assert keys(box.claim()) == ["note"]


def test_a_row_that_fails_again_and_again_stops_holding_back_its_lane(box):
    box.add(effect("Tell", "bad"), effect("Tell", "good"))
    for _ in range(outbox.PATIENCE - 1):
        row = box.take()
        assert keys([row]) == ["bad"]
        box.retry(row)
        assert box.next_attempt() == box.now + SECONDS, "the loop must not wake for the second"
        box.pass_by(SECONDS)
    box.retry(box.take())
    assert keys(box.claim()) == ["good"]


def test_what_waits_in_a_lane_does_not_wake_the_loop(box):
    box.add(effect("Tell", "first"), effect("Tell", "second"))
    box.take()
    assert box.next_attempt() == TRANSPORT + LEASE


# --- what others look at ---------------------------------------------------------------------


def test_it_is_quiet_when_nothing_is_due_and_no_call_is_under_way(box):
    def is_quiet():
        return box.run(outbox.quiet, box.now)

    assert is_quiet()
    box.add(effect("Tell", "first"), effect("Tell", "second"))
    assert not is_quiet()
    row = box.take()
    assert not is_quiet()
    box.retry(row, after=60 * SECONDS)
    assert is_quiet()
    box.pass_by(60 * SECONDS)
    assert not is_quiet()


def test_the_wait_of_the_oldest_page_is_known_whatever_was_tried(box):
    def late():
        return box.run(outbox.late_pages, box.now)

    box.add(effect("Tell"), effect("PostPage"))
    box.pass_by(5 * SECONDS)
    assert late() == timedelta(0)
    box.add(effect("Page"))
    box.pass_by(20 * SECONDS)
    [row] = [row for row in box.claim() if row.kind == "Page"]
    assert late() == 20 * SECONDS
    box.sent(row)
    assert late() == timedelta(0)


def test_a_body_that_cannot_be_read_does_not_hold_up_the_others(box):
    box.add(effect("Page", "bad"), effect("Page", "good"))
    broken = tables.outbox.update().where(tables.outbox.c.key == "north/bad").values(body_schema=9)
    box.run(lambda conn: conn.execute(broken))
    bad, good = box.claim()
    assert good.effect == effect("Page", "good")
    with pytest.raises(Exception, match="schema 9"):
        _ = bad.effect
    assert replace(bad, schema=1).effect == effect("Page", "bad")
