"""This draws an incident thread: its head, and one line for each thing that happened.

Nobody is named, and only coded values are said: never what somebody typed.
"""

from datetime import datetime

from bot.slack.carried import INCIDENT, pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, lines, section
from bot.slack.render.page import how_it_ended, latest
from bot.slack.render.times import clock, day_and_clock
from bot.slack.render.view import MatterView, Rendered
from bot.slack.words import names, news, proposals
from bot.slack.words.speech import _
from protocol import incident
from protocol.effects import Noted, OpenThread, ThreadNote
from protocol.events import ContactMethod, ContactOutcome
from protocol.ids import PersonId
from protocol.records import (
    Accounted,
    Escalation,
    EscalationKind,
    EscalationState,
    Finding,
    Matter,
)


def head(effect: OpenThread, view: MatterView) -> Rendered:
    """The head of an incident thread: what kind, since when, a number. Nobody is named."""
    found = [one for one in view.matter.escalations if one.no == effect.episode]
    at = found[0].opened_at if found else effect.at
    drawn = _head(view, effect.episode, effect.kind, at, _over(view, found[0]) if found else None)
    return _offering(view, found[0], drawn) if found else drawn


def head_now(view: MatterView) -> Rendered:
    """The head of the latest incident's thread, as it is now."""
    escalation = latest(view)
    over = _over(view, escalation)
    drawn = _head(view, escalation.no, escalation.kind, escalation.opened_at, over)
    return _offering(view, escalation, drawn)


def _offering(view: MatterView, escalation: Escalation, drawn: Rendered) -> Rendered:
    """Once it is over, with the way to a change of the matrix, where it may be learnt from."""
    if not incident.may_teach(view.matter, escalation):
        return drawn
    about = pack(view.matter.id, INCIDENT, escalation.no)
    offered = button(Action.PROPOSE_CHANGE, about, label=_(proposals.AFTER_INCIDENT))
    return Rendered(drawn.text, (*drawn.blocks, actions("after_incident", [offered])))


def _over(view: MatterView, escalation: Escalation) -> str | None:
    """That it is closed, how, and where the record is; None while it is open."""
    closing = escalation.closing
    if escalation.state is not EscalationState.CLOSED or closing is None:
        return None
    at = day_and_clock(escalation.closed_at, view.directory.zone)
    return _(news.THREAD_CLOSED, at=at, how=_(names.ACCOUNTED_SAID[closing.accounted]))


def _head(
    view: MatterView, episode: int, kind: EscalationKind, at: datetime, over: str | None
) -> Rendered:
    words = _(
        news.THREAD_HEAD,
        number=incident.number(view.matter.id, episode),
        kind=_(names.ESCALATION[kind]),
        at=day_and_clock(at, view.directory.zone),
    )
    return Rendered(_(news.LOCK_THREAD), (section(lines(over, words)),))


def line(effect: ThreadNote, view: MatterView) -> Rendered:
    """One line of facts. People are numbered in the order in which they were paged."""
    who, facts = _pseudonym(view.matter, effect), _facts(effect)
    words = _(news.NOTED[effect.noted], who=who, text=facts)
    at = clock(effect.at, view.directory.zone)
    ended = _ended(effect.text) if effect.noted is Noted.CLOSED else None
    return Rendered(_(news.LOCK_THREAD), (section(lines(f"{at} · {words}", ended)),))


def _pseudonym(matter: Matter, effect: ThreadNote) -> str:
    paged: tuple[PersonId, ...] = ()
    for escalation in matter.escalations:
        if escalation.no == effect.episode:
            paged = escalation.paged
    if effect.by not in paged:
        return _(news.A_RESPONDER)
    return _(news.RESPONDER, number=paged.index(effect.by) + 1)


def _facts(effect: ThreadNote) -> str:
    """What came of an attempt, or whom a climb reached, from coded values; never what was typed."""
    if effect.noted is Noted.CLIMBED:
        return _climbed(effect.text)
    method, _colon, outcome = effect.text.partition(": ")
    try:
        tried = names.METHOD[ContactMethod(method)]
        came_of_it = names.OUTCOME[ContactOutcome(outcome)]
    except ValueError:
        return ""
    result = _(news.ATTEMPT_RESULT, tried=_(tried), outcome=_(came_of_it).lower())
    return f" {result}"


def _ended(text: str) -> str | None:
    """How the worker is accounted for, what it was, and whether the visit goes on.

    None for a note of before it told that.
    """
    accounted, _slash, rest = text.partition("/")
    finding, _slash, visit = rest.partition("/")
    try:
        ended = how_it_ended(Accounted(accounted), Finding(finding))
    except ValueError:
        return None
    after = {incident.GOES_ON: news.VISIT_GOES_ON, incident.OVER: news.VISIT_OVER}.get(visit)
    return lines(ended, _(after) if after else None)


def _climbed(text: str) -> str:
    step, *counts = text.split("/")
    if len(counts) != 2 or not all(part.isascii() and part.isdigit() for part in (step, *counts)):
        return _(news.CLIMBED_UNCOUNTED)
    return news.climbed(int(step), *(int(part) for part in counts))
