"""This holds the change of keys to what it promises: nothing is left under the old one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from protocol.decision import Decision, Reason
from protocol.events import DeadlinePassed
from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.rating import FlagKind
from storage import matters, people, places, programs, rotation, tables
from storage.database import Database
from storage.sealing import BadKeyError, Sealer
from tests.storage import samples
from tests.storage.programs_for_tests import SMALL, read

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
RIVER, JO = ProgramId("river"), PersonId("jo")
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def database(database_url):
    opened = Database.open(database_url)
    opened.run_sync(tables.metadata.create_all)
    yield opened
    opened.dispose()


def fill(conn, sealer, file):
    sealer.register(conn)
    programs.apply(conn, sealer, file, AT)
    people.set_duress(conn, sealer, JO, "ok-2", "a phrase")
    places.raise_flag(
        conn,
        sealer,
        file.policy,
        flag_id="f1",
        program=RIVER,
        place=PlaceId("river/gate"),
        kind=FlagKind.CONCERN,
        author=JO,
        at=AT,
        evidence="seen",
    )
    visit = samples.visit(approver=PersonId("rosa"), plan=samples.plan(backup=None))
    made = replace(samples.matter(), program=RIVER, worker=JO, visit=visit)
    matters.save(
        conn,
        sealer,
        made,
        Decision(made, Reason.PLANNED),
        DeadlinePassed(AT),
        at=AT,
        transport_now=AT,
    )


def everything(conn):
    return "".join(
        str(row) for table in tables.metadata.sorted_tables for row in conn.execute(select(table))
    )


def test_after_a_change_of_keys_the_new_one_opens_everything_and_the_old_is_forgotten(
    database, tmp_path
):
    database.run_sync(fill, Sealer([OLD]), read(tmp_path, SMALL).file)
    with pytest.raises(BadKeyError):
        database.run_sync(Sealer([NEW]).register)
    both = Sealer([NEW, OLD])
    database.run_sync(both.register)
    for _ in range(2):
        assert rotation.rotate(database, both) == 6

    only_new = Sealer([NEW])
    database.run_sync(only_new.register)
    [old_id] = [one[:16] for one in Sealer([OLD]).fingerprints]
    assert old_id not in database.run_sync(everything)
    assert database.run_sync(people.duress_choices, only_new, [JO])[JO].phrase == "a phrase"
    kept = database.run_sync(matters.load, only_new, "m1")
    assert kept.visit.plan.note == "the side door"
    assert [answer.said for answer in kept.visit.answers] == ["a1", ""]


def test_every_column_that_is_sealed_is_sealed_anew(database):
    sealed = {(table.name, name) for table, name, _ in rotation.SEALED}
    for table, name in sealed:
        assert name in tables.metadata.tables[table].c
    salts = tables.matrix_tables.decline_salt
    long_texts = {
        (table.name, column.name)
        for table in (
            tables.person,
            tables.place,
            tables.flag,
            tables.flag_word,
            tables.raised,
            salts,
        )
        for column in table.c
        if str(column.type) == "TEXT"
    }
    assert long_texts == sealed
