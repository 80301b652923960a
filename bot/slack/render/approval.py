"""This draws the approval card: the plan, why its rating is what it is, and the answer to it."""

from bot.slack.ids import Action, ApproverMore, pack
from bot.slack.render.blocks import Element, actions, button, context, lines, menu, section, typed
from bot.slack.render.times import clock, day_and_clock, length
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import labels, names, news
from protocol.effects import Asked
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
        section(head),
        section(plan_text(view, visit)),
        *_answer(view, visit),
    ]
    return Rendered(news.LOCK_APPROVAL, tuple(blocks))


def plan_text(view: MatterView, visit: Visit) -> str:
    """The plan and its rating, for whoever confirms it."""
    plan, who = visit.plan, view.directory
    zone = who.zone
    ends = f"{day_and_clock(plan.start_at, zone)} to {clock(plan.end_at, zone)}"
    return lines(
        f"*{typed(who.name(view.matter.worker), 80)}* · {names.PURPOSE[plan.purpose]}",
        f"Where: {' → '.join(typed(stop.label, 100) for stop in plan.stops)}",
        f"When: {ends} ({length(plan.expected)})",
        f"Rating: *{names.RATING[visit.rating]}*{_because(view, visit)}",
        _lowering(view, visit),
        names.UNPLANNED[visit.unplanned] if visit.unplanned else None,
        f"Partner: {typed(who.name(plan.partner), 80)}" if plan.partner else "Goes alone",
        f"Backup on site: {typed(who.name(plan.backup), 80)}" if plan.backup else None,
        f"Getting there: {names.TRANSPORT[plan.transport]}{_also(plan)}",
        f"Checks in every {length(visit.timings.check_in_every)}",
        "There is a sealed note. It is read only if something happens." if plan.note else None,
    )


def _because(view: MatterView, visit: Visit) -> str:
    plan = visit.plan
    factors = with_evening(plan.factors, plan.start_at, plan.end_at, plan.zone)
    assessed = assess(factors, _flags(view, plan), plan.start_at)
    because = [names.FACTOR[factor] for factor in assessed.because]
    if assessed.flags:
        because.append("1 flag on the place" if assessed.flags == 1 else f"{assessed.flags} flags")
    if plan.raised and highest(assessed.rating, plan.raised) is not assessed.rating:
        because.append("raised by the worker")
    return f", because: {', '.join(because)}" if because else ". Nothing special is known."


def _lowering(view: MatterView, visit: Visit) -> str | None:
    """Who asked for a lower rating, who agreed, and why; None where nobody did."""
    word = visit.lowering or visit.lowered
    if word is None:
        return None
    words = news.LOWERED if word.second else news.LOWERING
    return words.format(
        who=typed(view.directory.name(word.by), 80),
        second=typed(view.directory.name(word.second), 80),
        rating=names.RATING[word.rating],
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


def _also(plan: Plan) -> str:
    said = [", drives somebody alone" if plan.transporting else "", ", carries cash" * plan.cash]
    return "".join(said)


def _awaits_answer(visit: Visit) -> bool:
    return visit.approval is Approval.ASKED and visit.state is not VisitState.CLOSED


def _answer(view: MatterView, visit: Visit) -> list[Block]:
    if visit.approval is Approval.CONFIRMED:
        who = typed(view.directory.name(visit.approver), 80)
        return [context(f"✓ Confirmed by {who}, {clock(visit.approved_at, view.directory.zone)}")]
    if visit.state is VisitState.CLOSED:
        outcome = names.APPROVAL[visit.approval]
        return [
            context(f"Closed. {outcome}." if visit.approval is Approval.DECLINED else "Closed.")
        ]
    if _awaits_answer(visit):
        return [actions("approve", _buttons(view, visit))]
    return [context(names.APPROVAL[visit.approval])]


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
        (labels.APPROVER_MORE[line], pack(view.matter.id, line.value, visit.revision))
        for line in ApproverMore
    ]
    return [*answers, menu(Action.APPROVER_MORE, more)]
