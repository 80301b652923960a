"""This draws a page: who, where, since when, what not to do, what to do, and who has it."""

from datetime import datetime

from bot.slack.carried import DRILL, NO_VISIT, pack
from bot.slack.ids import Action, ResponderMore
from bot.slack.render import trigger as triggers
from bot.slack.render.advice import label, outside_help, script
from bot.slack.render.blocks import (
    Element,
    actions,
    button,
    divider,
    lines,
    menu,
    section,
    typed,
)
from bot.slack.render.times import clock, day_and_clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import home, labels, names, news, pages
from bot.slack.words.speech import _
from protocol import incident
from protocol.climb import to_decide
from protocol.records import (
    HELD,
    SILENT,
    Accounted,
    Escalation,
    EscalationState,
    Finding,
    Matter,
    Visit,
)

# Of a name or place in a list of pages, so that a whole list stays within Slack's limits.
LISTED_MAX = 60


def page(view: MatterView, escalation: Escalation) -> Rendered:
    """The page of this escalation as it stands now.

    What it takes to act comes first, and the buttons before all else that is known.
    """
    if view.matter.trigger is not None:
        return triggers.page(view, view.matter.trigger, escalation)
    shown = _head(escalation, view)
    if escalation.state is EscalationState.CLOSED:
        shown.append(section(_closed(view, escalation)))
        shown.append(section(lines(_where(view, escalation), _besides(view))))
        return Rendered(_(news.LOCK_STAND_DOWN), tuple(shown))
    shown.append(section(_where(view, escalation)))
    if to_decide(escalation):
        shown.append(section(_(pages.DECIDE)))
    shown += [section(_stands(view, escalation)), *_buttons(view.matter, escalation)]
    rest = lines(_held(view, escalation), _besides(view))
    shown += [section(rest)] if rest else []
    shown += [divider(), section(script(view, escalation)), *outside_help(view, escalation)]
    return Rendered(_(news.LOCK_PAGE), tuple(shown))


def about(view: MatterView, escalation: Escalation) -> list[Block]:
    """What not to do, who it is about and where: for whoever is asked to take it over."""
    if view.matter.trigger is not None:
        return triggers.about(view, view.matter.trigger)
    where = lines(_where(view, escalation), _besides(view))
    return [*_head(escalation, view), section(where)]


def listed(view: MatterView, escalation: Escalation) -> Block:
    """One of many pages, in a list: what not to do, who, where, since when, and who has it."""
    visit, zone, owner = view.visit, view.directory.zone, escalation.owner
    warning, who = pages.WARNING.get(escalation.kind), view.directory.name(view.matter.worker)
    where = typed(label(view) or _(pages.NO_LABEL), LISTED_MAX) if visit else None
    said = lines(
        _(warning) if warning else None,
        _(pages.DRILL) if escalation.drill else None,
        f"*{_(names.ESCALATION[escalation.kind])}: {typed(who, LISTED_MAX)}*",
        _(pages.WHERE, place=where) if where else _(pages.NO_VISIT),
        _(pages.SINCE, at=day_and_clock(_since(visit, escalation), zone)),
        _(pages.HAS_IT, who=typed(view.directory.name(owner), LISTED_MAX)) if owner else None,
    )
    seen = pack(view.matter.id, number=escalation.mark)
    return section(said, None if owner else button(Action.ACKNOWLEDGE, seen))


def how_it_ended(accounted: Accounted, finding: Finding) -> str:
    """How the worker is accounted for and what it was, in coded words and without a name.

    Nobody has to say what it was; where nobody did, nothing stands that would read as a fault.
    """
    told = finding is not Finding.NOT_SAID
    what = _(news.WHAT_IT_WAS, finding=_(names.FINDING[finding])) if told else None
    return lines(_(names.ACCOUNTED_SAID[accounted]), what)


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


def _head(escalation: Escalation, view: MatterView) -> list[Block]:
    """What not to do, and what it is about."""
    warning = pages.WARNING.get(escalation.kind)
    who = typed(view.directory.name(view.matter.worker), 80)
    what = lines(
        _(pages.DRILL) if escalation.drill else None,
        f"*{_(names.ESCALATION[escalation.kind])}: {who}*",
    )
    return [*([section(_(warning))] if warning else []), section(what)]


def _where(view: MatterView, escalation: Escalation) -> str:
    visit, zone = view.visit, view.directory.zone
    since = _(pages.SINCE, at=day_and_clock(_since(visit, escalation), zone))
    if visit is None:
        return lines(_(pages.NO_VISIT), since)
    heard, tapped = visit.last_heard_at or visit.started_at, escalation.tapped_at
    return lines(
        _(pages.WHERE, place=typed(label(view) or _(pages.NO_LABEL), 150)),
        since,
        _(pages.LAST_HEARD, at=clock(heard, zone)) if heard else _(pages.NOT_HEARD),
        _(pages.TAPPED, at=clock(tapped, zone)) if tapped else None,
    )


def _besides(view: MatterView) -> str:
    """What else is known of the visit."""
    visit, directory = view.visit, view.directory
    if visit is None:
        return ""
    plan = visit.plan
    partner = typed(directory.name(plan.partner), 80)
    backup = typed(directory.name(plan.backup), 80)
    return lines(
        _(pages.PLANNED_END, at=clock(plan.end_at, directory.zone)),
        _(pages.RATED, rating=_(names.RATING[visit.rating])),
        _(pages.PARTNER, who=partner) if plan.partner else _(pages.ALONE_THERE),
        _(pages.BACKUP, who=backup) if plan.backup else None,
    )


