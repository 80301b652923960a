"""The App Home, drawn: what fits a person's roles, and what must not stand in it."""

import re
from dataclasses import replace

from bot.matrix.reading import grade
from bot.slack import homes
from bot.slack.ids import Action
from bot.slack.render import home
from bot.slack.render.blocks import section
from bot.slack.render.home import Part, Rank
from protocol.ids import PersonId, ProgramId
from protocol.people import Role
from protocol.records import (
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    VisitState,
)
from tests.protocol.world import LIN, NOON, ROSA, SAM, minutes
from tests.slack.looks import (
    SERVED,
    URL,
    ahead,
    assert_slack_shows,
    by_rosa,
    call,
    look,
    out,
    shown,
)
from tests.slack.readable import elements, labels, readable


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


def test_a_lead_finds_each_who_is_out_once_even_where_more_is_open_than_fits():
    lead = {"person": LIN, "roles": (Role.CLINICAL_LEAD,)}
    text = shown(look(out(call=call()), out("m2", SAM), **lead))
    assert text.count("Jo Alvarez") == 1
    assert text.index("*Who is out*") < text.index("*Sam*")
    assert "*Who is out*\nNobody else is out." in shown(look(out(call=call()), **lead))
    many = [out(f"m{n}", place=f"Place {n}.", call=call()) for n in range(home.CALLS_SHOWN + 3)]
    text = shown(look(*many, **lead))
    assert [text.count(f"Place {n}.") for n in range(len(many))] == [1] * len(many)


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
