"""A change of the matrix: proposed by anyone, read and signed by two, and everybody is told."""

import json

import pytest
from sqlalchemy import insert, select

from bot.matcher import Matcher
from bot.matrix.change import dump, parse
from bot.slack.carried import NO_MATTER, pack, pack_row
from bot.slack.ids import Action
from protocol.ids import MatterId, PersonId
from protocol.people import Role
from storage import matrix_versions, proposals, tables
from storage.proposals import Proposal
from storage.revision_tables import Ended, Source
from tests.answering import FakeEngine, hit, matrix
from tests.county import PROGRAM
from tests.handlers.test_asking import actions_of, ask, shown
from tests.protocol.world import NOON
from tests.slack.payloads import submission, tap
from tests.slack.readable import elements, readable

ROW = "clinical_assessment"
TEXT = {"type": "plain_text", "text": "x"}
TYPED = {"words": "they want me to diagnose him", "reason": "two huddles in a row"}
UNCHANGED = {"asked": 74, "changed": 0, "lost": 0, "unfit": "", "examples": []}


@pytest.fixture(autouse=True)
def engine(real_workplace):
    made = FakeEngine({"assess": (hit(ROW),), "dying": (hit("suicidal_intent"),)})
    matcher = real_workplace.door.ctx.matcher
    matcher.engine, matcher.state = made, Matcher(made).state
    return made


def button(action, value):
    return {"type": "button", "text": TEXT, "action_id": action.value, "value": value}


def about(key=ROW):
    return button(Action.PROPOSE_CHANGE, pack_row(key, matrix().version))


def run(workplace, work, *args):
    return workplace.door.ctx.database.run_sync(work, *args)


def kept(workplace):
    return run(workplace, proposals.waiting, PROGRAM)


def told(workplace):
    def read(conn):
        of = tables.outbox.c
        rows = conn.execute(select(of.to_person, of.body).order_by(of.key))
        return [(row.to_person, row.body["text"], row.body.get("press")) for row in rows]

    return run(workplace, read)


def to(workplace, who):
    return [text for reader, text, _press in told(workplace) if reader == who]


async def form_of(workplace, element, user="U_JO"):
    await workplace.gets(tap(element, user=user))
    return shown(workplace)


async def proposes(workplace, typed=TYPED, *, user="U_JO", view_id="V1", element=None):
    body = submission(await form_of(workplace, element or about(), user), typed, user=user)
    body["view"]["id"] = view_id
    return await workplace.gets(body)


async def proposed(workplace, effect=UNCHANGED, **more):
    """A proposal whose effect was worked out."""
    await proposes(workplace, **more)
    found = kept(workplace)[-1]
    if effect is not None:
        run(workplace, proposals.put_effect, found.id, effect)
    return found.id


def look_at(which):
    return button(Action.SEE_PROPOSAL, pack(MatterId(which)))


def inputs_of(view):
    return [one for one in view["blocks"] if one["type"] == "input"]


def answers_in(view):
    found = [one for one in view["blocks"] if one.get("block_id") == "answer"]
    return [one["value"] for block in found for one in block["element"]["options"]]


async def answers(workplace, which, answer, *, user, why=None):
    """Somebody says this, whatever their own form would have offered."""
    full = await form_of(workplace, look_at(which), "U_MAYA")
    if not answers_in(full):
        pytest.fail("there was nothing to answer")
    typed = {"answer": answer} | ({"reason": why} if why else {})
    return await workplace.gets(submission(full, typed, user=user))


def one(workplace, which):
    return run(workplace, proposals.one, which)


# --- proposing -------------------------------------------------------------------------------


async def test_anyone_of_the_program_proposes_and_both_signers_are_told_with_the_way_to_it(
    real_workplace,
):
    done = await proposes(real_workplace)
    assert done == {"response_action": "clear"}
    [found] = kept(real_workplace)
    assert (found.program, found.author, found.source) == (PROGRAM, "jo", Source.GAP)
    assert found.base == matrix().version
    [change] = parse(found.changes)
    assert (change.row, change.text) == (ROW, TYPED["words"])
    said = told(real_workplace)
    assert {who for who, *_ in said} == {"maya", "lin", "jo"}
    assert {tuple(press) for *_, press in said} == {("see_proposal", pack(MatterId(found.id)))}
    [asked] = to(real_workplace, "maya")
    assert "Jo" in asked
    assert TYPED["reason"] in asked
    [own] = to(real_workplace, "jo")
    assert "on its way" in own


