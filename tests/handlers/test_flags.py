"""Flags by tap and form: two taps from the card, a review, a dispute; on both engines."""

import json

import pytest
from sqlalchemy import select

from bot import runner
from bot.request import NewMatter, Request
from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render.card import card
from bot.slack.words import flags as words
from protocol import events as e
from protocol.ids import MatterId
from protocol.plan import Stop
from protocol.rating import FlagKind, Rating
from storage import flags, places, tables
from tests.county import PROGRAM
from tests.protocol.world import JO, NOON, SHELTER, plan, underway
from tests.slack.examples import view
from tests.slack.payloads import command, submission, tap
from tests.slack.readable import assert_slack_opens, elements, labels, readable

TEXT = {"type": "plain_text", "text": "x"}
ANYWHERE = pack(NO_MATTER)


def form_of(workplace):
    method, given = workplace.slack.calls[-1]
    assert method == "views.open"
    shown = json.loads(given["view"]) if isinstance(given["view"], str) else given["view"]
    assert_slack_opens(shown)
    return shown


def button(action, value=ANYWHERE):
    return {"type": "button", "text": TEXT, "action_id": action.value, "value": value}


def reading(workplace, fn, *args):
    return workplace.door.ctx.database.run_sync(fn, *args)


def standing(workplace):
    now = workplace.door.ctx.clock.now()
    return reading(workplace, flags.standing, PROGRAM, now)


async def planned(workplace):
    """Jo has planned a visit to the shelter, an hour ahead; nobody has confirmed it."""
    asked = Request(
        "p1", "U_JO", NewMatter(MatterId("m1")), lambda by: e.PlanVisit(NOON, by, plan())
    )
    await runner.run(workplace.door.ctx, asked)


async def here(workplace):
    """Jo is at the shelter, and this is the card."""
    await workplace.gets(command("/visit", "here"))
    await workplace.gets(submission(form_of(workplace), {"place": SHELTER.id}))
    (matter,) = workplace.matters()
    return card(view(matter)).blocks


async def flag_from_home(workplace, typed, user="U_JO", trigger="f1"):
    await workplace.gets(tap(button(Action.FLAG_PLACE), user=user, trigger=trigger))
    return await workplace.gets(submission(form_of(workplace), typed, user=user, trigger=trigger))


async def test_from_the_card_a_flag_is_two_taps(real_workplace):
    blocks = await here(real_workplace)
    taps = 0
    more = next(one for one in elements(blocks) if one["action_id"] == "more")
    await real_workplace.gets(tap(more, chosen="Flag this place", trigger="t1"))
    taps += 1
    form = form_of(real_workplace)
    assert "*Main Street shelter*" in readable(form["blocks"])
    assert await real_workplace.gets(submission(form, trigger="t2")) == {"response_action": "clear"}
    taps += 1
    assert taps == 2
    [flag] = standing(real_workplace)
    assert (flag.place, flag.kind, flag.author) == (SHELTER.id, FlagKind.CONCERN, JO)


async def test_the_kind_is_one_tap_and_what_was_seen_is_masked_and_sealed(real_workplace):
    blocks = await here(real_workplace)
    more = next(one for one in elements(blocks) if one["action_id"] == "more")
    await real_workplace.gets(tap(more, chosen="Flag this place", trigger="t1"))
    typed = {"kind": "no_entry", "evidence": "a knife; his number is 555-867-5309"}
    await real_workplace.gets(submission(form_of(real_workplace), typed, trigger="t2"))
    [flag] = standing(real_workplace)
    assert flag.kind is FlagKind.NO_ENTRY
    seen = reading(
        real_workplace, flags.evidence, real_workplace.door.ctx.sealer, flag.id, JO, NOON
    )
    assert seen == "a knife; his number is [removed]"


