"""Settling in a huddle: a gap becomes a proposal, once; a pattern is agreed upon."""

import json

import pytest
from sqlalchemy import select, update

from bot.matcher import Matcher
from bot.runner import Write
from bot.scheduler import huddle_letters
from bot.scheduler.compose import Edits
from bot.scheduler.huddle import hold
from bot.slack.carried import pack
from bot.slack.ids import Action
from protocol.ids import MatterId, PersonId
from protocol.policy import ChannelRole
from storage import gaps, huddles, messages, outbox, proposals, tables
from storage.gaps import Gap
from storage.messages import Standing
from storage.revision_tables import Source
from tests.answering import KNOWN, KNOWN_OUTSIDE, FakeEngine, hit, matrix, with_words
from tests.county import PROGRAM
from tests.handlers.test_asking import everything, shown
from tests.scheduler.test_huddle import MORNING, SAID
from tests.slack.payloads import command, submission, tap
from tests.slack.readable import readable
from tests.storage.test_huddles import pattern

ROW = "clinical_assessment"
TEXT = "he wants me to hold his wallet"
STANDS = ("C_HUDDLE", "1773169100.000001")
NEW = {
    "row_title": "Holding somebody's wallet",
    "row_wording": "Someone asks you to keep their money.",
    "kind": "non_peer",
    "owner": "case_manager",
    "row_tier": "U3",
    "row_first": "Say no kindly.\nOffer a locker.",
    "row_do_not": "Do not take it.",
    "language": "en",
}


@pytest.fixture(autouse=True)
def engine(real_workplace):
    made = FakeEngine({"assess": (hit(ROW),), "my own": (hit("own_return_to_use"),)})
    matcher = real_workplace.door.ctx.matcher
    matcher.engine, matcher.state = made, Matcher(made).state
    return made


def run(workplace, work, *args, **more):
    return workplace.door.ctx.database.run_sync(work, *args, **more)


def keep_gap(workplace, gap_id="g1", text=TEXT, shown_=(ROW,)):
    clock = workplace.door.ctx.clock
    gap = Gap(gap_id, PROGRAM, clock.now(), matrix().version, text, tuple(shown_))
    run(workplace, gaps.add, gap)


def post(workplace):
    """The huddle is held, and the message with its gaps stands in the channel."""
    ctx = workplace.door.ctx
    values = {"huddle": SAID, "channels": {"huddle": STANDS[0]}}
    run(workplace, lambda c: c.execute(update(tables.program).values(**values)))
    ctx.clock.at = MORNING
    assert run(workplace, hold, Write.of(ctx), ctx.matcher.matrix_of) == 1
    key = f"{PROGRAM}/huddle/2026-03-11/gaps"
    standing = Standing(PROGRAM, None, *STANDS, channel=ChannelRole.HUDDLE, outbox_key=key)
    run(workplace, messages.record, standing, MORNING)


def pressed(action, which="g1", user="U_JO"):
    text = {"type": "plain_text", "text": "x"}
    value = pack(MatterId(which))
    element = {"type": "button", "text": text, "action_id": action.value, "value": value}
    body = tap(element, user=user)
    body["container"] |= {"channel_id": STANDS[0], "message_ts": STANDS[1]}
    return body


async def settles(workplace, action, typed=None, *, user="U_JO", view_id="V1", opened_by="U_JO"):
    await workplace.gets(pressed(action, user=opened_by))
    body = submission(shown(workplace), typed or {}, user=user)
    body["view"]["id"] = view_id
    return await workplace.gets(body)


def proposed(workplace):
    return run(workplace, proposals.waiting, PROGRAM)


def edit(workplace):
    """What the message on which the button was pressed becomes."""
    rows = run(workplace, lambda c: c.execute(select(tables.outbox)).all())
    [row] = [one for one in rows if one.body.get("part") == huddles.SETTLED]
    ctx = workplace.door.ctx
    drawn = run(
        workplace,
        lambda c: huddle_letters.compose(c, outbox._row(row), ctx.matcher.matrix_of, MORNING),
    )
    assert isinstance(drawn, Edits)
    [(standing, message)] = drawn.edits
    assert (standing.slack_channel, standing.ts) == STANDS
    return readable(message.blocks)


