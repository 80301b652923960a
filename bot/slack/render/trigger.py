"""This draws what concerns a trigger that was raised: its page, what is asked and told, the Home.

In a channel nothing stands that somebody typed: whoever reads there asks in person.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.slack.carried import NO_MATTER, RAISED, pack
from bot.slack.ids import Action, ResponderMore
from bot.slack.render.blocks import (
    Element,
    actions,
    button,
    context,
    divider,
    escape,
    lines,
    linked,
    menu,
    section,
    tel,
    typed,
)
from bot.slack.render.times import clock, day_and_clock
from bot.slack.render.view import Block, MatterView, Rendered
from bot.slack.words import labels, names, news, pages
from bot.slack.words import trigger as words
from bot.slack.words.speech import _, n_, spoken
from protocol.effects import Ask, Asked, PostStandDown, Said, StandDown, Tell
from protocol.events import ContactMethod, ContactOutcome
from protocol.ids import PersonId, ProgramId
from protocol.people import Language
from protocol.records import Escalation, EscalationState
from protocol.trigger import Both, Consult, Trigger, UntilMorning
from storage.raised_rows import OpenTrigger

# The questions and the pieces of news that are drawn here.
ASKED: Final = (Asked.SORTED, Asked.BY_WHEN_PASSED, Asked.WRITE_UP)
SAID: Final = (
    Said.PAGED_FOR_YOU,
    Said.CHOSEN_SILENT,
    Said.YOURS_TO_DO,
    Said.UNTIL_MORNING,
    Said.NOT_SORTED,
    Said.REOPENED,
    Said.SORTED_FOR_YOU,
)
_WITH_ANSWER: Final = (Said.YOURS_TO_DO, Said.UNTIL_MORNING)
TYPED_MAX: Final = 600
PAGES_SHOWN: Final = 15
TRIED_SHOWN: Final = 3
# On the board, which has room for little else: five blocks of Slack's hundred.
BOARD_SHOWN: Final = 30
PER_BLOCK: Final = 6


def said_in(text: Both) -> str:
    """A text of the row in the language now spoken, as Slack may show it."""
    return escape(text.in_(Language(spoken())))


def title(trigger: Trigger) -> str:
    """The row's title."""
    return said_in(trigger.row.title)


def for_channel(view: MatterView) -> MatterView:
    """The same without what was typed: a channel is no place for it."""
    trigger = view.matter.trigger
    if trigger is None:
        return view
    consults = tuple(replace(one, decision="") for one in trigger.consults)
    bare = replace(trigger, heard="", call_back="", consults=consults)
    return replace(view, matter=replace(view.matter, trigger=bare), in_channel=True)


def page(view: MatterView, trigger: Trigger, escalation: Escalation) -> Rendered:
    """The page as it stands now: what comes first, who asks, and then the buttons."""
    zone = view.directory.zone
    if escalation.state is EscalationState.CLOSED:
        who = _who(view, trigger.settled_by)
        done = _(words.SORTED, who=who, at=day_and_clock(escalation.closed_at, zone))
        return Rendered(_(news.LOCK_NEWS), (section(_head(trigger)), section(done)))
    first = [f"• {linked(said_in(one))}" for one in trigger.row.call_first]
    # The row speaks to whoever asks; read by the one who is called, it would tell them to call
    # themselves.
    told = _(words.WAS_TOLD, who=_who(view, trigger.by))
    shown: list[Block] = [section(lines(told, *first))] if first else []
    shown += [section(_head(trigger)), section(_asker(view, trigger))]
    if trigger.private:
        shown.insert(0, section(_(words.PRIVATE)))
    stands = section(lines(_stands(view, trigger, escalation), *_tried(view, trigger, escalation)))
    shown += [stands, *_buttons(view, trigger, escalation)]
    steps = [f"{no}. {said_in(one)}" for no, one in enumerate(trigger.row.first, start=1)]
    own = _(words.DO_FIRST, who=_who(view, trigger.by))
    shown += [divider(), section(lines(own, *steps))] if steps else []
    row = _(words.ROW, key=trigger.row.key, version=trigger.row.version)
    return Rendered(_(news.LOCK_PAGE), (*shown, context(row)))


def about(view: MatterView, trigger: Trigger) -> list[Block]:
    """What it is about, for whoever is asked to take it over."""
    return [section(_head(trigger)), section(_asker(view, trigger))]


def question(effect: Ask, view: MatterView, trigger: Trigger) -> Rendered:
    """Ask if it is sorted; or whoever has it, to write back."""
    escalation = view.matter.open_escalation
    if escalation is None or escalation.state is not EscalationState.CONSULTED:
        return Rendered(_(news.LOCK_NEWS), (section(_(words.GONE)),))
    seen = pack(view.matter.id, number=escalation.mark)
    shown = [section(lines(*_written(view, trigger), _(news.ASKED[effect.asked])))]
    if effect.asked is Asked.SORTED:
        row = [button(Action.SORTED, seen, style="primary"), button(Action.NOT_SORTED, seen)]
        asked = [actions("sorted", row), context(_(words.WRONG_ANSWER))]
        return Rendered(_(news.LOCK_ASK), (section(_head(trigger)), *shown, *asked))
    row = [button(Action.WRITE_CONSULT, seen, style="primary")]
    if effect.asked is Asked.BY_WHEN_PASSED:
        row.append(button(Action.SORTED, seen))
    shown = [section(_head(trigger)), section(_asker(view, trigger)), *shown]
    return Rendered(_(news.LOCK_ASK), (*shown, actions("sorted", row)))