async def test_a_flag_from_the_closed_card_is_about_its_place(real_workplace):
    await here(real_workplace)
    await real_workplace.gets(command("/checkout", trigger="t3"))
    (matter,) = real_workplace.matters()
    await real_workplace.gets(command("/checkout", trigger="t4"))
    pressed = button(Action.FLAG_PLACE, pack(matter.id))
    await real_workplace.gets(tap(pressed, trigger="t5"))
    assert "place" not in {block.get("block_id") for block in form_of(real_workplace)["blocks"]}
    await real_workplace.gets(submission(form_of(real_workplace), trigger="t6"))
    assert [flag.place for flag in standing(real_workplace)] == [SHELTER.id]


def test_the_closed_card_has_the_button():
    life = underway()
    life.do(e.Leave(life.now, JO))
    life.do(e.Clear(life.now, JO))
    assert "Flag this place" in labels(card(view(life)).blocks)


async def test_from_the_home_any_place_can_be_flagged(real_workplace):
    answer = await flag_from_home(real_workplace, {"place": SHELTER.id})
    assert answer == {"response_action": "clear"}
    assert [flag.place for flag in standing(real_workplace)] == [SHELTER.id]


async def test_a_place_outside_the_registry_is_added_under_its_name(real_workplace):
    answer = await flag_from_home(real_workplace, {"new_place": "Old mill"})
    assert answer == {"response_action": "clear"}
    [flag] = standing(real_workplace)
    assert flag.label == "Old mill"
    known = reading(real_workplace, places.places_of, PROGRAM, NOON)
    assert "Old mill" in [place.label for place in known]


async def test_a_label_in_spanish_is_one_place_and_reaches_the_visits_there(real_workplace):
    there = plan(stops=(Stop(label="Álamo 3"),))
    asked = Request(
        "p1", "U_JO", NewMatter(MatterId("m1")), lambda by: e.PlanVisit(NOON, by, there)
    )
    await runner.run(real_workplace.door.ctx, asked)
    await flag_from_home(real_workplace, {"new_place": "Álamo 3"}, user="U_ROSA")
    rows = reading(real_workplace, lambda conn: conn.execute(select(tables.outbox)).all())
    told = [row.matter_id for row in rows if row.body.get("said") == "new_flag"]
    assert told == ["m1"]
    [flag] = standing(real_workplace)
    sealer = real_workplace.door.ctx.sealer

    def again(conn):
        return flags.place_called(conn, sealer, PROGRAM, "Álamo 3", by=JO, at=NOON)

    assert reading(real_workplace, again) == flag.place


@pytest.mark.parametrize(
    "typed",
    [{}, {"place": SHELTER.id, "new_place": "Old mill"}, {"new_place": "call 555-867-5309"}],
)
async def test_a_form_that_names_no_place_or_two_comes_back(real_workplace, typed):
    answer = await flag_from_home(real_workplace, typed)
    assert list(answer["errors"]) == ["new_place"]
    assert standing(real_workplace) == []


async def test_the_same_form_delivered_twice_is_one_flag(real_workplace):
    await real_workplace.gets(tap(button(Action.FLAG_PLACE), trigger="t1"))
    body = submission(form_of(real_workplace), {"place": SHELTER.id})
    assert await real_workplace.gets(body) == await real_workplace.gets(body)
    assert len(standing(real_workplace)) == 1


async def test_a_stranger_flags_nothing(real_workplace):
    await real_workplace.gets(tap(button(Action.FLAG_PLACE), user="U_NOBODY"))
    assert "does not know you" in real_workplace.said[-1]["text"]


async def test_a_plan_that_waits_is_rated_again_in_the_same_transaction(real_workplace):
    await planned(real_workplace)
    assert real_workplace.matters()[0].visit.rating is Rating.LOW
    await flag_from_home(real_workplace, {"place": SHELTER.id}, user="U_SAM", trigger="f9")
    (matter,) = real_workplace.matters()
    assert matter.visit.rating is Rating.ELEVATED
    outbox = reading(real_workplace, lambda conn: conn.execute(select(tables.outbox)).all())
    told = [row.to_person for row in outbox if row.body.get("said") == "new_flag"]
    assert told == [JO]


