"""This draws the live board: everybody who is out, whoever needs a human first.

Rows are lines of text, several to a block, so that a large county fits into one Home.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, lines, plain, section, typed
from bot.slack.render.times import clock
from bot.slack.render.view import Block
from bot.slack.words import home as words
from bot.slack.words import labels, names, pages
from bot.slack.words.speech import _, n_
from protocol.ids import PersonId
from protocol.records import NEEDS_SECOND, EscalationState, Expecting, VisitState
from storage.board import CallRow, Look, Open, VisitRow

SHOWN: Final = 40
PER_BLOCK: Final = 4
# All rows of the whole board: 90 blocks of these, far beyond any county.
SHOWN_IN_FULL: Final = 360
TITLE_MAX: Final = 24

_LATE: Final = (VisitState.OVERDUE, VisitState.ESCALATED)


def board(look: Look, above: Collection[Open] = ()) -> list[Block]:
    """The board as it stands in a Home, with a way to all of it where it is long.

    Who stands `above` it in the same Home already, does not stand here once more.
    """
    rows = [one for one in ordered(look) if one not in above]
    shown = [section(_(words.BOARD)), *_rows(rows[:SHOWN], look)]
    if not rows:
        shown.append(section(_(words.NOBODY_ELSE_OUT if above else words.NOBODY_OUT)))
    if len(rows) > SHOWN:
        left = len(rows) - SHOWN
        shown.append(context(and_more(left)))
        shown.append(actions("board", [button(Action.SHOW_BOARD, pack(NO_MATTER))]))
    return shown


def whole_board(look: Look, pages: Sequence[Block] = ()) -> dict[str, Any]:
    """The whole board as a form without a question. `pages` come first: what was raised."""
    rows = ordered(look)
    blocks = [*pages]
    blocks += _rows(rows[:SHOWN_IN_FULL], look) or [section(_(words.NOBODY_OUT))]
    if len(rows) > SHOWN_IN_FULL:
        left = len(rows) - SHOWN_IN_FULL
        blocks.append(context(and_more(left)))
    blocks.append(as_of(look))
    return {
        "type": "modal",
        "callback_id": "board",
        "title": plain(_(words.BOARD_TITLE), TITLE_MAX),
        "blocks": blocks,
    }


def ordered(look: Look) -> list[Open]:
    """Everybody who is out now: nobody has it, somebody has it, overdue, the rest; then by due."""
    out = [one for one in look.boarded if one.is_out(look.at)]
    return sorted(out, key=lambda one: (*_urgency(one), _due(one) or look.at, one.matter))


def calls(look: Look) -> list[Open]:
    """The open escalations of this person's board, the most urgent first."""
    return [one for one in ordered(look) if one.call is not None]


def and_more(left: int) -> str:
    """How many more there are than fit."""
    return n_("and {count} more", "and {count} more", left)


def as_of(look: Look) -> Block:
    """When this was read; a Home that nobody keeps up to date any more says so by itself."""
    zone = look.programs[0].zone if look.programs else "UTC"
    return context(_(words.AS_OF, at=clock(look.at, zone)))


def row(one: Open, look: Look) -> str:
    """One matter in two lines: who and where, then how it stands."""
    zone = look.program(one.program).zone
    if one.call is None:
        head = f"*{who(one, look)}*"
        state = _visit_state(one.visit, look, zone) if one.visit else []
    else:
        head = _(words.CALL_HEAD, kind=_(names.ESCALATION[one.call.kind]), who=who(one, look))
        state = call_state(one.call, look, zone)
    where = _where(one)
    if len(look.programs) > 1:
        where.append(typed(look.program(one.program).name, 40))
    return lines(" · ".join([head, *where]), " · ".join(state))


def who(one: Open, look: Look) -> str:
    """The worker, or both of a pair."""
    people = [_name(look, person) for person in one.members]
    return people[0] if len(people) == 1 else _(words.PAIR, one=people[0], other=people[1])


def due(visit: VisitRow, look: Look, zone: str, *, own: bool = False) -> str:
    """What is due next, and when. People may have been called before anything was due.

    One's `own` visit speaks as its card does.
    """
    late = visit.state in _LATE and visit.due_at is not None and visit.due_at <= look.at
    to_worker, to_others = (labels.WAS_DUE, words.WAS_DUE) if late else (labels.DUE, words.DUE)
    said = to_worker if own else to_others
    return _(said[visit.expecting], at=clock(visit.due_at, zone))


def call_state(call: CallRow, look: Look, zone: str) -> list[str]:
    """Since when an escalation is open, who has it, and when it is next looked at."""
    since = _(words.SINCE, at=clock(call.since, zone))
    drill = [_(words.DRILL)] if call.drill else []
    if call.state is EscalationState.CLIMBING or call.owner is None:
        step = _(words.NEXT_STEP, at=clock(call.due_at, zone))
        return [*drill, since, _(names.STATE[EscalationState.CLIMBING]), step]
    has_it = _(words.HAS_IT, who=_name(look, call.owner))
    held = call.state is EscalationState.ACKNOWLEDGED
    more = [] if held else [_(names.STATE[call.state])]
    look_at = _(words.NEXT_LOOK, at=clock(call.due_at, zone))
    return [*drill, since, has_it, *more, look_at]


def _visit_state(visit: VisitRow, look: Look, zone: str) -> list[str]:
    said = _(words.NOT_CONFIRMED)
    if visit.approver is not None:
        said = _(words.CONFIRMED_BY, who=_name(look, visit.approver))
    # On a route the way to the next stop is one, too.
    moving = visit.expecting is Expecting.ARRIVAL and visit.state not in _LATE
    state = _(words.STATE[VisitState.PLANNED if moving else visit.state])
    return [state, due(visit, look, zone), said]


def _where(one: Open) -> list[str]:
    if one.visit is None:
        return [_(words.NO_VISIT)]
    place = typed(one.visit.place, 80) or _(pages.NO_LABEL)
    return [place, _(names.RATING[one.visit.rating])]


def _urgency(one: Open) -> tuple[int, int]:
    call, visit = one.call, one.visit
    if call is None:
        return (2, 0) if visit is not None and visit.state in _LATE else (3, 0)
    waits = call.state is EscalationState.CLIMBING
    return (0 if waits else 1, 0 if call.kind in NEEDS_SECOND else 1)


def _due(one: Open) -> datetime | None:
    if one.call is not None:
        return one.call.due_at
    return one.visit.due_at if one.visit else None


def _name(look: Look, person: PersonId) -> str:
    return typed(look.names.get(person, person), 60)


def _rows(rows: Sequence[Open], look: Look) -> list[Block]:
    chunks: Iterable[Sequence[Open]] = (
        rows[start : start + PER_BLOCK] for start in range(0, len(rows), PER_BLOCK)
    )
    return [section("\n\n".join(row(one, look) for one in chunk)) for chunk in chunks]