def told(effect: Tell, view: MatterView, trigger: Trigger) -> Rendered:
    """A piece of news; where an answer was written, with the answer."""
    said = _(news.SAID[effect.said], who=_who(view, effect.about))
    head = _head(trigger)
    answer = _written(view, trigger) if effect.said in _WITH_ANSWER else []
    shown: list[Block] = [section(lines(said, head, *answer))]
    if effect.said is Said.CHOSEN_SILENT:
        again = button(Action.PAGE_ROW, pack(view.matter.id, "again"))
        mine = button(Action.SORTED, pack(view.matter.id, number=_mark(view)))
        shown.append(actions("again", [again, mine]))
    return Rendered(_(news.LOCK_NEWS), tuple(shown))


def stand_down(effect: StandDown | PostStandDown, view: MatterView, trigger: Trigger) -> Rendered:
    """Whoever was paged hears that it is sorted."""
    at = clock(effect.at, view.directory.zone)
    said = _(words.SORTED_ALSO, who=_who(view, effect.closed_by), at=at)
    return Rendered(_(news.LOCK_NEWS), (section(lines(_head(trigger), said)),))


def _head(trigger: Trigger) -> str:
    return _(words.HEAD, title=title(trigger), tier=_(words.TIER[trigger.row.tier]))


def _asker(view: MatterView, trigger: Trigger) -> str:
    """Who asks, since when, where to call back, and what was seen or heard."""
    directory = view.directory
    who, at = _who(view, trigger.by), clock(trigger.at, directory.zone)
    if trigger.heard_at < trigger.at:
        heard = clock(trigger.heard_at, directory.zone)
        asked = _(words.ASKED_BY, who=who, heard=heard, at=at)
    else:
        asked = _(words.ASKED_BY_AT_ONCE, who=who, at=at)
    if view.in_channel:
        return lines(asked, _(words.ASK_IN_PERSON, who=who))
    call = linked(typed(trigger.call_back, 60))
    back = (
        _(words.CALL_BACK, number=call)
        if call
        else _(words.CALL_LINE, who=who, line=tel(directory.line) or "-")
    )
    said = f"> {typed(trigger.heard, TYPED_MAX)}" if trigger.heard else None
    return lines(asked, back, *([_(words.HEARD), said] if said else []))


def _stands(view: MatterView, trigger: Trigger, escalation: Escalation) -> str:
    """Who has it, what they wrote, and what is open still."""
    asker = _who(view, trigger.by)
    again = _(words.NOT_SORTED, asker=asker) if trigger.not_sorted else None
    if escalation.state is EscalationState.CLIMBING or escalation.owner is None:
        return lines(again, _(words.NOBODY_YET))
    if escalation.state is EscalationState.CONSULTED:
        stays = _(words.OPEN_UNTIL_SORTED, asker=asker)
        return lines(again, *_written(view, trigger), stays)
    at = clock(escalation.owned_at, view.directory.zone)
    has_it = _(words.HAS_IT, who=_who(view, escalation.owner), at=at, asker=asker)
    return lines(again, has_it)


def _tried(view: MatterView, trigger: Trigger, escalation: Escalation) -> list[str]:
    """How often somebody was tried, and what came of the latest attempts."""
    if not escalation.attempts:
        return []
    said = [_(pages.ATTEMPTS, count=escalation.attempts)]
    for one in trigger.tried[-TRIED_SHOWN:]:
        method, _colon, outcome = one.what.partition(": ")
        try:
            how = _(words.METHOD[ContactMethod(method)])
            came_of_it = _(names.OUTCOME[ContactOutcome(outcome)])
        except (ValueError, KeyError):
            continue
        at = clock(one.at, view.directory.zone)
        said.append(_(words.TRIED, at=at, who=_who(view, one.by), how=how, outcome=came_of_it))
    return said


def _written(view: MatterView, trigger: Trigger) -> list[str]:
    consult = trigger.last
    if consult is None:
        return []
    zone = view.directory.zone
    wrote = _(words.WRITTEN, who=_who(view, consult.by), at=clock(consult.at, zone))
    by_when = day_and_clock(consult.by_when, zone)
    if consult.now is not None:
        return [wrote, _(words.UNTIL_MORNING[consult.now]), _(words.WRITE_UP, at=by_when)]
    said = [f"> {typed(consult.decision, TYPED_MAX)}"] if consult.decision else []
    owner = _(words.OWNER, owner=_owner(view, consult))
    return [wrote, *said, owner, _(words.BY_WHEN, at=by_when)]


def _owner(view: MatterView, consult: Consult) -> str:
    if consult.owner is None and consult.role is not None:
        return _(words.ROLE[consult.role])
    return _who(view, consult.owner)


