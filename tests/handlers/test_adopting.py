"""A matrix is a draft until three people in three roles have signed it, misses in front of them."""

import json
from dataclasses import dataclass

import pytest
from sqlalchemy import insert, select

from bot.matcher import Matcher
from bot.matrix import measured, settling
from bot.matrix.model import Matrix
from bot.slack import homes
from bot.slack.carried import pack
from bot.slack.ids import Action
from protocol.ids import MatterId
from protocol.people import Role
from sandbox.blocks import view_problems
from sandbox.checks import Surface
from storage import matrix_state, tables
from storage.verification import verify
from tests.answering import FakeEngine, hit, matrix
from tests.county import PROGRAM
from tests.handlers.test_asking import ask, shown
from tests.handlers.test_proposals import button, proposed, run
from tests.protocol.world import NOON
from tests.slack.payloads import submission, tap
from tests.slack.readable import readable

ROW = "clinical_assessment"
SIGNS = {"U_MAYA": "peer_supervisor", "U_LIN": "clinical_lead", "U_INES": "privacy_officer"}


def settled() -> Matrix:
    """The shipped rows, as if everything had been checked in this county."""
    found = matrix()
    lines = {
        key: line.model_copy(update={"check_locally": False}) for key, line in found.lines.items()
    }
    rows = tuple(
        row.model_copy(
            update={
                "authority": tuple(
                    one.model_copy(update={"check_locally": False}) for one in row.authority
                )
            }
        )
        for row in found.rows
    )
    return Matrix(
        **{
            **{name: getattr(found, name) for name in Matrix.model_fields},
            "lines": lines,
            "rows": rows,
        }
    )


@dataclass
class Checked(FakeEngine):
    """An engine over rows that were all checked."""

    made: Matrix | None = None

    @property
    def matrix(self) -> Matrix:
        if self.made is None:
            self.made = settled()
        return self.made


@pytest.fixture(autouse=True)
def privacy_officer(real_workplace):
    grant = {"program_id": PROGRAM, "person_id": "ines", "role": Role.PRIVACY_OFFICER}
    row = {**grant, "from_at": NOON.replace(year=2020)}
    run(real_workplace, lambda conn: conn.execute(insert(tables.role_grant), [row]) and None)


@pytest.fixture
def checked(real_workplace):
    return given(real_workplace, Checked({"assess": (hit(ROW),)}))


@pytest.fixture
def unchecked(real_workplace):
    return given(real_workplace, FakeEngine({"assess": (hit(ROW),)}))


def given(workplace, engine):
    matcher = workplace.door.ctx.matcher
    matcher.engine, matcher.state = engine, Matcher(engine).state
    return engine


async def form_of(workplace, user="U_MAYA"):
    press = button(Action.ADOPT_MATRIX, pack(MatterId(PROGRAM)))
    await workplace.gets(tap(press, user=user))
    return shown(workplace)


async def signs(workplace, user, role=None, seen=("seen",), form=None):
    view = form or await form_of(workplace, user)
    typed = {"as_role": role or SIGNS[user], "seen": list(seen)}
    return await workplace.gets(submission(view, typed, user=user))


def signers(workplace, version):
    return run(workplace, matrix_state.adopters, PROGRAM, version)


def home_of(workplace, user):
    ctx = workplace.door.ctx
    seen = run(workplace, homes.read, user, ctx.clock.now(), ctx.matcher.matrix_of)
    return homes.draw(seen).view


async def test_three_people_in_three_roles_sign_and_answers_are_no_draft_any_more(
    real_workplace, checked
):
    assert "Not adopted yet" in readable((await ask(real_workplace, "assess him"))["blocks"])
    for user in SIGNS:
        assert await signs(real_workplace, user) == {"response_action": "clear"}
    version = checked.matrix.version
    assert run(real_workplace, matrix_state.adopted, PROGRAM, version)
    assert "Not adopted yet" not in readable((await ask(real_workplace, "assess him"))["blocks"])
    again = await form_of(real_workplace)
    assert "submit" not in again
    assert "adopted already" in readable(again["blocks"])


async def test_what_was_shown_is_kept_with_each_signature_and_stands_in_the_history(
    real_workplace, checked
):
    for user in SIGNS:
        await signs(real_workplace, user)
    await signs(real_workplace, "U_INES", form=sendable(checked))

    def read(conn):
        kept = conn.execute(select(tables.matrix_tables.matrix_adoption)).all()
        of = tables.audit_line.c
        lines = conn.execute(select(of.actor, of.reason).where(of.event == "MatrixAdopted"))
        return kept, [tuple(line) for line in lines]

    kept, lines = run(real_workplace, read)
    assert [row.shown["urgent"] for row in kept] == [[39, 42]] * 3
    assert sorted(lines) == [
        ("ines", "privacy_officer"),
        ("lin", "clinical_lead"),
        ("maya", "peer_supervisor"),
    ]
    assert not run(real_workplace, verify).problems


def sendable(engine):
    """The form as it was before anybody had signed."""
    return {
        "type": "modal",
        "callback_id": "adopt_matrix",
        "private_metadata": pack(MatterId(f"{PROGRAM}/{engine.matrix.version}")),
        "blocks": asked(),
    }


