"""The judge of `make kills` finds what it is there for: a loss, a double, a missing rung."""

from dataclasses import replace

import pytest

from bot.slack.send import metadata_key
from tests import report
from tests.kills import figures
from tests.kills.judge import Fired, Kill, Line, Row, Stored, Tap, Truth, judge
from tests.kills.moments import gaps, overlap, percentile

PAGE = "county/m/1.1/page/0/rosa"
ROW = Row(PAGE, "Page", "sent", attempts=1, queued_at=12.0, claim_no=1)
# Due at 10 and decided at 10.5; a page of it went out at 12.5; a tap at 15; killed at 11.
FINE = Truth(
    began=0.0,
    ended=30.0,
    stored=[
        Stored("m", 1, 10.0, 5.0, "PlanVisit"),
        Stored("m", 2, 20.0, 10.5, "DeadlinePassed"),
        Stored("m", 3, 40.0, 15.0, "CheckIn"),
    ],
    fired=[Fired("m/1.1", -1, 5.0), Fired("m/1.1", 0, 10.5), Fired("m/1.1", 0, 15.0)],
    rows=[ROW],
    lines=[Line("jo", "CheckIn", 15.0)],
    taps=[Tap("jo", "CheckIn", 14.9, 15.1, ticked=True)],
    kills=[Kill(11.0, "any")],
    accepted={metadata_key(PAGE): [12.5]},
    ups=[(1.0, 11.0), (12.0, 30.0)],
)


def test_a_batch_in_which_nothing_went_wrong_is_judged_so():
    verdict = judge(FINE)
    found = [*verdict.lost, *verdict.doubled, *verdict.more, *verdict.wrong]
    assert found == []
    assert (verdict.deadlines, verdict.pages, verdict.ticks, verdict.events) == (1, 1, 1, 1)


def test_a_deadline_that_nobody_decided_is_lost():
    last = replace(FINE.stored[-1], due_at=25.0)
    [lost] = judge(replace(FINE, stored=[*FINE.stored[:-1], last])).lost
    assert lost.startswith("m v3 was due 5.0 s ago")


def test_a_version_that_is_missing_is_lost():
    [lost] = judge(replace(FINE, stored=[FINE.stored[0], FINE.stored[2]])).lost
    assert lost == "m has the versions [1, 3]"


def test_a_page_that_counts_as_sent_and_was_never_accepted_is_lost():
    [lost] = judge(replace(FINE, accepted={})).lost
    assert lost == f"{PAGE} counts as sent and was never accepted"


def test_a_page_that_is_still_open_or_was_given_up_is_lost():
    for outcome in (None, "undeliverable"):
        assert len(judge(replace(FINE, rows=[replace(ROW, outcome=outcome)])).lost) == 1


def test_a_page_that_was_taken_back_is_not_lost():
    assert judge(replace(FINE, rows=[replace(ROW, outcome="void")], accepted={})).lost == []


def test_a_tick_without_anything_stored_is_lost():
    [lost] = judge(replace(FINE, lines=[])).lost
    assert lost.startswith("jo was told")


def test_two_ticks_need_two_lines():
    again = Tap("jo", "CheckIn", 14.95, 15.15, ticked=True)
    assert len(judge(replace(FINE, taps=[*FINE.taps, again])).lost) == 1
    untold = replace(again, ticked=False)
    assert judge(replace(FINE, taps=[*FINE.taps, untold])).lost == []


def test_a_line_of_another_time_does_not_stand_for_a_tick():
    assert len(judge(replace(FINE, lines=[Line("jo", "CheckIn", 16.0)])).lost) == 1


def test_a_page_that_was_accepted_twice_is_doubled_and_too_often_if_it_was_tried_once():
    twice = replace(FINE, accepted={metadata_key(PAGE): [12.5, 13.0]})
    verdict = judge(twice)
    assert len(verdict.doubled) == len(verdict.more) == 1
    verdict = judge(replace(twice, rows=[replace(ROW, attempts=2)]))
    assert len(verdict.doubled) == 1
    assert verdict.more == []


