"""No tick before it is true: what a person did is stored, and only then answered."""

import asyncio

import pytest
from slack_bolt.async_app import AsyncBoltContext

from bot.handlers.door import Door
from bot.request import CurrentMatter, Outcome, Request
from protocol import events as e
from protocol.decision import Decision, Reason
from protocol.ids import MatterId
from protocol.matter import blank
from tests.county import PROGRAM
from tests.protocol.world import JO, NOON

REQUEST = Request("d1", "U_JO", CurrentMatter(), lambda by: e.CheckIn(NOON, by))
VIEW = {"callback_id": "plan", "blocks": []}


@pytest.fixture
def order():
    """What happened, in its order."""
    return []


@pytest.fixture
def door(workplace, order):
    """This is the way in, with a runner that takes its time."""

    async def stores(ctx, request):
        await asyncio.sleep(0)
        order.append("stored")
        matter = blank(MatterId("m1"), PROGRAM, JO)
        return Outcome(Decision(matter, Reason.CHECKED_IN), matter, JO)

    return Door(workplace.door.ctx, stores)


@pytest.fixture
def ack(order):
    """This is Slack's answer, as bolt hands it to a handler."""

    async def answers(**more):
        order.append("answered")

    return answers


async def test_a_tap_is_stored_before_it_is_answered(door, ack, order):
    await door.tap(ack, AsyncBoltContext(), REQUEST)
    await door.settled()
    assert order == ["stored", "answered"]


async def test_a_command_is_stored_before_it_is_answered(door, ack, order):
    await door.command(ack, REQUEST)
    await door.settled()
    assert order == ["stored", "answered"]


async def test_a_form_is_stored_before_it_is_answered(door, ack, order):
    await door.form(ack, {"view": VIEW}, REQUEST)
    await door.settled()
    assert order == ["stored", "answered"]
