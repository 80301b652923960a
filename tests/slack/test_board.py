"""The live board, drawn: whoever needs a human first, and however many they are."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import homes
from bot.slack.render import board, home, trigger
from protocol.ids import MatterId, ProgramId
from protocol.people import Language, Role
from protocol.rating import Rating
from protocol.records import (
    EscalationKind,
    EscalationState,
    Expecting,
    VisitState,
)
from protocol.trigger import Both, Tier
from sandbox.blocks import view_problems
from sandbox.checks import Surface
from storage.board import Open
from storage.raised_rows import OpenTrigger
from tests.county import PROGRAM
from tests.protocol.world import JO, MAYA, NOON, ROSA, SAM, ZONE, minutes
from tests.slack.looks import (
    NAMES,
    TITLE,
    ahead,
    assert_slack_shows,
    by_rosa,
    call,
    out,
    shown,
)
from tests.slack.readable import readable


def test_the_board_shows_whoever_needs_a_human_first_and_then_by_what_is_due():
    held = call(state=EscalationState.ACKNOWLEDGED, owner=MAYA)
    rows = [
        out("calm-late", due_at=NOON + minutes(50)),
        out("calm-soon", due_at=NOON + minutes(5)),
        out("overdue", state=VisitState.OVERDUE, due_at=NOON - minutes(2)),
        out("held", call=held),
        out("missed", call=call()),
        out("help", call=call(kind=EscalationKind.HELP_CALL, due_at=NOON + minutes(9))),
        ahead("tomorrow"),
    ]
    order = [one.matter for one in board.ordered(by_rosa(*rows))]
    assert order == ["help", "missed", "held", "overdue", "calm-soon", "calm-late"]


def test_a_row_says_who_where_how_it_is_rated_what_is_due_and_who_has_it():
    pair = out(partner=SAM, rating=Rating.ELEVATED)
    assert board.row(pair, by_rosa()) == (
        "*Jo Alvarez and Sam* · Main Street shelter · Elevated\n"
        "there · check-in due at *12:30 PM* · confirmed by Rosa Delgado"
    )
    on_the_way = out(approver=None, expecting=Expecting.ARRIVAL, state=VisitState.PLANNED)
    assert board.row(on_the_way, by_rosa()).endswith(
        "on the way · arrival due at *12:30 PM* · not confirmed"
    )
    assert board.row(out(call=call()), by_rosa()) == (
        "Missed check-in: *Jo Alvarez* · Main Street shelter · Low\n"
        "since 11:55 AM · Nobody has it yet · next people at 12:05 PM"
    )
    sent = call(state=EscalationState.SUPPORT_SENT, owner=MAYA, drill=True)
    assert board.row(out(call=sent), by_rosa()).endswith(
        "drill · since 11:55 AM · Maya has it · Support was sent · next look at 12:05 PM"
    )
    alone = Open(MatterId("m2"), PROGRAM, JO, None, call(kind=EscalationKind.HELP_CALL))
    assert board.row(alone, by_rosa()).startswith("Help: call me: *Jo Alvarez* · no visit\n")


@pytest.mark.parametrize("count", [0, 1, 30, 46, 47, 400])
def test_however_many_are_out_slack_takes_the_home_and_the_whole_board(count):
    paged = min(-(-count // 7), home.CALLS_SHOWN)
    rows = [
        out(f"{'m' * 80}{number}", call=call() if number % 7 == 0 else None)
        for number in range(count)
    ]
    waiting = [ahead(f"p{number}", SAM) for number in range(count)]
    seen = by_rosa(*rows, *waiting, roles=tuple(Role))
    text = shown(seen)
    assert ("[Show everybody]" in text) is (count - paged > board.SHOWN)
    whole = board.whole_board(seen)
    assert not view_problems(whole, Surface.MODAL)
    assert readable(whole["blocks"]).count("Jo Alvarez") == min(count, board.SHOWN_IN_FULL)


@given(st.text(min_size=1, max_size=400), st.sampled_from(list(Language)))
def test_the_worst_names_and_places_are_taken_by_slack(text, language):
    rows = [out(f"m{n}", place=text, call=call() if n % 2 else None) for n in range(45)]
    names = dict.fromkeys(NAMES, text)
    seen = replace(by_rosa(*rows, ahead(place=text), roles=tuple(Role)), names=names)
    drawn = homes.draw(homes.Seen(replace(seen, language=language)))
    assert_slack_shows(drawn.view)
    assert not re.search(r"<(?!#C_)", str(drawn.view))


@pytest.mark.parametrize("count", [1, 15, 16, 31, 200])
def test_however_many_pages_are_open_slack_takes_the_home_and_the_board(count):
    seen = by_rosa(*(out(f"m{n}") for n in range(400)), roles=tuple(Role))
    long = Both("x" * 120, "x" * 120)
    rows = tuple(opened(f"t{n}", title=long) for n in range(count))
    triggers = trigger.TriggersView(ROSA, NOON, ZONE, True, rows, dict.fromkeys(NAMES, "&" * 60))
    feature = next(one for one in homes.FEATURES if one.part is trigger.part)
    both = homes.Seen(seen, ((feature, triggers),))
    assert_slack_shows(homes.draw(both).view)
    assert ("board_pages" in str(homes.draw(both).view)) is (count > trigger.PAGES_SHOWN)
    whole = homes.draw_board(both)
    assert not view_problems(whole, Surface.MODAL)
    said = readable(whole["blocks"])
    assert said.startswith("*Open pages*")
    assert said.count(long.en) == min(count, trigger.BOARD_SHOWN)


def test_on_the_board_stands_no_private_page_and_none_of_another_program():
    private = opened("t1", by=ROSA, private=True, title=None)
    elsewhere = replace(opened("t2"), program=ProgramId("elsewhere"))
    own = opened("t3", by=ROSA)
    triggers = trigger.TriggersView(ROSA, NOON, ZONE, True, (private, elsewhere, own), NAMES)
    assert trigger.boarded(triggers, ()) == []
    said = readable(trigger.boarded(triggers, {PROGRAM}))
    assert said.count("Talk of suicide") == 1
    assert "Rosa Delgado asks" in said
    assert "private" not in said


def opened(name, by=JO, private=False, title=TITLE):
    state, due = EscalationState.CLIMBING, NOON + minutes(5)
    tier = None if private else Tier.U0
    return OpenTrigger(
        MatterId(name), PROGRAM, by, state, private, NOON, NOON, due, tier, title, None
    )
