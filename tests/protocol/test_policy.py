"""The shipped policy is the product's table of defaults, and a bad policy is refused."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from protocol.people import Role
from protocol.plan import VisitKind
from protocol.policy import ChannelRole, Policy
from protocol.rating import Factor, Rating
from tests.protocol.world import POLICY, minutes

# Rating: check-in every, nudges, first human, second, all on duty, decide on help.
TABLE = {
    Rating.LOW: (120, (-5, 0, 5), 10, 15, 25, 40),
    Rating.ELEVATED: (60, (-5, 0, 3), 5, 9, 15, 20),
    Rating.HIGH: (30, (-5, 0, 2), 4, 7, 12, 15),
}


def shipped():
    return yaml.safe_load(Path("config/policy.yml").read_text())


def mins(value):
    return value.total_seconds() / 60


@pytest.mark.parametrize("rating", TABLE)
def test_the_shipped_row_is_the_products(rating):
    row, (every, nudges, *ladder) = POLICY.ratings[rating], TABLE[rating]
    assert mins(row.check_in_every) == every
    assert tuple(mins(nudge) for nudge in row.nudges) == nudges
    assert [mins(rung.after) for rung in row.ladder.rungs] == ladder


@pytest.mark.parametrize("rating", TABLE)
def test_the_shipped_rungs_are_first_human_second_all_and_the_decision_on_help(rating):
    first, second, everyone, decide = POLICY.ratings[rating].ladder.rungs
    assert first.roles == (Role.COORDINATOR,)
    assert second.roles
    assert not second.everyone
    assert everyone.everyone
    assert decide.decide_on_help
    assert decide.everyone
    assert not any(rung.decide_on_help for rung in (first, second, everyone))


@pytest.mark.parametrize("name", ["help", "duress"])
def test_help_and_duress_ring_at_once_then_after_two_and_five(name):
    ladder = getattr(POLICY.ladders, name)
    assert [mins(rung.after) for rung in ladder.rungs] == [0, 2, 5]
    assert ladder.rungs[-1].everyone
    assert ladder.rungs[-1].decide_on_help
    assert mins(ladder.hold) == 15


def test_an_uneasy_worker_is_called_within_five_and_then_the_ladder_goes_on():
    assert [mins(rung.after) for rung in POLICY.ladders.uneasy.rungs][:2] == [0, 5]


def test_an_exhausted_ladder_repeats_every_ten_and_a_hold_on_a_miss_is_an_hour():
    ladders = [row.ladder for row in POLICY.ratings.values()]
    fixed = [POLICY.ladders.help, POLICY.ladders.duress, POLICY.ladders.uneasy]
    assert {mins(ladder.repeat_every) for ladder in (*ladders, *fixed)} == {10}
    assert {mins(ladder.hold) for ladder in ladders} == {60}


def test_no_signal_windows_are_as_the_product_says():
    rows = POLICY.ratings
    assert mins(rows[Rating.LOW].no_signal_max) == 90
    assert mins(rows[Rating.ELEVATED].no_signal_max) == 60
    needs = [rows[rating].no_signal_needs_backup for rating in TABLE]
    assert needs == [False, False, True]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrive_within", 15),
        ("clear_within", 15),
        ("clear_within_by_bus", 30),
        ("running_late_max", 60),
        ("approve_before", 15),
        ("approve_unplanned_within", 3),
    ],
)
def test_the_shipped_window_is_the_products(name, value):
    assert mins(getattr(POLICY.windows, name)) == value


def test_extending_is_twice_and_half_as_long_again():
    assert POLICY.windows.extend_times == 2
    assert POLICY.windows.extend_share == 0.5


def test_flags_are_reviewed_within_seven_days_and_expire_in_ninety():
    assert (POLICY.flag_review_days, POLICY.flag_expires_days) == (7, 90)


def test_a_proposal_that_waits_longer_than_seven_days_is_named():
    assert POLICY.proposal_wait_days == 7


def test_there_is_a_template_for_each_kind_of_visit_and_the_risky_ones_have_their_factor():
    factors = {kind: set(template.factors) for kind, template in POLICY.templates.items()}
    assert factors == {
        VisitKind.SHELTER: set(),
        VisitKind.ENCAMPMENT: {Factor.ENCAMPMENT},
        VisitKind.EMERGENCY_DEPARTMENT: set(),
        VisitKind.GATE: {Factor.RELEASE_DAY},
        VisitKind.HOME: {Factor.UNKNOWN_HOME},
    }


def test_a_policy_that_was_stored_before_there_were_templates_is_read():
    older = shipped()
    del older["templates"]
    assert Policy.model_validate(older).templates == {}


def test_only_high_needs_a_pair_or_a_backup():
    assert [POLICY.ratings[r].needs_pair_or_backup for r in TABLE] == [False, False, True]


def put(path, value):
    def change(raw):
        *way, last = path
        for step in way:
            raw = raw[step]
        raw[last] = value

    return change


LOW = ("ratings", "low")
RUNGS = (*LOW, "ladder", "rungs")
BAD = {
    "an unknown key": put(("snooze",), 5),
    "an unknown kind of visit": put(("templates", "castle"), {"lasts": 60, "purpose": "other"}),
    "a template with an unknown factor": put(("templates", "gate", "factors"), ["dragons"]),
    "a template longer than any visit": put(("templates", "gate", "lasts"), 721),
    "a template of no length": put(("templates", "gate", "lasts"), 0),
    "a template to be sent to look": put(("templates", "gate", "purpose"), "sent_to_look"),
    "an unknown key of a rating": put((*LOW, "snooze"), 5),
    "an unknown key of a rung": put((*RUNGS, 0, "snooze"), 5),
    "an unknown role": put((*RUNGS, 0, "roles"), ["wizard"]),
    "an unknown channel": put((*RUNGS, 1, "channels"), ["random"]),
    "a missing rating": lambda raw: raw["ratings"].pop("elevated"),
    "a row for prohibited": lambda raw: raw["ratings"].update(prohibited=raw["ratings"]["high"]),
    "an interval of nothing": put((*LOW, "check_in_every"), 0),
    "a negative interval": put((*LOW, "check_in_every"), -10),
    "an endless interval": put((*LOW, "check_in_every"), float("inf")),
    "an interval that is no number": put((*LOW, "check_in_every"), float("nan")),
    "an interval of 'yes'": put((*LOW, "check_in_every"), True),
    "an interval in quotes": put((*LOW, "check_in_every"), "120"),
    "no rungs": put(RUNGS, []),
    "a rung for nobody": put((*RUNGS, 0, "roles"), []),
    "a rung before the due time": put((*RUNGS, 0, "after"), -1),
    "rungs out of order": put((*RUNGS, 1, "after"), 5),
    "a ladder without everyone": lambda raw: [
        rung.update(everyone=False, roles=["coordinator"])
        for rung in raw["ratings"]["low"]["ladder"]["rungs"]
    ],
    "nudges out of order": put((*LOW, "nudges"), [0, -5, 5]),
    "a nudge after the first human": put((*LOW, "nudges"), [-5, 0, 10]),
    "a hold of nothing": put((*LOW, "ladder", "hold"), 0),
    "an owner asked before the hold began": put((*LOW, "ladder", "ask_before"), 60),
    "a ladder that never repeats": put((*LOW, "ladder", "repeat_every"), 0),
    "a missing ladder": lambda raw: raw["ladders"].pop("duress"),
    "a missing window": lambda raw: raw["windows"].pop("look_again"),
    "extending for ever": put(("windows", "extend_share"), 1.5),
    "no time to arrive": put(("windows", "arrive_within"), 0),
    "flags for ever": put(("flag_expires_days",), 4000),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_policy_is_refused(fault):
    raw = deepcopy(shipped())
    BAD[fault](raw)
    with pytest.raises(ValidationError):
        Policy.model_validate(raw)


def test_the_shipped_policy_is_accepted_and_cannot_be_changed_in_place():
    policy = Policy.model_validate(shipped())
    with pytest.raises(ValidationError):
        setattr(policy, "windows", None)  # noqa: B010 - an assignment that mypy refuses too


def test_a_policy_written_out_and_read_back_is_the_same():
    assert Policy.model_validate(POLICY.model_dump(mode="json")) == POLICY


def test_a_prohibited_visit_that_is_watched_is_watched_as_a_high_one():
    assert POLICY.timings(Rating.PROHIBITED) == POLICY.timings(Rating.HIGH)


@pytest.mark.parametrize("asked", [1, 29, 30, 31, 500])
def test_an_approver_shortens_the_interval_and_never_lengthens_it(asked):
    every = POLICY.timings(Rating.HIGH, minutes(asked)).check_in_every
    assert mins(every) == min(asked, 30)


@pytest.mark.parametrize("where", ["a rating", "a call for help"])
def test_no_rung_posts_a_page_to_the_huddle(where):
    data = shipped()
    ladder = data["ratings"]["low"]["ladder"] if where == "a rating" else data["ladders"]["help"]
    ladder["rungs"][0]["channels"] = ["huddle"]
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate(data)
    said = str(refused.value)
    assert "a rung posts no page to huddle" in said
    assert "name one of field_safety, clinical, incidents, or leave channels out" in said


def test_every_other_channel_may_stand_in_a_rung():
    for channel in set(ChannelRole) - {ChannelRole.HUDDLE}:
        data = shipped()
        data["ladders"]["help"]["rungs"][0]["channels"] = [channel.value]
        assert Policy.model_validate(data).ladders.help.rungs[0].channels == (channel,)
