"""This holds the bolt app to it: whatever comes in is answered, and no answer says too much."""

import json
from datetime import timedelta

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.context import Context
from bot.handlers import register_all
from bot.settings import load
from bot.slack import fallback
from bot.slack.bolt import Identity, make_bolt
from bot.slack.ids import Action, Command, Form
from bot.slack.send import Refusal, Unknown
from bot.slack.sockets import bolt_dispatch
from bot.slack.words.labels import UNKNOWN_NO_LINE, UNREADABLE
from bot.tasks import Tasks
from storage.database import Database
from storage.sealing import Sealer, generate_key
from tests.bot.fakes import Naps

TYPED = "Ana at the red door"


class Bot:
    """This is a bolt app with the fallback, and a handler that fails for each kind of delivery."""

    def __init__(self, http):
        settings = load(slack_bot_token="xoxb-1")
        self.noticed: list[dict] = []
        self.me = Identity()
        self.app = make_bolt(settings, http, self.me, self.noticed.append)
        self.tasks = Tasks(SystemClock())
        for kind in ("command", "action", "view", "event"):
            getattr(self.app, kind)("/bad" if kind == "command" else "bad")(self.fail)
        fallback.install(self.app, self.tasks)
        self.dispatch = bolt_dispatch(self.app)

    async def fail(self):
        raise ValueError(TYPED)

    async def asked(self, kind, **payload):
        given = {"team_id": "T1", "user_id": "U1", "team": {"id": "T1"}, "user": {"id": "U1"}}
        message = {"type": kind, "envelope_id": "e1", "payload": {**given, **payload}}
        answer = await self.dispatch(message)
        await self.tasks.stop(timedelta(seconds=1))
        return answer

    async def command(self, name):
        return await self.asked("slash_commands", command=name, text="")

    async def action(self, name):
        actions = [{"action_id": name, "block_id": "b", "type": "button"}]
        return await self.asked("interactive", type="block_actions", actions=actions)

    async def view(self, name, type_="view_submission"):
        return await self.asked(
            "interactive", type=type_, view={"callback_id": name, "type": "modal"}
        )

    async def event(self, **event):
        return await self.asked("events_api", type="event_callback", event=event)


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def bot(http):
    return Bot(http)


async def test_whatever_is_unknown_is_answered(bot):
    assert await bot.command("/nothing") == {"payload": {"text": UNREADABLE}}
    assert await bot.action("nothing") == {}
    assert UNREADABLE in json.dumps(await bot.view("nothing"))
    assert await bot.view("nothing", "view_closed") == {}
    assert await bot.event(type="channel_rename", channel={"id": "C1"}) == {}
    assert await bot.event(type="message", subtype="message_changed", channel="D1") == {}
    shortcut = await bot.asked("interactive", type="shortcut", callback_id="nothing")
    assert shortcut == {}
    menu = await bot.asked(
        "interactive", type="block_suggestion", action_id="nothing", block_id="b", value=""
    )
    assert menu == {"payload": {"options": []}}


async def test_a_fault_is_answered_with_a_short_sentence_where_the_answer_can_carry_one(bot):
    answer = await bot.command("/bad")
    assert answer == {"payload": {"response_type": "ephemeral", "text": UNKNOWN_NO_LINE}}
    assert await bot.action("bad") == {}
    shown = await bot.view("bad")
    assert shown["payload"]["response_action"] == "update"
    assert UNKNOWN_NO_LINE in json.dumps(shown)


async def test_an_event_that_failed_is_left_unanswered_so_that_slack_sends_it_again(bot):
    assert await bot.event(type="bad") is None


@pytest.mark.parametrize("kind", ["command", "action", "view"])
async def test_no_answer_repeats_what_was_typed(bot, kind):
    answer = await getattr(bot, kind)("/bad" if kind == "command" else "bad")
    assert TYPED not in json.dumps(answer)
    assert "Traceback" not in json.dumps(answer)


async def test_every_event_is_noticed_on_its_way_in(bot):
    await bot.event(type="channel_shared", channel="C1")
    await bot.event(type="user_change", user={"id": "U7"})
    assert [event["type"] for event in bot.noticed] == ["channel_shared", "user_change"]


async def test_before_slack_said_who_we_are_deliveries_are_answered_all_the_same(bot):
    assert bot.me.bot_id is None
    assert await bot.command("/nothing")


async def test_our_own_messages_are_filtered_out_once_slack_said_who_we_are(bot):
    heard = []
    bot.me.bot_id, bot.me.bot_user_id = "B1", "U0"
    bot.app._async_listeners.clear()

    @bot.app.event("message")
    async def message(event):
        heard.append(event)

    await bot.event(type="message", bot_id="B1", channel="D1", text="tick")
    await bot.event(type="message", user="U1", channel="D1", text="OK")
    assert [event["text"] for event in heard] == ["OK"]


async def test_slack_is_asked_who_we_are_until_it_says_so():
    answers = [Unknown("timeout"), Refusal("invalid_auth"), {"bot_id": "B1", "user_id": "U0"}]
    seen = []

    troubles: dict[str, str] = {}

    async def call(method, **arguments):
        seen.append(set(troubles))
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    me, naps = Identity(), Naps()
    await me.learn(call, troubles, sleep=naps)
    assert (me.bot_id, me.bot_user_id) == ("B1", "U0")
    assert naps.taken == [1.0, 5.0]
    assert seen == [set(), set(), {"token"}]
    assert troubles == {}


# One is answered by its buttons, the other shows what was done: there is nothing to send.
WITHOUT_A_SEND = (Form.PROGRAM, Form.DECLINED, Form.VERSIONS)


async def test_every_command_button_and_form_has_a_handler_of_its_own(http):
    settings = load(slack_bot_token="xoxb-1")
    app = make_bolt(settings, http, Identity(), lambda event: None)
    database = Database.open("sqlite://")
    key = Sealer.from_text(generate_key())
    register_all(app, Context(database, key, SystemClock(), settings))
    taken = {
        "/visit": {"command": "/visit"},
        **{
            settings.commands[one.value]: {"command": settings.commands[one.value]}
            for one in Command
        },
        **{
            f"action {one}": {
                "type": "block_actions",
                "actions": [{"action_id": one.value, "block_id": "b", "type": "button"}],
            }
            for one in Action
        },
        **{
            f"form {one}": {
                "type": "view_submission",
                "view": {"callback_id": one.value, "type": "modal"},
            }
            for one in Form
            if one not in WITHOUT_A_SEND
        },
    }
    alone = [name for name, body in taken.items() if not await handled(app, body)]
    assert alone == []


async def handled(app, body):
    """This says whether any listener takes a delivery, without running it."""
    from slack_bolt.request.async_request import AsyncBoltRequest
    from slack_bolt.response import BoltResponse

    request = AsyncBoltRequest(mode="socket_mode", body={"team_id": "T1", **body})
    response = BoltResponse(status=404)
    for listener in app._async_listeners:
        if await listener.async_matches(req=request, resp=response):
            return True
    return False
