"""Plan forms: every way to open one, and every tap that changes one while it is open."""

import json
from datetime import timedelta

import pytest

from bot.request import NewMatter
from bot.slack.carried import pack
from bot.slack.ids import field_of
from bot.slack.modals import plan
from protocol import events as e
from protocol.ids import MatterId, ProgramId
from protocol.plan import Plan, Stop
from tests.county import PROGRAM, also_serves
from tests.protocol.world import NOON, SAM, SHELTER, ZONE
from tests.slack.payloads import command, in_form, of_kind, submission, tap
from tests.slack.readable import assert_slack_opens, labels

TEXT = {"type": "plain_text", "text": "x"}
HOME = {"type": "view", "view_id": "V9"}
OTHER = ProgramId("other-county")
OLD = Plan(
    stops=(Stop(SHELTER.label, SHELTER.id),),
    start_at=NOON + timedelta(hours=1),
    expected=timedelta(minutes=90),
    zone=ZONE,
    partner=SAM,
    note="by the back door",
)


def shown(workplace, method="views.open"):
    """The view of the last call, which must be this one, and what else the call said."""
    called, given = workplace.slack.calls[-1]
    assert called == method
    view = given["view"]
    view = json.loads(view) if isinstance(view, str) else view
    assert_slack_opens(view)
    return view


def asked(view):
    return [field_of(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]


def ids(view):
    return {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


def preset(view):
    """What each question has as its answer before anybody has typed."""
    body = submission(view)
    return {
        field_of(block): next(iter(answer.values()))
        for block, answer in body["view"]["state"]["values"].items()
    }


def picked(answer):
    return [one["value"] for one in answer["selected_options"]]


def button(action, value="m1||0"):
    return {"type": "button", "text": TEXT, "action_id": action, "value": value}


def serves_two(workplace):
    workplace.door.ctx.database.run_sync(also_serves, OTHER)


async def has_planned(workplace, matter="m1"):
    """Jo has planned a visit with Sam before."""
    view = plan.revise_form(_choices(), MatterId(matter), OLD) | {"callback_id": "plan"}
    assert await workplace.gets(submission(view, trigger=matter)) == {"response_action": "clear"}
    workplace.slack.calls.clear()


def _choices():
    return plan.Choices(ZONE, [(SHELTER.id, SHELTER.label)], [(SAM, "Sam")], PROGRAM)


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (command("/visit"), "plan"),
        (command("/visit", "here"), "here_now"),
        (command("/visit", "aquí"), "here_now"),
        (command("/visit", "again"), "plan"),
        (tap(button("plan_visit", "x")), "plan"),
        (tap(button("here_now", "x")), "here_now"),
        (tap(button("repeat_visit", "x"), container=HOME), "plan"),
    ],
)
async def test_a_form_opens_from_a_command_a_card_and_the_app_home(workplace, body, form):
    assert await workplace.gets(body) == ""
    assert shown(workplace)["callback_id"] == form
    assert workplace.run.requests == []


async def test_a_stranger_who_taps_is_told_so_beside_it(workplace):
    await workplace.gets(tap(button("plan_visit"), user="U_NOBODY"))
    assert workplace.slack.calls == []
    assert "does not know you yet" in workplace.said[0]["text"]


async def test_who_never_planned_is_offered_templates_and_no_last_time(workplace):
    await workplace.gets(command("/visit"))
    place, row, when = shown(workplace)["blocks"][:3]
    assert [field_of(one["block_id"]) for one in (place, when)] == ["place", "when"]
    [kinds] = row["elements"]
    assert kinds["placeholder"]["text"] == "Fill in a kind of visit"
    assert [one["text"]["text"] for one in kinds["options"]] == [
        "Shelter",
        "Encampment",
        "Emergency dept.",
        "Release gate",
        "Home visit",
    ]


