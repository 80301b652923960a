"""This holds the Socket Mode connections to it: never deaf for long, and never for ever."""

import asyncio
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.slack.send import make_client
from bot.slack.session import Pace
from bot.slack.sockets import Sockets, bolt_dispatch, opener
from tests.bot.fakes import Naps, SmallSlack, until

# Everything quick, and nothing by itself: no pings, no recycling, unless a test wants them.
PACE = Pace(ping_every=9, deaf_after=9, close_within=0.02, drain_within=0.05, settled_after=0)


@asynccontextmanager
async def connected(slack, *, dispatch=None, lanes=2, pace=PACE, clock=None, naps=None):
    """This runs sockets against a small Slack until the test is over."""

    async def nothing(message):
        return {}

    async with slack.serving(), aiohttp.ClientSession() as http:
        web = make_client("xoxb-1", slack.url, http)
        sockets = Sockets(
            opener(web, "xapp-1", http),
            dispatch or nothing,
            clock or SystemClock(),
            lanes=lanes,
            pace=pace,
            sleep=naps or Naps(),
        )
        running = asyncio.create_task(sockets.run())
        try:
            yield sockets
        finally:
            running.cancel()
            async with asyncio.timeout(60):
                await asyncio.wait({running})


async def test_two_connections_are_open_each_with_a_ticket_of_its_own():
    naps = Naps()
    slack = SmallSlack()
    async with connected(slack, naps=naps) as sockets:
        await until(lambda: sockets.open_lanes() == 2)
        assert len(slack.tickets) == 2
        assert naps.taken == [0.0, PACE.stagger]


async def test_an_expired_ticket_is_never_tried_twice():
    naps = Naps()
    slack = SmallSlack(stale_tickets=3)
    async with connected(slack, lanes=1, naps=naps) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        assert slack.refused == 3
        assert len(slack.tickets) == 4
        assert naps.taken == [0.0, 5.0, 10.0, 15.0]


async def test_the_tries_thin_out_to_one_a_minute_and_never_stop():
    naps = Naps()
    slack = SmallSlack(stale_tickets=8)
    async with connected(slack, lanes=1, naps=naps) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        assert naps.taken == [0.0, 5.0, 10.0, 15.0, 30.0, 60.0, 60.0, 60.0, 60.0]


async def test_a_rate_limit_is_waited_for():
    naps = Naps()
    slack = SmallSlack(rate_limited=1)
    async with connected(slack, lanes=1, naps=naps) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        assert naps.taken == [0.0, 7.0]


async def test_lanes_that_lost_slack_together_do_not_come_back_in_lockstep():
    naps = Naps()
    slack = SmallSlack()
    async with connected(slack, naps=naps) as sockets:
        await until(lambda: sockets.open_lanes() == 2)
        naps.taken.clear()
        for link in list(slack.open):
            link.drop()
        await until(lambda: len(slack.tickets) == 4 and sockets.open_lanes() == 2)
        assert sorted(naps.taken) == [0.0, PACE.stagger]


async def test_a_connection_that_ends_at_once_is_not_opened_in_a_tight_circle():
    naps = Naps()
    slack = SmallSlack()
    pace = Pace(ping_every=9, deaf_after=9, close_within=0.02, settled_after=60)
    async with connected(slack, lanes=1, pace=pace, naps=naps):
        for tickets in (1, 2, 3):
            await until(lambda n=tickets: len(slack.tickets) == n and slack.open)
            slack.open[0].drop()
        await until(lambda: len(slack.tickets) == 4)
        assert naps.taken == [0.0, 5.0, 10.0, 15.0]


async def test_a_half_open_connection_is_found_out_by_its_silence_and_replaced():
    slack = SmallSlack(answers_pings=False)
    pace = Pace(ping_every=0.004, deaf_after=0.01, close_within=0.01, settled_after=0)
    async with connected(slack, lanes=1, pace=pace) as sockets:
        await until(lambda: len(slack.tickets) >= 2)
        slack.answers_pings = True
        await until(lambda: sockets.open_lanes() == 1)
        tickets = len(slack.tickets)
        await asyncio.sleep(0.025)  # longer than the silence that ends a connection
        assert len(slack.tickets) <= tickets + 1


async def test_deafness_is_known_while_it_lasts():
    clock = SystemClock()
    slack = SmallSlack(stale_tickets=10_000)
    async with connected(slack, lanes=2, clock=clock) as sockets:
        await asyncio.sleep(0.02)
        assert sockets.deaf_for().total_seconds() >= 0.02
        assert sockets.open_lanes() == 0


async def test_one_deaf_lane_is_enough_to_count_as_deaf():
    slack = SmallSlack()
    async with connected(slack) as sockets:
        await until(lambda: sockets.open_lanes() == 2)
        quiet, other = sockets.lanes
        quiet.session.heard_at = quiet._last_heard_at = other.heard_at - 9
        assert sockets.deaf_for().total_seconds() >= 9


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_with_notice_the_new_connection_is_open_before_the_old_one_closes(reason):
    slack = SmallSlack()
    async with connected(slack, lanes=1) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        await slack.open[0].ws.send_json({"type": "disconnect", "reason": reason})
        await until(lambda: slack.most_open == 2 and len(slack.open) == 1)
        assert len(slack.tickets) == 2


async def test_without_room_for_another_connection_the_old_one_goes_first():
    slack = SmallSlack()
    async with connected(slack, lanes=1) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        await slack.open[0].ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
        await until(lambda: len(slack.tickets) == 2 and sockets.open_lanes() == 1)
        assert slack.most_open == 1


