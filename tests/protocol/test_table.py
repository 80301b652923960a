"""Every state meets every event, and does what the table says."""

import random
from collections import defaultdict

import pytest

from protocol import events as e
from protocol.matter import next_deadline
from protocol.table import ESCALATION, NEW, VISIT
from tests.protocol.walk import VISIT_STATES, escalation_state, steps, visit_state
from tests.protocol.world import NOON, Life, events

# Drawn once, and used by all of these.
pytestmark = pytest.mark.xdist_group("walk")

_EVENTS = events(NOON, Life().matter, random.Random(1))
EVENT_NAMES = sorted({type(event).__name__ for event in _EVENTS})


def seen_visit_moves():
    moves = defaultdict(set)
    for step in steps():
        moves[visit_state(step.before), step.kind].add(visit_state(step.after))
    return moves


def seen_escalation_moves():
    moves = defaultdict(set)
    for step in steps():
        before, after = escalation_state(step.before, step.after)
        moves[before, step.kind].add(after)
    return moves


def test_there_is_an_event_of_every_kind_to_try():
    union = e.Event.__args__
    assert {kind.__name__ for kind in union} == set(EVENT_NAMES)


@pytest.mark.parametrize("state", VISIT_STATES)
def test_every_state_of_a_visit_meets_every_event(state):
    seen = {name for (at, name) in seen_visit_moves() if at == state}
    missing = set(EVENT_NAMES) - seen
    if state is not NEW:
        missing -= {"OpenSilent"}  # a silent matter has no visit
    assert not missing, f"{state} never met {sorted(missing)}"


def test_a_visit_makes_no_move_that_the_table_does_not_have():
    for (state, name), reached in seen_visit_moves().items():
        allowed = {state, *VISIT[state].get(name, ())}
        assert reached <= allowed, f"{state} + {name} -> {sorted(reached - allowed)}"


def test_every_move_of_a_visit_in_the_table_is_made():
    seen = seen_visit_moves()
    unmade = [
        (state, name, after)
        for state, moves in VISIT.items()
        for name, afters in moves.items()
        for after in afters
        if after not in seen[state, name]
    ]
    assert not unmade


def test_an_escalation_makes_no_move_that_the_table_does_not_have():
    for (state, name), reached in seen_escalation_moves().items():
        allowed = {state, *ESCALATION[state].get(name, ())}
        assert reached <= allowed, f"{state} + {name} -> {sorted(reached - allowed)}"


def test_every_move_of_an_escalation_in_the_table_is_made():
    seen = seen_escalation_moves()
    unmade = [
        (state, name, after)
        for state, moves in ESCALATION.items()
        for name, afters in moves.items()
        for after in afters
        if after not in seen[state, name]
    ]
    assert not unmade


def test_a_matter_is_open_exactly_while_it_has_a_deadline():
    for step in steps():
        assert step.after.is_open == (next_deadline(step.after) is not None), step


def test_every_open_record_has_a_due_time():
    for step in steps():
        visit = step.after.visit
        if visit is not None:
            assert (visit.due_at is None) == (visit.state == "closed"), step
        for escalation in step.after.escalations:
            assert (escalation.due_at is None) == (escalation.state == "closed"), step


def test_no_two_effects_of_one_life_share_a_key():
    keys: dict[int, set[str]] = defaultdict(set)
    for step in (step for step in steps() if step.seed >= 0):
        for effect in step.decision.effects:
            assert effect.key not in keys[step.seed], (step.event, effect)
            keys[step.seed].add(effect.key)


def test_a_refusal_moves_nothing():
    for step in steps():
        if step.decision.refused:
            assert visit_state(step.before) == visit_state(step.after)
            assert step.before.escalations == step.after.escalations