def _buttons(view: MatterView, trigger: Trigger, escalation: Escalation) -> list[Block]:
    matter = view.matter
    seen = pack(matter.id, number=escalation.mark)
    if escalation.state is EscalationState.CLIMBING:
        take: list[Element] = [
            button(Action.ACKNOWLEDGE, seen, style="primary"),
            button(Action.ESCALATE, seen),
            button(Action.CANNOT_TAKE, seen),
        ]
        return [actions("take", take), actions("write", [button(Action.WRITE_CONSULT, seen)])]
    rest = [ResponderMore.ESCALATE, ResponderMore.CANNOT_TAKE]
    rest += [] if trigger.private else [ResponderMore.HAND_OVER]
    more = menu(
        Action.RESPONDER_MORE,
        [(_(labels.RESPONDER_MORE[one]), pack(matter.id, one.value)) for one in rest],
    )
    night = [(_(words.UNTIL_MORNING[one]), pack(matter.id, one.value)) for one in UntilMorning]
    attempt = pack(matter.id, RAISED, escalation.mark)
    work = [
        button(Action.WRITE_CONSULT, seen, style="primary"),
        button(Action.LOG_ATTEMPT, attempt),
        more,
    ]
    rows = [actions("work", work)]
    if escalation.state is not EscalationState.CONSULTED:
        # A menu has no words of its own, so it stands beside some.
        tonight = section(_(labels.BUTTON[Action.NIGHT_CLOSE]), menu(Action.NIGHT_CLOSE, night))
        rows.append({**tonight, "block_id": "night"})
    return rows


def _mark(view: MatterView) -> int:
    escalation = view.matter.open_escalation
    return escalation.mark if escalation else 0


def _who(view: MatterView, person: PersonId | None) -> str:
    return typed(view.directory.name(person), 80)


# --- the Home --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TriggersView:
    """This is what is open in a lead's programs, and what a person paged for themselves."""

    person: PersonId
    at: datetime
    zone: str
    leads: bool
    rows: tuple[OpenTrigger, ...] = ()
    names: dict[PersonId, str] | None = None


def part(view: TriggersView) -> list[Block]:
    """The part of the Home: what is open, and the way to page the clinical lead."""
    own = [one for one in view.rows if one.by == view.person]
    others = [one for one in view.rows if one.by != view.person] if view.leads else []
    shown: list[Block] = []
    if others:
        shown.append(section(_(words.OPEN_PAGES)))
        shown += [_row_of(one, view) for one in others[:PAGES_SHOWN]]
        left = len(others) - PAGES_SHOWN
        board = button(Action.SHOW_BOARD, pack(NO_MATTER))
        shown += [context(more(left)), actions("board_pages", [board])] if left > 0 else []
    if own:
        found = [_line(one, view) for one in own[:PAGES_SHOWN]]
        shown.append(section(lines(_(words.YOUR_PAGES), *found)))
    lead = button(Action.PAGE_LEAD, pack(NO_MATTER))
    return [*shown, actions("page_lead", [lead])]


def boarded(view: TriggersView | None, programs: Collection[ProgramId]) -> list[Block]:
    """The part of the live board: what is open in these programs; what is private never is."""
    rows = view.rows if view is not None else ()
    found = [one for one in rows if not one.private and one.program in programs]
    if view is None or not found:
        return []
    said = [_line(one, view, board=True) for one in found]
    fits, left = said[:BOARD_SHOWN], len(said) - BOARD_SHOWN
    chunks = [fits[start : start + PER_BLOCK] for start in range(0, len(fits), PER_BLOCK)]
    shown = [section(_(words.OPEN_PAGES)), *(section(lines(*chunk)) for chunk in chunks)]
    return [*shown, context(more(left))] if left > 0 else shown


def more(left: int) -> str:
    """How many more there are than fit."""
    return n_("and {count} more", "and {count} more", left)


def _row_of(one: OpenTrigger, view: TriggersView) -> Block:
    return section(_line(one, view), block_id=f"raised_{one.matter}")


def _line(one: OpenTrigger, view: TriggersView, *, board: bool = False) -> str:
    """One line. On a board it says who asks, even to themselves."""
    named = view.names or {}
    name = _(words.A_PRIVATE_PAGE) if one.private or one.title is None else said_in(one.title)
    waits = one.state is EscalationState.CLIMBING
    held = words.ROW_NOBODY if waits else words.SOMEBODY_HAS_IT
    has_it = _(held)
    if not waits and one.owner is not None:
        has_it = _(words.ROW_HAS_IT, who=typed(named.get(one.owner, ""), 60))
    due = ""
    if one.state is EscalationState.CONSULTED:
        said = words.ROW_WAS_DUE if one.due_at <= view.at else words.ROW_DUE
        due = _(said, at=day_and_clock(one.due_at, view.zone))
    asks = ""
    if board or one.by != view.person:
        asks = _(words.ROW_ASKED_BY, who=typed(named.get(one.by, ""), 60))
    return " · ".join(word for word in (f"*{name}*", asks, has_it, due) if word)