async def test_a_gap_that_is_a_row_becomes_a_proposal_with_its_phrasing(real_workplace):
    keep_gap(real_workplace)
    post(real_workplace)
    done = await settles(real_workplace, Action.GAP_IS_ROW)
    assert done == {"response_action": "clear"}
    [proposal] = proposed(real_workplace)
    [change] = proposal.changes
    assert change == {"kind": "phrase", "row": ROW, "language": "en", "text": TEXT}
    assert (proposal.base, proposal.source, proposal.source_id, proposal.author) == (
        matrix().version,
        Source.GAP,
        "g1",
        "jo",
    )
    assert "Tue Mar 10" in proposal.reason
    said = edit(real_workplace)
    assert f"it is “{matrix().by_key[ROW].title.en}”. Jo proposed it" in said
    assert "It is this row" not in said
    assert run(real_workplace, gaps.waiting, PROGRAM) == []


async def test_the_row_that_was_shown_is_chosen_and_every_public_row_may_be(real_workplace):
    keep_gap(real_workplace)
    await real_workplace.gets(pressed(Action.GAP_IS_ROW))
    view = shown(real_workplace)
    select_ = view["blocks"][0]["element"]
    assert select_["initial_option"]["value"] == ROW
    offered = {
        one["value"]
        for group in select_.get("option_groups", [select_])
        for one in group["options"]
    }
    assert offered == {row.key for row in matrix().rows if not row.private}
    assert len(json.dumps(view)) < 250_000


async def test_what_stays_outside_becomes_a_proposal_of_background(real_workplace):
    keep_gap(real_workplace)
    await settles(real_workplace, Action.GAP_OUTSIDE, {"question": "pizza tonight"})
    [proposal] = proposed(real_workplace)
    assert proposal.changes == ({"kind": "outside", "language": "en", "text": "pizza tonight"},)


async def test_a_new_row_is_proposed_whole_and_says_what_was_filled_in(real_workplace):
    keep_gap(real_workplace)
    post(real_workplace)
    await settles(real_workplace, Action.GAP_NEW_ROW, NEW)
    [proposal] = proposed(real_workplace)
    put, phrase = proposal.changes
    row = put["row"]
    assert (row["key"], row["tier"], row["owner"]) == (
        "holding_somebody_s_wallet",
        "U3",
        "case_manager",
    )
    assert row["first_actions"]["en"] == ["Say no kindly.", "Offer a locker."]
    assert phrase["row"] == row["key"]
    assert "Check them locally" in proposal.reason
    assert "a new row. Jo proposed it" in edit(real_workplace)


async def test_what_is_urgent_needs_two_things_not_to_do(real_workplace):
    keep_gap(real_workplace)
    back = await settles(real_workplace, Action.GAP_NEW_ROW, {**NEW, "row_tier": "U0"})
    assert "row_do_not" in back["errors"]
    assert proposed(real_workplace) == []


async def test_where_the_owner_has_nothing_as_urgent_no_row_is_made_and_the_gap_stays(
    real_workplace,
):
    keep_gap(real_workplace)
    owner = next(
        key
        for key in matrix().owners
        if not any(row.owner == key and row.urgent for row in matrix().rows)
    )
    typed = {**NEW, "row_tier": "U0", "owner": owner, "row_do_not": "One.\nTwo."}
    back = await settles(real_workplace, Action.GAP_NEW_ROW, typed)
    assert "owner" in back["errors"]
    assert len(run(real_workplace, gaps.waiting, PROGRAM)) == 1


async def test_a_form_sent_twice_proposes_once_and_a_second_person_is_told(real_workplace):
    keep_gap(real_workplace)
    first = await settles(real_workplace, Action.GAP_IS_ROW)
    opened = shown(real_workplace)
    body = submission(opened)
    body["view"]["id"] = "V1"
    assert await real_workplace.gets(body) == first
    other = submission(opened, user="U_MAYA")
    other["view"]["id"] = "V2"
    back = await real_workplace.gets(other)
    assert "settled already" in str(back["errors"])
    assert len(proposed(real_workplace)) == 1
    await real_workplace.gets(pressed(Action.GAP_IS_ROW))
    assert "settled already" in real_workplace.said[-1]["text"]


