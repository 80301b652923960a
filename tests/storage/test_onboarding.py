"""What workers set for themselves: sealed at once, theirs to change, and never told on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.sending import Send
from storage import audit, onboarding, people, programs, tables
from storage.database import Database
from storage.onboarding_tables import State, Step
from storage.sealing import Sealer
from tests.storage.programs_for_tests import SMALL, read

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RIVER, GATE = ProgramId("river"), PlaceId("river/gate")
JO, ROSA = PersonId("jo"), PersonId("rosa")
SEALER = Sealer([b"k" * 32])
PHRASE = "the heron stands by the pond"
PHONE, CONTACT = "+15555550777", "Ana, 555-0188"


@pytest.fixture
def file(tmp_path):
    return read(tmp_path, SMALL).file


@pytest.fixture
def conn(ready_database_url, file):
    database = Database.open(ready_database_url)
    with database.engine.begin() as conn:
        programs.apply(conn, SEALER, file, AT - HOUR)
        yield conn
    database.dispose()


def contacts(conn, **more):
    given = {"phone": "", "contact": "", "forget_contact": False, "excludes": (), "at": AT, **more}
    onboarding.set_contacts(conn, SEALER, JO, **given)


def everything(conn):
    return "\n".join(
        str(value)
        for table in tables.metadata.sorted_tables
        for row in conn.execute(select(table)).mappings()
        for value in row.values()
    )


def phone_of(conn):
    return people.contact(conn, SEALER, JO, reader=ROSA, why="missed_check_in", at=AT)


def test_a_step_is_ahead_until_it_is_done_or_put_off(conn):
    assert onboarding.progress(conn, JO) == {}
    onboarding.note(conn, JO, Step.SEND, State.SKIPPED, AT)
    assert onboarding.progress(conn, JO) == {Step.SEND: State.SKIPPED}
    onboarding.note(conn, JO, Step.SEND, State.DONE, AT)
    onboarding.note(conn, JO, Step.SEND, State.SKIPPED, AT + HOUR)
    assert onboarding.progress(conn, JO) == {Step.SEND: State.DONE}


def test_what_was_done_again_leaves_no_newer_time(conn):
    onboarding.note(conn, JO, Step.PRACTICE, State.DONE, AT)
    onboarding.note(conn, JO, Step.PRACTICE, State.DONE, AT + HOUR)
    assert conn.execute(select(tables.onboarding.c.at)).scalar() == AT


def test_private_answers_are_sealed_and_the_next_choice_takes_their_place(conn):
    onboarding.set_answers(conn, SEALER, JO, "a", PHRASE, AT)
    assert PHRASE not in everything(conn)
    assert people.duress_choices(conn, SEALER, [JO])[JO].matches(f"ok {PHRASE}")
    onboarding.set_answers(conn, SEALER, JO, "b", "la garza junto al lago", AT)
    choice = people.duress_choices(conn, SEALER, [JO])[JO]
    assert choice.button == "b"
    assert not choice.matches(PHRASE)


def test_the_history_says_which_setting_was_changed_and_not_what_it_is(conn):
    onboarding.set_answers(conn, SEALER, JO, "a", PHRASE, AT)
    contacts(conn, phone=PHONE, contact=CONTACT)
    line, body = tables.audit_line.c, tables.audit_body.c
    mine = select(line.event, line.reason, line.actor).where(line.chain == f"person/{JO}")
    assert [tuple(row) for row in conn.execute(mine.order_by(line.seq))] == [
        ("SettingChanged", "answers", JO),
        ("SettingChanged", "contacts", JO),
    ]
    bodies = conn.execute(select(body.body).where(body.chain == f"person/{JO}")).scalars()
    assert set(bodies) == {"{}"}
    assert audit.verify(conn, {}).ok


def test_contacts_are_sealed_and_an_empty_answer_keeps_what_is_there(conn):
    contacts(conn, phone=PHONE, contact=CONTACT)
    shown = everything(conn)
    assert PHONE not in shown
    assert CONTACT not in shown
    contacts(conn)
    assert phone_of(conn) == PHONE
    assert onboarding.has_contact(conn, JO)
    contacts(conn, forget_contact=True)
    assert not onboarding.has_contact(conn, JO)


def test_a_programs_file_takes_back_nothing_that_somebody_chose_themselves(conn, file):
    contacts(conn, phone=PHONE, excludes=[ROSA])
    programs.apply(conn, SEALER, file, AT + HOUR)
    assert phone_of(conn) == PHONE
    assert people.by_id(conn, JO).excludes == (ROSA,)


def test_without_a_choice_of_their_own_the_file_has_it(conn, file):
    conn.execute(update(tables.person).where(tables.person.c.id == JO).values(excludes=[ROSA]))
    programs.apply(conn, SEALER, file, AT + HOUR)
    assert people.by_id(conn, JO).excludes == ("theo",)


def test_whom_to_send_is_as_agreed_for_the_place_or_else_for_everywhere(conn):
    assert onboarding.whom_to_send(conn, JO, GATE) == ()
    onboarding.set_send(conn, JO, None, [Send.PAIR, Send.EMS], AT)
    onboarding.set_send(conn, JO, GATE, [Send.MOBILE_CRISIS], AT)
    assert onboarding.whom_to_send(conn, JO, GATE) == (Send.MOBILE_CRISIS,)
    assert onboarding.whom_to_send(conn, JO, None) == (Send.PAIR, Send.EMS)
    assert onboarding.whom_to_send(conn, JO, PlaceId("river/x")) == (Send.PAIR, Send.EMS)
    onboarding.set_send(conn, JO, GATE, [], AT)
    assert onboarding.whom_to_send(conn, JO, GATE) == (Send.PAIR, Send.EMS)


def test_a_worker_sees_who_opened_what_is_sealed_about_them(conn):
    contacts(conn, phone=PHONE, contact=CONTACT, excludes=[ROSA])
    phone_of(conn)
    own = onboarding.own(conn, JO)
    assert (own.has_phone, own.has_contact, own.excludes) == (True, True, (ROSA,))
    assert own.reads == ((AT, ROSA, "phone"),)


def silent_matter(conn, closed_at=None):
    """A duress answer of Jo's was read an hour ago."""
    row = {
        "id": "m1.jo",
        "program_id": RIVER,
        "worker": JO,
        "version": 1,
        "silent": True,
        "active": closed_at is None,
        "due_at": None if closed_at else AT + HOUR,
        "attempt_at": None if closed_at else AT + HOUR,
        "opened_at": AT - HOUR,
        "closed_at": closed_at,
    }
    conn.execute(insert(tables.matter), row)


@pytest.mark.parametrize("closed_at", [None, AT + HOUR])
def test_a_read_for_a_duress_answer_is_not_shown_while_or_after_it_is_open(conn, closed_at):
    contacts(conn, phone=PHONE)
    before = onboarding.own(conn, JO)
    silent_matter(conn, closed_at)
    phone_of(conn)
    assert onboarding.own(conn, JO) == before


def test_a_read_before_and_after_a_silent_matter_is_shown(conn):
    contacts(conn, phone=PHONE)
    silent_matter(conn, closed_at=AT - HOUR / 2)
    phone_of(conn)
    assert len(onboarding.own(conn, JO).reads) == 1
