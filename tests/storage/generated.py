"""Matters such as nobody would think of, within the rules of the schema."""

from dataclasses import is_dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import count
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from protocol.ids import MatterId, PersonId, PlaceId
from protocol.plan import Stop
from protocol.policy import Ladder, Timings
from protocol.records import (
    ABOUT_A_WORKER,
    NEEDS_SECOND,
    Approval,
    Closing,
    Escalation,
    EscalationKind,
    EscalationState,
    Matter,
    Visit,
    VisitOutcome,
    VisitState,
)
from tests.storage import samples

# PostgreSQL's text holds no NUL, and no text from Slack has one.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
INSTANTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is added
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
OTHERS = st.sampled_from(samples.PEOPLE[1:])
STOPS = st.lists(st.deferred(lambda: of(Stop)), min_size=1, max_size=8).map(tuple)

KNOWN: dict[Any, st.SearchStrategy] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 10_000),
    NoneType: st.none(),
    datetime: INSTANTS,
    timedelta: st.timedeltas(timedelta(0), timedelta(days=30)),
    PersonId: OTHERS,
    PlaceId: TEXTS,
    MatterId: TEXTS,
    Timings: st.just(samples.TIMINGS),
    Ladder: st.just(samples.TIMINGS.ladder),
    # What is about a trigger has a table of its own.
    EscalationKind: st.sampled_from(ABOUT_A_WORKER),
    EscalationState: st.sampled_from(
        [one for one in EscalationState if one is not EscalationState.CONSULTED]
    ),
    tuple[Stop, ...]: STOPS,
}


def of(hint: Any) -> st.SearchStrategy:
    """Any value of a type that occurs in the records."""
    if hint in KNOWN:
        return KNOWN[hint]
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*map(of, get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(of(get_args(hint)[0]), max_size=3).map(tuple)
    if get_origin(hint) is frozenset:
        return st.frozensets(of(get_args(hint)[0]), max_size=4)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    assert isinstance(hint, type), hint
    assert is_dataclass(hint), hint
    return st.builds(hint, **{name: of(part) for name, part in get_type_hints(hint).items()})


def lawful_visit(visit: Visit, at: datetime, *, looked_for: bool) -> Visit:
    """The visit, changed where a rule of the schema or of the records would refuse it."""
    state = visit.state
    if state is VisitState.ESCALATED and not looked_for:
        state = VisitState.OVERDUE
    closed = state is VisitState.CLOSED
    visit = replace(
        visit,
        state=state,
        due_at=None if closed else visit.due_at or at,
        outcome=(visit.outcome or VisitOutcome.COMPLETED) if closed else visit.outcome,
        answers_due_at=at if visit.answers else None,
    )
    if visit.approval is not Approval.CONFIRMED:
        return visit
    approver = next(one for one in samples.PEOPLE[1:] if one != visit.plan.partner)
    return replace(visit, approver=approver)


def lawful_escalation(made: Escalation, no: int, closing: Closing, *, last: bool) -> Escalation:
    """The escalation, changed likewise; only the last of a matter may be open."""
    made = replace(made, no=no)
    if last and made.state is not EscalationState.CLOSED:
        return replace(made, due_at=made.due_at or made.opened_at, closed_at=None)
    second = next(one for one in samples.PEOPLE[1:] if one != closing.by)
    return replace(
        made,
        state=EscalationState.CLOSED,
        due_at=None,
        closed_at=made.closed_at or made.opened_at,
        closing=closing,
        second=second if made.kind in NEEDS_SECOND else made.second,
    )


_numbers = count()


@st.composite
def _matters(draw: st.DrawFn) -> Matter:
    visit = draw(st.none() | of(Visit))
    climbs = draw(st.lists(st.tuples(of(Escalation), of(Closing)), max_size=3))
    made = Matter(
        # Each example is saved to the same database.
        id=MatterId(f"m{next(_numbers)}"),
        program=samples.PROGRAM,
        worker=samples.WORKER,
        escalations=tuple(
            lawful_escalation(climb, no, closing, last=no == len(climbs))
            for no, (climb, closing) in enumerate(climbs, start=1)
        ),
        silent=draw(st.booleans()),
    )
    if visit is None:
        return made
    looked_for = made.open_escalation is not None
    return replace(made, visit=lawful_visit(visit, draw(INSTANTS), looked_for=looked_for))


MATTERS = _matters()
