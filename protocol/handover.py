"""Handing over an open escalation, or the watching of a visit, to a named person who says yes.

Until then it stays with the giver, and the clocks of ladder and visit go on as if nobody had asked:
an offer lapses when they move it on. A visit's first human is whoever is on duty by the rota,
before and after: what is handed over is who hears how it goes.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from protocol import respond
from protocol.approval import MAY_APPROVE, along
from protocol.climb import kept_from, page_one
from protocol.decision import Decision, Reason, idle, refuse
from protocol.effects import Asked, Effect, Noted, Said, Surface
from protocol.escalation import with_last
from protocol.events import Acknowledge
from protocol.ids import PersonId
from protocol.offers import (
    DeclineHandover,
    Handed,
    HandoverEvent,
    Offer,
    OfferHandover,
    TakeHandover,
)
from protocol.people import RESPONDER_ROLES, Role
from protocol.records import HELD, Escalation, EscalationState, Matter, Visit, VisitState
from protocol.situation import Situation
from protocol.telling import ask, note, refresh, tell
from protocol.watch import watcher_of

_MAY_TAKE = (*RESPONDER_ROLES, Role.EXECUTIVE, Role.PROGRAM_MANAGER)


def escalation_offer(matter: Matter) -> Offer | None:
    """The offer of the open escalation; it lapses when the giver no longer has it."""
    escalation = matter.open_escalation
    if escalation is None or escalation.offer is None or escalation.state not in HELD:
        return None
    offer, since = escalation.offer, escalation.owned_at
    still = escalation.owner == offer.giver and since is not None and since <= offer.at
    return offer if still else None


def visit_offer(matter: Matter) -> Offer | None:
    """The offer of the visit; it lapses when the giver no longer answers for it."""
    visit = matter.visit
    if visit is None or visit.offer is None or visit.state is VisitState.CLOSED:
        return None
    return visit.offer if watcher_of(visit) == visit.offer.giver else None


def next_end(matter: Matter) -> datetime | None:
    """When the next open offer of this matter ends unanswered; None where there is none."""
    offers = (escalation_offer(matter), visit_offer(matter))
    return min((offer.until_at for offer in offers if offer is not None), default=None)


def decide(matter: Matter, event: HandoverEvent, s: Situation) -> Decision:
    """Apply an offer, or the answer of the person who was asked."""
    if event.by in matter.members:
        return refuse(matter, Reason.ABOUT_YOURSELF)
    if event.what is Handed.VISIT:
        return _of_visit(matter, event, s)
    escalation = matter.open_escalation
    if escalation is None and matter.escalations:
        return idle(matter, Reason.ALREADY_CLOSED)
    if escalation is None:
        return refuse(matter, Reason.NOTHING_OPEN)
    if event.by in kept_from(matter, escalation):
        return refuse(matter, Reason.NOT_PAGED)
    match event:
        case OfferHandover():
            return _offer_escalation(matter, escalation, event, s)
        case TakeHandover():
            return _take_escalation(matter, escalation, event, s)
        case DeclineHandover():
            return _not_taken(matter, Handed.ESCALATION, event.by, event.at)


def on_deadline(matter: Matter, at: datetime) -> Decision:
    """Nobody answered an offer in time: it ends, and the giver hears that they still have it."""
    ended = escalation_offer(matter)
    if ended is not None and ended.until_at <= at:
        return _ended(matter, Handed.ESCALATION, ended, Said.HANDOVER_UNANSWERED, at)
    ended = visit_offer(matter)
    if ended is not None and ended.until_at <= at:
        return _ended(matter, Handed.VISIT, ended, Said.HANDOVER_UNANSWERED, at)
    return idle(matter, Reason.NOT_DUE)


# --- an escalation ---------------------------------------------------------------------------


def _offer_escalation(
    matter: Matter, escalation: Escalation, event: OfferHandover, s: Situation
) -> Decision:
    owner, cover = escalation.owner, s.cover
    if escalation.state not in HELD or owner is None:
        return refuse(matter, Reason.NOBODY_HAS_IT)
    on_duty = any(event.by in cover.on_duty(role, event.at) for role in RESPONDER_ROLES)
    if event.by not in (owner, *escalation.paged) and not on_duty:
        return refuse(matter, Reason.NOT_A_RESPONDER)
    if event.to == owner:
        return idle(matter, Reason.THEIRS_ALREADY)
    kept = kept_from(matter, escalation)
    if event.to in kept or _away(event.to, s) or not cover.holds(event.to, _MAY_TAKE):
        return refuse(matter, Reason.CANNOT_BE_ASKED)
    if _same(escalation_offer(matter), event):
        return idle(matter, Reason.ALREADY_OFFERED)
    offered = replace(escalation, offer=_offer(event, owner, s.policy.handover_within))
    effects = ask(matter, Asked.TAKE_ESCALATION, (event.to,), event.at, about=owner)
    return Decision(with_last(matter, offered), Reason.HANDOVER_OFFERED, effects)


def _take_escalation(
    matter: Matter, escalation: Escalation, event: TakeHandover, s: Situation
) -> Decision:
    if escalation.state is EscalationState.CLIMBING:
        # The giver lost it meanwhile, and whoever takes on what nobody has is welcome.
        taken = respond.respond(matter, Acknowledge(event.at, event.by), s)
        return _paged(taken, event.by)
    offer = escalation_offer(matter)
    if offer is None or offer.to != event.by:
        mine = escalation.owner == event.by and escalation.state in HELD
        return idle(matter, Reason.ALREADY_YOURS) if mine else refuse(matter, Reason.OFFER_OVER)
    held = replace(_held_anew(escalation, event.by, event.at), offer=None)
    people = (offer.giver, offer.by, *matter.members)
    effects = (
        *tell(matter, Said.HAS_IT_NOW, people, event.at, about=event.by),
        *note(matter, held, Noted.HANDED_OVER, event.at, by=event.by),
        *_shown(matter),
    )
    taken = Decision(with_last(matter, held), Reason.HANDOVER_TAKEN, effects)
    return _paged(taken, event.by)


def _paged(taken: Decision, by: PersonId) -> Decision:
    """Whoever has it works from its page, and hears when it is over, though no rung paged them."""
    escalation = taken.matter.open_escalation
    if escalation is None:
        return taken
    paged, page = page_one(taken.matter, escalation, by)
    return replace(taken, matter=with_last(taken.matter, paged), effects=(*taken.effects, *page))


def _held_anew(escalation: Escalation, by: PersonId, at: datetime) -> Escalation:
    """Held from now on by somebody else; but a next look that was promised comes no later."""
    ladder = escalation.ladder
    ask_in = ladder.hold - ladder.ask_before
    if escalation.state is not EscalationState.ACKNOWLEDGED and escalation.due_at is not None:
        # Where the giver was asked already, whoever has it now is asked at once.
        look_in = timedelta(0) if escalation.asked else escalation.due_at - at
        ask_in = max(timedelta(0), min(ask_in, look_in))
    return respond.hold(escalation, by, escalation.state, at, ask_in)


def _shown(matter: Matter) -> tuple[Effect, ...]:
    surfaces = (Surface.PAGES,) if matter.silent else (Surface.PAGES, Surface.WORKER_CARD)
    return refresh(matter, *surfaces)


# --- the watching of a visit -----------------------------------------------------------------


def _of_visit(matter: Matter, event: HandoverEvent, s: Situation) -> Decision:
    visit = matter.visit
    if visit is None:
        return refuse(matter, Reason.NO_OPEN_VISIT)
    if visit.state is VisitState.CLOSED:
        return idle(matter, Reason.ALREADY_CLOSED)
    match event:
        case OfferHandover():
            return _offer_visit(matter, visit, event, s)
        case TakeHandover():
            return _take_visit(matter, visit, event, s)
        case DeclineHandover():
            return _not_taken(matter, Handed.VISIT, event.by, event.at)


def _offer_visit(matter: Matter, visit: Visit, event: OfferHandover, s: Situation) -> Decision:
    watcher, within = watcher_of(visit), s.policy.handover_within
    if watcher is None:
        return refuse(matter, Reason.NOBODY_WATCHES)
    if event.by != watcher:
        return refuse(matter, Reason.NOT_THE_WATCHER)
    if event.to == watcher:
        return idle(matter, Reason.THEIRS_ALREADY)
    if not _may_watch(matter, visit, event.to, event.at, within, s):
        return refuse(matter, Reason.CANNOT_BE_ASKED)
    if _same(visit_offer(matter), event):
        return idle(matter, Reason.ALREADY_OFFERED)
    offered = replace(visit, offer=_offer(event, watcher, within))
    effects = ask(matter, Asked.TAKE_VISIT, (event.to,), event.at, about=watcher)
    return Decision(replace(matter, visit=offered), Reason.HANDOVER_OFFERED, effects)


def _take_visit(matter: Matter, visit: Visit, event: TakeHandover, s: Situation) -> Decision:
    offer = visit_offer(matter)
    if offer is None or offer.to != event.by:
        mine = watcher_of(visit) == event.by
        return idle(matter, Reason.ALREADY_YOURS) if mine else refuse(matter, Reason.OFFER_OVER)
    if not _may_watch(matter, visit, event.by, event.at, offer.until_at - offer.at, s):
        return refuse(matter, Reason.NOT_AN_APPROVER)
    taken = replace(visit, watcher=event.by, offer=None)
    effects = (
        *tell(
            matter,
            Said.WATCHES_NOW,
            (offer.giver, *matter.members),
            event.at,
            about=event.by,
        ),
        *refresh(matter, Surface.APPROVAL),
    )
    return Decision(replace(matter, visit=taken), Reason.HANDOVER_TAKEN, effects)


def _may_watch(
    matter: Matter, visit: Visit, who: PersonId, at: datetime, within: timedelta, s: Situation
) -> bool:
    """Whether this person may approve such a visit, and is on duty now or by the end of an offer.

    Duties change hands at an instant, and the handover comes a little before it.
    """
    on_duty = any(
        who in s.cover.on_duty(role, moment) for role in MAY_APPROVE for moment in (at, at + within)
    )
    part_of_it = who in along(matter, visit.plan)
    return on_duty and not part_of_it and not _away(who, s) and s.cover.holds(who, MAY_APPROVE)


# --- what both have in common ----------------------------------------------------------------


def _away(who: PersonId, s: Situation) -> bool:
    """Whether this person is out themselves, or cannot be reached."""
    return who in s.cover.in_field or who in s.cover.unreachable


def _offer(event: OfferHandover, giver: PersonId, within: timedelta) -> Offer:
    return Offer(event.by, giver, event.to, event.at, event.at + within)


def _same(offer: Offer | None, event: OfferHandover) -> bool:
    return offer is not None and offer.to == event.to


def _not_taken(matter: Matter, what: Handed, by: PersonId, at: datetime) -> Decision:
    offer = escalation_offer(matter) if what is Handed.ESCALATION else visit_offer(matter)
    if offer is None or offer.to != by:
        return refuse(matter, Reason.OFFER_OVER)
    return _ended(matter, what, offer, Said.HANDOVER_DECLINED, at)


def _ended(matter: Matter, what: Handed, offer: Offer, said: Said, at: datetime) -> Decision:
    """The offer is over, and the giver, who has it as before, hears so in a new message."""
    told = tell(matter, said, (offer.giver, offer.by), at, about=offer.to)
    declined = said is Said.HANDOVER_DECLINED
    reason = Reason.HANDOVER_DECLINED if declined else Reason.HANDOVER_UNANSWERED
    escalation, visit = matter.open_escalation, matter.visit
    if what is Handed.ESCALATION and escalation is not None:
        matter = with_last(matter, replace(escalation, offer=None))
        return Decision(matter, reason, told)
    if visit is None:
        raise ValueError("an offer is made of an open escalation or of a visit")
    return Decision(replace(matter, visit=replace(visit, offer=None)), reason, told)
