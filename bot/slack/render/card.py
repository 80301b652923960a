"""This draws the worker's card: where they are, what is ticked, what is due, and their buttons.

What a worker answered is taken out before anything is drawn, so that no card can depend on it, and
a silent matter has no card at all.
"""

from dataclasses import replace

from bot.slack.ids import Action, More, pack
from bot.slack.render.answers import answer_rows, beside, help_row, more
from bot.slack.render.blocks import actions, button, context, lines, menu, section, typed
from bot.slack.render.times import clock, day_and_clock, length
from bot.slack.render.view import Block, Directory, MatterView, Rendered
from bot.slack.words import labels, names, news
from protocol.ids import MatterId
from protocol.records import (
    SILENT,
    Approval,
    Escalation,
    EscalationState,
    Expecting,
    Matter,
    Visit,
    VisitState,
)


def card(view: MatterView) -> Rendered:
    """The card as it is now. ValueError for a silent matter: its worker must not see it."""
    matter = view.matter
    if matter.silent:
        raise ValueError("a silent matter has no card")
    if matter.visit is None:
        return Rendered(news.LOCK_CARD, tuple(_call_only(matter, view.directory)))
    return Rendered(news.LOCK_CARD, tuple(_visit_card(matter, _unanswered(matter.visit), view)))


def _unanswered(visit: Visit) -> Visit:
    return replace(visit, answers=(), answers_due_at=None)


def _visit_card(matter: Matter, visit: Visit, view: MatterView) -> list[Block]:
    zone = view.directory.zone
    shown = [section(_head(visit, zone)), section(_ticks(matter, visit, view.directory))]
    if visit.state is VisitState.CLOSED:
        outcome = names.VISIT_OUTCOME[visit.outcome] if visit.outcome else ""
        return [*shown, section(outcome or "Visit closed."), *help_row(matter.id)]
    return [
        *shown,
        section(lines(_due(visit, zone), labels.NOT_CONFIRMED if _asked(visit) else None)),
        *answer_rows(matter.id, visit.expecting, beside=beside(visit), more=more(visit)),
        *_pair(matter, visit, view.directory),
        *_route(matter.id, visit),
        *help_row(matter.id),
        context(no_tick(view.directory)),
    ]


def _head(visit: Visit, zone: str) -> str:
    plan = visit.plan
    shown = f"{day_and_clock(plan.start_at, zone)}, {length(plan.expected)}"
    confirmed = visit.approval is Approval.CONFIRMED
    return lines(
        f"*{typed(visit.stop.label, 150)}*",
        f"{shown} · {names.PURPOSE[plan.purpose]} · {names.RATING[visit.rating]}",
        None if confirmed else names.APPROVAL[visit.approval],
    )


def _asked(visit: Visit) -> bool:
    """Whether a plan waits for its answer, and for its start."""
    return visit.approval is Approval.ASKED and visit.started_at is None


def _ticks(matter: Matter, visit: Visit, directory: Directory) -> str:
    zone = directory.zone
    ticks = [
        ("Plan sent", visit.asked_at),
        ("Plan confirmed. You can still turn back.", visit.approved_at),
        ("I'm here", visit.started_at),
        ("Last heard", visit.last_heard_at),
        ("Leaving", visit.left_at),
        ("Clear", visit.ended_at),
    ]
    last = matter.escalations[-1] if matter.escalations else None
    shown = [f"✓ {clock(at, zone)} {words}" for words, at in ticks if at is not None]
    return "\n".join([*shown, *(_call_ticks(last, directory) if last else ())])


def _call_ticks(escalation: Escalation, directory: Directory) -> list[str]:
    """What was received and who has seen it. Help that must stay quiet is not named on a screen."""
    zone = directory.zone
    received = f"✓ {clock(escalation.opened_at, zone)} {names.RECEIVED[escalation.kind]}"
    if escalation.state is EscalationState.CLOSED:
        over = f"✓ {clock(escalation.closed_at, zone)} {names.STATE_TO_WORKER}"
        return [received] if escalation.kind in SILENT else [received, over]
    if escalation.owner is None or escalation.state is EscalationState.CLIMBING:
        return [received]
    return [received, f"✓ {typed(directory.name(escalation.owner), 80)} has seen this"]


def _due(visit: Visit, zone: str) -> str:
    late = visit.state in (VisitState.OVERDUE, VisitState.ESCALATED)
    word = "was due" if late else "due"
    told = " People have been told." if visit.state is VisitState.ESCALATED else ""
    return f"*{names.EXPECTING[visit.expecting]}* {word} at *{clock(visit.due_at, zone)}*.{told}"


def _pair(matter: Matter, visit: Visit, directory: Directory) -> list[Block]:
    if visit.plan.partner is None:
        return []
    both = " and ".join(typed(directory.name(person), 80) for person in matter.members)
    if not visit.together or visit.started_at is None:
        return [section(both)]
    wanted = (More.SPLIT,) if visit.expecting is Expecting.CLEAR else (More.BOTH_OK, More.SPLIT)
    choices = [(labels.MORE[m], pack(matter.id, m.value)) for m in wanted]
    return [section(both, menu(Action.PAIR, choices), "pair")]


def _route(matter: MatterId, visit: Visit) -> list[Block]:
    stops = visit.plan.stops
    if len(stops) < 2:
        return []
    shown = f"Stop {visit.stop_no + 1} of {len(stops)}"
    moving = visit.started_at is not None and visit.expecting in (
        Expecting.CHECK_IN,
        Expecting.EXIT,
    )
    if not moving or visit.stop_no + 1 >= len(stops):
        return [section(shown)]
    shown += f". Next: {typed(stops[visit.stop_no + 1].label, 150)}"
    return [section(shown, button(Action.NEXT_STOP, pack(matter)), "route")]


def _call_only(matter: Matter, directory: Directory) -> list[Block]:
    """A call for help without a visit."""
    last = matter.escalations[-1] if matter.escalations else None
    shown = "\n".join(_call_ticks(last, directory)) if last else "Nothing is open."
    return [section(shown), *help_row(matter.id), context(no_tick(directory))]


def no_tick(directory: Directory) -> str:
    """What a missing tick means, and whom to call."""
    if not directory.line:
        return labels.NO_TICK_NO_LINE
    return labels.NO_TICK.format(line=typed(directory.line, 100))


def change_plan_row(matter: MatterId) -> Block:
    """The one button under a request for changes."""
    return actions("change", [button(Action.CHANGE_PLAN, pack(matter), style="primary")])
