"""A proposal is looked at, signed by two, declined or taken back, and everybody is told."""

from typing import Any

import pytest
from sqlalchemy import insert

from bot.matrix.change import dump, parse
from bot.slack.carried import pack
from bot.slack.ids import Action
from protocol.ids import MatterId, PersonId
from protocol.people import Role
from storage import matrix_versions, proposals, tables
from storage.proposals import Proposal
from storage.revision_tables import Ended, Source
from tests.answering import matrix
from tests.county import PROGRAM
from tests.handlers.test_proposals import (
    ROW,
    TYPED,
    UNCHANGED,
    answers,
    answers_in,
    button,
    form_of,
    give_a_matrix,
    look_at,
    one,
    proposed,
    run,
    to,
)
from tests.protocol.world import NOON
from tests.slack.payloads import submission, tap
from tests.slack.readable import readable


@pytest.fixture(autouse=True)
def _a_matrix(real_workplace):
    give_a_matrix(real_workplace)


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
    assert "belay matrix export --version 1" in said
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


FALLS = {
    "text": "he has no pulse",
    "before": ["suicidal_intent", "U0"],
    "after": ["suicidal_intent", "U1"],
    "lost": False,
    "less": True,
}


async def test_what_makes_urgent_questions_less_urgent_names_them_and_must_be_ticked(
    real_workplace,
):
    calm = {**FALLS, "text": "calm", "less": False}
    examples = [{**FALLS, "text": f"urgent {no}"} for no in range(12)] + [calm] * 3
    effect = {**UNCHANGED, "changed": 15, "less": 12, "examples": examples}
    which = await proposed(real_workplace, effect=effect)
    view = await form_of(real_workplace, look_at(which), "U_MAYA")
    said = readable(view["blocks"])
    assert "12 urgent questions would be less urgent" in said
    assert all(f"“urgent {no}”" in said for no in range(12))
    assert "life threat now" in said
    unread = submission(view, {"answer": "sign"}, user="U_MAYA")
    back = await real_workplace.gets(unread)
    assert "less urgent" in back["errors"]["seen"]
    ticked = {"answer": "sign", "seen": [matrix().version]}
    for user in ("U_MAYA", "U_LIN"):
        sent = submission(view, ticked, user=user)
        assert await real_workplace.gets(sent) == {"response_action": "clear"}
    found = one(real_workplace, which)
    assert found.ended_how is Ended.ADOPTED
    assert found.effect["seen"] == ["maya", "lin"]


async def test_whoever_signed_before_it_was_known_is_asked_again(real_workplace):
    which = await proposed(real_workplace)
    await answers(real_workplace, which, "sign", user="U_LIN")
    effect = {**UNCHANGED, "against": matrix().version, "changed": 1, "less": 1}
    run(real_workplace, proposals.put_effect, which, {**effect, "examples": [FALLS]})
    view = await form_of(real_workplace, look_at(which), "U_MAYA")
    assert "signed before this was known" in readable(view["blocks"])
    ticked = {"answer": "sign", "seen": [matrix().version]}
    await real_workplace.gets(submission(view, ticked, user="U_MAYA"))
    found = one(real_workplace, which)
    assert (found.peer_supervisor, found.clinical_lead, found.ended_how) == ("maya", None, None)
    assert any("One signature is missing" in text for text in to(real_workplace, "lin"))
    await real_workplace.gets(submission(view, ticked, user="U_LIN"))
    assert one(real_workplace, which).ended_how is Ended.ADOPTED


async def test_new_and_dropped_rows_are_shown_whole_and_a_long_difference_has_pages(
    real_workplace,
):
    rows = matrix().rows
    put: list[dict[str, Any]] = [
        {"kind": "row", "row": row.model_dump(mode="json") | {"key": f"x{no}"}}
        for no, row in enumerate(rows)
    ]
    changes: tuple[dict[str, Any], ...] = ({"kind": "drop", "key": ROW}, *put)
    made = Proposal(
        "long", PROGRAM, "0" * 12, Source.IMPORT, changes, "all anew", PersonId("maya"), NOON
    )
    run(real_workplace, proposals.add, made)
    view = await form_of(real_workplace, look_at("long"), "U_LIN")
    said = readable(view["blocks"])
    assert "would be taken out" in said
    assert "a new row" in said
    assert "Page 1 of " in said
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
