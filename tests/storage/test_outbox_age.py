"""Rows have no age at which they are given up: however long Slack was away, they are sent."""

from datetime import timedelta

from tests.storage.samples import effect

KINDS = ("Page", "PostPage", "Ask", "Remind", "StandDown")
WAITS = (timedelta(minutes=11), timedelta(hours=5), timedelta(days=9))
PAUSE = timedelta(minutes=7)
TRIES = 40


def test_a_row_is_claimed_however_long_it_has_waited(box):
    for waited in WAITS:
        for kind in KINDS:
            box.add(effect(kind, f"{kind} {waited}"))
        box.pass_by(waited)
        assert box.next_attempt() < box.now
        rows = box.claim()
        assert sorted(row.kind for row in rows) == sorted(KINDS)
        for row in rows:
            box.sent(row)


def test_a_page_that_failed_for_hours_is_tried_again(box):
    box.add(effect("Page"))
    for tries in range(TRIES):
        row = box.take()
        assert row.attempts == tries
        box.retry(row, PAUSE, unsure=True)
        box.pass_by(PAUSE)
    assert box.take().attempts == TRIES
