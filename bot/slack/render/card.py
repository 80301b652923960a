"""This draws the worker's card: where they are, what is ticked, what is due, and their buttons.

What a worker answered is taken out before anything is drawn, so that no card can depend on it, and
a silent matter has no card at all.
"""

from dataclasses import replace
from datetime import datetime

from bot.slack.carried import pack
from bot.slack.ids import Action, More
from bot.slack.render.answers import answer_rows, beside, help_row, more
from bot.slack.render.blocks import actions, button, context, lines, menu, section, typed
from bot.slack.render.times import clock, day_and_clock, length
from bot.slack.render.view import Block, Directory, MatterView, Rendered
from bot.slack.words import labels, names, news
from bot.slack.words.speech import _
from protocol.ids import MatterId
from protocol.plan import Purpose
from protocol.records import (
    SILENT,
    Approval,
    Escalation,
    EscalationKind,
    EscalationState,
    Expecting,
    Matter,
    Visit,
    VisitOutcome,
    VisitState,
)


def card(view: MatterView) -> Rendered:
    """The card as it is now. ValueError for a silent matter: its worker must not see it."""
    matter = view.matter
    if matter.silent:
        raise ValueError("a silent matter has no card")
    if matter.visit is None:
        return Rendered(_(news.LOCK_CARD), tuple(_call_only(matter, view.directory)))
    return Rendered(_(news.LOCK_CARD), tuple(_visit_card(matter, _unanswered(matter.visit), view)))


def former_card(view: MatterView) -> Rendered:
    """The card of somebody who was taken off the plan: that they were, and help as ever."""
    blocks = [section(_(labels.OFF_THE_PLAN)), *help_row(view.matter.id)]
    return Rendered(_(news.LOCK_CARD), (*blocks, context(no_tick(view.directory))))


def _unanswered(visit: Visit) -> Visit:
    return replace(visit, answers=(), answers_due_at=None)


def _visit_card(matter: Matter, visit: Visit, view: MatterView) -> list[Block]:
    zone = view.directory.zone
    shown = [section(_head(visit, zone)), section(_ticks(matter, visit, view.directory))]
    if visit.state is VisitState.CLOSED:
        outcome = names.VISIT_OUTCOME[visit.outcome] if visit.outcome else labels.VISIT_CLOSED
        return [*shown, section(_(outcome)), *_after(matter.id, visit), *help_row(matter.id)]
    return [
        *shown,
        section(lines(_due(visit, zone), _(labels.NOT_CONFIRMED) if _asked(visit) else None)),
        *answer_rows(matter.id, visit.expecting, beside=beside(visit), more=more(visit)),
        *_pair(matter, visit, view.directory),
        *_route(matter.id, visit),
        *help_row(matter.id),
        context(no_tick(view.directory)),
    ]


def _after(matter: MatterId, visit: Visit) -> list[Block]:
    """The same once more, and a flag on the place; nobody plans ahead to look after a colleague."""
    again = visit.plan.purpose is not Purpose.SENT_TO_LOOK
    wanted = (Action.REPEAT_VISIT, Action.FLAG_PLACE) if again else (Action.FLAG_PLACE,)
    return [actions("again", [button(action, pack(matter)) for action in wanted])]


def _head(visit: Visit, zone: str) -> str:
    plan = visit.plan
    shown = f"{day_and_clock(plan.start_at, zone)}, {length(plan.expected)}"
    confirmed = visit.approval is Approval.CONFIRMED
    rating = _(labels.RATED, rating=_(names.RATING[visit.rating]))
    return lines(
        f"*{typed(visit.stop.label, 150)}*",
        f"{shown} · {_(names.PURPOSE[plan.purpose])} · {rating}",
        None if confirmed else _(names.APPROVAL[visit.approval]),
    )


def _asked(visit: Visit) -> bool:
    """Whether a plan waits for its answer, and for its start."""
    return visit.approval is Approval.ASKED and visit.started_at is None


def _ticks(matter: Matter, visit: Visit, directory: Directory) -> str:
    zone = directory.zone
    ticks = [
        (labels.TICK_ASKED, visit.asked_at),
        (labels.TICK_CONFIRMED, visit.approved_at),
        (labels.TICK_HERE, visit.started_at),
        (labels.TICK_HEARD, visit.last_heard_at),
        (labels.TICK_LEFT, visit.left_at),
        (labels.TICK_CLEAR, _clear_at(matter, visit)),
    ]
    last = matter.escalations[-1] if matter.escalations else None
    shown = [f"✓ {clock(at, zone)} {_(words)}" for words, at in ticks if at is not None]
    return "\n".join([*shown, *(_call_ticks(last, directory) if last else ())])


