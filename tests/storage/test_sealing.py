"""This holds the seals to what they promise: nothing opens in another place or with another key."""

import base64

import pytest
from sqlalchemy import create_engine, select

from storage import tables
from storage.sealing import (
    BadKeyError,
    CannotOpenError,
    Sealer,
    generate_key,
    read_key,
)

OLD, NEW, OTHER = (bytes([no]) * 32 for no in (1, 2, 3))
PHONE = "person/p1/phone"


@pytest.fixture
def conn(database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        tables.metadata.create_all(connection, [tables.sealing_key])
        yield connection
    engine.dispose()


def recorded(conn):
    return set(conn.execute(select(tables.sealing_key.c.fingerprint)).scalars())


def test_what_was_sealed_opens_and_cannot_be_read_before():
    sealer = Sealer([NEW])
    blob = sealer.seal("+15555550111 ñ", PHONE)
    assert "5550111" not in blob
    assert sealer.open(blob, PHONE) == "+15555550111 ñ"


def test_the_same_text_is_never_sealed_alike():
    sealer = Sealer([NEW])
    assert sealer.seal("x", PHONE) != sealer.seal("x", PHONE)


@pytest.mark.parametrize("text", ["", "ok", "a phrase of some words", "x" * 120])
def test_the_length_of_a_sealed_value_tells_nothing_of_a_short_text(text):
    sealer = Sealer([NEW])
    assert len(sealer.seal(text, PHONE)) == len(sealer.seal("", PHONE))
    assert sealer.open(sealer.seal(text, PHONE), PHONE) == text


@pytest.mark.parametrize("about", ["person/p2/phone", "person/p1/duress", "", "person/p1/phone "])
def test_a_value_moved_to_another_row_or_column_does_not_open(about):
    sealer = Sealer([NEW])
    with pytest.raises(CannotOpenError):
        sealer.open(sealer.seal("secret", PHONE), about)


def test_every_character_of_a_sealed_value_counts():
    sealer = Sealer([NEW])
    blob = sealer.seal("secret", PHONE)
    for at, letter in enumerate(blob):
        changed = blob[:at] + ("A" if letter != "A" else "B") + blob[at + 1 :]
        with pytest.raises(CannotOpenError):
            sealer.open(changed, PHONE)


@pytest.mark.parametrize("blob", ["", "secret", "belay1", "belay1..", "belay1.00.AAAA", "é.é.é"])
def test_what_was_never_sealed_is_refused_and_not_repeated(blob):
    with pytest.raises(CannotOpenError) as refusal:
        Sealer([NEW]).open(blob, PHONE)
    assert PHONE in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_the_first_key_seals_and_every_key_opens():
    before = Sealer([OLD]).seal("secret", PHONE)
    after = Sealer([NEW, OLD])
    assert after.open(before, PHONE) == "secret"
    with pytest.raises(CannotOpenError):
        Sealer([OLD]).open(after.seal("secret", PHONE), PHONE)


def test_sealing_anew_lets_the_old_key_go_and_leaves_the_rest_alone():
    both = Sealer([NEW, OLD])
    moved = both.reseal(Sealer([OLD]).seal("secret", PHONE), PHONE)
    assert Sealer([NEW]).open(moved, PHONE) == "secret"
    assert both.reseal(moved, PHONE) == moved


def test_a_key_that_is_made_can_be_read():
    text = generate_key()
    assert len(base64.b64decode(text)) == 32
    assert read_key(text) == base64.b64decode(text)
    assert generate_key() != text


def test_keys_are_read_from_one_setting_and_with_either_alphabet():
    key = bytes([251]) * 32
    urlsafe = base64.urlsafe_b64encode(key).decode()
    assert read_key(urlsafe) == key
    assert len(Sealer.from_text(f"{generate_key()}, {urlsafe} ,").fingerprints) == 2


@pytest.mark.parametrize("text", ["hunter2", "not base64!", base64.b64encode(b"short").decode()])
def test_a_bad_key_is_refused_with_what_to_do_and_is_not_repeated(text):
    with pytest.raises(BadKeyError, match="belay keys generate") as refusal:
        Sealer.from_text(text)
    assert text not in str(refusal.value)


@pytest.mark.parametrize("text", ["", " , "])
def test_without_a_key_there_is_no_start(text):
    with pytest.raises(BadKeyError, match="BELAY_KEYS"):
        Sealer.from_text(text)


def test_the_same_keys_may_start_again_and_a_new_one_may_come(conn):
    Sealer([OLD]).register(conn)
    Sealer([OLD]).register(conn)
    Sealer([NEW, OLD]).register(conn)
    assert recorded(conn) == Sealer([NEW, OLD]).fingerprints


def test_a_database_sealed_with_another_key_is_not_started_on(conn):
    Sealer([OLD]).register(conn)
    with pytest.raises(BadKeyError, match="belay keys rotate") as refusal:
        Sealer([OTHER]).register(conn)
    assert base64.b64encode(OTHER).decode() not in str(refusal.value)
    assert recorded(conn) == Sealer([OLD]).fingerprints


def test_once_everything_is_sealed_anew_the_old_key_is_not_asked_for(conn):
    both = Sealer([NEW, OLD])
    both.register(conn)
    both.retire_others(conn)
    Sealer([NEW]).register(conn)
    assert recorded(conn) == Sealer([NEW]).fingerprints