@pytest.mark.parametrize("user", ["U_INES", "U_OUTSIDER", "U_NOBODY"])
async def test_only_the_team_settles_whatever_form_somebody_has(real_workplace, user):
    keep_gap(real_workplace)
    await real_workplace.gets(pressed(Action.GAP_IS_ROW, user=user))
    assert not [name for name, _given in real_workplace.slack.calls if name == "views.open"]
    back = await settles(real_workplace, Action.GAP_IS_ROW, user=user)
    assert back["response_action"] == "errors"
    assert proposed(real_workplace) == []
    assert len(run(real_workplace, gaps.waiting, PROGRAM)) == 1


@pytest.mark.parametrize("typed", ["call 555-867-5309", "I cut myself", "12/24/2026"])
async def test_what_may_name_somebody_or_is_ones_own_life_is_not_proposed(real_workplace, typed):
    keep_gap(real_workplace)
    back = await settles(real_workplace, Action.GAP_IS_ROW, {"question": typed})
    assert "question" in back["errors"]
    assert proposed(real_workplace) == []


@pytest.mark.parametrize("action", [Action.GAP_IS_ROW, Action.GAP_NEW_ROW, Action.GAP_OUTSIDE])
async def test_words_that_a_row_knows_come_back_at_once_and_the_gap_stays(
    real_workplace, engine, action
):
    """What cannot become a version is not first refused to whoever signs."""
    engine.own = with_words()
    keep_gap(real_workplace)
    new = NEW if action is Action.GAP_NEW_ROW else {}
    for key, text in KNOWN.items():
        back = await settles(real_workplace, action, {**new, "question": text.upper() + "!"})
        title = matrix().by_key[key].title.en
        assert f"lead to “{title}” already" in back["errors"]["question"]
    back = await settles(real_workplace, action, {**new, "question": KNOWN_OUTSIDE})
    assert "outside already" in back["errors"]["question"]
    assert proposed(real_workplace) == []
    assert len(run(real_workplace, gaps.waiting, PROGRAM)) == 1


async def test_what_was_taken_out_of_a_question_is_not_offered_as_what_people_say(real_workplace):
    keep_gap(real_workplace, text="my client [removed] wants his meds")
    await real_workplace.gets(pressed(Action.GAP_IS_ROW))
    phrase = shown(real_workplace)["blocks"][1]["element"]
    assert phrase["initial_value"] == "my client wants his meds"


async def test_a_private_row_cannot_be_sent_as_an_answer(real_workplace):
    keep_gap(real_workplace)
    await real_workplace.gets(pressed(Action.GAP_IS_ROW))
    view = json.loads(json.dumps(shown(real_workplace)).replace(ROW, "own_return_to_use"))
    back = await real_workplace.gets(submission(view))
    assert back["response_action"] == "errors"
    assert proposed(real_workplace) == []


async def test_a_message_that_is_not_the_programs_own_is_not_edited(real_workplace):
    keep_gap(real_workplace)
    await settles(real_workplace, Action.GAP_IS_ROW)
    rows = run(real_workplace, lambda c: c.execute(select(tables.outbox)).all())
    assert not [row for row in rows if row.kind == huddles.KIND]


# --- what is counted -------------------------------------------------------------------------


async def test_an_answer_is_counted_by_its_row_and_never_by_who_asked(real_workplace):
    for user in ("U_JO", "U_JO", "U_SAM"):
        await real_workplace.gets(command("/whohandles", "can you assess him", user=user))
    rows = everything(real_workplace, "matrix_asked")
    assert ROW in rows
    assert rows.count("2026-03-10") == 2  # in the id and in the day of one row
    assert not [name for name in ("jo", "sam") if f"'{name}'" in rows]