def _since(visit: Visit | None, escalation: Escalation) -> datetime:
    """Since when; where everyone was asked at once the rungs count from before that question."""
    if visit is None or visit.called is None or visit.grace is None:
        return escalation.base_at
    return max(escalation.base_at, visit.called.at)


def _stands(view: MatterView, escalation: Escalation) -> str:
    """Who has it, and what is to be done now."""
    directory, state = view.directory, escalation.state
    if state is EscalationState.CLIMBING or escalation.owner is None:
        return lines(_(pages.NOBODY_YET), _(pages.TAKE_IT))
    who = typed(directory.name(escalation.owner), 80)
    if state is EscalationState.AWAITING_SECOND:
        closing = escalation.closing
        how = how_it_ended(closing.accounted, closing.finding) if closing else None
        return lines(_(pages.SECOND, who=who), how)
    return lines(_has_it(who, escalation, directory.zone), _now(view, escalation, who))


def _now(view: MatterView, escalation: Escalation, who: str) -> str:
    """What whoever has it does now. Nobody is told to call where nothing may ring."""
    worker = typed(view.directory.name(view.matter.worker), 80)
    known = _(pages.WHEN_KNOWN)
    if escalation.state is not EscalationState.ACKNOWLEDGED:
        look = _(pages.NEXT_LOOK, at=clock(escalation.due_at, view.directory.zone))
        return f"*{_(names.STATE[escalation.state])}.* {look} {known}"
    if escalation.kind in SILENT:
        return f"{_(pages.DECIDE_NOW, who=who)} {known}"
    return f"{_(pages.CALL_NOW, who=who, worker=worker)} {known}"


def _held(view: MatterView, escalation: Escalation) -> str:
    """When it is looked at next, what was tried so far, and which incident it is."""
    at = clock(escalation.due_at, view.directory.zone)
    resting = escalation.state is EscalationState.ACKNOWLEDGED
    return lines(
        _(pages.NEXT_LOOK, at=at) if resting else None,
        _(pages.STAYS_OPEN) if escalation.state in HELD else None,
        _(pages.ATTEMPTS, count=escalation.attempts) if escalation.attempts else None,
        _incident(view, escalation),
    )


def _incident(view: MatterView, escalation: Escalation) -> str | None:
    """Which incident this is and, once its thread stands, the way there."""
    if not incident.may_be_named(view.matter, escalation):
        return None
    number = incident.number(view.matter.id, escalation.no)
    if view.thread is None:
        return _(pages.INCIDENT, number=number)
    if view.thread.link:
        way = f"<{view.thread.link}|{_(home.THREAD)}>"
        return _(pages.INCIDENT_THREAD, number=number, thread=way)
    return _(pages.INCIDENT_IN, number=number, channel=f"<#{view.thread.channel}>")


def _has_it(who: str, escalation: Escalation, zone: str) -> str:
    if escalation.owned_at is None:
        return _(pages.HAS_IT, who=who)
    return _(pages.SAID_SO, who=who, at=clock(escalation.owned_at, zone))


def _closed(view: MatterView, escalation: Escalation) -> str:
    closing = escalation.closing
    who = typed(view.directory.name(closing.by if closing else None), 80)
    at = clock(escalation.closed_at, view.directory.zone)
    going = incident.visit_goes_on(view.matter, escalation)
    visit = None if going is None else _(news.VISIT_GOES_ON if going else news.VISIT_OVER)
    return lines(
        _(pages.CLOSED, who=who, at=at),
        how_it_ended(closing.accounted, closing.finding) if closing else None,
        visit,
        _incident(view, escalation),
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
            actions("close", [close_button(matter, escalation, escalation.mark)]),
        ]
    if escalation.state is EscalationState.AWAITING_SECOND:
        return [actions("second", second_buttons(matter, escalation.mark))]
    rest = [(_(labels.RESPONDER_MORE[m]), pack(matter.id, m.value)) for m in ResponderMore]
    return [
        actions(
            "work",
            [
                close_button(matter, escalation, escalation.mark, style="primary"),
                button(Action.LOG_ATTEMPT, seen),
                button(Action.SEND_SUPPORT, seen),
                button(Action.CALL_EMERGENCY, seen),
                menu(Action.RESPONDER_MORE, rest),
            ],
        )
    ]


def close_button(matter: Matter, escalation: Escalation, mark: int, *, style: str = "") -> Element:
    """The way to the form that closes it, bound to what is shown."""
    drill, none = escalation.drill, matter.visit is None
    about = "_".join(word for word, so in ((DRILL, drill), (NO_VISIT, none)) if so)
    return button(Action.CLOSE, pack(matter.id, about, mark), style=style)


def second_buttons(matter: Matter, mark: int) -> list[Element]:
    """The answer of a second person, bound to what is shown."""
    value = pack(matter.id, number=mark)
    return [
        button(Action.CONFIRM_CLOSING, value, style="primary"),
        button(Action.REJECT_CLOSING, value),
    ]