def test_a_message_that_nobody_decided_is_found_unless_it_is_one_that_is_kept():
    strange = replace(FINE, accepted={**FINE.accepted, metadata_key("card"): [3.0]})
    assert len(judge(strange).more) == 1
    assert judge(replace(strange, kept=["card"])).more == []
    twice = {**FINE.accepted, metadata_key("card"): [3.0, 4.0]}
    assert len(judge(replace(FINE, accepted=twice, kept=["card"])).doubled) == 1


def test_a_rung_that_was_left_out_or_came_again_is_wrong():
    for rungs in ([0, 2], [0, 1, 0], [1]):
        fired = [Fired("m/1.1", rung, 10.0) for rung in rungs]
        assert judge(replace(FINE, fired=fired)).wrong == [f"m/1.1 climbed {rungs}"]


def test_what_contradicts_itself_in_the_database_is_wrong():
    assert judge(replace(FINE, broken=["S1"])).wrong == ["S1"]


def _decided_at(at, **more):
    late = replace(FINE.stored[1], at=at)
    return judge(replace(FINE, stored=[FINE.stored[0], late, FINE.stored[2]], **more)).late


def test_lateness_is_the_longest_that_one_living_process_left_a_deadline_undone():
    assert judge(FINE).late == [0.5]
    # A second in the life that was killed, two in the next; the second between is nobody's.
    assert _decided_at(14.0) == [2.0]
    assert _decided_at(14.0, outages=[(12.0, 13.5)]) == [1.0]
    assert _decided_at(14.0, ups=[(1.0, 11.0), (2.0, 30.0)]) == [4.0]


def test_the_next_page_counts_from_the_kill_without_the_time_in_which_nobody_was_there():
    assert judge(FINE).next_page == [0.5]
    assert judge(replace(FINE, silences=[(12.0, 12.25)])).next_page == [0.25]
    again = [*FINE.kills, Kill(12.1, "start")]
    assert judge(replace(FINE, kills=again)).next_page == [pytest.approx(0.4)]


def test_a_page_that_a_kill_cut_off_is_told_from_one_that_was_recorded():
    cut = Kill(11.0, "claim", claimed={PAGE: 1})
    row = replace(ROW, claim_no=2, attempts=2)
    verdict = judge(replace(FINE, kills=[cut], rows=[row]))
    assert verdict.cut_off == [0.5]
    assert verdict.moments == {"claim to accept": 1}
    recorded = judge(replace(FINE, kills=[cut]))
    assert recorded.cut_off == []
    assert not recorded.moments


def test_a_kill_after_the_workspace_accepted_is_told_apart():
    cut = Kill(12.6, "accept", starting=True, writing=True, due=True, claimed={PAGE: 1})
    verdict = judge(replace(FINE, kills=[cut], rows=[replace(ROW, claim_no=2, attempts=2)]))
    assert set(verdict.moments) == {
        "accept to record",
        "during start",
        "in a transaction",
        "due, undecided",
    }


def test_a_start_counts_until_its_first_decision_where_something_was_due():
    stored = [Stored("m", 1, 10.0, 5.0, "PlanVisit"), Stored("m", 2, 60.0, 13.0, "DeadlinePassed")]
    assert judge(replace(FINE, stored=stored)).starts == [1.0]
    assert judge(FINE).starts == []


def test_stretches_of_time_are_added_up():
    assert gaps([(1.0, 3.0), (2.0, 4.0), (6.0, 7.0)], 0.0, 8.0) == [
        (0.0, 1.0),
        (4.0, 6.0),
        (7.0, 8.0),
    ]
    assert overlap((3.0, 6.5), [(0.0, 1.0), (4.0, 6.0), (6.0, 8.0)]) == 2.5
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([], 0.99) == 0.0


def test_the_table_fits_on_a_page_and_calls_a_loss_missed():
    verdicts = {name: judge(FINE) for name in figures.WANTED}
    rows = [row for name, one in verdicts.items() for row in figures.rows_of(name, one)]
    printed = report.table("make kills", [*rows, *figures.beside(verdicts)]).splitlines()
    assert len(printed) <= 50
    assert max(map(len, printed)) <= 100
    assert all(figures.is_safe(name, one) for name, one in verdicts.items())
    lost = judge(replace(FINE, accepted={}))
    assert not figures.is_safe("wedge", lost)
    assert figures.rows_of("sqlite", lost)[1].met is False