async def test_a_kind_of_visit_that_was_pressed_is_marked_and_says_what_it_filled_in(workplace):
    await workplace.gets(command("/visit"))
    await workplace.gets(of_kind(shown(workplace), "encampment"))
    view = shown(workplace, "views.update")
    row, said = view["blocks"][1:3]
    assert said["text"]["text"] == (
        "✓ Filled in for *Encampment*: 1 h, Outreach. It assumes: Encampment. Change what does not"
        " fit."
    )
    assert row["elements"][0]["initial_option"]["value"] == "encampment"
    await workplace.gets(of_kind(view, "shelter"))
    view = shown(workplace, "views.update")
    row, said = view["blocks"][1:3]
    assert said["text"]["text"].startswith("✓ Filled in for *Shelter*: 1 h, Outreach. Change")
    assert row["elements"][0]["initial_option"]["value"] == "shelter"
    assert [block["block_id"] for block in view["blocks"]].count("shortcuts_said") == 1
    assert [block["block_id"] for block in view["blocks"]].count("shortcuts") == 1


async def test_a_kind_pressed_by_mistake_leaves_no_factor_behind_but_those_that_were_picked(
    workplace,
):
    await workplace.gets(command("/visit"))
    for kind, typed in (("encampment", ["encampment", "weapons"]), ("gate", None), ("home", None)):
        method = "views.update" if typed is None else "views.open"
        given = {} if typed is None else {"known": typed}
        await workplace.gets(of_kind(shown(workplace, method), kind, given))
    view = shown(workplace, "views.update")
    assert picked(preset(view)["known"]) == ["weapons", "encampment", "unknown_home"]
    assert await workplace.gets(submission(view, {"new_place": "Home 17"})) != ""
    assert workplace.run.events, "it is the plan of the form that was opened"


async def test_what_was_filled_in_as_last_time_says_so(real_workplace):
    await has_planned(real_workplace)
    await real_workplace.gets(command("/visit", trigger="t"))
    view = shown(real_workplace)
    assert "Same as last time" in labels(view["blocks"])
    await real_workplace.gets(in_form(view, "like_last", "again"))
    row, said = shown(real_workplace, "views.update")["blocks"][1:3]
    assert "Filled in as last time" in said["text"]["text"]
    assert row["elements"][0]["style"] == "primary"
    assert labels([row])[0] == "✓ Same as last time"


@pytest.mark.parametrize("kind", ["home", "gate"])
async def test_what_was_typed_stays_whatever_kind_of_visit_is_pressed(workplace, kind):
    await workplace.gets(command("/visit"))
    typed = {"place": SHELTER.id, "when": 1773000000, "already_there": ["watch_me"]}
    view = shown(workplace)
    await workplace.gets(of_kind(view, kind, typed))
    filled = shown(workplace, "views.update")
    assert {"place", "when"} <= ids(filled), "under the same ids Slack keeps what it holds"
    assert "new_place" not in asked(filled)
    assert view["blocks"][-2] in filled["blocks"], "and the tick"


async def test_repeating_from_the_card_fills_in_the_last_plan_and_its_next_start(real_workplace):
    await has_planned(real_workplace)
    real_workplace.door.ctx.clock.pass_time(300)
    await real_workplace.gets(tap(button("repeat_visit", pack(MatterId("m1")))))
    view = shown(real_workplace)
    answers = preset(view)
    assert answers["place"]["selected_option"]["value"] == SHELTER.id
    assert answers["length"]["selected_option"]["value"] == "90"
    assert answers["partner"]["selected_option"]["value"] == SAM
    assert not answers["note"]["value"], "a note is about one day"
    start = NOON + timedelta(minutes=315)
    assert answers["when"]["selected_date_time"] == int(start.timestamp())
    assert await real_workplace.gets(submission(view, trigger="again")) == {
        "response_action": "clear"
    }
    assert len(real_workplace.matters()) == 2


async def test_a_partner_who_repeats_it_plans_with_the_worker(real_workplace):
    await has_planned(real_workplace)
    await real_workplace.gets(tap(button("repeat_visit", pack(MatterId("m1"))), user="U_SAM"))
    partner = preset(shown(real_workplace))["partner"]["selected_option"]
    assert partner["value"] == "jo"


async def test_a_card_of_somebody_elses_visit_repeats_nothing_of_it(real_workplace):
    await has_planned(real_workplace)
    await real_workplace.gets(tap(button("repeat_visit", pack(MatterId("m1"))), user="U_ROSA"))
    assert preset(shown(real_workplace))["place"]["selected_option"]["value"] == "not_picked"


