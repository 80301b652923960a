"""This holds the reading of a program's file to what it promises: exact, and with no surprise."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from protocol.rating import Rating
from storage import programs
from tests.storage.programs_for_tests import SMALL, line_of, read, small

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # a Monday, ten in the morning in Los Angeles


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


# --- what a file says ---


def test_every_figure_that_a_program_does_not_change_comes_from_the_defaults(tmp_path):
    text = SMALL + "policy:\n  windows: {arrive_within: 7}\n"
    policy = read(tmp_path, text).file.policy
    assert policy.windows.arrive_within == timedelta(minutes=7)
    assert policy.windows.clear_within == timedelta(minutes=15)
    assert policy.timings(Rating.HIGH).check_in_every == timedelta(minutes=30)


def test_a_policy_may_stand_in_a_file_of_its_own(tmp_path):
    text = SMALL + "policy: ours.yml\n"
    policy = read(tmp_path, text, ours="windows: {arrive_within: 9}\n").file.policy
    assert policy.windows.arrive_within == timedelta(minutes=9)


def test_what_is_wrong_in_a_policy_file_is_said_of_that_file(tmp_path):
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, SMALL + "policy: ours.yml\n", ours="\nwindows:\n  arrive_within: -1\n")
    [problem] = refusal.value.problems
    assert (problem.file, problem.line) == ("ours.yml", 3)


def test_a_ladder_that_pages_into_the_huddle_is_refused_with_the_rule_and_what_to_do(tmp_path):
    rung = "{after: 0, everyone: true, channels: [huddle]}"
    ladder = f"{{rungs: [{rung}], hold: 15, ask_before: 5, repeat_every: 10}}"
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, f"{SMALL}policy:\n  ladders:\n    help: {ladder}\n")
    said = str(refusal.value)
    assert "a rung posts no page to huddle" in said
    assert "or leave channels out" in said


# What is replaced by what; a part of the line that is named; a part of what is said.
WRONG = [
    ("slack: U_JO,", "slack: jo@example.org,", "jo@", "not the Slack id of a person"),
    ("C_FIELD", "field-safety", "field-safety}", "not the Slack id of a channel"),
    ('"+15555550111"', "5555550111", "5555550111", "not a phone number"),
    ('"+15555550111"', "555-0111", "555-0111", "not a phone number"),
    ("America/Los_Angeles", "Pacific", "zone: Pacific", "not a time zone"),
    ("America/Los_Angeles", "../zone", "zone: ../zone", "not a time zone"),
    ("name: River\n", "name: River\n  language: fr\n", "language: fr", "not one of those known"),
    ("slack: U_MAYA", "slack: U_MAYA, language: fr", "name: Maya", "not one of those known"),
    ("id: jo,", "id: Jo A.,", "Jo A.", "an id is a short word"),
    ("id: rosa, name: Rosa", "id: jo, name: Rosa", "name: Rosa", "this id stands in people"),
    ("slack: U_ROSA", "slack: U_JO", "name: Rosa", "this slack stands in people"),
    ("label: Jail gate", "label: HOME 17", "label: Home 17", "this label stands in places"),
    ("excludes: [theo]", "excludes: [thea]", "name: Jo", "nobody in people has this id"),
    ("excludes: [theo]", "excludes: [jo]", "name: Jo", "excludes themselves"),
    ("person: rosa", "person: rossa", "person: rossa", "nobody in people has this id"),
    ("person: rosa", "person: jo", "person: jo", "does not hold that role"),
    ("roles: [peer]", "roles: [pear]", "name: Jo", "not one of those known"),
    ("roles: [peer]", "roles: []", "name: Jo", "this is empty"),
    ("roles: [peer]", "roles: peer", "name: Jo", "not a list"),
    ("roles: [peer]", "role: peer", "name: Jo", "roles is missing"),
    ("roles: [peer]", "rolls: [peer]", "name: Jo", "not known here"),
    ("from: 2026-03-02 08:00", "from: tomorrow", "tomorrow", "not a day or a time"),
    ("until: 2026-03-02 20:00", "until: 2026-03-02 07:00", "person: rosa", "ends before it begins"),
    ("label: Home 17", "label: 1724 Alder Court", "1724 Alder Court, add", "street address"),
    ("label: Home 17", "label: House at 12 Oak Street", "12 Oak", "street address"),
    (
        "roles: [peer]",
        "roles: [{role: peer, from: 2026-03-03, until: 2026-03-02}]",
        "name: Jo",
        "a role ends before it begins",
    ),
    ("label: Home 17", "label: 17", "label: 17", "not text"),
    ("name: River\n", "name: River\n  name: Other\n", "name: Other", "the same name stands here"),
    ("send: a pair", "send: *x", "send: *x", "not YAML"),
    ("people:\n", "people: [\n", "", "not YAML"),
    (
        "{role: clinical_lead, person: lin, from: 2026-03-02, until: 2026-03-08}",
        "",
        "",
        "missing here",
    ),
    (
        "{role: clinical_lead, person: lin, from: 2026-03-02, until: 2026-03-08}",
        "lin",
        "",
        "missing here",
    ),
    ("send: a pair", "send: xoxb-not-for-here", "xoxb", "a token or another secret"),
    ("  county_number", "    county_number", "county_number", "not YAML"),
]


@pytest.mark.parametrize(("old", "new", "named", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line_and_what_to_do(tmp_path, old, new, named, said):
    text = small((old, new))
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, text)
    problems = refusal.value.problems
    found = [problem for problem in problems if said in problem.what]
    assert found, str(refusal.value)
    if named:
        assert line_of(text, named) in [problem.line for problem in found], str(refusal.value)
    assert all(problem.remedy for problem in problems)
    assert f"program.yml:{problems[0].line}: " in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "secret"),
    [
        ('"+15555550111"', "John Q. Client", "Client"),
        ("slack: U_JO", "slack: hunter2", "hunter2"),
        ("zone: America/Los_Angeles", "zone: Martha", "Martha"),
        ("id: jo,", "id: John Client,", "Client"),
        ("roles: [peer]", "roles: [Client]", "Client"),
        ("excludes: [theo]", "excludes: [client]", "client"),
        ("person: rosa", "person: client", "client"),
        ("send: a pair", "client_name: Martha", "Martha"),
        ("label: Home 17", "label: 12 Martha Street", "Martha"),
        ("send: a pair", "send: xoxb-123", "123"),
        ("2026-03-02 08:00", "Martha", "Martha"),
    ],
)
def test_no_message_repeats_what_somebody_wrote(tmp_path, old, new, secret):
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, small((old, new)))
    assert secret not in str(refusal.value)


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines(tmp_path):
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, small(("C_FIELD", "x"), ("slack: U_LIN", "slack: x"), ("zone: ", "zone: x")))
    lines = [problem.line for problem in refusal.value.problems]
    assert len(lines) == 3
    assert lines == sorted(lines)


@pytest.mark.parametrize("text", ["", "- one\n", "just words\n"])
def test_a_file_that_is_no_program_is_refused(tmp_path, text):
    with pytest.raises(programs.BadProgramFileError, match="empty or a list"):
        read(tmp_path, text)


def test_a_file_that_is_not_there_or_is_no_text_is_refused(tmp_path):
    with pytest.raises(programs.BadProgramFileError, match="cannot be read"):
        programs.read(tmp_path / "none.yml")
    (tmp_path / "picture.yml").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(programs.BadProgramFileError, match="cannot be read"):
        programs.read(tmp_path / "picture.yml")
    with pytest.raises(programs.BadProgramFileError, match="the policy file was not found"):
        read(tmp_path, SMALL + "policy: none.yml\n")


def test_one_who_is_alone_in_answering_pages_is_refused(tmp_path):
    text = small(
        ("roles: [coordinator, executive]", "roles: [executive]"),
        ("roles: [peer_supervisor]", "roles: [oversight]"),
        ("roles: [clinical_lead]", "roles: [oversight]"),
    ).partition("duty:")[0]
    with pytest.raises(programs.BadProgramFileError, match="rosa is the only one"):
        read(tmp_path, text)


def test_less_than_peers_should_have_behind_them_is_a_warning(tmp_path):
    text = small(
        ("roles: [clinical_lead]", "roles: [executive]"),
        ("roles: [peer_supervisor]", "roles: [peer_supervisor, clinical_lead]"),
        (", slack: U_THEO", ""),
        ("  - {role: clinical_lead, person: lin, from: 2026-03-02, until: 2026-03-08}\n", ""),
    )
    said = [str(warning) for warning in read(tmp_path, text).warnings]
    assert len(said) == 3
    assert "no clinical_lead behind them" in said[0]
    assert "maya is peer supervisor and clinical lead to every peer" in said[1]
    assert "theo has no Slack id" in said[2]


# --- times -----------------------------------------------------------------------------------


def only_duty(tmp_path, duty, at=AT):
    text = SMALL.partition("duty:")[0] + f"duty:\n  - {duty}\n"
    return [(turn.from_at, turn.until_at) for turn in read(tmp_path, text).file.turns(at)]


def weekly(days, start, end, starting, weeks=1):
    return (
        f"{{role: coordinator, person: rosa, days: [{days}], from: {start}, until: {end}, "
        f"starting: {starting}, weeks: {weeks}}}"
    )


def test_a_turn_keeps_its_local_hours_through_both_changes_of_the_clock(tmp_path):
    spring = only_duty(tmp_path, weekly("sat, sun", "08:00", "20:00", "2026-03-02"))
    assert [start for start, _ in spring] == [utc(2026, 3, 7, 16), utc(2026, 3, 8, 15)]
    autumn = only_duty(tmp_path, weekly("sat, sun", "08:00", "20:00", "2026-10-26"))
    assert [start for start, _ in autumn] == [utc(2026, 10, 31, 15), utc(2026, 11, 1, 16)]


def test_a_turn_from_an_hour_that_spring_leaves_out_begins_when_there_is_a_time_again(tmp_path):
    [(start, end)] = only_duty(tmp_path, weekly("sun", "02:30", "06:00", "2026-03-02"))
    assert (start, end) == (utc(2026, 3, 8, 10), utc(2026, 3, 8, 13))


def test_a_turn_from_an_hour_that_autumn_has_twice_begins_with_the_earlier(tmp_path):
    [(start, end)] = only_duty(tmp_path, weekly("sun", "01:30", "06:00", "2026-10-26"))
    assert (start, end) == (utc(2026, 11, 1, 8, 30), utc(2026, 11, 1, 14))


@pytest.mark.parametrize("clock", ["00:00", "01:30", "02:00", "02:30", "03:00", "12:00"])
@pytest.mark.parametrize("starting", ["2026-03-02", "2026-10-26"])
def test_turns_around_the_clock_meet_without_gap_or_overlap(tmp_path, clock, starting):
    every_day = weekly("mon, tue, wed, thu, fri, sat, sun", clock, clock, starting, weeks=2)
    found = only_duty(tmp_path, every_day)
    assert len(found) == 14
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_a_turn_over_midnight_ends_on_the_next_day(tmp_path):
    [(start, end)] = only_duty(tmp_path, weekly("mon", "20:00", "08:00", "2026-03-02"))
    assert (start, end) == (utc(2026, 3, 3, 4), utc(2026, 3, 3, 16))


def test_a_turn_that_gives_days_runs_to_the_end_of_the_last(tmp_path):
    duty = "{role: coordinator, person: rosa, from: 2026-03-02, until: 2026-03-08}"
    assert only_duty(tmp_path, duty) == [(utc(2026, 3, 2, 8), utc(2026, 3, 9, 7))]


def test_weeks_without_a_first_day_count_from_the_week_of_applying(tmp_path):
    duty = "{role: coordinator, person: rosa, days: [mon], from: 08:00, until: 20:00, weeks: 2}"
    starts = [start for start, _ in only_duty(tmp_path, duty, at=utc(2026, 3, 9, 1))]
    # It is still Sunday in Los Angeles; the week before comes along.
    assert starts == [utc(2026, 2, 23, 16), utc(2026, 3, 2, 16), utc(2026, 3, 9, 15)]
