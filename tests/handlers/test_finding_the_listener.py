"""Which listener takes a delivery is asked for less than bolt does, with the same answer."""

import pytest
from slack_bolt.listener_matcher import async_builtins
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import handlers
from bot.slack.bolt import ask_directly
from bot.slack.ids import Action, Command, Form
from tests.handlers.workplace import make_app

DELIVERIES = (
    *(
        {"command": f"/{one.value}", "text": text}
        for one in Command
        for text in ("", "board", "all")
    ),
    *(
        {
            "type": "block_actions",
            "actions": [{"action_id": one.value, "block_id": "b", "type": "button", "value": "x"}],
        }
        for one in Action
    ),
    *(
        {"type": kind, "view": {"callback_id": one.value, "type": "modal"}}
        for one in Form
        for kind in ("view_submission", "view_closed")
    ),
    {"type": "event_callback", "event": {"type": "app_home_opened", "user": "U1"}},
    {"type": "event_callback", "event": {"type": "message", "text": "OK", "user": "U1"}},
    {"type": "shortcut", "callback_id": "help"},
    {"command": "/unknown", "text": ""},
    {"type": "block_actions", "actions": [{"action_id": "unknown", "block_id": "b"}]},
)


@pytest.fixture
def app(workplace):
    """Belay's listeners, asked by bolt's own questions."""

    made = make_app(workplace.slack, [])
    for thing in handlers._ALL:
        thing.register(made, workplace.door)
    return made


async def takers(app, body):
    """The numbers of the listeners that would take a delivery."""
    request = AsyncBoltRequest(mode="socket_mode", body={"team_id": "T1", **body})
    response = BoltResponse(status=404)
    return [
        number
        for number, listener in enumerate(app._async_listeners)
        if await listener.async_matches(req=request, resp=response)
    ]


async def test_the_same_listeners_take_a_delivery_in_the_same_order(app):
    as_bolt_does = [await takers(app, body) for body in DELIVERIES]
    assert sum(map(bool, as_bolt_does)) > len(DELIVERIES) / 2
    ask_directly(app)
    assert [await takers(app, body) for body in DELIVERIES] == as_bolt_does


async def test_no_arguments_are_gathered_for_those_that_do_not_take_it(app, monkeypatch):
    def gathered(**_):
        raise AssertionError("bolt gathered arguments")

    ask_directly(app)
    monkeypatch.setattr(async_builtins, "build_async_required_kwargs", gathered)
    assert await takers(app, {"command": "/checkin", "text": ""})
