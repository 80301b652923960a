"""This draws the messages that are sent once: reminders, questions, news, stand-down, notes."""

from datetime import datetime, timedelta

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render import approval, batch, card, flags, handover, roll_call, standing, trigger
from bot.slack.render.answers import answer_rows, help_row
from bot.slack.render.blocks import Element, actions, button, context, lines, section, typed
from bot.slack.render.page import close_button, second_buttons
from bot.slack.render.times import clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import names, news, pages, reasons
from bot.slack.words.speech import _
from protocol import incident
from protocol.decision import Reason
from protocol.effects import (
    Ask,
    Asked,
    PostStandDown,
    Remind,
    Reply,
    Said,
    StandDown,
    Tell,
)
from protocol.records import Expecting, Matter


def reminder(effect: Remind, view: MatterView) -> Rendered:
    """Ask the worker for what is due, with the buttons of the card: edits do not push."""
    matter = view.matter
    before, after = news.REMINDER[effect.expecting]
    words = before if _ahead(effect, matter) else after
    beside = {
        Expecting.ARRIVAL: Action.RUNNING_LATE,
        Expecting.CLEAR: Action.NOT_YET_CLEAR,
    }.get(effect.expecting, Action.LEAVE)
    started = matter.visit is not None and matter.visit.started_at is not None
    if effect.expecting is Expecting.ARRIVAL and started:
        beside = Action.LEAVE
    instead: Action | None = None
    if effect.nudge == 0:
        words = news.CALLED
        if effect.expecting is Expecting.ARRIVAL:
            beside, instead = Action.ARRIVE, Action.ON_THE_WAY
    blocks = [
        section(_(words, at=clock(effect.due_at, view.directory.zone))),
        *answer_rows(matter.id, effect.expecting, beside=beside, instead=instead),
        *help_row(matter.id),
        context(card.no_tick(view.directory)),
    ]
    return Rendered(_(news.LOCK_REMINDER), tuple(blocks))


def _ahead(effect: Remind, matter: Matter) -> bool:
    """Whether this reminder, counted from 1, is one of those before the due time."""
    nudges = matter.visit.timings.nudges if matter.visit else ()
    return 0 < effect.nudge <= len(nudges) and nudges[effect.nudge - 1] < timedelta(0)


def question(effect: Ask, view: MatterView) -> Rendered:
    """Ask one person something that they answer with a tap."""
    if effect.asked is Asked.APPROVE:
        return approval.approval(view)
    if effect.asked is Asked.AGREE_LOWERING:
        return _agree_lowering(effect, view)
    if effect.asked in trigger.ASKED and view.matter.trigger is not None:
        return trigger.question(effect, view, view.matter.trigger)
    if effect.asked in (Asked.TAKE_ESCALATION, Asked.TAKE_VISIT):
        return handover.question(effect, view)
    escalation = view.matter.open_escalation
    until = escalation.until_at if escalation else None
    words = _(
        news.ASKED[effect.asked],
        who=typed(view.directory.name(effect.about), 80),
        at=clock(until, view.directory.zone),
    )
    blocks = _warning(view)
    worker = typed(view.directory.name(view.matter.worker), 80)
    kind = f"{_(names.ESCALATION[escalation.kind])}: {worker}" if escalation else worker
    if view.matter.trigger is not None:
        kind = f"{trigger.title(view.matter.trigger)}: {worker}"
    blocks += [section(lines(words, kind)), actions("ask", _answers(effect, view.matter))]
    return Rendered(_(news.LOCK_ASK), tuple(blocks))


def _agree_lowering(effect: Ask, view: MatterView) -> Rendered:
    """Ask a second approver; where the plan has changed since, say so instead."""
    visit = view.matter.visit
    if visit is None or visit.lowering is None or visit.revision != effect.mark:
        return Rendered(_(news.LOCK_NEWS), (section(_(news.NOT_LOWERED)),))
    words = _(news.ASKED[effect.asked], who=typed(view.directory.name(effect.about), 80))
    row = actions("ask", _answers(effect, view.matter))
    shown = (section(words), section(approval.plan_text(view, visit)), row)
    return Rendered(_(news.LOCK_ASK), shown)


