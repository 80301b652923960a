"""The answer as it is drawn: every row, in both languages, within Slack's limits."""

import json
from dataclasses import replace

import pytest

from bot.matrix.answer import Why
from bot.matrix.model import URGENT, Kind
from bot.slack.carried import Rows, pack_rows, row_of, unpack, unpack_rows
from bot.slack.ids import Action
from bot.slack.render import answer_row as draw
from bot.slack.render.answer_lines import Asked
from bot.slack.render.answer_row import Found
from bot.slack.words.speech import speaking
from protocol.ids import PersonId, ProgramId
from protocol.people import Language, Role
from storage.on_call import Desk, Reached
from tests.answering import hit, matrix
from tests.block_kit import check_message
from tests.slack.readable import elements, readable

LIN = Reached(PersonId("lin"), "Lin Okafor", "+1 555 0142")
DESK = Desk(
    True,
    PersonId("jo"),
    ProgramId("river"),
    "River",
    "555-0100",
    "555-0199",
    True,
    dict.fromkeys(Role, (LIN,)),
)
BARE = replace(DESK, people={})
ROWS = matrix().rows
LIVE = [row for row in ROWS if not row.private and row.tier in URGENT]


def asked(language=Language.EN, desk=DESK, **more):
    return Asked(matrix(), language, desk, **{"draft": False, **more})


def last_buttons(drawn):
    return [one["action_id"] for one in drawn.blocks[-1]["elements"]]


def actions_of(drawn):
    return [one["action_id"] for one in elements(drawn.blocks)]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("live", [True, False])
def test_every_row_is_drawn_whole_and_ends_with_the_danger_button(language, live):
    why = Why("x" * 400, 0.5, tuple(f"word{n}" for n in range(40)))
    for row in ROWS:
        with speaking(language.value):
            rest = [Found(one.key, True) for one in ROWS[:11]]
            drawn = draw.one(asked(language, draft=True), Found(row.key, live, why), rest)
        check_message(drawn.blocks)
        assert last_buttons(drawn) == [Action.PAGE_LEAD]
        said = readable(drawn.blocks)
        for text in (*row.first_actions.in_(language), *row.do_not.in_(language)):
            assert text in said, row.key
        assert f"({row.key})" in said
        assert all(len(str(one.get("value", ""))) <= 2000 for one in elements(drawn.blocks))


@pytest.mark.parametrize("row", LIVE, ids=lambda row: row.key)
def test_the_first_line_of_an_urgent_row_is_whom_to_call(row):
    drawn = draw.one(asked(), Found(row.key, True))
    first = readable(drawn.blocks[:1])
    assert first.startswith("*First:*")
    line = matrix().lines[row.call_first[0]]
    assert line.text.en in first or (line.number or "?") in first
    assert "Lin Okafor" in readable(drawn.blocks)
    assert "<tel:+15550142|+1 555 0142>" in json.dumps(drawn.blocks)


def test_only_what_is_happening_and_urgent_offers_a_page_pinned_to_row_and_version():
    for row in ROWS:
        drawn = draw.one(asked(), Found(row.key, True))
        pages = [one for one in elements(drawn.blocks) if one["action_id"] == Action.PAGE_ROW]
        assert bool(pages) == (row.tier in draw.PAGED), row.key
        for page in pages:
            carried = unpack(page["value"])
            assert carried is not None
            assert row_of(carried) == (row.key, matrix().version)
        assert Action.PAGE_ROW not in actions_of(draw.one(asked(), Found(row.key, False)))


def test_declining_is_offered_for_what_is_not_a_peers_and_never_for_a_private_row():
    for row in ROWS:
        offered = Action.DECLINE_ROW in actions_of(draw.one(asked(), Found(row.key, True)))
        assert offered == (row.kind in (Kind.NON_PEER, Kind.SHARED) and not row.private), row.key


def test_a_private_row_names_nobody_and_leaves_the_choice():
    for row in (one for one in ROWS if one.private):
        said = json.dumps(draw.one(asked(), Found(row.key, True)).blocks)
        assert "Lin Okafor" not in said
        assert "you choose" in said
        assert draw.roles_of([row]) == (frozenset(), frozenset())


def test_a_number_is_looked_for_only_where_the_row_is_urgent():
    by_key = matrix().by_key
    _named, called = draw.roles_of([by_key["suicidal_intent"]])
    assert Role.CLINICAL_LEAD in called
    named, called = draw.roles_of([by_key["transport_request"]])
    assert named
    assert not called


def test_where_nobody_is_on_duty_the_line_is_named():
    drawn = draw.one(asked(desk=BARE), Found("suicidal_intent", True))
    assert "Nobody is on duty as Clinical lead. Call <tel:5550100|555-0100>" in readable(
        drawn.blocks
    )
    lost = draw.one(asked(desk=Desk()), Found("suicidal_intent", True))
    assert "could not look up who is on duty. Call your supervisor" in readable(lost.blocks)


