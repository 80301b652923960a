"""The huddle in a program's file: taken over once, said as a change, and wrong by its line."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import huddles, programs
from storage.database import Database
from storage.sealing import Sealer
from tests.county import KEY
from tests.storage.programs_for_tests import line_of, read, small

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
CHANNEL = ("{field_safety: C_FIELD}", "{field_safety: C_FIELD, huddle: C_HUDDLE}")
LAST = '  county_number: "+15555550199"\n'


def said(huddle, *, channel=True):
    changes = [(LAST, f"{LAST}  huddle: {huddle}\n")] if huddle else []
    return small(*changes, *([CHANNEL] if channel else []))


@pytest.fixture
def applies(ready_database_url, tmp_path):
    database, sealer = Database.open(ready_database_url), Sealer([KEY])
    times = iter(range(10))

    def apply(text):
        at = AT + timedelta(minutes=next(times))
        file = read(tmp_path, text).file
        changes = database.run_sync(programs.apply, sealer, file, at)
        [found] = database.run_sync(huddles.wanted)
        return [str(one) for one in changes if one.what == "program"], found

    yield apply
    database.dispose()


def test_it_is_taken_over_once_and_what_changed_is_said(applies):
    first, one = applies(said('{at: "08:45"}'))
    assert first == ["program river: added"]
    assert (f"{one.at:%H:%M}", one.days, one.channel) == ("08:45", {0, 1, 2, 3, 4}, "C_HUDDLE")
    assert applies(said('{at: "08:45", days: [fri, mon, tue, wed, thu]}'))[0] == []
    changed, one = applies(said('{at: "9:00", days: [mon], managers: {shelter: theo}}'))
    assert changed == ["program river: changed (huddle)"]
    assert (one.days, one.managers) == ({0}, {"shelter": "theo"})
    gone, one = applies(said(""))
    assert gone == ["program river: changed (huddle)"]
    assert not one.is_posted
    assert applies(said(""))[0] == []


@pytest.mark.parametrize(
    ("huddle", "what"),
    [
        ("{at: quarter to nine}", "not a time of day"),
        ("{days: [mon]}", ""),
        ('{at: "08:45", days: [someday]}', ""),
        ('{at: "08:45", days: []}', ""),
        ('{at: "08:45", managers: {shelter: nobody}}', "nobody in people has this id"),
        ('{at: "08:45", managers: {police: theo}}', ""),
    ],
)
def test_what_is_wrong_with_it_is_said_with_its_line_and_a_remedy(tmp_path, huddle, what):
    text = said(huddle)
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, text)
    problem = refusal.value.problems[-1]
    assert problem.line == line_of(text, "  huddle: {")
    assert what in problem.what
    assert problem.remedy


def test_a_time_without_a_channel_and_a_channel_without_a_time_are_warned_of(tmp_path):
    for text in (said('{at: "08:45"}', channel=False), said("")):
        warned = [one for one in read(tmp_path, text).warnings if "huddle" in one.what]
        assert len(warned) == 1
        assert "nothing is posted" in warned[0].what