async def test_a_connection_is_replaced_when_it_gets_old():
    slack = SmallSlack()
    pace = Pace(ping_every=9, deaf_after=9, recycle_every=0.01, settled_after=0, drain_within=0)
    async with connected(slack, lanes=1, pace=pace):
        await until(lambda: len(slack.tickets) >= 3)
        assert slack.most_open == 2


async def test_a_delivery_is_answered_over_the_connection_it_came_by():
    async def dispatch(message):
        return {"payload": {"text": message["payload"]["say"]}}

    slack = SmallSlack()
    async with connected(slack, dispatch=dispatch) as sockets:
        await until(lambda: sockets.open_lanes() == 2)
        await slack.open[0].ws.send_json(
            {"type": "slash_commands", "envelope_id": "e1", "payload": {"say": "hi"}}
        )
        await slack.acked.wait()
        assert slack.acks == [{"envelope_id": "e1", "payload": {"text": "hi"}}]


async def test_work_in_hand_is_answered_over_the_other_connection_when_its_own_breaks():
    started, go_on = asyncio.Event(), asyncio.Event()

    async def dispatch(message):
        started.set()
        await go_on.wait()
        return {}

    slack = SmallSlack()
    async with connected(slack, dispatch=dispatch) as sockets:
        await until(lambda: sockets.open_lanes() == 2)
        await slack.open[0].ws.send_json(
            {"type": "interactive", "envelope_id": "e1", "payload": {}}
        )
        await started.wait()
        slack.open[0].drop()
        await until(lambda: sockets.open_lanes() == 2 and len(slack.tickets) == 3)
        go_on.set()
        await slack.acked.wait()
        assert slack.acks == [{"envelope_id": "e1"}]


async def test_a_handler_that_fails_leaves_the_connection_alone():
    async def dispatch(message):
        if message["envelope_id"] == "bad":
            raise ValueError("the red door")
        return {}

    slack = SmallSlack()
    async with connected(slack, dispatch=dispatch, lanes=1) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        for envelope in ("bad", "good"):
            await slack.open[0].ws.send_json(
                {"type": "interactive", "envelope_id": envelope, "payload": {}}
            )
        await slack.acked.wait()
        assert slack.acks == [{"envelope_id": "good"}]


@pytest.mark.parametrize("frame", ["nonsense", "[]", "{}", '{"type": 3}', "null"])
async def test_a_frame_that_cannot_be_read_is_passed_by(frame):
    slack = SmallSlack()
    async with connected(slack, lanes=1) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        await slack.open[0].ws.send_str(frame)
        await slack.open[0].ws.send_json(
            {"type": "interactive", "envelope_id": "e1", "payload": {}}
        )
        await slack.acked.wait()
        assert sockets.open_lanes() == 1


async def test_stopping_answers_what_is_in_hand_and_takes_nothing_new():
    started, go_on = asyncio.Event(), asyncio.Event()

    async def dispatch(message):
        started.set()
        await go_on.wait()
        return {}

    slack = SmallSlack()
    async with slack.serving(), aiohttp.ClientSession() as http:
        web = make_client("xoxb-1", slack.url, http)
        sockets = Sockets(
            opener(web, "xapp-1", http), dispatch, SystemClock(), lanes=1, pace=PACE, sleep=Naps()
        )
        running = asyncio.create_task(sockets.run())
        await until(lambda: sockets.open_lanes() == 1)
        (link,), session = slack.open, sockets.lanes[0].session
        assert session is not None
        await link.ws.send_json({"type": "interactive", "envelope_id": "e1", "payload": {}})
        await started.wait()
        running.cancel()
        await until(lambda: not session.taking)
        await link.ws.send_json({"type": "interactive", "envelope_id": "e2", "payload": {}})
        go_on.set()
        async with asyncio.timeout(60):
            await asyncio.wait({running})
        assert slack.acks == [{"envelope_id": "e1"}]


async def test_closing_a_dead_connection_is_bounded_in_time():
    slack = SmallSlack()
    loop = asyncio.get_running_loop()
    async with connected(slack, lanes=1) as sockets:
        await until(lambda: sockets.open_lanes() == 1)
        slack.open[0].go_silent()  # it will never answer the close
        before = loop.time()
        await sockets.lanes[0].session.close()
        assert loop.time() - before < 0.5


async def test_bolts_answers_are_put_as_socket_mode_wants_them():
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult

    async def authorize(team_id):
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token="xoxb-1")

    app = AsyncApp(authorize=authorize, process_before_response=True, signing_secret="s")

    @app.command("/words")
    async def words(ack):
        await ack("plain words")

    @app.command("/json")
    async def with_json(ack):
        await ack(text="words", blocks=[])

    @app.command("/empty")
    async def empty(ack):
        await ack()

    @app.command("/broken")
    async def broken(ack):
        raise ValueError

    dispatch = bolt_dispatch(app)

    async def answer(command):
        payload = {"command": command, "team_id": "T1", "user_id": "U1", "text": ""}
        return await dispatch({"type": "slash_commands", "envelope_id": "e", "payload": payload})

    assert await answer("/words") == {"payload": {"text": "plain words"}}
    assert (await answer("/json"))["payload"]["text"] == "words"
    assert await answer("/empty") == {}
    assert await answer("/broken") is None
    assert await dispatch({"type": "slash_commands", "envelope_id": "e"}) is None