def test_a_draft_says_so_below_whom_to_call_and_an_adopted_matrix_does_not():
    drawn = draw.one(asked(draft=True), Found("suicidal_intent", True))
    said = readable(drawn.blocks)
    assert said.index("First:") < said.index("Not adopted yet: call your supervisor")
    assert "Not adopted" in readable(draw.outside(asked(draft=True)).blocks)
    assert "Not adopted" not in readable(draw.one(asked(), Found("suicidal_intent", True)).blocks)


def test_a_few_are_shown_most_urgent_first_each_with_a_way_in():
    hits = (hit("transport_request", 0.4), hit("active_overdose", 0.3), hit("overdose_risk", 0.2))
    drawn = draw.several(asked(), hits)
    check_message(drawn.blocks)
    said = readable(drawn.blocks)
    assert readable(drawn.blocks[:1]).startswith("*First:*")
    order = [matrix().by_key[one].title.en for one in ("active_overdose", "overdose_risk")]
    assert said.index(order[0]) < said.index(order[1])
    assert actions_of(drawn).count(Action.OPEN_ROW) == 3
    assert actions_of(drawn).count(Action.PAGE_ROW) == 1
    assert last_buttons(drawn) == [Action.PAGE_LEAD]


def test_an_urgent_row_that_may_be_meant_too_is_never_hidden_behind_a_likely_one():
    ride = hit("transport_request", 0.8)
    assert draw.sure_of((ride,))
    assert draw.sure_of((ride, hit("suicidal_intent", 0.1)))
    assert not draw.sure_of((ride, hit("suicidal_intent", 0.2)))
    assert draw.sure_of((ride, hit("suicidal_intent", 0.2, live=False)))
    assert not draw.sure_of((hit("transport_request", 0.4),))
    assert not draw.sure_of((ride, hit("overdose_risk", 0.6)))


@pytest.mark.parametrize(
    "drawn",
    [
        draw.how("/whohandles"),
        draw.outside(asked()),
        draw.outside(asked(desk=Desk())),
        draw.not_ready(DESK),
        draw.gone(asked()),
        draw.following(asked(), []),
    ],
)
def test_every_abstention_ends_with_the_danger_button_too(drawn):
    check_message(drawn.blocks)
    assert last_buttons(drawn) == [Action.PAGE_LEAD]
    assert "<tel:911|911>" in json.dumps(drawn.blocks)


def test_what_a_button_carries_comes_back_and_garbage_does_not():
    rows = Rows("abc123", ("one_row", "two_rows"), frozenset({"two_rows"}), 1, "n-0_te")
    assert unpack_rows(pack_rows(rows)) == rows
    assert rows.rest == ("two_rows",)
    for value in ("", "a|b", "v|A|1|", "v|a|x|", "v|a|1|n|m", None, 7, f"v|{'a,' * 99}a|1|"):
        assert unpack_rows(value) is None


@pytest.mark.parametrize("language", list(Language))
def test_each_urgent_row_names_who_is_on_duty_and_their_number_before_anybody_is_paged(language):
    for row in LIVE:
        with speaking(language.value):
            whole = draw.one(asked(language), Found(row.key, True))
            unsure = draw.several(
                asked(language), [hit(row.key, 0.4), hit("transport_request", 0.3)]
            )
        for drawn in (whole, unsure):
            shown = [json.dumps(block, ensure_ascii=False) for block in drawn.blocks]
            paged = next(no for no, one in enumerate(shown) if f'"{Action.PAGE_ROW}"' in one)
            before = "".join(shown[:paged])
            assert "<tel:+15550142|+1 555 0142>" in before, row.key
            assert LIN.name in before, row.key


def test_where_no_number_of_who_is_on_duty_is_known_the_line_is_called():
    nameless = replace(DESK, people=dict.fromkeys(Role, (replace(LIN, phone=""),)))
    for row in LIVE:
        said = json.dumps(draw.one(asked(desk=nameless), Found(row.key, True)).blocks)
        assert "No number of theirs is known here. Call <tel:5550100|555-0100>." in said, row.key


def test_a_change_is_proposed_in_a_row_of_its_own_where_a_page_is_offered():
    for row in ROWS:
        drawn = draw.one(asked(), Found(row.key, True), [Found(one.key, True) for one in ROWS[:9]])
        ids = [
            [one["action_id"] for one in block["elements"]]
            for block in drawn.blocks
            if block["type"] == "actions"
        ]
        assert all(len(one) <= 4 for one in ids), row.key
        offered = [one for one in ids if Action.PROPOSE_CHANGE in one]
        assert len(offered) == (0 if row.private else 1), row.key
        assert not any(Action.PAGE_ROW in one for one in offered), row.key