async def test_a_review_needs_the_role_a_reason_and_the_flag_as_it_was_shown(real_workplace):
    await flag_from_home(real_workplace, {"place": SHELTER.id})
    [flag] = standing(real_workplace)
    pressed = button(Action.REVIEW_FLAG, pack(flag.id))
    await real_workplace.gets(tap(pressed, user="U_SAM", trigger="r1"))
    assert real_workplace.said[-1]["text"] == words.NOT_YOURS

    await real_workplace.gets(tap(pressed, user="U_ROSA", trigger="r2"))
    form = form_of(real_workplace)
    no_reason = submission(form, {"verdict": "end"}, user="U_ROSA", trigger="r3")
    assert list((await real_workplace.gets(no_reason))["errors"]) == ["reason"]
    by_sam = submission(form, {"verdict": "end", "reason": "calm now"}, user="U_SAM", trigger="r4")
    assert words.NOT_YOURS in str(await real_workplace.gets(by_sam))
    done = submission(form, {"verdict": "end", "reason": "calm now"}, user="U_ROSA", trigger="r5")
    assert await real_workplace.gets(done) == {"response_action": "clear"}
    assert standing(real_workplace) == []


async def test_a_reviewer_sees_what_was_seen_and_that_is_written_down(real_workplace):
    typed = {"place": SHELTER.id, "evidence": "a broken gate"}
    await flag_from_home(real_workplace, typed)
    [flag] = standing(real_workplace)
    await real_workplace.gets(
        tap(button(Action.REVIEW_FLAG, pack(flag.id)), user="U_ROSA", trigger="r1")
    )
    assert "a broken gate" in readable(form_of(real_workplace)["blocks"])
    line = tables.audit_line.c
    reads = reading(
        real_workplace,
        lambda conn: conn.execute(select(line.actor).where(line.chain == "reads")).all(),
    )
    assert [row.actor for row in reads] == ["rosa"]


async def test_anyone_disputes_a_flag_and_it_goes_on_counting(real_workplace):
    await flag_from_home(real_workplace, {"place": SHELTER.id})
    await real_workplace.gets(tap(button(Action.DISPUTE_FLAG), user="U_SAM", trigger="d1"))
    [flag] = standing(real_workplace)
    typed = {"flag": flag.id, "reason": "the fight is over"}
    form = form_of(real_workplace)
    answer = await real_workplace.gets(submission(form, typed, user="U_SAM", trigger="d2"))
    assert answer == {"response_action": "clear"}
    [flag] = standing(real_workplace)
    assert flag.disputed


async def test_where_no_flag_stands_there_is_nothing_to_dispute(real_workplace):
    await real_workplace.gets(tap(button(Action.DISPUTE_FLAG), trigger="d1"))
    assert real_workplace.said[-1]["text"] == words.NO_FLAGS


async def test_a_visit_that_cannot_be_read_keeps_no_flag_from_counting(real_workplace):
    await planned(real_workplace)
    broken = tables.visit.update().values(body={"damaged": True})
    reading(real_workplace, lambda conn: conn.execute(broken))
    answer = await flag_from_home(real_workplace, {"place": SHELTER.id}, trigger="f2")
    assert answer == {"response_action": "clear"}
    assert len(standing(real_workplace)) == 1


def test_the_menu_of_a_card_has_no_more_lines_than_slack_takes():
    shown = elements(card(view(underway())).blocks)
    more = next(one for one in shown if one["action_id"] == "more")
    assert len(more["options"]) == 5


async def test_a_place_of_another_program_cannot_be_flagged(real_workplace):
    def another(conn):
        known = conn.execute(select(tables.program)).mappings().first()
        conn.execute(tables.program.insert().values({**known, "id": "elsewhere"}))
        conn.execute(
            tables.place.update()
            .where(tables.place.c.id == SHELTER.id)
            .values(program_id="elsewhere")
        )

    await real_workplace.gets(tap(button(Action.FLAG_PLACE)))
    form = form_of(real_workplace)
    real_workplace.door.ctx.database.run_sync(another)
    answer = await real_workplace.gets(submission(form, {"place": SHELTER.id}))
    assert answer["response_action"] == "errors"
    assert standing(real_workplace) == []
