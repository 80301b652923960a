"""This draws a page: who, where, since when, what not to do, what to do, and who has it."""

from datetime import datetime

from bot.slack.ids import Action, ResponderMore, pack
from bot.slack.render.blocks import (
    Element,
    actions,
    button,
    context,
    divider,
    lines,
    menu,
    section,
    typed,
)
from bot.slack.render.times import clock, day_and_clock
from bot.slack.render.view import Block, Directory, MatterView, Rendered
from bot.slack.words import labels, names, news, onboarding, pages
from bot.slack.words.speech import _
from protocol.climb import to_decide
from protocol.records import Escalation, EscalationState, Matter, Visit


def page(view: MatterView, escalation: Escalation) -> Rendered:
    """The page of this escalation as it stands now."""
    shown = about(view, escalation)
    if escalation.state is EscalationState.CLOSED:
        return Rendered(_(news.LOCK_STAND_DOWN), (*shown, section(_closed(view, escalation))))
    if to_decide(escalation):
        shown.append(section(_(pages.DECIDE)))
    shown += [section(_stands(view.directory, escalation)), *_buttons(view.matter, escalation)]
    shown += [divider(), section(_script(view, escalation)), *_outside_help(view, escalation)]
    return Rendered(_(news.LOCK_PAGE), tuple(shown))


def about(view: MatterView, escalation: Escalation) -> list[Block]:
    """What not to do, who it is about and where: for whoever is asked to take it over."""
    warning = pages.WARNING.get(escalation.kind)
    head = [section(_(warning))] if warning else []
    return [*head, section(_what(view, escalation)), section(_where(view, escalation))]


def numbered(view: MatterView, episode: str) -> Escalation:
    """The escalation that a page's episode ("2.1") names, or the latest. ValueError without any."""
    for escalation in view.matter.escalations:
        if str(escalation.no) == episode.partition(".")[0]:
            return escalation
    return latest(view)


def latest(view: MatterView) -> Escalation:
    """The escalation that this matter's pages are about. ValueError if there was none."""
    if not view.matter.escalations:
        raise ValueError("a matter without an escalation has no page")
    return view.matter.escalations[-1]


def _what(view: MatterView, escalation: Escalation) -> str:
    who = typed(view.directory.name(view.matter.worker), 80)
    return lines(
        _(pages.DRILL) if escalation.drill else None,
        f"*{_(names.ESCALATION[escalation.kind])}: {who}*",
    )


def _where(view: MatterView, escalation: Escalation) -> str:
    visit, zone = view.visit, view.directory.zone
    since = _(pages.SINCE, at=day_and_clock(_since(visit, escalation), zone))
    if visit is None:
        return lines(_(pages.NO_VISIT), since)
    plan, tapped = visit.plan, escalation.tapped_at
    heard = visit.last_heard_at or visit.started_at
    partner = typed(view.directory.name(plan.partner), 80)
    backup = typed(view.directory.name(plan.backup), 80)
    return lines(
        _(pages.WHERE, place=typed(_label(view) or _(pages.NO_LABEL), 150)),
        since,
        _(pages.LAST_HEARD, at=clock(heard, zone)) if heard else _(pages.NOT_HEARD),
        _(pages.PLANNED_END, at=clock(plan.end_at, zone)),
        _(pages.RATED, rating=_(names.RATING[visit.rating])),
        _(pages.PARTNER, who=partner) if plan.partner else _(pages.ALONE_THERE),
        _(pages.BACKUP, who=backup) if plan.backup else None,
        _(pages.TAPPED, at=clock(tapped, zone)) if tapped else None,
    )


def _since(visit: Visit | None, escalation: Escalation) -> datetime:
    """Since when; where everyone was asked at once the rungs count from before that question."""
    if visit is None or visit.called is None or visit.grace is None:
        return escalation.base_at
    return max(escalation.base_at, visit.called.at)


def _label(view: MatterView) -> str:
    """Where the worker is. A long name that the form's menu had to cut is shown whole."""
    stop, place = view.visit.stop if view.visit else None, view.place
    label = stop.label if stop else ""
    was_cut = label.endswith("…") and place is not None and place.label.startswith(label[:-1])
    return place.label if place is not None and was_cut else label


