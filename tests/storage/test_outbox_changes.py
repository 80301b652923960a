"""This holds the outbox to what it does when things change: one edit for many, and taking back."""

from protocol.effects import Surface
from storage import messages, outbox
from storage.dispatch import Void
from storage.messages import Standing
from tests.storage.boxes import LEASE, M1, M2, SECONDS, keys
from tests.storage.samples import PROGRAM, SECOND, WORKER, effect

# --- edits -----------------------------------------------------------------------------------


def test_a_surface_has_one_open_refresh(box):
    box.add(effect("Refresh", "v3"), effect("Refresh", "v4"))
    box.add(effect("Refresh", "v5"))
    assert box.take().effect.key == "v5"


def test_surfaces_and_matters_are_refreshed_apart(box):
    box.add(effect("Refresh", "a"), effect("Refresh", "b", surface=Surface.WORKER_CARD))
    box.add(effect("Refresh", "c"), matter=M2)
    assert len(box.claim()) == 3


def test_a_second_refresh_makes_the_waiting_one_due_now(box):
    box.add(effect("Refresh"))
    box.retry(box.take(), after=60 * SECONDS)
    box.pass_by(SECONDS)
    box.add(effect("Refresh"))
    assert box.take().attempts == 1


def test_a_refresh_asked_for_during_a_call_follows_it_and_does_not_overtake_it(box):
    box.add(effect("Refresh"))
    under_way = box.take()
    box.add(effect("Refresh"))
    assert box.claim() == []
    box.sent(under_way)
    after = box.take()
    assert box.sent(after)
    assert box.next_attempt() is None


def test_a_refresh_is_opened_again_after_it_was_done(box):
    box.add(effect("Refresh"))
    box.sent(box.take())
    box.pass_by(60 * SECONDS)
    box.add(effect("Refresh"))
    row = box.take()
    assert (row.attempts, row.first_tried_at, row.queued_at) == (0, None, box.now)


def test_a_refresh_that_finished_after_its_lease_does_not_end_the_next_one(box):
    box.add(effect("Refresh"))
    late = box.take()
    box.pass_by(LEASE)
    second = box.take()
    assert not box.sent(late)
    assert box.sent(second)


def test_a_crash_between_claim_and_edit_loses_no_refresh(box):
    box.add(effect("Refresh"))
    box.take()
    box.add(effect("Refresh"))
    box.pass_by(LEASE)
    box.sent(box.take())
    assert box.next_attempt() is None


# --- void ------------------------------------------------------------------------------------


def test_what_is_void_is_not_sent(box):
    box.add(effect("Page", "new"), effect("Page", "waiting"), effect("Tell"))
    [first, second] = [row for row in box.claim() if row.kind == "Page"]
    box.retry(second)
    box.retry(first)
    box.run(outbox.void, [Void(M1, "Page")])
    box.pass_by(LEASE)
    assert [row.kind for row in box.claim()] == ["Tell"]


def test_void_reaches_one_matter_one_kind_and_one_person(box):
    box.add(effect("Remind", "a"), effect("Remind", "b", to=SECOND), effect("Page"))
    box.add(effect("Remind", "c"), matter=M2)
    box.run(outbox.void, [Void(M1, "Remind", WORKER)])
    assert sorted(keys(box.claim())) == ["b", "c", effect("Page").key]
    box.run(outbox.void, [])


def test_a_call_under_way_may_land_though_it_is_void_and_is_recorded(box):
    box.add(effect("Page"))
    row = box.take()
    box.run(outbox.void, [Void(M1, "Page")])
    where = Standing(PROGRAM, M1, "D1", "1.5", Surface.PAGES)
    assert box.sent(row, where)
    assert box.run(messages.standing, M1, Surface.PAGES)
    assert box.row(row.effect.key).outcome == "sent"


def test_a_call_under_way_that_fails_is_not_tried_again_once_it_is_void(box):
    box.add(effect("Page"))
    row = box.take()
    box.run(outbox.void, [Void(M1, "Page")])
    assert not box.retry(row)
    assert not box.run(outbox.undeliverable, row, "user_not_found")
    box.pass_by(LEASE)
    assert box.claim() == []
    assert box.next_attempt() is None