async def test_a_form_sent_twice_is_one_proposal_and_tells_once(real_workplace):
    await proposes(real_workplace)
    await proposes(real_workplace)
    assert len(kept(real_workplace)) == 1
    assert len(told(real_workplace)) == 3


async def test_the_form_of_a_row_holds_its_words_and_what_was_not_touched_is_no_change(
    real_workplace,
):
    view = await form_of(real_workplace, about())
    row = matrix().by_key[ROW]
    preset = {one["block_id"]: one["element"].get("initial_value") for one in inputs_of(view)}
    assert preset["title_en"] == row.title.en
    assert preset["actions_es"] == "\n".join(row.first_actions.es)
    back = await proposes(real_workplace, {"reason": "no reason"})
    assert back["response_action"] == "errors"
    assert kept(real_workplace) == []


async def test_other_words_of_a_row_become_a_row_with_those_words(real_workplace):
    row = matrix().by_key[ROW]
    en = "\n".join([*row.first_actions.en[:-1], "Ask the clinic to call back."])
    es = "\n".join([*row.first_actions.es[:-1], "Pide a la clínica que llame."])
    typed = {"actions_en": en, "actions_es": es, "reason": "asked twice", "source": "incident"}
    await proposes(real_workplace, typed)
    [found] = kept(real_workplace)
    assert found.source is Source.INCIDENT
    [change] = parse(found.changes)
    assert change.row.first_actions.en[-1] == "Ask the clinic to call back."
    assert change.row.do_not == row.do_not
    view = await form_of(real_workplace, look_at(found.id), "U_MAYA")
    said = readable(view["blocks"])
    assert "now:" in said
    assert "Ask the clinic to call back." in said
    assert row.do_not.en[0] not in said


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"words": "о чём это", "reason": "x y"}, "words"),
        ({"words": "i relapsed and want to die", "reason": "x y"}, "words"),
        ({"words": "where is the bus", "reason": "это"}, "reason"),
        ({"words": "where is the bus"}, "reason"),
        ({"actions_en": "Only one line.", "reason": "x y"}, "actions_es"),
        ({"title_en": "Call 555-867-5309", "reason": "x y"}, "title_en"),
        ({"do_not_en": "\n".join("abcdefg"), "reason": "x y"}, "do_not_en"),
    ],
)
async def test_what_cannot_be_kept_stays_in_the_form_with_the_reason(real_workplace, typed, field):
    back = await proposes(real_workplace, typed)
    assert back["response_action"] == "errors"
    assert list(back["errors"]) == [field]
    assert kept(real_workplace) == []


async def test_names_are_taken_out_before_anything_is_kept(real_workplace):
    typed = {"words": "my client Bertha wants a ride", "reason": "Bertha asked, then Ruprecht"}
    await proposes(real_workplace, {**typed, "reason": "it was Ruprecht who asked"})
    [found] = kept(real_workplace)
    stored = json.dumps([found.changes, found.reason])
    assert "Bertha" not in stored
    assert "Ruprecht" not in stored
    assert "Ruprecht" not in json.dumps(told(real_workplace))


async def test_without_a_row_one_is_picked_and_none_that_is_about_a_workers_own_life(
    real_workplace,
):
    home = button(Action.PROPOSE_CHANGE, pack(NO_MATTER))
    view = await form_of(real_workplace, home)
    offered = json.dumps(view["blocks"])
    assert ROW in offered
    assert "own_return_to_use" not in offered
    back = await proposes(real_workplace, element=home)
    assert list(back["errors"]) == ["row"]
    await proposes(real_workplace, {**TYPED, "row": ROW}, element=home)
    [found] = kept(real_workplace)
    assert parse(found.changes)[0].row == ROW


async def test_no_form_opens_about_a_private_row(real_workplace):
    await real_workplace.gets(tap(about("own_return_to_use")))
    assert [method for method, _ in real_workplace.slack.calls] == []


async def test_a_form_of_an_older_matrix_comes_back(real_workplace):
    view = await form_of(real_workplace, about())
    older = {**view, "private_metadata": pack_row(ROW, "0" * 12)}
    back = await real_workplace.gets(submission(older, TYPED))
    assert back["response_action"] == "errors"
    assert kept(real_workplace) == []


