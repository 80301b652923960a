"""This draws the App Home: what fits this person's roles, the most urgent first. Pure.

No OK stands here. A Home is brought up to date a few seconds late, and a worker must see the tick
of what they pressed: that is what the card is for, and a button leads to it. Help stands apart from
everything else, as it does on the card (docs/decisions/0028).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render import board
from bot.slack.render.answers import help_row
from bot.slack.render.blocks import actions, button, context, divider, lines, section, typed
from bot.slack.render.card import mark
from bot.slack.render.times import clock, day_and_clock
from bot.slack.render.view import Block, Thread
from bot.slack.words import home as words
from bot.slack.words import labels, names
from bot.slack.words.speech import _
from protocol import incident
from protocol.ids import ProgramId
from protocol.people import APPROVER_ROLES, RESPONDER_ROLES, Role
from protocol.policy import ChannelRole
from protocol.records import SILENT, Approval, EscalationState
from storage.board import Look, Open, Served, VisitRow

BLOCKS_MAX: Final = 100  # Slack's Block Kit reference: a Home has at most so many
CALLS_SHOWN: Final = 10
WAITING_SHOWN: Final = 15
PLANS_SHOWN: Final = 8

CALL_ROLES: Final = (Role.CLINICAL_LEAD,)
KEEPER_ROLES: Final = (Role.PROGRAM_MANAGER, Role.PRIVACY_OFFICER)

View = dict[str, Any]


class Rank(IntEnum):
    """This is where a part of a Home stands: the lowest comes first."""

    URGENT = 0
    OWN = 1
    OUT = 2
    WAITING = 3
    REST = 4


@dataclass(frozen=True, slots=True)
class Part:
    """This is one part of a Home."""

    rank: Rank
    blocks: list[Block] = field(default_factory=list)


def home(look: Look, more: Iterable[Part] = (), workspace_url: str = "") -> View:
    """The Home as it is now. `more` are the parts of features that have files of their own.

    `workspace_url` ends in a slash; with it, threads are links.
    """
    parts = sorted([*_parts(look, workspace_url), *more], key=lambda part: part.rank)
    blocks: list[Block] = []
    for part in parts:
        if part.blocks:
            blocks += [divider(), *part.blocks] if blocks else part.blocks
    if len(blocks) >= BLOCKS_MAX:
        blocks = [*blocks[: BLOCKS_MAX - 2], context(_(words.CUT_OFF))]
    return _view([*blocks, board.as_of(look)])


def stranger() -> View:
    """The Home of somebody whom no program knows."""
    return _view([section(_(words.STRANGER))])


def _view(blocks: list[Block]) -> View:
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _parts(look: Look, workspace_url: str) -> list[Part]:
    parts = []
    if look.holds(Role.PEER) or look.mine:
        parts.append(Part(Rank.OWN, _own(look)))
    found = board.calls(look)
    urgent = Rank.URGENT if found else Rank.OUT
    above = found[:CALLS_SHOWN] if look.holds(*CALL_ROLES) else []
    if look.holds(*CALL_ROLES):
        parts.append(Part(urgent, _calls(look, found, workspace_url)))
    if look.holds(*RESPONDER_ROLES):
        parts.append(Part(urgent, board.board(look, above)))
    if look.holds(*APPROVER_ROLES):
        parts.append(Part(Rank.WAITING, _waiting(look)))
    parts += [Part(Rank.REST, [_duty(one, look)]) for one in look.programs]
    if look.holds(*KEEPER_ROLES):
        parts += [Part(Rank.REST, _channels(one)) for one in look.programs]
    return parts


def _own(look: Look) -> list[Block]:
    """What is happening now and what waits for a yes, the way to a new visit, and help.

    Planning is the first thing to do only while nothing is under way or ahead. What comes next then
    is on the card, and nothing here draws the eye from it.
    """
    out = [one for one in look.mine if one.is_out(look.at)]
    now = [_own_row(one, look) for one in out] or [_(words.NOT_OUT)]
    ahead = _plans(look)
    shown = [section(lines(_(words.NOW), *now)), *ahead]
    if out or ahead:
        shown.append(actions("card", [button(Action.SHOW_CARD, pack(NO_MATTER))]))
    value, first = pack(NO_MATTER), "" if out or ahead else "primary"
    row = [
        button(Action.PLAN_VISIT, value, style=first, label=_(words.PLAN_VISIT)),
        button(Action.HERE_NOW, value, label=_(words.HERE_NOW)),
    ]
    if look.again:
        row.append(button(Action.REPEAT_VISIT, value, label=_(words.REPEAT_VISIT)))
    return [*shown, actions("begin", row), *help_row(NO_MATTER)]


def _own_row(one: Open, look: Look) -> str:
    """A worker's own visit, saying no more than their card does."""
    zone, visit, call = look.program(one.program).zone, one.visit, one.call
    shown = []
    if visit is not None:
        shown.append(f"*{typed(visit.place, 150)}*{_of_program(one.program, look)}")
        shown.append(board.due(visit, look, zone, own=True))
        shown.append(_(words.ON_THE_CARD))
    if call is not None:
        received = f"{clock(call.opened_at, zone)} {_(names.RECEIVED[call.kind])}"
        shown.append(f"{mark(call.kind)} {received}")
        seen = call.owner is not None and call.state is not EscalationState.CLIMBING
        if seen and call.kind not in SILENT:
            who = typed(look.names.get(call.owner, call.owner) if call.owner else "", 80)
            shown.append(_(words.HAS_IT, who=who))
    return lines(*shown)