def asked():
    tick = {"text": {"type": "plain_text", "text": "x"}, "value": "seen"}
    roles = [
        {"text": {"type": "plain_text", "text": "x"}, "value": role.value}
        for role in matrix_state.ADOPTERS
    ]
    return [
        {
            "type": "input",
            "block_id": "seen",
            "label": {"type": "plain_text", "text": "x"},
            "element": {"type": "checkboxes", "action_id": "seen", "options": [tick]},
        },
        {
            "type": "input",
            "block_id": "as_role",
            "label": {"type": "plain_text", "text": "x"},
            "element": {"type": "radio_buttons", "action_id": "as_role", "options": roles},
        },
    ]


async def test_how_often_it_misses_is_said_in_plain_words_and_must_be_ticked(
    real_workplace, checked
):
    view = await form_of(real_workplace)
    said = readable(view["blocks"])
    assert "Of ten people in danger who ask, about 1 is not shown the right row" in said
    for figure in measured.FIGURES.values():
        assert f"{figure.good} of {figure.of}" in said
    assert f"another one ({checked.matrix.version})" in said
    back = await signs(real_workplace, "U_MAYA", seen=())
    assert list(back["errors"]) == ["seen"]
    assert signers(real_workplace, checked.matrix.version) == {}


async def test_while_something_is_unsettled_the_form_says_what_and_nobody_can_sign(
    real_workplace, unchecked
):
    view = await form_of(real_workplace)
    said = readable(view["blocks"])
    assert "submit" not in view
    assert said.count("Nobody has held these rules to local law") == 1
    # All of it is named: what did not fit could not be settled.
    left = settling.unsettled(matrix(), (), NOON.date())
    assert all(f"• {one.name.en}" in said for one in left)
    assert "can't be adopted yet" in said
    back = await signs(real_workplace, "U_MAYA", form=sendable(unchecked))
    assert "still to be settled" in str(back["errors"])
    assert signers(real_workplace, matrix().version) == {}


async def test_nobody_signs_in_two_roles_or_in_one_that_they_do_not_hold(real_workplace, checked):
    lead = {"program_id": PROGRAM, "person_id": "maya", "role": Role.CLINICAL_LEAD}
    row = {**lead, "from_at": NOON.replace(year=2020)}
    run(real_workplace, lambda conn: conn.execute(insert(tables.role_grant), [row]) and None)
    form = sendable(checked)
    back = await signs(real_workplace, "U_MAYA", "privacy_officer", form=form)
    assert "Three people sign this" in back["errors"]["as_role"]
    view = await form_of(real_workplace)
    offered = [one for one in view["blocks"] if one.get("block_id") == "as_role"]
    assert len(offered[0]["element"]["options"]) == 2
    await signs(real_workplace, "U_MAYA")
    back = await signs(real_workplace, "U_MAYA", "clinical_lead", form=form)
    assert "another role" in str(back["errors"])
    back = await signs(real_workplace, "U_JO", "peer_supervisor", form=form)
    assert "errors" in back
    assert signers(real_workplace, checked.matrix.version) == {Role.PEER_SUPERVISOR: "maya"}
    await signs(real_workplace, "U_LIN")
    back = await signs(real_workplace, "U_OMAR", "clinical_lead", form=form)
    assert "signed in that role" in str(back["errors"])


async def test_a_form_of_another_version_signs_nothing(real_workplace, checked):
    form = sendable(checked)
    form["private_metadata"] = pack(MatterId(f"{PROGRAM}/{'0' * 12}"))
    back = await signs(real_workplace, "U_MAYA", form=form)
    assert "changed meanwhile" in str(back["errors"])


@pytest.mark.parametrize("user", ["U_JO", "U_ROSA", "U_NOBODY"])
async def test_who_does_not_look_after_the_matrix_opens_neither_form(real_workplace, checked, user):
    for action in (Action.ADOPT_MATRIX, Action.SHOW_VERSIONS):
        press = button(action, pack(MatterId(PROGRAM)))
        await real_workplace.gets(tap(press, user=user))
    assert real_workplace.slack.calls == []


async def test_the_home_of_who_looks_after_it_says_what_is_in_use_and_what_waits(
    real_workplace, checked
):
    for number in range(6):
        await proposed(real_workplace, view_id=f"V{number}")
    view = home_of(real_workplace, "U_MAYA")
    said, text = readable(view["blocks"]), json.dumps(view)
    assert not view_problems(view, Surface.HOME)
    assert f"the matrix that comes with Belay ({checked.matrix.version})" in said
    assert "it is a draft" in said
    assert text.count('"see_proposal"') == 5
    assert "belay matrix proposals" in said
    assert '"adopt_matrix"' in text
    assert '"show_versions"' in text
    for user in ("U_PAT", "U_INES", "U_LIN"):
        assert '"see_proposal"' in json.dumps(home_of(real_workplace, user))
    for user in ("U_JO", "U_ROSA"):
        assert '"show_versions"' not in json.dumps(home_of(real_workplace, user))


async def test_the_home_says_that_it_is_adopted_and_offers_no_signature_then(
    real_workplace, checked
):
    for user in SIGNS:
        await signs(real_workplace, user)
    text = json.dumps(home_of(real_workplace, "U_MAYA"))
    assert "It is adopted" in text
    assert '"adopt_matrix"' not in text


async def test_without_a_loaded_matrix_the_home_stands_and_no_form_opens(real_workplace):
    text = json.dumps(home_of(real_workplace, "U_MAYA"))
    assert "not loaded yet" in text
    assert '"adopt_matrix"' not in text
    press = button(Action.ADOPT_MATRIX, pack(MatterId(PROGRAM)))
    await real_workplace.gets(tap(press, user="U_MAYA"))
    assert real_workplace.slack.calls == []
