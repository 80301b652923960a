"""Partners in an answer: name, number that a phone calls, hours, and whether it was checked."""

import json
from dataclasses import replace
from datetime import date

from bot.matrix.model import Authority, Matrix
from bot.slack.render import answer_row as draw
from bot.slack.render.answer_lines import Asked
from bot.slack.render.answer_row import Found
from bot.slack.words.speech import speaking
from protocol.ids import ProgramId
from protocol.partners import Hours, Partner
from protocol.people import Language
from storage.on_call import Desk
from tests.answering import matrix
from tests.block_kit import check_message
from tests.slack.readable import readable

TODAY = date(2026, 11, 23)
CRISIS = Partner(
    "river/crisis",
    ProgramId("river"),
    "River Crisis <Team>",
    "mobile_crisis",
    "+15555550181",
    Hours("8 to midnight", "de 8 a medianoche"),
    TODAY,
)


def row_of(line, *, private=False):
    return next(
        row
        for row in matrix().rows
        if line in row.call_first and row.private is private and (row.urgent or private)
    )


def drawn(row, *partners, language=Language.EN, today=TODAY, of=None):
    whole = of or matrix()
    desk = Desk(known=True, county_number="+15555550199", partners=partners, today=today)
    with speaking(language.value):
        made = draw.one(Asked(whole, language, desk, draft=False), Found(row.key, True))
    check_message(made.blocks)
    return made


def first(made):
    return readable(made.blocks[:1])


def test_the_line_shows_name_number_and_hours_of_the_partner_who_answers_it():
    row = row_of("mobile_crisis")
    made = drawn(row, CRISIS)
    assert matrix().lines["mobile_crisis"].text.en in first(made)
    assert "(8 to midnight)" in first(made)
    assert "<tel:+15555550181|+15555550181>" in json.dumps(made.blocks[0])
    assert "River Crisis &lt;Team&gt;" in json.dumps(made.blocks[0])
    assert "not checked" not in first(made)
    assert "de 8 a medianoche" in first(drawn(row, CRISIS, language=Language.ES))


def test_a_number_that_nobody_has_checked_is_shown_and_said_to_be_so():
    row = row_of("mobile_crisis")
    never = first(drawn(row, replace(CRISIS, checked_on=None)))
    assert "+15555550181" in never
    assert "number not checked yet" in never
    old = first(drawn(row, replace(CRISIS, checked_on=date(2026, 1, 5))))
    assert "number last checked 2026-01-05" in old


def test_a_partner_without_a_number_is_not_called():
    row = row_of("mobile_crisis")
    bare = replace(CRISIS, number=None, checked_on=None)
    assert first(drawn(row, bare)) == first(drawn(row))


def test_where_nobody_could_look_partners_are_left_out():
    row = row_of("mobile_crisis")
    assert first(drawn(row, CRISIS, today=None)) == first(drawn(row))


def test_a_number_of_the_matrix_stays_beside_the_partners():
    row = row_of("dv_line")
    local = replace(CRISIS, line="dv_line", name="Harbor House", number="+15555550188")
    said = first(drawn(row, local))
    assert matrix().lines["dv_line"].number in said
    assert "Harbor House" in said


def test_the_same_number_is_shown_once():
    row = row_of("county_number")
    dispatch = replace(CRISIS, line="county_number", name="Dispatch", number="+15555550199")
    said = json.dumps(drawn(row, dispatch).blocks[0])
    assert said.count("<tel:+15555550199|") == 1
    assert "Dispatch" in said


def test_a_private_row_shows_a_partner_too_for_their_number_is_nobodys_secret():
    row = row_of("employee_assistance", private=True)
    helpline = replace(CRISIS, line="employee_assistance", name="Helpline")
    assert "Helpline" in first(drawn(row, helpline))


def test_the_owner_that_is_called_shows_its_partner():
    row = next(row for row in matrix().rows if row.owner == "medical_partner" and not row.private)
    clinic = replace(CRISIS, line="medical_partner", name="Harbor Clinic")
    said = readable(drawn(row, clinic).blocks)
    who = next(one for one in said.splitlines() if one.startswith("*Who:*"))
    assert "Harbor Clinic" in who
    assert "+15555550181" in who


def held_to_the_law():
    """The matrix with every rule held to local law, so that only lines are still to be checked."""
    rows = tuple(
        row.model_copy(
            update={"authority": tuple(Authority(text=one.text) for one in row.authority)}
        )
        for row in matrix().rows
    )
    # A copy would keep what was worked out of the rows before.
    fields = {name: getattr(matrix(), name) for name in Matrix.model_fields}
    return Matrix(**{**fields, "rows": rows})


def test_only_what_nobody_has_checked_says_check_locally():
    row = row_of("mobile_crisis")
    keys = [key for key in row.call_first if matrix().lines[key].check_locally]
    checked = [replace(CRISIS, id=f"river/{key}", line=key) for key in keys]
    doubted = [replace(one, checked_on=None) for one in checked]
    law = held_to_the_law()
    assert "Check locally" in readable(drawn(row, of=law).blocks)
    assert "Check locally" not in readable(drawn(row, *checked, of=law).blocks)
    assert "Check locally" in readable(drawn(row, *doubted, of=law).blocks)
    assert "Check locally" in readable(drawn(row, *checked).blocks)
