"""The checks that no seeded defect of a whole run reaches: each finds what is made up for it."""

from collections import Counter, defaultdict
from datetime import timedelta
from types import SimpleNamespace

import pytest

from storage import invariants as asked_of_production
from tests.simulation import invariants, soak
from tests.simulation.record import Claimed, Record
from tests.tidy import tree

SECOND = timedelta(seconds=1)


def ran(rows=(), lines=(), **parts):
    """A run of which only so much is known: rows of the outbox, lines of the history."""
    tables = {"outbox": list(rows), "audit_line": list(lines)}
    known = {
        "record": Record(),
        "slack": SimpleNamespace(accepted=[], posted=[]),
        "fleet": SimpleNamespace(dead=[]),
        "shape": SimpleNamespace(whole=True),
        "lateness": [],
        "out_at": lambda second: True,
        "away_between": lambda begins, ends: 0.0,
        "jumped_near": lambda at: False,
    }
    return SimpleNamespace(rows=tables.__getitem__, **{**known, **parts})


def found(check, of):
    return [word for word in check(of) if word]


def row(number, key, *, attempts=1, lane="lane"):
    return SimpleNamespace(id=number, key=key, lane=lane, attempts=attempts, kind="Tell")


def test_s8_finds_an_answer_of_which_nothing_is_stored():
    line = SimpleNamespace(chain="m1", seq=2, event="CheckIn")
    told = Record(told=[("m1", 2, "CheckIn")])
    assert found(invariants.what_was_told_is_stored, ran(lines=[line], record=told)) == []
    assert found(invariants.what_was_told_is_stored, ran(record=told))


@pytest.mark.parametrize(("tries", "wrong"), [(1, 1), (5, 0)])
def test_s9_finds_a_message_that_overtook_another(tries, wrong):
    slack = SimpleNamespace(accepted=[(1.0, "D", "second"), (2.0, "D", "first")])
    rows = [row(1, "first", attempts=tries), row(2, "second")]
    assert len(found(invariants.lanes_keep_their_order, ran(rows, slack=slack))) == wrong


@pytest.mark.parametrize(("again_at", "wrong"), [(20.0, 0), (22.0, 1)])
def test_l4_finds_a_page_that_a_dead_sender_kept(again_at, wrong):
    claims = defaultdict(list, {"m/1.1/page/0/x": [Claimed(0, 15), Claimed(again_at, 99)]})
    held = ran(record=Record(claims=claims))
    assert len(found(invariants.a_dead_senders_rows_are_retried, held)) == wrong
    claims["m/1.1/page/0/x"][0] = Claimed(0, 15, settled=True)
    assert found(invariants.a_dead_senders_rows_are_retried, held) == []


def test_l5_finds_a_death_that_nobody_was_told_of_and_a_message_without_one():
    dead = SimpleNamespace(dead=[(1000.0, 2500.0)])
    slack = SimpleNamespace(accepted=[], posted=[(1500.0, 0.0)])
    seen = {"away_between": lambda begins, ends: 1.0}
    assert found(invariants.the_dead_are_noticed, ran(fleet=dead, slack=slack, **seen)) == []
    assert found(invariants.the_dead_are_noticed, ran(fleet=dead))
    assert found(invariants.the_dead_are_noticed, ran(slack=slack))


def test_l6_finds_a_lateness_that_health_does_not_see():
    late = ran(lateness=[(SECOND, SECOND), (0 * SECOND, SECOND)])
    assert len(found(invariants.health_sees_what_is_late, late)) == 1


def test_what_production_found_is_a_violation():
    record = Record(asked=Counter(S2=5), broken=["S2 every_version_has_its_line: 1"])
    assert len(list(invariants.production_found_nothing(ran(record=record)))) == 5
    assert len(found(invariants.production_found_nothing, ran(record=record))) == 1


def test_the_guarantee_names_every_check_beside_its_letter():
    page = tree.text("docs/guarantee.md")
    lines = {line.split("|")[1].strip(): line for line in page.splitlines() if "| " in line}
    for letter, checks in invariants.LETTERS.items():
        names = [one.__name__ for one in checks if letter != "SQL"]
        assert [name for name in names if f"`{name}`" not in lines[letter]] == []
    asked = [(one.letter, f"`{one.name}`") for one in asked_of_production.ALL]
    assert [pair for pair in asked if pair[1] not in lines[pair[0]]] == []
    assert soak.NAMES.keys() == invariants.LETTERS.keys()
