"""The parts of doctor that are pure: what counts as cover, how far a clock is off, what is said."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.cli import findings
from bot.cli.findings import Finding, Kind, Level
from bot.cli.program_findings import gaps, of_cover, of_roles
from bot.cli.room_findings import CHANNELS, PEOPLE, WHY
from bot.cli.slack_findings import Answer, of_auth, of_opening, of_scopes, of_time
from bot.slack import manifest
from bot.slack.audience import Why
from protocol.ids import PersonId
from protocol.people import Cover, Duty, Role

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = 7 * 24


def duty(person, start, end, role=Role.COORDINATOR):
    return Duty(PersonId(person), role, NOW + start * HOUR, NOW + end * HOUR)


def kinds(found):
    return [one.kind for one in found]


def test_a_time_without_responders_is_a_gap_and_one_responder_is_thin():
    cover = Cover(duties=(duty("a", 0, 6), duty("b", 0, 4), duty("b", 8, 12), duty("a", 8, 12)))
    found = gaps(cover, NOW, NOW + 12 * HOUR)
    assert [((s - NOW) / HOUR, (e - NOW) / HOUR, people) for s, e, people in found] == [
        (4, 6, 1),
        (6, 8, 0),
    ]


def test_one_person_in_two_roles_is_one_responder():
    cover = Cover(duties=(duty("a", 0, 4), duty("a", 0, 4, Role.CLINICAL_LEAD)))
    assert [people for *_, people in gaps(cover, NOW, NOW + 4 * HOUR)] == [1]


def test_somebody_whom_slack_cannot_reach_is_no_responder():
    duties = (duty("a", 0, 4), duty("b", 0, 4))
    cover = Cover(duties=duties, unreachable=frozenset({PersonId("b")}))
    assert [people for *_, people in gaps(cover, NOW, NOW + 4 * HOUR)] == [1]


def test_nobody_on_duty_now_is_told_apart_from_nobody_later():
    later = Cover(duties=(duty("a", -1, 9), duty("b", -1, 9), duty("a", 20, WEEK)))
    both = Cover(duties=(duty("a", 2, 9), duty("b", 2, 9)))
    assert kinds(of_cover("p", Cover(), NOW)) == [Kind.COVER_NOW]
    assert kinds(of_cover("p", later, NOW)) == [Kind.COVER_NONE, Kind.COVER_THIN]
    assert kinds(of_cover("p", both, NOW)) == [Kind.COVER_NOW, Kind.COVER_NONE]


def test_two_people_all_week_are_enough():
    full = Cover(duties=(duty("a", -1, WEEK + 1), duty("b", -1, WEEK + 1)))
    assert kinds(of_cover("p", full, NOW)) == []


def test_roles_that_nobody_holds_are_named():
    held = [(Role.PEER, "a"), (Role.COORDINATOR, "b"), (Role.PEER_SUPERVISOR, "c")]
    cover = Cover(holders=tuple((role, PersonId(who)) for role, who in held))
    told = " ".join(one.operator for one in of_roles("p", cover))
    assert "clinical_lead" in told
    assert "executive" in told
    assert "peer in" not in told


def test_every_scope_that_is_missing_is_named_with_what_it_is_for():
    granted = ",".join([*list(manifest.SCOPES)[1:], "admin"])
    missing, more = of_scopes({"x-oauth-scopes": granted})
    assert (missing.kind, more.kind) == (Kind.SCOPE_MISSING, Kind.SCOPE_EXTRA)
    first = next(iter(manifest.SCOPES))
    assert first in missing.operator
    assert manifest.SCOPES[first] in missing.user
    assert "admin" in more.operator


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("Mon, 23 Nov 2026 12:00:05 GMT", None),
        ("Mon, 23 Nov 2026 11:59:00 GMT", "60 s ahead of"),
        ("Mon, 23 Nov 2026 12:01:00 GMT", "60 s behind"),
        ("soon", None),
    ],
)
def test_the_clock_is_held_against_slacks(date, found):
    told = of_time({"date": date}, NOW)
    assert [found in one.operator for one in told] == ([True] if found else [])


@pytest.mark.parametrize("code", ["ratelimited", "internal_error", "connection", "http_502"])
def test_a_slack_that_is_busy_or_down_refused_no_token(code):
    answer = Answer({"error": code}, {})
    assert kinds([*of_auth(answer, NOW), *of_opening(answer)]) == [Kind.SLACK_SILENT] * 2


def test_every_reason_to_post_nothing_is_a_finding():
    # Who must be avoided is asked for one message, and says nothing about the channel.
    assert set(WHY) == set(Why) - {Why.ALLOWED, Why.AVOIDED}
    assert set(CHANNELS) == {*WHY.values(), Kind.CHANNEL_ARCHIVED}


def test_every_sentence_ends_and_none_for_people_names_a_setting():
    found = [
        *of_roles("p", Cover()),
        *of_cover("p", Cover(), NOW),
        *of_scopes({"x-oauth-scopes": "admin"}),
        *of_scopes({}),
        *of_time({"date": "Mon, 23 Nov 2026 11:00:00 GMT"}, NOW),
        *of_auth(Answer({"error": "invalid_auth"}, {}), NOW),
        *of_auth(Answer({"ok": True}, {}), NOW),
        *(
            one
            for code in ("missing_scope", "access_denied", "invalid_auth", "connection")
            for one in of_opening(Answer({"error": code}, {}))
        ),
        *(Finding(kind, f"{user}.", operator) for kind, (user, operator) in CHANNELS.items()),
        *(Finding(kind, user, f"{operator}.") for kind, (user, operator) in PEOPLE.items()),
    ]
    for one in found:
        assert one.user.endswith(".")
        assert one.operator.endswith(".")
        assert "BELAY_" not in one.user


def test_faults_come_first_then_the_order_of_the_list_and_nothing_twice():
    given = [Kind.MANIFEST_UNSEEN, Kind.HEARTBEAT_MISSING, Kind.COVER_NOW, Kind.TOKEN_REFUSED]
    shuffled = [Finding(kind, "u", "o") for kind in given]
    assert kinds(findings.in_order([*shuffled, *shuffled])) == given[::-1]


def test_every_kind_has_a_level_and_warnings_are_no_notes():
    assert findings.WARNINGS.isdisjoint(findings.NOTES)
    assert {kind.level for kind in Kind} == set(Level)