async def test_the_same_as_last_time_is_one_tap_in_the_open_form(real_workplace):
    await has_planned(real_workplace)
    await real_workplace.gets(command("/visit", trigger="t"))
    view = shown(real_workplace)
    typed = {"length": "15"}
    assert await real_workplace.gets(in_form(view, "like_last", "again", typed)) == ""
    filled = shown(real_workplace, "views.update")
    answers = preset(filled)
    assert answers["length"]["selected_option"]["value"] == "90"
    assert answers["partner"]["selected_option"]["value"] == SAM
    assert ids(view).isdisjoint(ids(filled)), "or Slack would go on showing 15 minutes"
    assert filled["private_metadata"] == view["private_metadata"], "it is the same visit still"


async def test_more_details_adds_questions_and_leaves_those_that_stand(workplace):
    await workplace.gets(command("/visit"))
    view = shown(workplace)
    assert await workplace.gets(in_form(view, "more_details", "more")) == ""
    wider = shown(workplace, "views.update")
    assert asked(wider)[:5] == asked(view) == ["place", "when", "length", "purpose", "known"]
    assert [b["block_id"] for b in wider["blocks"] if b["type"] == "input"][:5] == asked(view)
    assert {"partner", "backup", "stops", "transport", "also", "raised", "note"} <= {*asked(wider)}
    assert '"Sam"' in json.dumps(wider)
    assert '"Jo"' not in json.dumps(wider)
    _, given = workplace.slack.calls[-1]
    assert given["view_id"] == "V1"
    assert given["hash"], "a tap that came too late must not undo another"


async def test_a_place_that_is_not_on_the_list_gets_a_line_for_its_name(workplace):
    await workplace.gets(command("/visit"))
    view = shown(workplace)
    await workplace.gets(in_form(view, "place", typed={"place": "not_listed"}))
    named = shown(workplace, "views.update")
    assert asked(named)[:2] == ["place", "new_place"]
    workplace.slack.calls.clear()
    # A listed place after all: the empty line goes, one with something in it stays.
    await workplace.gets(in_form(named, "place", typed={"place": SHELTER.id}))
    assert asked(shown(workplace, "views.update")) == asked(view)
    workplace.slack.calls.clear()
    typed = {"place": SHELTER.id, "new_place": "Home 17"}
    await workplace.gets(in_form(named, "place", typed=typed))
    await workplace.gets(in_form(view, "place", typed={"place": SHELTER.id}))
    assert workplace.slack.calls == []


@pytest.mark.parametrize(
    ("kind", "minutes", "purpose", "factors"),
    [
        ("shelter", "60", "outreach", ["weapons"]),
        ("encampment", "60", "outreach", ["weapons", "encampment"]),
        ("emergency_department", "120", "emergency_department", ["weapons"]),
        ("gate", "90", "release_day", ["weapons", "release_day"]),
        ("home", "60", "engagement", ["weapons", "unknown_home"]),
    ],
)
async def test_a_template_fills_in_what_is_usual_and_takes_no_factor_away(
    workplace, kind, minutes, purpose, factors
):
    await workplace.gets(command("/visit"))
    typed = {"length": "15", "known": ["weapons"], "place": SHELTER.id}
    await workplace.gets(of_kind(shown(workplace), kind, typed))
    view = shown(workplace, "views.update")
    answers = preset(view)
    assert answers["length"]["selected_option"]["value"] == minutes
    assert answers["purpose"]["selected_option"]["value"] == purpose
    assert picked(answers["known"]) == factors
    ids = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert ids == ["place", "when", "length~1", "purpose~1", "known~1"]
    again = of_kind(view, "gate", {"length": "15"})
    await workplace.gets(again)
    assert preset(shown(workplace, "views.update"))["length"]["selected_option"]["value"] == "90"


async def test_the_template_of_a_home_asks_for_a_name_such_as_home_17(workplace):
    await workplace.gets(command("/visit"))
    await workplace.gets(of_kind(shown(workplace), "home"))
    view = shown(workplace, "views.update")
    assert asked(view)[:2] == ["place", "new_place"]
    assert preset(view)["place"]["selected_option"]["value"] == "not_listed"
    [line] = [block for block in view["blocks"] if block.get("block_id") == "new_place"]
    assert "Home 17" in line["hint"]["text"]
    assert "No exact private address" in line["hint"]["text"]
    answer = await workplace.gets(submission(view, {"new_place": "12 Oak Street"}))
    assert list(answer["errors"]) == ["new_place"]


