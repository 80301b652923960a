"""What must be true of the rows whatever failed, as SQL: one statement each, and no row expected.

The letters are those of docs/guarantee.md. What the schema itself refuses is not asked again, and
what needs a history of rows (S8's tick, S10, L6) is held by the simulation alone. A statement looks
at what is open by an index, or at a window: what was written last, and one slice of the rest after
another, so that it costs the same however much there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from protocol.ids import MatterId
from protocol.records import HELD, EscalationState, VisitState
from storage.dispatch import PAGE_KINDS
from storage.outbox import PATIENCE
from storage.tables import audit_line, escalation, matter, message, outbox, program, visit

# Measured on 100,000 open visits: a statement then takes some milliseconds (docs/guarantee.md).
NEWEST: Final = 1000
SLICE: Final = 500
# More rows than this need not be counted to know that something is wrong.
ROWS_MAX: Final = 20
# Later than readiness says (2 s): by then it is no single slow sweep, and somebody was told.
LATE_AFTER: Final = timedelta(seconds=30)
# The longest lease is 30 s; whoever sends gives up before it ends.
LEASE_OVER_AFTER: Final = timedelta(seconds=60)
UNTRIED_AFTER: Final = timedelta(minutes=5)
UNWATCHED_AFTER: Final = timedelta(minutes=5)

_M, _V, _E, _O, _MSG, _LINE = matter.c, visit.c, escalation.c, outbox.c, message.c, audit_line.c
_OPEN = _E.due_at.is_not(None)
_WAITS = _O.attempt_at.is_not(None)
_AHEAD = outbox.alias("ahead")
# Of these each that was accepted stands as a message of its matter; the others may stand nowhere.
_LEAVES_A_MESSAGE = (*PAGE_KINDS, "Remind", "Ask", "Tell", "StandDown", "PostStandDown")


@dataclass(frozen=True, slots=True)
class Window:
    """This is what is looked at this time, and where the next slice begins.

    `outbox_after` and `message_after` are ids: what is younger was written last.
    """

    now: datetime
    transport_now: datetime
    matters: tuple[MatterId, ...]
    outbox_after: int
    message_after: int
    next_slice: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """This is one thing that must hold: its letter, its name, and the rows for which it does not.

    `passing` says that a long outage breaks it too, until what came due meanwhile was done.
    """

    letter: str
    name: str
    broken: Callable[[Window], Select[Any]]
    passing: bool = False


def window(conn: Connection, now: datetime, transport_now: datetime, after: str = "") -> Window:
    """Choose what to look at: the newest, what is climbing, and the slice that follows `after`."""
    newest = conn.execute(select(func.max(_O.id))).scalar() or 0
    newest_message = conn.execute(select(func.max(_MSG.id))).scalar() or 0
    recent = select(_O.matter_id).where(_O.id > newest - NEWEST, _O.matter_id.is_not(None))
    climbing = select(_E.matter_id).where(_OPEN).limit(SLICE)
    following = select(_M.id).where(_M.id > after).order_by(_M.id).limit(SLICE)
    cut = list(conn.execute(following).scalars())
    chosen = {*conn.execute(recent).scalars(), *conn.execute(climbing).scalars(), *cut}
    return Window(
        now=now,
        transport_now=transport_now,
        matters=tuple(sorted(MatterId(one) for one in chosen if one is not None)),
        outbox_after=newest - NEWEST,
        message_after=newest_message - NEWEST,
        next_slice=cut[-1] if len(cut) == SLICE else "",
    )


def broken(conn: Connection, invariant: Invariant, seen: Window) -> int:
    """Count the rows for which an invariant does not hold, up to ROWS_MAX."""
    rows = invariant.broken(seen).limit(ROWS_MAX).subquery()
    return conn.execute(select(func.count()).select_from(rows)).scalar_one()


def _climb_is_watched(_: Window) -> Select[Any]:
    beyond = or_(_M.due_at.is_(None), _M.due_at > _E.due_at, ~_M.active)
    return _with_matter().where(_OPEN, beyond)


def _visit_is_watched(seen: Window) -> Select[Any]:
    both = select(_V.matter_id).join(matter, _M.id == _V.matter_id)
    return both.where(_M.id.in_(seen.matters), _V.state != VisitState.CLOSED.value, ~_M.active)


def _version_has_its_line(seen: Window) -> Select[Any]:
    lines = select(func.count()).where(_LINE.chain == _M.id).scalar_subquery()
    last = select(func.max(_LINE.seq)).where(_LINE.chain == _M.id).scalar_subquery()
    gap = or_(lines != _M.version, func.coalesce(last, 0) != _M.version)
    return select(_M.id).where(_M.id.in_(seen.matters), gap)


def _page_was_decided(seen: Window) -> Select[Any]:
    episode = _O.body["episode"].as_string()
    decided = exists().where(
        _E.matter_id == _O.matter_id,
        or_(
            # Of the present climb: no further than it has come. Of an earlier one: it was.
            and_(episode == _episode(), cast(_O.body["rung"].as_string(), Integer) <= _E.rung),
            and_(episode != _episode(), episode.like(cast(_E.no, String) + literal(".%"))),
        ),
    )
    return select(_O.id).where(_recent(seen), _O.kind.in_(PAGE_KINDS), ~decided)


def _tried_when_due(seen: Window) -> Select[Any]:
    moved = or_(_M.attempt_at < _M.due_at, and_(_M.faults == 0, _M.attempt_at != _M.due_at))
    return select(_M.id).where(_M.id.in_(seen.matters), moved)


def _nothing_after_the_end(seen: Window) -> Select[Any]:
    of_the_end = and_(_LINE.chain == _M.id, _LINE.seq == _M.version, _LINE.at > _M.closed_at)
    return select(_M.id).where(_M.id.in_(seen.matters), exists().where(of_the_end))


def _no_page_after_the_end(_: Window) -> Select[Any]:
    return _waiting_pages(EscalationState.CLOSED)


def _no_page_while_held(_: Window) -> Select[Any]:
    return _waiting_pages(*HELD)


def _held_by_somebody(_: Window) -> Select[Any]:
    held = _E.state.in_([state.value for state in HELD])
    return select(_E.matter_id).where(_OPEN, held, _E.owner.is_(None))


def _sent_was_tried(seen: Window) -> Select[Any]:
    return select(_O.id).where(_recent(seen), _O.outcome == "sent", _O.attempts == 0)


def _sent_stands(seen: Window) -> Select[Any]:
    stands = exists().where(_MSG.matter_id == _O.matter_id, _MSG.outbox_key == _O.key)
    sent = and_(_O.outcome == "sent", _O.kind.in_(_LEAVES_A_MESSAGE), _O.matter_id.is_not(None))
    return select(_O.id).where(_recent(seen), sent, ~stands)


def _what_stands_was_decided(seen: Window) -> Select[Any]:
    decided = exists().where(_O.key == _MSG.outbox_key)
    recent = and_(_MSG.id > seen.message_after, _MSG.outbox_key.is_not(None))
    return select(_MSG.id).where(recent, ~decided)


def _shown_was_stored(seen: Window) -> Select[Any]:
    both = select(_MSG.id).join(matter, _M.id == _MSG.matter_id)
    return both.where(_M.id.in_(seen.matters), _MSG.shown_version > _M.version)


def _lanes_keep_order(seen: Window) -> Select[Any]:
    # A note waits for its thread outside its turn, and begins to count anew when that is there.
    older = exists().where(
        _AHEAD.c.lane == _O.lane,
        _AHEAD.c.id < _O.id,
        _AHEAD.c.outcome.is_(None),
        _AHEAD.c.attempts < PATIENCE,
        _AHEAD.c.kind != "ThreadNote",
    )
    return select(_O.id).where(_recent(seen), _O.lane.is_not(None), _O.outcome == "sent", older)


def _nothing_is_late(seen: Window) -> Select[Any]:
    late = and_(_M.due_at.is_not(None), _M.due_at < seen.now - LATE_AFTER)
    return select(_M.id).where(late, _M.faults == 0)


def _no_rung_is_late(seen: Window) -> Select[Any]:
    late = and_(_OPEN, _E.due_at < seen.now - LATE_AFTER)
    return _with_matter().where(late, _M.faults == 0)


def _rows_are_tried(seen: Window) -> Select[Any]:
    behind = exists().where(
        _AHEAD.c.lane == _O.lane, _AHEAD.c.id < _O.id, _AHEAD.c.outcome.is_(None)
    )
    untried = and_(_WAITS, _O.attempt_at < seen.transport_now - UNTRIED_AFTER)
    return select(_O.id).where(untried, ~behind)


def _leases_are_taken_over(seen: Window) -> Select[Any]:
    over = _O.attempt_at < seen.transport_now - LEASE_OVER_AFTER
    return select(_O.id).where(_WAITS, _O.claimed_by.is_not(None), over)


def _somebody_watches(seen: Window) -> Select[Any]:
    # By due time, which has an index: an active matter always has one.
    out = exists().where(_M.due_at.is_not(None), _M.program_id == program.c.id, _M.active)
    mark = program.c.watched_at
    return select(program.c.id).where(mark < seen.now - UNWATCHED_AFTER, out)


def _waiting_pages(*states: EscalationState) -> Select[Any]:
    """Pages to channels that still wait while their climb is in one of these states.

    Not those to people: whoever took something over, or might be calling the worker, is paged
    outside the climb, and reads how it ended.
    """
    own = and_(_E.matter_id == _O.matter_id, _O.body["episode"].as_string() == _episode())
    rows = select(_O.id).join(escalation, own)
    ended = _E.state.in_([state.value for state in states])
    return rows.where(_WAITS, _O.kind == "PostPage", ended)


def _recent(seen: Window) -> Any:
    return _O.id > seen.outbox_after


def _episode() -> Any:
    return cast(_E.no, String) + literal(".") + cast(_E.cycle, String)


def _with_matter() -> Select[Any]:
    return select(_E.matter_id).join(matter, _M.id == _E.matter_id)


ALL: Final = (
    Invariant("S1", "an_open_climb_is_watched", _climb_is_watched),
    Invariant("S1", "an_open_visit_is_watched", _visit_is_watched),
    Invariant("S2", "every_version_has_its_line", _version_has_its_line),
    Invariant("S3", "no_page_of_a_rung_that_did_not_fire", _page_was_decided),
    Invariant("S4", "nothing_is_tried_before_it_is_due", _tried_when_due),
    Invariant("S5", "no_history_after_the_end", _nothing_after_the_end),
    Invariant("S5", "no_page_waits_after_the_end", _no_page_after_the_end),
    Invariant("S6", "no_page_waits_while_somebody_has_it", _no_page_while_held),
    Invariant("S6", "what_is_held_has_an_owner", _held_by_somebody),
    Invariant("S7", "what_was_sent_was_tried", _sent_was_tried),
    Invariant("S7", "what_was_sent_stands", _sent_stands),
    Invariant("S7", "what_stands_was_decided", _what_stands_was_decided),
    Invariant("S8", "what_is_shown_was_stored", _shown_was_stored),
    Invariant("S9", "lanes_keep_their_order", _lanes_keep_order),
    Invariant("L1", "nothing_due_is_left", _nothing_is_late, passing=True),
    Invariant("L2", "no_rung_due_is_left", _no_rung_is_late, passing=True),
    Invariant("L3", "every_row_is_tried", _rows_are_tried, passing=True),
    Invariant("L4", "a_dead_senders_rows_are_taken_over", _leases_are_taken_over, passing=True),
    Invariant("L5", "somebody_watches", _somebody_watches, passing=True),
)