def _of_program(program: ProgramId, look: Look) -> str:
    """Which program it is, for whoever serves several."""
    return f" · {typed(look.program(program).name, 40)}" if len(look.programs) > 1 else ""


def _plans(look: Look) -> list[Block]:
    ahead = [one for one in look.mine if not one.is_out(look.at) and one.visit is not None]
    ahead.sort(key=lambda one: (one.visit.start_at if one.visit else look.at, one.matter))
    if not ahead:
        return []
    rows = [_plan(one, look) for one in ahead[:PLANS_SHOWN]]
    left = len(ahead) - PLANS_SHOWN
    more = [context(board.and_more(left))] if left > 0 else []
    return [section(lines(_(words.PLANS), *rows, _(words.PLANS_ON_CARD))), *more]


def _plan(one: Open, look: Look) -> str:
    visit = one.visit
    if visit is None:
        return ""
    at = day_and_clock(visit.start_at, look.program(one.program).zone)
    rating, said = _rated(visit), _(names.APPROVAL[visit.approval])
    shown = _(words.STARTS, at=at, place=typed(visit.place, 80))
    return lines(
        f"{shown} · {rating} · {said}{_of_program(one.program, look)}", _who_answers(one, look)
    )


def _who_answers(one: Open, look: Look) -> str | None:
    """Who on duty may confirm a plan that nobody has answered: never somebody who goes along."""
    if one.visit is None or one.visit.approval is not Approval.ASKED:
        return None
    on_duty = dict.fromkeys(
        person
        for role in APPROVER_ROLES
        for held, person in look.program(one.program).duties
        if held is role and person not in one.members
    )
    who = [typed(look.names.get(person, person), 60) for person in on_duty]
    return _(words.CAN_CONFIRM, names=", ".join(who)) if who else _(words.NOBODY_CAN_CONFIRM)


def _rated(visit: VisitRow) -> str:
    return _(labels.RATED, rating=_(names.RATING[visit.rating]))


def _calls(look: Look, found: Sequence[Open], workspace_url: str) -> list[Block]:
    """Open escalations: who has each, since when, and its thread. Nothing of supervision."""
    shown = [section(_(words.CALLS))]
    if not found:
        return [*shown, section(_(words.NO_CALLS))]
    shown += [
        section(lines(board.row(one, look), _thread(one, workspace_url)))
        for one in found[:CALLS_SHOWN]
    ]
    left = len(found) - CALLS_SHOWN
    if left > 0:
        shown.append(context(board.and_more(left)))
    return shown


def _thread(one: Open, workspace_url: str) -> str | None:
    call = one.call
    if call is None or call.thread is None:
        return None
    thread = Thread(*call.thread, workspace_url)
    if thread.link:
        return f"<{thread.link}|{_(words.THREAD)}>"
    number = incident.number(one.matter, call.no)
    return _(words.THREAD_IN, number=number, channel=f"<#{thread.channel}>")


def _waiting(look: Look) -> list[Block]:
    """Plans of others that nobody has answered yet, each with a button that opens it."""
    mine = {one.id for one in look.programs if one.roles & frozenset(APPROVER_ROLES)}
    waits = [
        (one.visit.start_at, one.matter, one, one.visit)
        for one in look.matters
        if one.program in mine
        and look.person not in one.members
        and one.visit is not None
        and one.visit.approval is Approval.ASKED
    ]
    if not waits:
        return []
    shown = [section(_(words.WAITING))]
    for start_at, matter, one, visit in sorted(waits)[:WAITING_SHOWN]:
        at = day_and_clock(start_at, look.program(one.program).zone)
        where = _(words.STARTS, at=at, place=typed(visit.place, 80))
        which = _of_program(one.program, look)
        text = lines(f"*{board.who(one, look)}* · {_rated(visit)}{which}", where)
        value = pack(matter, number=visit.revision)
        opens = button(Action.CONFIRM_PLAN, value, label=_(words.OPEN))
        shown.append(section(text, opens, f"waits_{matter}"))
    left = len(waits) - WAITING_SHOWN
    if left > 0:
        shown.append(context(board.and_more(left)))
    return shown


def _duty(one: Served, look: Look) -> Block:
    """Who is on duty, and the numbers to call when Slack does not work."""
    head = _(words.DUTY)
    if len(look.programs) > 1:
        head = _(words.DUTY_OF, program=typed(one.name, 80))
    rows = []
    for role in RESPONDER_ROLES:
        people = [typed(look.names.get(who, who), 60) for held, who in one.duties if held is role]
        title = _(words.ROLE[role])
        if people:
            rows.append(_(words.ON_DUTY, role=title, names=", ".join(dict.fromkeys(people))))
        else:
            rows.append(_(words.NOBODY_ON_DUTY, role=title))
    line = _(words.LINE, line=typed(one.line, 40)) if one.line else None
    county = _(words.COUNTY, number=typed(one.county_number, 40)) if one.county_number else None
    return section(lines(head, *rows, line, county))


def _channels(one: Served) -> list[Block]:
    found = [
        _(words.CHANNEL[role], channel=f"<#{one.channels[role]}>")
        for role in ChannelRole
        if role in one.channels
    ]
    return [section(lines(_(words.CHANNELS), *found))] if found else []
