"""A change of the matrix is proposed by anyone: masked, and both who sign are told."""

import json

import pytest
from sqlalchemy import select

from bot.matcher import Matcher
from bot.matrix.change import PutRow, PutSlang, dump, parse
from bot.matrix.model import Words
from bot.slack.carried import NO_MATTER, pack, pack_row
from bot.slack.ids import Action
from protocol.ids import MatterId, PersonId
from protocol.people import Language
from storage import proposals, tables
from storage.revision_tables import Source
from tests.answering import KNOWN, FakeEngine, hit, matrix, with_words
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
def _a_matrix(real_workplace):
    give_a_matrix(real_workplace)


def give_a_matrix(workplace):
    """The shipped rows, without a model."""
    made = FakeEngine({"assess": (hit(ROW),), "dying": (hit("suicidal_intent"),)})
    matcher = workplace.door.ctx.matcher
    matcher.engine, matcher.state = made, Matcher(made).state


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
        run(workplace, proposals.put_effect, found.id, {"against": found.base, **effect})
    return found.id


def look_at(which):
    return button(Action.SEE_PROPOSAL, pack(MatterId(which)))


def inputs_of(view):
    return [one for one in view["blocks"] if one["type"] == "input"]


def answers_in(view):
    found = [one for one in view["blocks"] if one.get("block_id") == "answer"]
    return [one["value"] for block in found for one in block["element"]["options"]]


def text_of(view):
    return readable(view["blocks"])


async def answers(workplace, which, answer, *, user, why=None):
    """Somebody says this, whatever their own form would have offered."""
    full = await form_of(workplace, look_at(which), "U_MAYA")
    if not answers_in(full):
        pytest.fail("there was nothing to answer")
    typed = {"answer": answer} | ({"reason": why} if why else {})
    return await workplace.gets(submission(full, typed, user=user))


def one(workplace, which):
    return run(workplace, proposals.one, which)


async def test_anyone_of_the_program_proposes_and_both_signers_are_told_with_the_way_to_it(
    real_workplace,
):
    done = await proposes(real_workplace)
    assert done == {"response_action": "clear"}
    [found] = kept(real_workplace)
    assert (found.program, found.author, found.source) == (PROGRAM, "jo", Source.GAP)
    assert found.base == matrix().version
    [only] = parse(found.changes)
    assert (only.row, only.text) == (ROW, TYPED["words"])
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
    typed = {"actions_en": en, "actions_es": es, "reason": "asked twice", "source": "huddle"}
    await proposes(real_workplace, typed)
    [found] = kept(real_workplace)
    assert found.source is Source.HUDDLE
    [only] = parse(found.changes)
    assert only.row.first_actions.en[-1] == "Ask the clinic to call back."
    assert only.row.do_not == row.do_not
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
    assert inputs_of(view)[0]["block_id"] == "row"
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


@pytest.mark.parametrize("key", [*KNOWN])
async def test_words_that_a_row_knows_already_stay_in_the_form_which_names_it(real_workplace, key):
    real_workplace.door.ctx.matcher.engine.own = with_words()
    element = button(Action.PROPOSE_CHANGE, pack_row(ROW, with_words().version))
    typed = {**TYPED, "words": KNOWN[key].upper()}
    back = await proposes(real_workplace, typed, element=element)
    title = matrix().by_key[key].title.en
    assert back["errors"] == {
        "words": f"These words lead to “{title}” already. Please type what else people say."
    }
    assert kept(real_workplace) == []


async def test_what_does_not_fit_the_matrix_comes_back_with_the_reason(real_workplace):
    row = matrix().by_key["suicidal_intent"]
    typed = {
        "do_not_en": row.do_not.en[0],
        "do_not_es": row.do_not.es[0],
        "reason": "one will do",
    }
    back = await proposes(real_workplace, typed, element=about("suicidal_intent"))
    assert "fewer than two do-nots" in str(back["errors"])
    assert kept(real_workplace) == []


async def test_a_form_of_an_older_matrix_comes_back(real_workplace):
    view = await form_of(real_workplace, about())
    older = {**view, "private_metadata": pack_row(ROW, "0" * 12)}
    back = await real_workplace.gets(submission(older, TYPED))
    assert back["response_action"] == "errors"
    assert kept(real_workplace) == []


async def test_an_answer_offers_a_change_but_never_beside_a_page(real_workplace):
    calm = await ask(real_workplace, "can I assess him")
    urgent = await ask(real_workplace, "he is dying")
    rows = [block["elements"] for block in urgent["blocks"] if block["type"] == "actions"]
    ids = [[one["action_id"] for one in row] for row in rows]
    assert all(len(row) <= 4 for row in ids)
    assert [Action.PROPOSE_CHANGE] in ids
    assert not any({Action.PAGE_ROW, Action.PROPOSE_CHANGE} <= set(row) for row in ids)
    assert len([one for one in elements(calm["blocks"]) if one["type"] == "button"]) <= 5
    outside = await ask(real_workplace, "where is the bus")
    assert Action.PROPOSE_CHANGE in actions_of(outside)


async def imported(workplace, count):
    """A proposal that a file made: so many rows with long words of their own, and slang."""
    own = matrix()
    long = " ".join(["and then you wait with them"] * 20)
    rows = [one for one in own.rows if not one.private][:count]
    puts = [
        PutRow(
            row=one.model_copy(
                update={
                    "wording": Words(
                        en=f"Number {number} {long} end {number}.", es=f"Número {number} {long}."
                    )
                }
            )
        )
        for number, one in enumerate(rows)
    ]
    slang = PutSlang(slang={**own.slang, Language.EN: {"zz": "zebra"}})
    made = proposals.Proposal(
        "imported",
        PROGRAM,
        own.version,
        Source.IMPORT,
        tuple(dump([*puts, slang])),
        "a",
        PersonId("jo"),
        NOON,
    )
    run(workplace, proposals.add, made)
    return len(puts)


async def test_whoever_signs_reads_a_large_change_page_by_page_and_signs_on_its_last(
    real_workplace,
):
    count = await imported(real_workplace, 60)
    effect = {"against": one(real_workplace, "imported").base, **UNCHANGED}
    run(real_workplace, proposals.put_effect, "imported", effect)
    view = await form_of(real_workplace, look_at("imported"), "U_MAYA")
    assert answers_in(view) == ["no"]
    read, pages = text_of(view), 1
    assert "belay matrix proposals --show imported" in read
    while "Back to the first page" not in text_of(view):
        turn = next(one for one in elements(view["blocks"]) if one["action_id"] == "see_proposal")
        body = tap(turn, user="U_MAYA")
        body["view"] = {**view, "id": "V1", "hash": "h"}
        await real_workplace.gets(body)
        method, given = real_workplace.slack.calls[-1]
        assert method == "views.update"
        view = json.loads(given["view"]) if isinstance(given["view"], str) else given["view"]
        assert len(json.dumps(view)) < 250_000
        read, pages = read + text_of(view), pages + 1
        assert ("sign" in answers_in(view)) is ("Back to the first page" in text_of(view))
    assert pages > 1
    assert all(f"end {number}." in read for number in range(count))
    assert "+ en.zz: zebra" in read
    assert "…" not in read


async def test_an_incident_is_no_choice_in_the_form(real_workplace):
    view = await form_of(real_workplace, about())
    assert '"incident"' not in json.dumps(view)