async def test_an_answer_offers_a_change_but_never_beside_a_page(real_workplace):
    calm = await ask(real_workplace, "can I assess him")
    assert Action.PROPOSE_CHANGE not in actions_of(await ask(real_workplace, "he is dying"))
    assert len([one for one in elements(calm["blocks"]) if one["type"] == "button"]) <= 5
    outside = await ask(real_workplace, "where is the bus")
    assert Action.PROPOSE_CHANGE in actions_of(outside)


# --- looking at one, and answering it --------------------------------------------------------


async def test_one_signs_and_it_waits_and_the_other_hears_that_one_is_missing(real_workplace):
    which = await proposed(real_workplace)
    done = await answers(real_workplace, which, "sign", user="U_MAYA")
    assert done == {"response_action": "clear"}
    found = one(real_workplace, which)
    assert (found.peer_supervisor, found.clinical_lead, found.ended_how) == ("maya", None, None)
    assert any("One signature is missing" in text for text in to(real_workplace, "lin"))
    assert not any("One signature" in text for text in to(real_workplace, "maya"))
    assert run(real_workplace, matrix_versions.latest, PROGRAM) is None


async def test_both_sign_and_it_is_a_version_and_the_author_hears_of_it(real_workplace):
    which = await proposed(real_workplace)
    await answers(real_workplace, which, "sign", user="U_MAYA")
    await answers(real_workplace, which, "sign", user="U_OMAR")
    found = one(real_workplace, which)
    assert found.ended_how is Ended.ADOPTED
    version = run(real_workplace, matrix_versions.latest, PROGRAM)
    assert (version.number, version.author) == (1, "jo")
    assert (version.peer_supervisor, version.clinical_lead) == ("maya", "omar")
    assert any("version 1" in text for text in to(real_workplace, "jo"))
    listed = button(Action.SHOW_VERSIONS, pack(MatterId(PROGRAM)))
    view = await form_of(real_workplace, listed, "U_PAT")
    said = readable(view["blocks"])
    assert "Version 1" in said
    assert all(name in said for name in ("Jo", "Maya", "Omar", TYPED["reason"]))
    assert "submit" not in view


async def test_the_author_may_sign_in_their_own_role(real_workplace):
    which = await proposed(real_workplace, user="U_MAYA")
    await answers(real_workplace, which, "sign", user="U_MAYA")
    assert one(real_workplace, which).peer_supervisor == "maya"


async def test_whoever_holds_both_roles_signs_once_in_the_one_that_is_missing(real_workplace):
    def both(conn):
        row = {"program_id": PROGRAM, "person_id": "maya", "role": Role.CLINICAL_LEAD}
        conn.execute(insert(tables.role_grant), [{**row, "from_at": NOON.replace(year=2020)}])

    run(real_workplace, both)
    which = await proposed(real_workplace)
    # Somebody else's signature is there already: hers counts as the other.
    run(real_workplace, sign_as_supervisor, which)
    await answers(real_workplace, which, "sign", user="U_MAYA")
    found = one(real_workplace, which)
    assert (found.peer_supervisor, found.clinical_lead) == ("rosa", "maya")


def sign_as_supervisor(conn, which):
    proposals.sign(conn, which, Role.PEER_SUPERVISOR, by=PersonId("rosa"), at=NOON)


async def test_nobody_signs_for_both(real_workplace):
    which = await proposed(real_workplace)
    view = await form_of(real_workplace, look_at(which), "U_MAYA")
    await real_workplace.gets(submission(view, {"answer": "sign"}, user="U_MAYA"))
    back = await real_workplace.gets(submission(view, {"answer": "sign"}, user="U_MAYA"))
    assert back["response_action"] == "errors"
    assert one(real_workplace, which).clinical_lead is None


@pytest.mark.parametrize("user", ["U_JO", "U_SAM", "U_ROSA", "U_INES", "U_PAT"])
async def test_no_peer_and_nobody_without_the_role_can_sign_or_say_no(real_workplace, user):
    which = await proposed(real_workplace)
    for answer in ("sign", "no"):
        back = await answers(real_workplace, which, answer, user=user, why="not this")
        assert back["response_action"] == "errors"
    found = one(real_workplace, which)
    assert (found.peer_supervisor, found.clinical_lead, found.ended_how) == (None, None, None)