def _clear_at(matter: Matter, visit: Visit) -> datetime | None:
    """When they said that they were clear. A visit can end without their saying so."""
    match visit.outcome:
        case VisitOutcome.CALLED_OFF | VisitOutcome.DECLINED:
            return None
        case VisitOutcome.ACCOUNTED_FOR:
            closed = [one.closed_at for one in matter.escalations]
            return None if visit.ended_at in closed else visit.ended_at
        case _:
            return visit.ended_at


def _call_ticks(escalation: Escalation, directory: Directory) -> list[str]:
    """What was received and who has seen it. Help that must stay quiet is not named on a screen."""
    zone = directory.zone
    received = f"{mark(escalation.kind)} {clock(escalation.opened_at, zone)}"
    received = f"{received} {_(names.RECEIVED[escalation.kind])}"
    if escalation.state is EscalationState.CLOSED:
        over = f"✓ {clock(escalation.closed_at, zone)} {_(names.STATE_TO_WORKER)}"
        return [received] if escalation.kind in SILENT else [received, over]
    if escalation.owner is None or escalation.state is EscalationState.CLIMBING:
        return [received]
    who = typed(directory.name(escalation.owner), 80)
    return [received, f"✓ {_(labels.TICK_SEEN, who=who)}"]


def mark(kind: EscalationKind) -> str:
    """A tick for what arrived; a check-in that did not come has none."""
    return "–" if kind is EscalationKind.MISSED else "✓"


def _due(visit: Visit, zone: str) -> str:
    late = visit.state in (VisitState.OVERDUE, VisitState.ESCALATED)
    words = labels.WAS_DUE if late else labels.DUE
    due = _(words[visit.expecting], at=clock(visit.due_at, zone))
    return f"{due} {_(labels.PEOPLE_TOLD)}" if visit.state is VisitState.ESCALATED else due


def _pair(matter: Matter, visit: Visit, directory: Directory) -> list[Block]:
    if visit.plan.partner is None:
        return []
    one, other = (typed(directory.name(person), 80) for person in matter.members)
    both = _(labels.BOTH, one=one, other=other)
    if not visit.together or visit.started_at is None:
        return [section(both)]
    wanted = (More.SPLIT,) if visit.expecting is Expecting.CLEAR else (More.BOTH_OK, More.SPLIT)
    choices = [(_(labels.MORE[m]), pack(matter.id, m.value)) for m in wanted]
    return [section(both, menu(Action.PAIR, choices), "pair")]


def _route(matter: MatterId, visit: Visit) -> list[Block]:
    stops = visit.plan.stops
    if len(stops) < 2:
        return []
    number, count, here = visit.stop_no + 1, len(stops), typed(visit.stop.label, 150)
    moving = visit.started_at is not None and visit.expecting in (
        Expecting.CHECK_IN,
        Expecting.EXIT,
    )
    if not moving or number >= count:
        return [section(_(labels.STOP_OF, number=number, count=count, here=here))]
    place = typed(stops[number].label, 150)
    shown = _(labels.STOP_AND_NEXT, number=number, count=count, here=here, place=place)
    return [section(shown, button(Action.NEXT_STOP, pack(matter)), "route")]


def _call_only(matter: Matter, directory: Directory) -> list[Block]:
    """A call for help without a visit."""
    last = matter.escalations[-1] if matter.escalations else None
    shown = "\n".join(_call_ticks(last, directory)) if last else _(labels.NOTHING_OPEN)
    return [section(shown), *help_row(matter.id), context(no_tick(directory))]


def no_tick(directory: Directory) -> str:
    """What a missing tick means, and whom to call."""
    if not directory.line:
        return _(labels.NO_TICK_NO_LINE)
    return _(labels.NO_TICK, line=typed(directory.line, 100))


def change_plan_row(matter: MatterId) -> Block:
    """The one button under a request for changes."""
    return actions("change", [button(Action.CHANGE_PLAN, pack(matter), style="primary")])