async def test_the_tick_asks_nothing_and_counts_when_the_form_is_sent(workplace):
    await workplace.gets(command("/visit"))
    view = shown(workplace)
    workplace.slack.calls.clear()
    there = {"already_there": ["watch_me"]}
    assert await workplace.gets(in_form(view, "already_there", typed=there)) == ""
    assert workplace.slack.calls == []
    await workplace.gets(submission(view, there))
    assert workplace.run.events[0].start_now is not None


@pytest.mark.parametrize("code", ["hash_conflict", "not_found"])
async def test_a_change_that_slack_does_not_take_leaves_the_form_as_it_was(workplace, code):
    await workplace.gets(command("/visit"))
    view = shown(workplace)
    workplace.slack.refuses["views.update"] = code
    assert await workplace.gets(in_form(view, "more_details", "more")) == ""
    typed = {"place": SHELTER.id, "purpose": "outreach"}
    assert await workplace.gets(submission(view, typed)) == {"response_action": "clear"}


@pytest.mark.parametrize("action", ["more_details", "like_last", "template_kind", "program_0"])
async def test_a_tap_in_a_strange_form_is_answered_and_changes_nothing(workplace, action):
    view = {"type": "modal", "callback_id": "plan", "private_metadata": "[]", "blocks": []}
    assert await workplace.gets(in_form(view, action, "gate")) == ""
    assert workplace.slack.calls == []


@pytest.mark.parametrize(("text", "form"), [("", "plan"), ("here", "here_now")])
async def test_who_serves_two_programs_says_which_with_one_tap(workplace, text, form):
    serves_two(workplace)
    await workplace.gets(command("/visit", text))
    question = shown(workplace)
    assert question["callback_id"] == "program"
    assert "submit" not in question
    names = [one["text"]["text"] for one in question["blocks"][1]["elements"]]
    assert names == ["County peers", "Other county"]
    await workplace.gets(in_form(question, "program_1", OTHER))
    view = shown(workplace, "views.update")
    assert view["callback_id"] == form
    assert SHELTER.label not in json.dumps(view), "nothing crosses from one program to another"
    carried = json.loads(view["private_metadata"])
    assert (carried["program"], carried["zone"]) == (OTHER, "America/Denver")


async def test_a_visit_belongs_to_the_program_that_was_chosen(real_workplace):
    serves_two(real_workplace)
    await real_workplace.gets(command("/visit", "here"))
    await real_workplace.gets(in_form(shown(real_workplace), "program_1", OTHER))
    view = shown(real_workplace, "views.update")
    assert await real_workplace.gets(submission(view)) == {"response_action": "clear"}
    [matter] = real_workplace.matters()
    assert matter.program == OTHER


async def test_the_last_visit_is_repeated_in_its_own_program_without_being_asked(real_workplace):
    serves_two(real_workplace)
    await real_workplace.gets(command("/visit", "here"))
    await real_workplace.gets(in_form(shown(real_workplace), "program_1", OTHER))
    view = shown(real_workplace, "views.update")
    await real_workplace.gets(submission(view, {"new_place": "By the river"}))
    for body in (command("/visit", "again", trigger="t1"), tap(button("repeat_visit", "x"))):
        await real_workplace.gets(body)
        view = shown(real_workplace)
        assert view["callback_id"] == "plan"
        assert preset(view)["new_place"]["value"] == "By the river"
        assert json.loads(view["private_metadata"])["program"] == OTHER


async def test_a_program_that_is_served_no_longer_costs_nobody_their_clock(real_workplace):
    view = plan.here_now_form(plan.Choices(ZONE, program=OTHER), MatterId("m9"))
    assert await real_workplace.gets(submission(view)) == {"response_action": "clear"}
    [matter] = real_workplace.matters()
    assert matter.program == PROGRAM


async def test_a_form_that_was_opened_before_programs_were_carried_is_still_taken(workplace):
    view = plan.plan_form(plan.Choices(ZONE), MatterId("m9"), NOON)
    typed = {"new_place": "By the river", "purpose": "outreach"}
    await workplace.gets(submission(view, typed))
    [request] = workplace.run.requests
    assert request.target == NewMatter(MatterId("m9"), None)
    assert isinstance(workplace.run.events[0], e.PlanVisit)
