"""Opening the Home: published at once and then recorded; what its buttons do."""

import json
from dataclasses import replace

import pytest

from bot.handlers import opening
from bot.request import raise_trigger
from protocol import events as e
from protocol.ids import MatterId
from protocol.people import Role
from protocol.records import EscalationKind
from protocol.trigger import Both, Chosen
from storage import homes
from storage.database import Unavailable
from tests.county import TRANSPORT, County
from tests.protocol.world import JO, page_of, plan
from tests.slack.payloads import command, tap
from tests.slack.readable import elements, labels, readable


def opened(user="U_JO", tab="home", event_id="Ev9"):
    return {
        "token": "x",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab},
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1773169200,
        "authorizations": [{"team_id": "T1", "user_id": "U_BELAY", "is_bot": True}],
    }


def published(workplace):
    return [
        {**given, "view": _parsed(given["view"])}
        for method, given in workplace.slack.calls
        if method == "views.publish"
    ]


def _parsed(view):
    return json.loads(view) if isinstance(view, str) else view


def kept(workplace):
    return workplace.door.ctx.database.run_sync(homes.kept, TRANSPORT)


def county_of(workplace):
    ctx = workplace.door.ctx
    return County(ctx, ctx.clock)


async def home_of(workplace, user="U_JO"):
    await workplace.gets(opened(user))
    return published(workplace)[-1]["view"]["blocks"]


def in_home(element, **more):
    """A tap on this element of a Home: Slack gives no address to answer at."""
    body = tap(element, **more)
    del body["channel"], body["response_url"]
    return {**body, "container": {"type": "view", "view_id": "V1"}, "view": {"type": "home"}}


def button_of(blocks, action):
    return next(one for one in elements(blocks) if one["action_id"] == action)


async def test_an_opened_home_is_published_to_whose_it_is_and_recorded(real_workplace):
    workplace = real_workplace
    blocks = await home_of(workplace)
    [given] = published(workplace)
    assert given["user_id"] == "U_JO"
    assert "[Plan a visit]" in readable(blocks)
    [home] = kept(workplace)
    assert home.person == JO
    assert home.shown is not None
    assert home.attempt_at > TRANSPORT


async def test_the_messages_tab_is_no_home(real_workplace):
    await real_workplace.gets(opened(tab="messages"))
    assert published(real_workplace) == []
    assert kept(real_workplace) == []


@pytest.mark.parametrize("user", ["U_NOBODY", "U_OUTSIDER"])
async def test_strangers_are_told_so_and_not_recorded(real_workplace, user):
    blocks = await home_of(real_workplace, user)
    assert "Belay does not know you yet." in readable(blocks)
    assert kept(real_workplace) == []


async def test_a_home_that_slack_did_not_take_is_left_to_the_next_look(real_workplace):
    real_workplace.slack.refuses["views.publish"] = "internal_error"
    await real_workplace.gets(opened())
    [home] = kept(real_workplace)
    assert home.shown is None
    assert home.attempt_at == TRANSPORT


async def test_a_database_that_is_away_leaves_the_home_as_it_was(workplace, monkeypatch):
    async def away(*args, **kwargs):
        raise Unavailable("away")

    monkeypatch.setattr(workplace.door.ctx.database, "run", away)
    await workplace.gets(opened())
    assert published(workplace) == []


async def test_a_home_that_could_not_be_read_in_time_is_left_to_the_next_look(
    real_workplace, monkeypatch
):
    monkeypatch.setattr(opening, "READ_WITHIN", 0.0)
    await real_workplace.gets(opened())
    assert published(real_workplace) == []
    [home] = kept(real_workplace)
    assert (home.person, home.shown, home.attempt_at) == (JO, None, TRANSPORT)


async def test_help_in_a_home_is_help_on_the_visit_that_is_open_by_then(real_workplace):
    workplace = real_workplace
    blocks = await home_of(workplace)
    await county_of(workplace).plans(JO, plan())
    await workplace.gets(in_home(button_of(blocks, "help_call")))
    [matter] = workplace.matters()
    assert matter.id == "m1"
    assert matter.open_escalation.kind is EscalationKind.HELP_CALL