def _stands(directory: Directory, escalation: Escalation) -> str:
    zone = directory.zone
    state = escalation.state
    attempts = _(pages.ATTEMPTS, count=escalation.attempts) if escalation.attempts else None
    if state is EscalationState.CLIMBING or escalation.owner is None:
        return lines(_(pages.NOBODY_YET), attempts)
    who = typed(directory.name(escalation.owner), 80)
    if state is EscalationState.AWAITING_SECOND:
        return lines(_(pages.SECOND, who=who), attempts)
    sent = None if state is EscalationState.ACKNOWLEDGED else f"*{_(names.STATE[state])}.*"
    look = _(pages.NEXT_LOOK, at=clock(escalation.due_at, zone))
    return lines(_has_it(who, escalation, zone), sent, look, attempts, _(pages.STAYS_OPEN))


def _has_it(who: str, escalation: Escalation, zone: str) -> str:
    if escalation.owned_at is None:
        return _(pages.HAS_IT, who=who)
    return _(pages.SAID_SO, who=who, at=clock(escalation.owned_at, zone))


def _closed(view: MatterView, escalation: Escalation) -> str:
    closing = escalation.closing
    who = typed(view.directory.name(closing.by if closing else None), 80)
    at = clock(escalation.closed_at, view.directory.zone)
    return lines(
        _(pages.CLOSED, who=who, at=at),
        _(names.ACCOUNTED[closing.accounted]) if closing else None,
    )


def _buttons(matter: Matter, escalation: Escalation) -> list[Block]:
    seen = pack(matter.id, number=escalation.mark)
    if escalation.state is EscalationState.CLIMBING:
        return [
            actions(
                "take",
                [
                    button(Action.ACKNOWLEDGE, seen, style="primary"),
                    button(Action.ESCALATE, seen),
                    button(Action.CANNOT_TAKE, seen),
                ],
            ),
            actions("close", [_close(matter, escalation)]),
        ]
    if escalation.state is EscalationState.AWAITING_SECOND:
        return [actions("second", second_buttons(matter, escalation.mark))]
    rest = [(_(labels.RESPONDER_MORE[m]), pack(matter.id, m.value)) for m in ResponderMore]
    return [
        actions(
            "work",
            [
                button(Action.LOG_ATTEMPT, seen),
                button(Action.SEND_SUPPORT, seen),
                button(Action.CALL_EMERGENCY, seen),
                _close(matter, escalation),
                menu(Action.RESPONDER_MORE, rest),
            ],
        )
    ]


def _close(matter: Matter, escalation: Escalation) -> Element:
    drill = "drill" if escalation.drill else ""
    return button(Action.CLOSE, pack(matter.id, drill, escalation.mark))


def second_buttons(matter: Matter, mark: int) -> list[Element]:
    """The answer of a second person, bound to what is shown."""
    value = pack(matter.id, number=mark)
    return [
        button(Action.CONFIRM_CLOSING, value, style="primary"),
        button(Action.REJECT_CLOSING, value),
    ]


def _script(view: MatterView, escalation: Escalation) -> str:
    steps = pages.SCRIPT[escalation.kind]
    numbered = [f"{number}. {_(step)}" for number, step in enumerate(steps, start=1)]
    place = view.place
    here = typed(place.send, 200) if place and place.send else None
    wanted = ", ".join(_(onboarding.SEND[one]) for one in view.agreed)
    agreed = _(onboarding.AGREED, send=wanted) if wanted else None
    send = _(pages.SEND, send=here) if here else None
    known = lines(agreed, send) or _(pages.SEND_UNKNOWN)
    return lines(_(pages.WHAT_TO_DO), *numbered, known)


def _outside_help(view: MatterView, escalation: Escalation) -> list[Block]:
    directory, visit = view.directory, view.visit
    heard = visit.last_heard_at if visit else None
    unknown = _(pages.NOT_KNOWN)
    card = _(
        pages.READ_OUT,
        place=typed(_label(view) or _(pages.NO_LABEL), 120) if visit else unknown,
        last=clock(heard, directory.zone) if heard else unknown,
        alone=_(pages.PAIR if visit and visit.plan.partner else pages.ALONE),
        who_calls=typed(directory.name(escalation.owner), 80) if escalation.owner else "...",
    )
    number = directory.county_number
    shown = _(pages.COUNTY, number=typed(number, 30)) if number else None
    return [section(lines(shown, card)), context(_(pages.PRIVATE_PLACE))]
