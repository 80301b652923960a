"""Reads the OKs that came in, and finds the one that means duress.

Every OK is kept sealed and read by the next sweep in the same way, so that no reply, timing or log
line tells one from another. What a duress answer opens is a matter of its own that no view of the
worker's joins; its first line to responders is not to call or message them.
"""

from dataclasses import replace
from datetime import datetime

from protocol.calls import MayCall
from protocol.climb import kept_from, page_besides
from protocol.decision import Decision, Follow, Reason, idle
from protocol.effects import Page
from protocol.events import (
    Acknowledge,
    CallEmergency,
    Event,
    LogAttempt,
    OpenSilent,
    RejectClosing,
    SendSupport,
)
from protocol.ids import MatterId, PersonId
from protocol.offers import TakeHandover
from protocol.records import Matter
from protocol.situation import Situation

# Whoever says this is at it from now on, and may call the worker, "I have it" or not.
TakesOn = Acknowledge | TakeHandover | SendSupport | CallEmergency | LogAttempt | RejectClosing


def silent_id(matter: Matter, worker: PersonId) -> MatterId:
    """The id of the silent matter about this worker on this visit: one, however often said."""
    return MatterId(f"{matter.id}.{worker}")


def read_answers(matter: Matter, at: datetime, s: Situation) -> Decision:
    """Read the OKs that came in since the last sweep; the same writes whatever they said."""
    visit = matter.visit
    if visit is None or visit.answers_due_at is None or at < visit.answers_due_at:
        return idle(matter, Reason.NOT_DUE)
    read = replace(matter, visit=replace(visit, answers=(), answers_due_at=None))
    follow: tuple[Follow, ...] = ()
    for answer in visit.answers:
        worker = s.workers.get(answer.by)
        if worker is None or worker.duress is None or not worker.duress.matches(answer.said):
            continue
        companions = (*matter.members, visit.plan.backup)
        kept = tuple(p for p in (*companions, *worker.excludes) if p and p != answer.by)
        silent = OpenSilent(
            answer.at,
            answer.by,
            matter.id,
            tuple(dict.fromkeys(kept)),
            visit.stop,
            visit.rating,
            told=_at_it(matter),
        )
        follow = (*follow, Follow(silent_id(matter, answer.by), silent))
    return Decision(read, Reason.ANSWERS_READ, follow=follow)


def warn_whoever_may_call(matter: Matter, event: Event, decision: Decision) -> Decision:
    """Have the silent matters about these workers, if there are any, warn whoever may call now.

    That is whoever takes the miss on, and whoever is paged for it: a page says to call. Sent on
    whether there is a silent matter or not: nothing about the visit knows of it.
    """
    if matter.silent or matter.visit is None or not decision.changed:
        return decision
    took = (event.by,) if isinstance(event, TakesOn) else ()
    paged = (one.to for one in decision.effects if isinstance(one, Page))
    people = tuple(dict.fromkeys((*took, *paged)))
    if not people:
        return decision
    news = MayCall(event.at, people)
    warnings = tuple(Follow(silent_id(matter, person), news) for person in matter.members)
    return replace(decision, follow=(*decision.follow, *warnings))


def may_call(matter: Matter, event: MayCall) -> Decision:
    """Page these about the silent matter, without those who were paged or must not know."""
    escalation = matter.open_escalation
    if not matter.silent or escalation is None:
        return idle(matter, Reason.NOT_DUE)
    kept = kept_from(matter, escalation)
    people = tuple(person for person in event.people if person not in kept)
    warned, page = page_besides(matter, escalation, people)
    if warned == escalation:
        return idle(matter, Reason.NOT_DUE)
    told = replace(matter, escalations=(*matter.escalations[:-1], warned))
    return Decision(told, Reason.WARNED, page)


def _at_it(matter: Matter) -> tuple[PersonId, ...]:
    """Who is at the visit's own open escalation, and may be calling the worker this minute.

    Its page tells them to call. Whoever they are on the rota, they hear at once that they must not.
    """
    escalation = matter.open_escalation
    if escalation is None:
        return ()
    owner = (escalation.owner,) if escalation.owner else ()
    return tuple(dict.fromkeys((*owner, *escalation.paged)))