async def test_help_in_a_home_without_a_visit_opens_a_call(real_workplace):
    workplace = real_workplace
    blocks = await home_of(workplace)
    pressed = in_home(button_of(blocks, "help_quiet"))
    await workplace.gets(pressed)
    await workplace.gets(pressed)
    [matter] = workplace.matters()
    assert matter.visit is None
    assert matter.open_escalation.kind is EscalationKind.HELP_QUIET


async def test_what_cannot_be_said_beside_a_homes_button_is_said_in_the_conversation(workplace):
    blocks = await home_of(workplace)
    workplace.run.fault = Unavailable("away")
    await workplace.gets(in_home(button_of(blocks, "help_call")))
    [said] = [given for method, given in workplace.slack.calls if method == "chat.postMessage"]
    assert said["channel"] == "U_JO"
    assert "We do not know if this arrived." in said["blocks"][0]["text"]["text"]
    assert said["text"] == "Belay: update", "a lock screen shows nothing of it"


async def test_show_my_card_asks_for_it_once_and_says_where_there_is_none(real_workplace):
    workplace = real_workplace
    await county_of(workplace).plans(JO, plan())
    workplace.door.ctx.clock.pass_time(61)
    button = button_of(await home_of(workplace), "show_card")
    for _ in range(2):
        await workplace.gets(in_home(button))
    rows = [row for row in county_of(workplace).rows("outbox") if row.kind == homes.CARD]
    assert [(row.to_person, row.matter_id) for row in rows] == [(JO, "m1")]
    await workplace.gets(in_home(button, user="U_SAM"))
    [said] = [given for method, given in workplace.slack.calls if method == "chat.postMessage"]
    assert said["blocks"][0]["text"]["text"] == "You are not on a visit."


async def test_a_waiting_plan_is_opened_from_the_home(real_workplace):
    workplace = real_workplace
    await county_of(workplace).plans(JO, plan())
    blocks = await home_of(workplace, "U_ROSA")
    assert "Open" in labels(blocks)
    await workplace.gets(in_home(button_of(blocks, "confirm_plan"), user="U_ROSA"))
    method, given = workplace.slack.calls[-1]
    assert method == "views.open"
    assert _parsed(given["view"])["callback_id"] == "confirm_plan"


async def test_the_board_shows_what_was_raised_and_nothing_that_is_private(real_workplace):
    county = county_of(real_workplace)
    now, page = county.clock.now(), page_of()
    secret = replace(page, private=True, row=replace(page.row, title=Both("My life", "Mi vida")))
    chosen = Chosen(role=Role.PEER_SUPERVISOR)
    for name, row, whom in (("t1", page, None), ("t2", secret, chosen)):
        asked = raise_trigger(name, "U_JO", MatterId(name), row, now, chosen=whom)
        assert not (await county.does(JO, asked.event, asked.target)).decision.refused
    for user in ("U_ROSA", "U_MAYA"):
        await real_workplace.gets(command("/visit", "board", user=user))
        method, given = real_workplace.slack.calls[-1]
        assert method == "views.open"
        said = readable(_parsed(given["view"])["blocks"])
        assert said.startswith("*Open pages*")
        assert f"*{page.row.title.en}* · Jo" in said
        assert "nobody has it yet" in said
        assert "My life" not in said
        assert "rivate" not in said


async def test_the_whole_board_is_one_word_of_the_visit_command_for_those_who_have_one(
    real_workplace,
):
    workplace = real_workplace
    county = county_of(workplace)
    await county.plans(JO, plan(start_in=0))
    now = county.clock.now()
    await county.does(JO, lambda by: e.Arrive(now, by))
    await workplace.gets(command("/visit", "board", user="U_ROSA"))
    method, given = workplace.slack.calls[-1]
    view = _parsed(given["view"])
    assert method == "views.open"
    assert "Jo" in readable(view["blocks"])
    answer = await workplace.gets(command("/visit", "board"))
    assert answer["text"] == ("This list is for those who look after a team.")
    await workplace.gets(
        in_home(
            {
                "type": "button",
                "action_id": "show_board",
                "text": {"type": "plain_text", "text": "x"},
                "value": "home||0",
            },
            user="U_ROSA",
        )
    )
    assert workplace.slack.calls[-1][0] == "views.open"