def _answers(effect: Ask, matter: Matter) -> list[Element]:
    value = pack(matter.id, number=effect.mark)
    still = button(Action.STILL_ON_IT, value, style="primary")
    match effect.asked:
        case Asked.STILL_ON_IT | Asked.APPROVE:
            return [still, button(Action.CANNOT_TAKE, value)]
        case Asked.AGREE_LOWERING:
            return [button(Action.AGREE_LOWERING, value)]
        case Asked.TAKE_ESCALATION | Asked.TAKE_VISIT:
            return handover.answers(effect, matter)
        case Asked.NEXT_LOOK:
            last = matter.escalations[-1]
            known = close_button(matter, last, effect.mark)
            return [still, known, button(Action.CANNOT_TAKE, value)]
        case Asked.CONFIRM_TAP:
            yes = button(Action.CONFIRM_TAP, value, style="primary")
            return [yes, button(Action.ACKNOWLEDGE, value)]
        case Asked.CONFIRM_CLOSING:
            return second_buttons(matter, effect.mark)
        case Asked.SORTED | Asked.BY_WHEN_PASSED | Asked.WRITE_UP:
            return []  # drawn with what was raised, by trigger.question


def told(effect: Tell, view: MatterView) -> Rendered:
    """A piece of news. What comes next, where something does, has its button under it."""
    if effect.said in trigger.SAID and view.matter.trigger is not None:
        return trigger.told(effect, view, view.matter.trigger)
    if effect.said in flags.SAID:
        return flags.told(effect, view)
    if effect.said in batch.SAID:
        return batch.told(effect, view)
    if effect.said in standing.SAID:
        return standing.told(effect, view)
    if effect.said in roll_call.SAID:
        return roll_call.told(effect, view)
    if effect.said in handover.SAID:
        return handover.told(effect, view)
    who = typed(view.directory.name(effect.about or view.matter.worker), 80)
    quotes = effect.said in _QUOTING
    words = _(
        news.SAID[effect.said],
        who=who,
        text=_quoted(effect.text) if quotes else typed(effect.text, 20),
        rule=_rule(effect.text),
        service=f" {typed(effect.text, 200)}" if effect.text else "",
    )
    blocks: list[Block] = []
    if effect.said in _TO_RESPONDERS:
        blocks += _warning(view)
    blocks.append(section(words))
    if effect.said is Said.CHANGES_ASKED:
        blocks.append(card.change_plan_row(view.matter.id))
    if effect.said is Said.ACCOUNTED_FOR:
        blocks += _visit(view.matter, effect.at, news.YOURS_GOES_ON, news.YOURS_IS_OVER)
    return Rendered(_(news.lock(effect.said)), tuple(blocks))


def _visit(matter: Matter, at: datetime, goes_on: str, over: str) -> list[Block]:
    """Whether the visit went on when an escalation was closed at this instant."""
    closed = next((one for one in matter.escalations if one.closed_at == at), None)
    going = incident.visit_goes_on(matter, closed) if closed else None
    return [] if going is None else [section(_(goes_on if going else over))]


_QUOTING = (Said.CHANGES_ASKED, Said.PLAN_DECLINED, Said.DECLINED_WHILE_OUT)
_TO_RESPONDERS = (Said.HELP_AGAIN, Said.WORKER_TAPPED, Said.HOLD_EXPIRED, Said.CLOSING_REJECTED)


def _warning(view: MatterView) -> list[Block]:
    """What not to do, before anything else that a responder reads."""
    escalation = view.matter.open_escalation
    words = pages.WARNING.get(escalation.kind) if escalation else None
    return [section(_(words))] if words else []


def _rule(text: str) -> str:
    rule = next((name for reason, name in names.RULE.items() if reason.value == text), None)
    return f" {_(news.RULE, rule=_(rule))}" if rule else ""


def _quoted(text: str) -> str:
    return f"> {typed(text, 1000)}" if text.strip() else "> -"


def reply(effect: Reply) -> Rendered:
    """Answer a person about their own tap."""
    return Rendered(_(news.LOCK_NEWS), (section(reasons.words(Reason(effect.reason))),))


def stand_down(effect: StandDown, view: MatterView) -> Rendered:
    """Tell one person who was paged that it is over, and whether the visit is."""
    return _over(news.STAND_DOWN, effect, view)


def stand_down_in_channel(effect: PostStandDown, view: MatterView) -> Rendered:
    """Tell a channel that was paged that it is over."""
    return _over(news.STAND_DOWN_CHANNEL, effect, view)


def _over(words: str, effect: StandDown | PostStandDown, view: MatterView) -> Rendered:
    if view.matter.trigger is not None:
        return trigger.stand_down(effect, view, view.matter.trigger)
    directory = view.directory
    said = _(
        words,
        worker=typed(directory.name(view.matter.worker), 80),
        who=typed(directory.name(effect.closed_by), 80),
        at=clock(effect.at, directory.zone),
    )
    visit = _visit(view.matter, effect.at, news.VISIT_GOES_ON, news.VISIT_OVER)
    return Rendered(_(news.LOCK_STAND_DOWN), (section(said), *visit))
