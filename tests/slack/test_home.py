"""The App Home and the live board, drawn: what fits a person's roles, and what must not."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.reading import grade
from bot.slack import homes
from bot.slack.ids import Action
from bot.slack.render import board, home, trigger
from bot.slack.render.blocks import section
from bot.slack.render.home import Part, Rank
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.people import Language, Role
from protocol.policy import ChannelRole
from protocol.rating import Rating
from protocol.records import (
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    VisitState,
)
from protocol.trigger import Both, Tier
from sandbox.blocks import view_problems
from sandbox.checks import Surface
from storage.board import CallRow, Look, Open, Served, VisitRow
from storage.raised_rows import OpenTrigger
from tests.county import PROGRAM
from tests.protocol.world import JO, LIN, MAYA, NOON, ROSA, SAM, ZONE, minutes
from tests.slack.readable import elements, labels, readable

NAMES = {JO: "Jo Alvarez", SAM: "Sam", ROSA: "Rosa Delgado", MAYA: "Maya", LIN: "Dr. Lin"}
SERVED = Served(
    PROGRAM,
    "County peers",
    ZONE,
    "555-0100",
    "555-0199",
    {ChannelRole.INCIDENTS: "C_INCIDENTS", ChannelRole.FIELD_SAFETY: "C_FIELD"},
    frozenset({Role.PEER}),
    ((Role.COORDINATOR, ROSA), (Role.PEER_SUPERVISOR, MAYA)),
)
URL = "https://county.slack.com/"
TITLE = Both("Talk of suicide", "Habla de suicidio")


def visit(**changes):
    made = VisitRow(
        VisitState.UNDERWAY,
        Rating.LOW,
        Approval.CONFIRMED,
        ROSA,
        Expecting.CHECK_IN,
        NOON,
        NOON + minutes(30),
        3,
        None,
        "Main Street shelter",
    )
    return replace(made, **changes)


def out(name="m1", worker=JO, call=None, **changes):
    return Open(MatterId(name), PROGRAM, worker, visit(**changes), call)


def call(**changes):
    made = CallRow(
        1,
        EscalationKind.MISSED,
        EscalationState.CLIMBING,
        None,
        NOON,
        NOON - minutes(5),
        NOON + minutes(5),
        False,
    )
    return replace(made, **changes)


def look(*matters, person=JO, roles=(Role.PEER,), **changes):
    served = replace(SERVED, roles=frozenset(roles))
    return replace(Look(person, NOON, Language.EN, (served,), matters, NAMES), **changes)


def by_rosa(*matters, roles=(Role.COORDINATOR,)):
    return look(*matters, person=ROSA, roles=roles)


def shown(seen, more=(), url=""):
    view = home.home(seen, more, url)
    assert_slack_shows(view)
    return readable(view["blocks"])


def assert_slack_shows(view):
    assert not view_problems(view, Surface.HOME)
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))
    assert len(view["blocks"]) <= home.BLOCKS_MAX


def ahead(name="p1", worker=JO, days=1, **changes):
    planned = {
        "state": VisitState.PLANNED,
        "approval": Approval.ASKED,
        "approver": None,
        "expecting": Expecting.ARRIVAL,
        "start_at": NOON + timedelta(days=days),
    }
    return out(name, worker, **{**planned, **changes})


def test_a_peer_without_a_visit_finds_three_ways_to_one_and_help_apart_from_them():
    text = shown(look(again=True))
    assert "You are not on a visit." in text
    begin = "[Plan a visit] [Start a visit now] [Repeat the last one]"
    assert f"{begin}\n---\n[Help: call me] [Help: stay quiet]" in text
    assert "[Send my card to Messages]" not in text
    assert "Coordinator: Rosa Delgado" in text
    assert "Clinical lead: nobody is on duty" in text
    assert "Coordinator line: *555-0100*" in text
    assert "County emergency number: *555-0199*" in text
    assert "Who is out" not in text


def test_whoever_never_planned_is_not_offered_to_repeat_it():
    assert "[Plan a visit] [Start a visit now]\n---" in shown(look())


def test_whoever_is_awaited_somewhere_can_still_start_another_visit():
    for awaited in (ahead(days=0), out(expecting=Expecting.ARRIVAL)):
        assert "[Start a visit now]" in shown(look(awaited))


def test_a_peer_on_a_visit_sees_when_they_are_due_and_the_way_to_their_card():
    text = shown(look(out()))
    card = "The buttons for it are on your card in Messages."
    assert (
        f"*Main Street shelter*\nCheck in by *12:30 PM*.\n{card}\n[Send my card to Messages]"
        in text
    )
    late = shown(look(out(state=VisitState.OVERDUE, due_at=NOON - minutes(1))))
    assert "Your check-in was due at *11:59 AM*." in late


def test_no_answer_that_is_due_stands_in_any_home():
    roles = tuple(Role)
    for one in (out(), out(expecting=Expecting.ARRIVAL), out(expecting=Expecting.CLEAR)):
        view = home.home(look(one, roles=roles))
        pressed = {element["action_id"] for element in elements(view["blocks"])}
        assert not pressed & {Action.OK, Action.ARRIVE, Action.LEAVE, Action.CLEAR}


def test_help_is_in_a_row_of_its_own_and_always_there_for_a_peer():
    for seen in (look(), look(out()), look(out(call=call()))):
        [row] = [b for b in home.home(seen)["blocks"] if b.get("block_id") == "help"]
        assert labels([row]) == ["Help: call me", "Help: stay quiet"]


def test_quiet_help_says_no_more_on_the_workers_screen_than_their_card():
    quiet = call(kind=EscalationKind.HELP_QUIET, owner=ROSA, state=EscalationState.ACKNOWLEDGED)
    text = shown(look(out(call=quiet, state=VisitState.ESCALATED)))
    assert "✓ 12:00 PM Received" in text
    assert "Rosa" not in text.partition("On duty now")[0]
    assert "was due" not in text, "nothing was due yet"


def test_a_peers_own_plans_ahead_are_listed_the_next_first():
    text = shown(look(ahead("p2", days=2, place="Gate"), ahead("p1", place="Home 17")))
    plans = text.partition("*Your plans*")[2]
    assert plans.index("Home 17") < plans.index("Gate")
    assert "Plan sent, not confirmed yet" in plans
    assert "You are not on a visit." in text


def test_a_plan_that_waits_stands_above_the_way_to_a_new_one_and_says_who_can_say_yes():
    text = shown(look(ahead(place="Home 17", approval=Approval.ASKED)))
    waits, new = "It waits for a yes. On duty for that: Rosa Delgado, Maya", "[Plan a visit]"
    assert text.index("You are not on a visit.") < text.index("Home 17") < text.index(waits)
    assert text.index(waits) < text.index("[Send my card to Messages]") < text.index(new)
    assert "To change a plan or call it off, use its card in Messages." in text
    confirmed = shown(look(ahead(approval=Approval.CONFIRMED)))
    assert "Plan confirmed" in confirmed
    assert "waits for a yes" not in confirmed


def test_nobody_who_goes_along_is_named_as_one_who_can_say_yes():
    seen = look(ahead(worker=SAM, partner=ROSA), person=SAM)
    assert "On duty for that: Maya\n" in shown(seen)
    alone = replace(SERVED, duties=((Role.COORDINATOR, ROSA),))
    text = shown(replace(seen, programs=(alone,)))
    assert "It waits for a yes. Nobody is on duty for that now." in text


def test_one_button_at_most_is_the_first_to_press_and_never_the_one_that_sends_the_card():
    def primary(*matters):
        blocks = home.home(look(*matters))["blocks"]
        return [one["action_id"] for one in elements(blocks) if one.get("style") == "primary"]

    assert primary() == [Action.PLAN_VISIT]
    for matter in (out(), ahead(), ahead(days=0), out(call=call())):
        assert primary(matter) == []


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


def test_with_several_programs_each_row_and_each_duty_names_its_program():
    other = replace(
        SERVED, id=ProgramId("creek"), name="Creek", roles=frozenset({Role.COORDINATOR})
    )
    seen = by_rosa(out())
    text = shown(replace(seen, programs=(*seen.programs, other)))
    assert "Main Street shelter · Low · County peers" in text
    assert "*On duty now* · Creek" in text


def test_with_several_programs_ones_own_visit_and_each_plan_names_its_program():
    other = replace(SERVED, id=ProgramId("creek"), name="Creek", roles=frozenset({Role.PEER}))
    rows = (out("m1", ROSA), ahead("p1", ROSA, place="Gate"), ahead("p2", SAM, place="Home 17"))
    seen = by_rosa(*rows, roles=(Role.PEER, Role.COORDINATOR))
    text = shown(replace(seen, programs=(*seen.programs, other)))
    assert "*Main Street shelter* · County peers" in text
    assert "Plan sent, not confirmed yet · County peers" in text
    assert "*Sam* · Rating: Low · County peers" in text
    assert "County peers" not in shown(seen)


def test_plans_of_others_that_wait_can_be_opened_one_by_one():
    rows = [ahead("p1", SAM), ahead("p2", ROSA), ahead("p3", approval=Approval.CONFIRMED)]
    view = home.home(by_rosa(*rows))
    opens = [one for one in elements(view["blocks"]) if one["action_id"] == Action.CONFIRM_PLAN]
    assert [(one["text"]["text"], one["value"]) for one in opens] == [("Open", "p1||3")]
    assert "Plans that wait" not in shown(look(*rows, person=LIN, roles=(Role.CLINICAL_LEAD,)))


def test_a_lead_sees_what_is_open_first_and_the_way_to_each_thread():
    threaded = call(thread=("C_INCIDENTS", "1773169200.000100"))
    seen = look(out(call=threaded), person=LIN, roles=(Role.CLINICAL_LEAD,))
    text = shown(seen, url=URL)
    assert text.startswith("*Open now*\nMissed check-in: *Jo Alvarez*")
    at = "p1773169200000100?thread_ts=1773169200.000100&amp;cid=C_INCIDENTS"
    assert f"<{URL}archives/C_INCIDENTS/{at}|Open the thread>" in text
    assert "Thread m1-1 in <#C_INCIDENTS>" in shown(seen)
    calm = shown(look(out(), person=LIN, roles=(Role.CLINICAL_LEAD,)))
    assert "No escalation is open." in calm


def test_a_coordinators_board_comes_before_their_own_visit_only_while_somebody_needs_a_human():
    roles = (Role.PEER, Role.COORDINATOR)
    own = out("mine", ROSA)
    calm = shown(look(own, out(), person=ROSA, roles=roles))
    urgent = shown(look(own, out(call=call()), person=ROSA, roles=roles))
    assert calm.index("*Now*") < calm.index("*Who is out*")
    assert urgent.index("*Who is out*") < urgent.index("*Now*")


def test_managers_and_privacy_officers_find_where_things_are_and_no_board():
    for role in (Role.PROGRAM_MANAGER, Role.PRIVACY_OFFICER):
        text = shown(look(person=PersonId("pat"), roles=(role,)))
        assert "Incident threads: <#C_INCIDENTS>" in text
        assert "Who is out" not in text
        assert "[Plan a visit]" not in text


@pytest.mark.parametrize("count", [0, 1, 30, 40, 41, 400])
def test_however_many_are_out_slack_takes_the_home_and_the_whole_board(count):
    rows = [
        out(f"{'m' * 80}{number}", call=call() if number % 7 == 0 else None)
        for number in range(count)
    ]
    waiting = [ahead(f"p{number}", SAM) for number in range(count)]
    seen = by_rosa(*rows, *waiting, roles=tuple(Role))
    text = shown(seen)
    assert ("[Show everybody]" in text) is (count > board.SHOWN)
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


def test_parts_of_features_stand_where_their_rank_says_and_a_full_home_is_cut_at_its_end():
    first = Part(Rank.URGENT, [section("first of all")])
    long = Part(Rank.REST, [section(f"line {number}") for number in range(120)])
    view = home.home(look(), [long, first])
    assert_slack_shows(view)
    text = readable(view["blocks"])
    assert text.startswith("first of all")
    assert "There is more than fits here." in text
    assert "[Help: call me]" in text


def test_a_home_differs_only_when_more_than_the_time_did():
    seen = homes.Seen(look(out()))
    later = homes.Seen(replace(seen.look, at=NOON + minutes(7)))
    due = homes.Seen(look(out(due_at=NOON + minutes(31))))
    assert homes.draw(seen).digest == homes.draw(later).digest
    assert homes.draw(seen).view != homes.draw(later).view
    assert homes.draw(seen).digest != homes.draw(due).digest


def test_strangers_are_told_what_to_do():
    drawn = homes.draw(None)
    assert_slack_shows(drawn.view)
    assert "Belay does not know you yet." in readable(drawn.view["blocks"])


def test_what_stands_in_a_home_is_plain():
    rows = (out(), out("m2", call=call()), ahead("p1", SAM))
    text = shown(look(*rows, roles=tuple(Role)))
    sentences = re.sub(r"[*✓·\[\]~]", " ", text.replace("\n", ". "))
    assert grade(sentences) <= 8