async def test_a_no_needs_a_reason_and_the_author_reads_it(real_workplace):
    which = await proposed(real_workplace)
    back = await answers(real_workplace, which, "no", user="U_MAYA")
    assert list(back["errors"]) == ["reason"]
    await answers(real_workplace, which, "no", user="U_MAYA", why="that is for the clinic")
    found = one(real_workplace, which)
    assert (found.ended_how, found.ended_by) == (Ended.DECLINED, "maya")
    assert any("that is for the clinic" in text for text in to(real_workplace, "jo"))
    view = await form_of(real_workplace, look_at(which), "U_LIN")
    assert "submit" not in view
    assert "declined" in readable(view["blocks"])


async def test_its_author_alone_takes_it_back_and_it_cannot_be_signed_after(real_workplace):
    which = await proposed(real_workplace)
    mine = await form_of(real_workplace, look_at(which), "U_JO")
    assert answers_in(mine) == ["take_back"]
    stale = await form_of(real_workplace, look_at(which), "U_MAYA")
    assert answers_in(stale) == ["sign", "no"]
    other = await real_workplace.gets(submission(mine, {"answer": "take_back"}, user="U_MAYA"))
    assert other["response_action"] == "errors"
    await real_workplace.gets(submission(mine, {"answer": "take_back"}))
    assert one(real_workplace, which).ended_how is Ended.WITHDRAWN
    assert any("took a proposal back" in text for text in to(real_workplace, "maya"))
    late = await real_workplace.gets(submission(stale, {"answer": "sign"}, user="U_MAYA"))
    assert "settled already" in str(late["errors"])
    assert one(real_workplace, which).peer_supervisor is None


async def test_what_it_does_to_the_answers_is_shown_before_it_can_be_signed(real_workplace):
    which = await proposed(real_workplace, effect=None)
    before = await form_of(real_workplace, look_at(which), "U_MAYA")
    assert "Not worked out yet" in readable(before["blocks"])
    assert answers_in(before) == ["no"]
    back = await answers(real_workplace, which, "sign", user="U_MAYA")
    assert "not worked out" in str(back["errors"])
    examples = [{"text": "can I see him", "before": [ROW, "U1"], "after": [None, None]}]
    effect = {**UNCHANGED, "changed": 2, "examples": examples}
    run(real_workplace, proposals.put_effect, which, effect)
    after = await form_of(real_workplace, look_at(which), "U_MAYA")
    said = readable(after["blocks"])
    assert "Of 74 known questions, 2 would be answered otherwise" in said
    assert "can I see him" in said
    assert matrix().by_key[ROW].title.en in said
    assert "1 more" in said
    assert answers_in(after) == ["sign", "no"]


async def test_a_proposal_that_loses_an_urgent_answer_says_so_and_cannot_be_signed(real_workplace):
    which = await proposed(real_workplace, effect={**UNCHANGED, "lost": 1})
    view = await form_of(real_workplace, look_at(which), "U_MAYA")
    assert "loses an urgent answer" in readable(view["blocks"])
    assert answers_in(view) == ["no"]
    back = await answers(real_workplace, which, "sign", user="U_MAYA")
    assert "urgent" in str(back["errors"])


async def test_new_and_dropped_rows_are_shown_whole_and_a_long_difference_is_counted(
    real_workplace,
):
    rows = matrix().rows
    put = [
        {"kind": "row", "row": row.model_dump(mode="json") | {"key": f"x{no}"}}
        for no, row in enumerate(rows)
    ]
    changes = ({"kind": "drop", "key": ROW}, *put)
    made = Proposal(
        "long", PROGRAM, "0" * 12, Source.IMPORT, changes, "all anew", PersonId("maya"), NOON
    )
    run(real_workplace, proposals.add, made)
    view = await form_of(real_workplace, look_at("long"), "U_LIN")
    said = readable(view["blocks"])
    assert "would be taken out" in said
    assert "a new row" in said
    assert " more; see" in said
    assert "older version" in said


async def test_peers_of_no_part_in_it_and_other_programs_see_nothing_of_a_proposal(real_workplace):
    which = await proposed(real_workplace)
    real_workplace.slack.calls.clear()
    for user in ("U_SAM", "U_NOBODY"):
        await real_workplace.gets(tap(look_at(which), user=user))
        assert real_workplace.slack.calls == []
    assert dump(parse(one(real_workplace, which).changes)) == list(
        one(real_workplace, which).changes
    )
