"""Whoever asks is answered by their own program's matrix, wherever it is used."""

import json

import pytest
from sqlalchemy import event

from bot.matcher import Matcher
from bot.matrix import body, change
from bot.matrix.change import DropRow, PutRow
from bot.matrix.model import TierKey
from bot.runner import run_event
from bot.slack.carried import Rows, pack_row, pack_rows
from bot.slack.ids import Action
from protocol.events import DeadlinePassed
from storage import matters, tables
from storage.raised_table import raised
from tests.answering import FakeEngine, hit, matrix
from tests.county import PROGRAM
from tests.handlers.test_asking import SUICIDE, ask
from tests.slack.payloads import submission, tap
from tests.slack.readable import readable

RIDE = (hit("transport_request"),)
OFFICER = "le_info_request"
OWN_TITLE = "Rides, the way this county does it"


def own():
    """The shipped rows, with one that this county worded anew and one that it took out."""
    row = matrix().by_key["transport_request"]
    title = row.title.model_copy(update={"en": OWN_TITLE})
    calmer = row.model_copy(update={"title": title, "tier": TierKey.U2})
    return change.apply(matrix(), [PutRow(row=calmer), DropRow(key="public_testimony")])


@pytest.fixture
async def workplace(real_workplace):
    matcher = real_workplace.door.ctx.matcher
    engine = FakeEngine({"lift": RIDE, "goodbye": SUICIDE})
    matcher.engine, matcher.state = engine, Matcher(engine).state
    made = own()
    assert await matcher.take(PROGRAM, made.version, body.written(made))
    return real_workplace


def button(action, value):
    text = {"type": "plain_text", "text": "x"}
    return {"type": "button", "text": text, "action_id": action.value, "value": value}


async def test_an_answer_is_their_own_programs_and_says_its_version(workplace):
    said = readable((await ask(workplace, "a lift"))["blocks"])
    assert OWN_TITLE in said
    assert own().version in said


async def test_a_row_that_is_opened_or_comes_next_is_their_own_programs(workplace):
    value = pack_rows(Rows(matrix().version, ("transport_request",)))
    await workplace.gets(tap(button(Action.OPEN_ROW, value)))
    await workplace.door.settled()
    assert OWN_TITLE in json.dumps(workplace.said)


async def test_declining_cites_their_own_programs_version(workplace):
    value = pack_rows(Rows(own().version, ("clinical_assessment",)))
    await workplace.gets(tap(button(Action.DECLINE_ROW, value)))
    view = workplace.slack.calls[-1][1]["view"]
    typed = {"team": "shelter", "reply": "Thanks, but this is not for a peer."}
    await workplace.gets(submission(view, typed))
    run = workplace.door.ctx.database.run_sync
    [row] = run(lambda conn: conn.execute(tables.matrix_tables.decline.select()).all())
    assert row.version == own().version


async def test_an_answer_takes_one_read_more_at_most(workplace):
    begun = []
    engine = workplace.door.ctx.database.engine
    event.listen(engine, "begin", lambda conn: begun.append(1))
    workplace.door._readers.clear()
    workplace.door._learnt_at = workplace.door.ctx.clock.transport()
    await ask(workplace, "a lift")
    assert len(begun) == 3  # whose program, who is on duty, and beside it how often it was asked
    await workplace.door.learn()
    begun.clear()
    await ask(workplace, "a lift")
    assert len(begun) == 2


async def test_without_the_database_the_shipped_rows_answer(workplace, monkeypatch):
    from storage.database import Unavailable

    async def away(*_args, **_more):
        raise Unavailable("away")

    workplace.door._readers.clear()
    monkeypatch.setattr(workplace.door.ctx.database, "run", away)
    said = readable((await ask(workplace, "a lift"))["blocks"])
    assert matrix().by_key["transport_request"].title.en in said


def runs(workplace, work, *more):
    return workplace.door.ctx.database.run_sync(work, *more)


def paged(workplace):
    return runs(workplace, lambda conn: conn.execute(raised.select()).all())


def outbox_of(workplace):
    return runs(workplace, lambda conn: conn.execute(tables.outbox.select()).all())


async def drops(workplace, key):
    """The program takes a row out, with those under it."""
    rows = [DropRow(key=row.key) for row in own().narrower(key)]
    made = change.apply(own(), [*rows, DropRow(key=key)])
    await workplace.door.ctx.matcher.take(PROGRAM, made.version, body.written(made))
    assert key not in workplace.door.ctx.matcher.matrix_of(PROGRAM).by_key


async def page_form(workplace):
    await workplace.gets(tap(button(Action.PAGE_ROW, pack_row(OFFICER, own().version))))
    return workplace.slack.calls[-1][1]["view"]


async def test_a_row_that_was_deleted_after_it_was_offered_is_paged_as_it_was_offered(workplace):
    await drops(workplace, OFFICER)
    view = await page_form(workplace)
    await workplace.gets(submission(view, {"heard": "an officer at the door"}))
    [row] = paged(workplace)
    assert (row.row_key, row.matrix_version) == (OFFICER, own().version)


async def test_a_row_that_is_deleted_while_its_form_is_open_is_paged_as_it_was_offered(workplace):
    view = await page_form(workplace)
    await drops(workplace, OFFICER)
    await workplace.gets(submission(view, {"heard": "an officer at the door"}))
    [row] = paged(workplace)
    assert (row.row_key, row.matrix_version) == (OFFICER, own().version)


async def test_a_row_that_is_deleted_while_its_page_climbs_changes_nothing_of_it(workplace):
    view = await page_form(workplace)
    await workplace.gets(submission(view, {"heard": "an officer at the door"}))
    [before] = paged(workplace)
    matter = runs(workplace, matters.load, workplace.door.ctx.sealer, before.matter_id)
    await drops(workplace, OFFICER)
    workplace.door.ctx.clock.pass_time(60 * 24)
    late = DeadlinePassed(workplace.door.ctx.clock.now())
    decision = await run_event(workplace.door.ctx, matter.id, late)
    # It climbs by the ladder that it was raised with, and still says the row's own words.
    assert decision.matter.escalations[-1].ladder == matter.escalations[-1].ladder
    assert decision.matter.trigger.row == matter.trigger.row
    assert {one.to_person for one in outbox_of(workplace)} - {None}
    [after] = paged(workplace)
    assert (after.row_key, after.matrix_version) == (OFFICER, own().version)
