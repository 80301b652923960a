"""The form that pages, and what its answer becomes: the row, what was heard, and whom to tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.handlers import held
from bot.request import NewMatter, OfMatter, Request, raise_trigger
from bot.slack.carried import Carried, pack_row, row_of, unpack
from bot.slack.modals import trigger as forms
from bot.slack.read.payload import BadInput
from protocol import events as e
from protocol.ids import MatterId
from protocol.people import Role
from protocol.trigger import MANUAL_PAGE, Chosen, RaiseTrigger
from tests.county import County
from tests.protocol.world import JO, LIN, MAYA, NOON, ROSA, page_of
from tests.slack.payloads import submission
from tests.slack.readable import assert_slack_opens

M1 = MatterId("m1")
PRIVATE = replace(page_of(), private=True)


def rows(page):
    return lambda _key, _version: page


def sent(page, **typed):
    """What the form says when it is sent."""
    view = forms.page_form(page, M1, [(ROSA, "Rosa")])
    assert_slack_opens(view)
    return forms.read_page(submission(view, typed), NOON, rows(page))


def event_of(request) -> RaiseTrigger:
    assert isinstance(request, Request), request
    assert request.target == NewMatter(M1)
    event = request.event(JO)
    assert isinstance(event, RaiseTrigger)
    return event


def test_a_button_carries_its_row_and_version():
    carried = unpack(pack_row("suicidal_intent", "3f2a91c0d4e5"))
    assert carried is not None
    assert row_of(carried) == ("suicidal_intent", "3f2a91c0d4e5")
    assert row_of(Carried(MatterId("home"))) is None


def test_a_page_needs_nothing_that_is_typed():
    event = event_of(sent(MANUAL_PAGE))
    assert (event.heard, event.call_back, event.heard_at) == ("", "", NOON)
    assert event.page == MANUAL_PAGE


def test_what_was_heard_is_masked_and_the_number_to_call_back_is_kept():
    event = event_of(
        sent(
            page_of(),
            heard="Born 4/12/1987, call 555-555-0188, case 99887766",
            heard_at="30",
            call_back="555-555-0111",
        )
    )
    assert event.heard == "[removed], call [removed], [removed]"
    assert event.call_back == "555-555-0111"
    assert event.heard_at == NOON - timedelta(minutes=30)


def test_more_than_fits_comes_back_with_what_is_wrong():
    assert isinstance(sent(page_of(), heard="x" * 501), BadInput)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ({"tell_whom": "role:peer_supervisor"}, Chosen(role=Role.PEER_SUPERVISOR)),
        ({"tell_whom": "role:human_resources"}, Chosen(role=Role.HUMAN_RESOURCES)),
        ({"tell_whom": "another", "supervisor": ROSA}, Chosen(person=ROSA)),
        ({"supervisor": ROSA}, Chosen(person=ROSA)),
        ({}, None),
    ],
)
def test_a_private_row_asks_whom_the_worker_wants_to_tell(typed, chosen):
    assert event_of(sent(PRIVATE, **typed)).chosen == chosen


def test_another_supervisor_needs_a_name():
    assert isinstance(sent(PRIVATE, tell_whom="another"), BadInput)


def test_danger_is_one_tick():
    assert event_of(sent(PRIVATE, danger=["danger"])).danger
    assert not event_of(sent(page_of())).danger


def test_where_it_is_always_danger_nothing_is_chosen():
    view = forms.page_form(replace(PRIVATE, danger=True), M1)
    assert "tell_whom" not in [block.get("block_id") for block in view["blocks"]]


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    yield made
    made.ctx.database.dispose()


async def test_what_a_lead_has_is_part_of_what_they_hand_over(county):
    ctx = county.ctx
    for page, matter, who, chosen in (
        (page_of(), M1, LIN, None),
        (PRIVATE, MatterId("m2"), MAYA, Chosen(role=Role.PEER_SUPERVISOR)),
    ):
        asked = raise_trigger(matter, "U_JO", matter, page, NOON, chosen=chosen)
        await county.does(JO, asked.event, asked.target)
        taken = await county.does(who, lambda by: e.Acknowledge(NOON, by), OfMatter(matter))
        assert not taken.decision.refused
    mine = ctx.database.run_sync(held.mine, ctx.sealer, "U_LIN", NOON)
    assert [one.words for one in mine.held] == ["Suicidal intent: Jo"]
    # What is private stays with whom the worker chose.
    assert isinstance(ctx.database.run_sync(held.mine, ctx.sealer, "U_MAYA", NOON), str)