async def test_a_question_about_ones_own_life_is_counted_nowhere(real_workplace):
    await real_workplace.gets(command("/whohandles", "my own relapse"))
    await real_workplace.gets(command("/whohandles", "assess: I want to hurt myself"))
    assert everything(real_workplace, "matrix_asked") == "[[]]"


# --- patterns --------------------------------------------------------------------------------


def item(workplace):
    pattern(workplace.door.ctx.database, row=ROW)
    post(workplace)
    table = tables.matrix_tables.huddle_tables.dumping
    [row] = run(workplace, lambda c: c.execute(select(table)).all())
    return row


async def test_a_pattern_is_settled_once_by_whoever_manages(real_workplace):
    which = item(real_workplace).id
    await real_workplace.gets(pressed(Action.SETTLE_PATTERN, which, "U_PAT"))
    view = shown(real_workplace)
    assert "asked of peers 5 times" in readable(view["blocks"])
    typed = {"agreed": "stopped", "note": "talked with the shelter"}
    assert await real_workplace.gets(submission(view, typed, user="U_PAT")) == {
        "response_action": "clear"
    }
    settled = run(
        real_workplace,
        lambda c: c.execute(select(tables.matrix_tables.huddle_tables.dumping)).one(),
    )
    assert (settled.settled_by, settled.settled_how) == ("pat", "stopped")
    again = await real_workplace.gets(submission(view, typed, user="U_MAYA"))
    assert "settled already" in str(again["errors"])


async def test_the_message_about_a_pattern_says_what_was_agreed_once_it_is_settled(real_workplace):
    """Wherever it was settled: from the Home, too, no button is left on the message."""
    one = item(real_workplace)
    key = f"{PROGRAM}/huddle/pattern/{one.id}"
    place = ("D_PAT", "1773169100.000009")
    standing = Standing(PROGRAM, None, *place, person=PersonId("pat"), outbox_key=key)
    run(real_workplace, messages.record, standing, MORNING)
    await real_workplace.gets(pressed(Action.SETTLE_PATTERN, one.id, "U_MAYA"))
    sent = submission(shown(real_workplace), {"agreed": "stopped"}, user="U_MAYA")
    await real_workplace.gets(sent)
    rows = run(real_workplace, lambda c: c.execute(select(tables.outbox)).all())
    first, then = [row for row in rows if row.lane == f"pattern/{one.id}"]
    assert (first.key, then.body["part"]) == (key, huddles.AGREED)
    ctx = real_workplace.door.ctx
    drawn = run(
        real_workplace,
        lambda c: huddle_letters.compose(c, outbox._row(then), ctx.matcher.matrix_of, MORNING),
    )
    assert isinstance(drawn, Edits)
    [(where, message)] = drawn.edits
    assert (where.slack_channel, where.ts) == place
    said = readable(message.blocks)
    assert "They stop asking peers" in said
    assert not [block for block in message.blocks if block["type"] == "actions"]


@pytest.mark.parametrize("user", ["U_JO", "U_ROSA", "U_INES", "U_NOBODY"])
async def test_nobody_else_sees_or_settles_a_pattern(real_workplace, user):
    which = item(real_workplace).id
    await real_workplace.gets(pressed(Action.SETTLE_PATTERN, which, user))
    assert not [name for name, _given in real_workplace.slack.calls if name == "views.open"]
    await real_workplace.gets(pressed(Action.SETTLE_PATTERN, which, "U_PAT"))
    back = await real_workplace.gets(
        submission(shown(real_workplace), {"agreed": "stopped"}, user=user)
    )
    assert back["response_action"] == "errors"


async def test_open_patterns_stand_in_the_home_of_whoever_settles_them(real_workplace):
    item(real_workplace)
    for user, sees in (("U_PAT", True), ("U_MAYA", True), ("U_LIN", True), ("U_JO", False)):
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        body = {"type": "event_callback", "event_id": f"E{user}", "event": event, "team_id": "T1"}
        await real_workplace.gets(body)
        method, given = real_workplace.slack.calls[-1]
        assert method == "views.publish"
        assert ("asked of peers 5 times" in str(given["view"])) is sees, user
