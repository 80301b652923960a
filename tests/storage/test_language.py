"""Whose language it is: what somebody chose, else their program's, else English."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from protocol.ids import PersonId, ProgramId
from protocol.people import Language
from storage import people, programs, tables
from storage.database import Database
from storage.people import Reader
from storage.sealing import Sealer
from tests.storage.programs_for_tests import read, small, there

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
RIVER = ProgramId("river")
JO, ROSA, NOBODY = (PersonId(name) for name in ("jo", "rosa", "nobody"))
SPANISH_PROGRAM = ("name: River\n", "name: River\n  language: es\n")
SPANISH_JO = ("slack: U_JO", "slack: U_JO, language: es")


@pytest.fixture
def conn(database_url):
    database = Database.open(database_url)
    database.run_sync(tables.metadata.create_all)
    with database.engine.begin() as connection:
        yield connection
    database.dispose()


@pytest.fixture
def applied(conn, tmp_path):
    """This applies the small program with some text replaced, and says what changed."""

    def apply(*changes):
        file = read(tmp_path, small(*changes)).file
        return [str(one) for one in programs.apply(conn, Sealer([b"k" * 32]), file, AT)]

    return apply


def test_who_chose_nothing_reads_their_programs_language(conn, applied):
    applied(SPANISH_PROGRAM)
    people.set_language(conn, ROSA, Language.EN)
    assert there(programs.by_id(conn, RIVER)).language is Language.ES
    assert there(people.by_id(conn, JO)).language is None
    assert people.languages(conn, RIVER, [JO, ROSA, NOBODY, None]) == {
        None: Language.ES,
        JO: Language.ES,
        ROSA: Language.EN,
        NOBODY: Language.ES,
    }


def test_a_program_speaks_english_until_its_file_says_otherwise(conn, applied):
    applied()
    assert people.languages(conn, RIVER, []) == {None: Language.EN}
    assert applied(SPANISH_PROGRAM) == ["program river: changed (language)"]
    assert applied(SPANISH_PROGRAM) == []
    assert people.languages(conn, ProgramId("unknown"), [JO])[JO] is Language.EN


def test_a_file_says_what_somebody_reads_until_they_choose_and_never_takes_that_back(conn, applied):
    applied()
    applied(SPANISH_JO)
    assert there(people.by_id(conn, JO)).language is Language.ES
    people.set_language(conn, JO, Language.EN)
    assert applied(SPANISH_JO) == []
    assert applied() == []
    assert there(people.by_id(conn, JO)).language is Language.EN
    people.set_language(conn, JO, None)
    assert there(people.by_id(conn, JO)).language is None


def test_how_to_speak_to_everybody_is_one_question(conn, applied):
    applied(SPANISH_JO)
    spoken = people.readers(conn, AT + timedelta(minutes=1))
    assert spoken["U_JO"] == Reader(Language.ES, "+15555550100")
    assert spoken["U_ROSA"] == Reader(Language.EN, "+15555550100")
    assert set(spoken) == {"U_JO", "U_ROSA", "U_THEO", "U_MAYA", "U_LIN"}


def test_who_serves_two_programs_is_spoken_to_as_in_the_first(conn, applied):
    applied(SPANISH_PROGRAM)
    row = there(programs.by_id(conn, RIVER))
    conn.execute(
        insert(tables.program).values(
            id="creek",
            name="Creek",
            zone=row.zone,
            policy={},
            channels={},
            coordinator_line="+15555550777",
            county_number=row.county_number,
            created_at=AT,
        )
    )
    conn.execute(
        insert(tables.role_grant).values(
            program_id="creek", person_id=JO, role="peer", from_at=AT - timedelta(days=1)
        )
    )
    spoken = people.readers(conn, AT + timedelta(minutes=1))
    assert spoken["U_JO"] == Reader(Language.EN, "+15555550777")
    assert spoken["U_ROSA"] == Reader(Language.ES, "+15555550100")
