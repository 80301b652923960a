"""This draws the approval card: the plan, why its rating is what it is, and the answer to it."""

from bot.slack.carried import pack
from bot.slack.ids import Action, ApproverMore
from bot.slack.render.blocks import Element, actions, button, context, lines, menu, section, typed
from bot.slack.render.times import clock, day_and_clock, length
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import handover, labels, names, news
from bot.slack.words.speech import _
from protocol.effects import Asked
from protocol.offers import Handed
from protocol.plan import Plan
from protocol.rating import Flag, Rating, assess, highest, with_evening
from protocol.records import Approval, Visit, VisitState


def approval(view: MatterView) -> Rendered:
    """The card as it is now; the buttons carry the revision that is shown."""
    visit = view.matter.visit
    if visit is None:
        raise ValueError("only a visit has a plan to confirm")
    head = news.ASKED[Asked.APPROVE] if _awaits_answer(visit) else news.PLAN_HEAD
    blocks = [
        section(_(head)),
        section(plan_text(view, visit)),
        *_answer(view, visit),
    ]
    return Rendered(_(news.LOCK_APPROVAL), tuple(blocks))


def plan_text(view: MatterView, visit: Visit, *, asks_how_often: bool = False) -> str:
    """The plan and its rating, for whoever confirms it.

    Where the same form `asks_how_often` to check in, the answer there is what counts: a line here
    would go on saying what the policy proposed.
    """
    plan, who = visit.plan, view.directory
    start, end = day_and_clock(plan.start_at, who.zone), clock(plan.end_at, who.zone)
    partner, backup = typed(who.name(plan.partner), 80), typed(who.name(plan.backup), 80)
    return lines(
        f"*{typed(who.name(view.matter.worker), 80)}* · {_(names.PURPOSE[plan.purpose])}",
        _(labels.PLAN_WHERE, places=" → ".join(typed(stop.label, 100) for stop in plan.stops)),
        _(labels.PLAN_WHEN, start=start, end=end, length=length(plan.expected)),
        _rating(view, visit),
        _lowering(view, visit),
        _(names.UNPLANNED[visit.unplanned]) if visit.unplanned else None,
        _(labels.PLAN_PARTNER, who=partner) if plan.partner else _(labels.PLAN_ALONE),
        _(labels.PLAN_BACKUP, who=backup) if plan.backup else None,
        _(labels.PLAN_TRANSPORT, how=_transport(plan)),
        None if asks_how_often else _how_often(visit, end),
        _(labels.PLAN_NOTE) if plan.note else None,
    )


def _how_often(visit: Visit, end: str) -> str:
    every = visit.timings.check_in_every
    if every >= visit.plan.expected:
        return _(labels.PLAN_AT_END, at=end)
    return _(labels.PLAN_EVERY, length=length(every))


def _rating(view: MatterView, visit: Visit) -> str:
    plan = visit.plan
    factors = with_evening(plan.factors, plan.start_at, plan.end_at, plan.zone)
    assessed = assess(factors, _flags(view, plan), plan.start_at)
    because = [_(names.FACTOR[factor]) for factor in assessed.because]
    if assessed.flags:
        because.append(labels.flags(assessed.flags))
    if plan.raised and highest(assessed.rating, plan.raised) is not assessed.rating:
        because.append(_(labels.RAISED_BY_WORKER))
    rating = _(names.RATING[visit.rating])
    if not because:
        return _(labels.PLAN_RATING, rating=rating)
    return _(labels.PLAN_RATING_BECAUSE, rating=rating, factors=", ".join(because))


def _lowering(view: MatterView, visit: Visit) -> str | None:
    """Who asked for a lower rating, who agreed, and why; None where nobody did."""
    word = visit.lowering or visit.lowered
    if word is None:
        return None
    words = news.LOWERED if word.second else news.LOWERING
    return _(
        words,
        who=typed(view.directory.name(word.by), 80),
        second=typed(view.directory.name(word.second), 80),
        rating=_(names.RATING[word.rating]),
        reason=typed(word.reason),
    )


def lower_by_one(visit: Visit) -> Rating | None:
    """The rating that two approvers may agree on; None where there is none."""
    waits = visit.approval is not Approval.CONFIRMED and visit.state is VisitState.PLANNED
    if not waits or visit.lowering or visit.lowered:
        return None
    return {Rating.HIGH: Rating.ELEVATED, Rating.ELEVATED: Rating.LOW}.get(visit.rating)


def _flags(view: MatterView, plan: Plan) -> tuple[Flag, ...]:
    known = [view.places[s.place] for s in plan.stops if s.place and s.place in view.places]
    most = max(known, key=lambda place: len(place.flags), default=None)
    return most.flags if most else ()


def _transport(plan: Plan) -> str:
    said = [_(names.TRANSPORT[plan.transport])]
    if plan.transporting:
        said.append(_(labels.DRIVES_ALONE))
    if plan.cash:
        said.append(_(labels.CARRIES_CASH))
    return ", ".join(said)


def _awaits_answer(visit: Visit) -> bool:
    return visit.approval is Approval.ASKED and visit.state is not VisitState.CLOSED


def _answer(view: MatterView, visit: Visit) -> list[Block]:
    if visit.approval is Approval.CONFIRMED:
        who = typed(view.directory.name(visit.approver), 80)
        at = clock(visit.approved_at, view.directory.zone)
        return [context(_(labels.PLAN_CONFIRMED, who=who, at=at)), *_handed(view, visit)]
    if visit.state is VisitState.CLOSED:
        declined = visit.approval is Approval.DECLINED
        return [context(_(labels.PLAN_CLOSED_DECLINED if declined else labels.PLAN_CLOSED))]
    if _awaits_answer(visit):
        return [actions("approve", _buttons(view, visit))]
    return [context(_(names.APPROVAL[visit.approval]))]


def _handed(view: MatterView, visit: Visit) -> list[Block]:
    """Who has taken it over, and the way to hand it over while it is open."""
    if visit.state is VisitState.CLOSED:
        return []
    taken = typed(view.directory.name(visit.watcher), 80)
    shown = [context(_(handover.WATCHED_BY, who=taken))] if visit.watcher else []
    row = [button(Action.HAND_OVER, pack(view.matter.id, Handed.VISIT.value))]
    return [*shown, actions("hand_over", row)]


def _buttons(view: MatterView, visit: Visit) -> list[Element]:
    value = pack(view.matter.id, number=visit.revision)
    answers = [
        button(Action.CONFIRM_PLAN, value, style="primary"),
        button(Action.ASK_CHANGES, value),
        button(Action.DECLINE_PLAN, value),
    ]
    if lower_by_one(visit) is None:
        return answers
    more = [
        (_(labels.APPROVER_MORE[line]), pack(view.matter.id, line.value, visit.revision))
        for line in ApproverMore
    ]
    return [*answers, menu(Action.APPROVER_MORE, more)]
