"""This draws what concerns handing over: the question to whoever is asked, and what came of it."""

from typing import Final

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render import approval, page
from bot.slack.render.blocks import Element, actions, button, context, section, typed
from bot.slack.render.times import clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import handover as words
from bot.slack.words import names, news, pages
from bot.slack.words.speech import _
from protocol.effects import Ask, Asked, Said, Tell
from protocol.handover import escalation_offer, visit_offer
from protocol.ids import PersonId
from protocol.offers import Handed
from protocol.records import Matter
from protocol.watch import watcher_of

# The pieces of news that are drawn here.
SAID: Final = (
    Said.HAS_IT_NOW,
    Said.WATCHES_NOW,
    Said.HANDOVER_DECLINED,
    Said.HANDOVER_UNANSWERED,
)
_STAYS: Final = (Said.HANDOVER_DECLINED, Said.HANDOVER_UNANSWERED)


def question(effect: Ask, view: MatterView) -> Rendered:
    """Ask one person to take it over; where that is over meanwhile, say so instead."""
    matter, visit = view.matter, view.matter.visit
    escalation = matter.open_escalation
    of_visit = effect.asked is Asked.TAKE_VISIT
    offer = visit_offer(matter) if of_visit else escalation_offer(matter)
    if offer is None or offer.to != effect.to:
        return Rendered(_(news.LOCK_NEWS), (section(_(news.OFFER_OVER)),))
    who = typed(view.directory.name(effect.about), 80)
    asked = section(_(news.ASKED[effect.asked], who=who))
    shown: list[Block] = []
    if of_visit and visit is not None:
        shown = [asked, section(approval.plan_text(view, visit))]
    elif escalation is not None:
        # What not to do comes first, before anybody reads that they are asked.
        warning, *rest = page.about(view, escalation)
        silent = pages.WARNING.get(escalation.kind) is not None
        shown = [warning, asked, *rest] if silent else [asked, warning, *rest]
    until = context(_(words.ANSWER_BY, at=clock(offer.until_at, view.directory.zone)))
    row = actions("ask", answers(effect, matter))
    return Rendered(_(news.LOCK_ASK), (*shown, row, until))


def answers(effect: Ask, matter: Matter) -> list[Element]:
    """Yes and no."""
    what = Handed.VISIT if effect.asked is Asked.TAKE_VISIT else Handed.ESCALATION
    value = pack(matter.id, what.value)
    return [
        button(Action.TAKE_HANDOVER, value, style="primary"),
        button(Action.DECLINE_HANDOVER, value),
    ]


def told(effect: Tell, view: MatterView) -> Rendered:
    """What came of it, for the giver; and for the worker who has it now, and no word more."""
    matter = view.matter
    said = _(news.SAID[effect.said], who=typed(view.directory.name(effect.about), 80))
    if effect.to in matter.members:
        return Rendered(_(news.LOCK_NEWS), (section(said),))
    escalation = matter.open_escalation
    warning = pages.WARNING.get(escalation.kind) if escalation else None
    head = [section(_(warning))] if warning else []
    if effect.said in _STAYS:
        said = f"{said} {_stays(effect.to, view)}"
    return Rendered(_(news.LOCK_NEWS), (*head, section(said), context(_which(view))))


def _which(view: MatterView) -> str:
    worker = typed(view.directory.name(view.matter.worker), 80)
    escalation = view.matter.open_escalation
    if escalation is None:
        return _(words.VISIT_OF, who=worker)
    return f"{_(names.ESCALATION[escalation.kind])}: {worker}"


def _stays(reader: PersonId, view: MatterView) -> str:
    escalation, visit = view.matter.open_escalation, view.matter.visit
    has_it = escalation.owner if escalation else None
    if reader in (has_it, watcher_of(visit) if visit else None):
        return _(words.STAYS_WITH_YOU)
    return _(words.STAYS_WITH, who=typed(view.directory.name(has_it), 80)) if has_it else ""
