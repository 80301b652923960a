"""The directory of partners: taken over once, told, and never with a check of another number."""

from datetime import UTC, date, datetime

import pytest

from protocol.ids import PersonId, ProgramId
from protocol.partners import Check, Hours, Partner, on_line
from storage import partners, programs, tables
from storage.database import Database
from storage.program_change import ApplyRefusedError
from storage.sealing import Sealer
from tests.storage.programs_for_tests import EXAMPLE, SMALL, line_of, read

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
RIVER = ProgramId("river")
TODAY = date(2026, 11, 23)
CRISIS = """\
partners:
  - id: crisis
    name: Mobile crisis
    line: mobile_crisis
    number: "+15555550181"
    hours: {en: at any hour, es: a toda hora}
    checked: {on: 2026-11-16, by: rosa}
"""


@pytest.fixture
def conn(database_url):
    database = Database.open(database_url)
    database.run_sync(tables.metadata.create_all)
    with database.engine.begin() as connection:
        yield connection
    database.dispose()


@pytest.fixture
def apply(conn, tmp_path):
    """This applies the small program with these partners, and says what changed of partners."""

    def applied(text=CRISIS, at=AT):
        file = read(tmp_path, SMALL + text).file
        changes = map(str, programs.apply(conn, Sealer([b"k" * 32]), file, at))
        return [one for one in changes if one.startswith("partner")]

    return applied


def test_a_partner_is_read_back_as_it_was_written(conn, apply):
    assert apply() == ["partner crisis: added"]
    assert partners.of(conn, RIVER) == (
        Partner(
            "river/crisis",
            RIVER,
            "Mobile crisis",
            "mobile_crisis",
            "+15555550181",
            Hours("at any hour", "a toda hora"),
            date(2026, 11, 16),
            PersonId("rosa"),
        ),
    )


def test_what_is_said_twice_changes_nothing_and_what_is_gone_is_taken_away(conn, apply):
    apply()
    assert apply() == []
    assert apply(CRISIS.replace("Mobile crisis", "Crisis team")) == [
        "partner crisis: changed (name)"
    ]
    assert apply("") == ["partner crisis: removed"]
    assert partners.of(conn, RIVER) == ()


def test_a_partner_may_have_nothing_but_a_name(conn, apply):
    apply("partners:\n  - {id: food, name: Food bank}\n")
    [one] = partners.of(conn, RIVER)
    assert (one.line, one.number, one.hours, one.check(TODAY)) == (None, None, None, Check.NEVER)


def test_another_number_beside_the_old_check_is_refused_and_with_a_new_one_taken(apply):
    apply()
    other = CRISIS.replace("0181", "0182")
    with pytest.raises(ApplyRefusedError, match="the check is of the one before"):
        apply(other)
    assert apply(other.replace("11-16", "11-20")) == [
        "partner crisis: changed (checked_on, number)"
    ]


WRONG = [
    ('"+15555550181"', "555-0181", "number:", "not a number that a phone can call"),
    ("by: rosa", "by: rossa", "checked:", "nobody in people has this id"),
    ("on: 2026-11-16", "on: soon", "checked:", "does not fit"),
    ("mobile_crisis", "Mobile Crisis", "line: Mobile", "not a line of the matrix"),
    (", es: a toda hora", "", "hours:", "es is missing"),
    ('    number: "+15555550181"\n', "", "- id: crisis", "there is none"),
    ("mobile_crisis", "county_number", "number: ", "another number than the program's"),
]


@pytest.mark.parametrize(("old", "new", "part", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line_and_a_remedy(tmp_path, old, new, part, said):
    assert CRISIS.count(old) == 1
    text = SMALL + CRISIS.replace(old, new)
    with pytest.raises(programs.BadProgramFileError) as refusal:
        read(tmp_path, text)
    problem = refusal.value.problems[0]
    begins = SMALL.count("\n")
    assert problem.line == begins + line_of(text[len(SMALL) :], part)
    assert said in problem.what
    assert problem.remedy


def test_two_partners_may_answer_one_line_and_not_have_one_id(tmp_path):
    again = '  - {id: crisis-2, name: Night team, line: mobile_crisis, number: "211"}\n'
    assert len(read(tmp_path, SMALL + CRISIS + again).file.partners) == 2
    with pytest.raises(programs.BadProgramFileError, match="this id stands in partners already"):
        read(tmp_path, SMALL + CRISIS + again.replace("crisis-2", "crisis"))


def test_a_check_is_good_for_half_a_year():
    def check(on):
        return Partner("p", RIVER, "P", number="211", checked_on=on).check(TODAY)

    assert check(date(2026, 5, 27)) is Check.DONE
    assert check(date(2026, 5, 26)) is Check.OLD
    assert check(date(2026, 11, 24)) is Check.NEVER
    assert check(None) is Check.NEVER


def test_the_surest_number_of_a_line_comes_first():
    made = [
        Partner("a", RIVER, "A", "l", "211"),
        Partner("b", RIVER, "B", "l", "311", checked_on=date(2025, 1, 1)),
        Partner("c", RIVER, "C", "l", "411", checked_on=TODAY),
        Partner("d", RIVER, "D", "l"),
        Partner("e", RIVER, "E", "other", "511", checked_on=TODAY),
    ]
    assert [one.id for one in on_line(made, "l", TODAY)] == ["c", "b", "a"]


def test_the_example_has_partners_and_one_whose_number_nobody_has_checked():
    found = programs.read(EXAMPLE).file.partners
    assert {one.line for one in found} >= {"mobile_crisis", "county_number"}
    assert [one.id for one in found if one.checked is None] == ["harbor-clinic"]
