"""From the approval card's menu to a lower rating and back, with the runner itself."""

import json
from datetime import timedelta

from sqlalchemy import select

from bot.slack import render
from bot.slack.render.approval import approval
from protocol.effects import Ask, Asked
from protocol.ids import PersonId
from protocol.rating import Rating
from storage import tables
from tests.protocol.world import NOON, SHELTER
from tests.slack.examples import view
from tests.slack.payloads import command, submission, tap
from tests.slack.readable import elements

TYPED = {
    "place": SHELTER.id,
    "purpose": "outreach",
    "when": int((NOON + timedelta(hours=1)).timestamp()),
    "known": ["encampment"],
}
LINE = "Lower the rating"


def form_of(workplace):
    given = workplace.slack.calls[-1][1]["view"]
    return json.loads(given) if isinstance(given, str) else given


async def planned(workplace):
    await workplace.gets(command("/visit"))
    assert await workplace.gets(submission(form_of(workplace), TYPED)) == {
        "response_action": "clear"
    }
    return the_matter(workplace)


def the_matter(workplace):
    (matter,) = workplace.matters()
    return matter


def menu_of(matter):
    shown = elements(approval(view(matter)).blocks)
    return next(one for one in shown if one["action_id"] == "approver_more")


def agree_button(matter):
    asked = Ask("k", PersonId("maya"), Asked.AGREE_LOWERING, NOON, matter.visit.revision)
    return elements(render.message(asked, view(matter)).blocks)[0]


async def proposed(workplace):
    menu = menu_of(await planned(workplace))
    await workplace.gets(tap(menu, chosen=LINE, user="U_ROSA", trigger="m1"))
    form = form_of(workplace)
    sent = submission(form, {"reason": "the van is there"}, user="U_ROSA", trigger="f1")
    assert await workplace.gets(sent) == {"response_action": "clear"}
    return the_matter(workplace)


async def test_one_proposes_in_a_form_and_another_agrees_with_one_tap(real_workplace):
    workplace = real_workplace
    matter = await proposed(workplace)
    assert matter.visit.rating is Rating.ELEVATED
    assert matter.visit.lowering.by == "rosa"
    assert await workplace.gets(tap(agree_button(matter), user="U_MAYA", trigger="a1")) == ""
    matter = the_matter(workplace)
    assert matter.visit.rating is Rating.LOW
    assert (matter.visit.lowered.by, matter.visit.lowered.second) == ("rosa", "maya")


async def test_the_same_person_twice_is_one_name(real_workplace):
    workplace = real_workplace
    matter = await proposed(workplace)
    await workplace.gets(tap(agree_button(matter), user="U_ROSA", trigger="a1"))
    assert the_matter(workplace).visit.rating is Rating.ELEVATED


async def test_a_menu_of_an_older_revision_opens_no_form(real_workplace):
    workplace = real_workplace
    menu = menu_of(await planned(workplace))
    menu["options"][0]["value"] = menu["options"][0]["value"].rpartition("|")[0] + "|7"
    await workplace.gets(tap(menu, chosen=LINE, user="U_ROSA", trigger="m1"))
    assert "The plan changed" in workplace.said[-1]["text"]


async def test_a_menu_that_lost_its_race_opens_no_form(real_workplace):
    workplace = real_workplace
    menu = menu_of(await planned(workplace))
    await workplace.gets(tap(menu, chosen=LINE, user="U_ROSA", trigger="m1"))
    sent = submission(form_of(workplace), {"reason": "the van"}, user="U_ROSA", trigger="f1")
    await workplace.gets(sent)
    calls = len(workplace.slack.calls)
    await workplace.gets(tap(menu, chosen=LINE, user="U_THEO", trigger="m2"))
    assert len(workplace.slack.calls) == calls
    assert "asked for a lower rating already" in workplace.said[-1]["text"]


async def test_the_worker_who_opens_the_form_is_told_why_not(real_workplace):
    workplace = real_workplace
    menu = menu_of(await planned(workplace))
    await workplace.gets(tap(menu, chosen=LINE, user="U_JO", trigger="m1"))
    answer = await workplace.gets(
        submission(form_of(workplace), {"reason": "it is fine"}, trigger="f1")
    )
    assert answer == {
        "response_action": "errors",
        "errors": {
            "reason": "Nobody confirms their own plan. Someone else who approves can do it."
        },
    }
    assert the_matter(workplace).visit.lowering is None


async def test_the_reason_is_not_in_the_history(real_workplace):
    workplace = real_workplace
    await proposed(workplace)
    database = workplace.door.ctx.database
    bodies = database.run_sync(lambda conn: conn.execute(select(tables.audit_body.c.body)).all())
    text = str(bodies)
    assert '"type":"LowerRating"' in text.replace(" ", "")
    assert "the van is there" not in text
