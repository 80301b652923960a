"""This holds the stored form of records: frozen by files, sealed where it must be, upgradable."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from protocol.calls import Called, OnRoll, RollCall, Standing
from protocol.effects import Effect
from protocol.ids import MatterId
from protocol.offers import Offer
from protocol.records import Answer
from storage import codec
from tests.storage import samples
from tests.storage.samples import NOW, SEALER, WORKER

M1 = MatterId("m1")
GOLDEN = Path(__file__).parent / "golden"
# What the first schema could hold, and what it has become.
VISIT = samples.visit()
CLOSED = samples.closed_escalation(owner=samples.LEAD, until_at=NOW)
FIRST = {"Visit": VISIT, "Escalation": CLOSED}
OFFER = Offer(samples.LEAD, samples.LEAD, samples.SECOND, NOW, NOW + samples.MINUTE)
CALLED = Called(MatterId("m2"), samples.LEAD, NOW, NOW, (WORKER,), (WORKER,))
RECORDS = {
    "Visit": replace(
        VISIT, watcher=samples.SECOND, offer=OFFER, grace=samples.MINUTE, called=CALLED
    ),
    "Escalation": replace(CLOSED, offer=OFFER, also=(samples.SECOND,)),
    "RollCall": RollCall(
        samples.LEAD, NOW, NOW + samples.MINUTE, NOW, (OnRoll(M1, WORKER, Standing.MISSED),)
    ),
    **samples.EFFECTS,
}


def golden(name: str, schema: int) -> Path:
    """The file of a record's stored form in this schema."""
    return GOLDEN / f"v{schema}" / f"{name}.json"


def written(name: str) -> str:
    """The stored form of a sample, laid out to be read."""
    body = body_of(name, RECORDS[name])
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def body_of(name, record):
    if name == "Visit":
        return json.loads(codec.visit_body(record, SEALER, M1))
    if name == "Escalation":
        return json.loads(codec.escalation_body(record))
    if name == "RollCall":
        return codec.roll_call_body(record)
    return codec.effect_body(record)


def read(name, body, schema=None):
    schema = codec.schema_of(name) if schema is None else schema
    if name == "Visit":
        return codec.visit_of(body, schema, SEALER, M1)
    if name == "Escalation":
        return codec.escalation_of(body, schema)
    if name == "RollCall":
        return codec.roll_call_of(body, schema)
    return codec.effect_of(name, body, schema)


@pytest.mark.parametrize("name", RECORDS)
def test_the_stored_form_is_that_of_the_file_byte_for_byte(name):
    assert written(name).encode() == golden(name, codec.schema_of(name)).read_bytes()


@pytest.mark.parametrize(
    ("name", "schema"),
    [(name, schema) for name in RECORDS for schema in range(1, codec.schema_of(name) + 1)],
)
def test_what_an_earlier_release_wrote_is_read(name, schema):
    body = json.loads(golden(name, schema).read_text())
    newest = schema == codec.schema_of(name)
    assert read(name, body, schema) == (RECORDS if newest else FIRST)[name]


def test_every_effect_has_a_file():
    assert set(samples.EFFECTS) == {kind.__name__ for kind in get_args(Effect)}


def test_a_record_is_written_alike_whatever_the_order_of_its_sets():
    factors = sorted(samples.plan().factors)
    plans = [samples.plan(factors=frozenset(order)) for order in (factors, factors[::-1])]
    one, other = (body_of("Visit", samples.visit(plan=plan)) for plan in plans)
    assert one == other


# --- schemas ---------------------------------------------------------------------------------


@pytest.fixture
def a_third_schema(monkeypatch):
    """As if `Reply` had been changed twice since: `why` became `reason`, and `at` was added."""

    def rename(body):
        return {("reason" if key == "why" else key): value for key, value in body.items()}

    def add(body):
        return {**body, "at": NOW.isoformat()}

    monkeypatch.setattr(codec, "UPCASTS", {"Reply": (rename, add)})


@pytest.mark.usefixtures("a_third_schema")
def test_an_older_body_is_brought_up_step_by_step():
    first = {"key": "k", "to": WORKER, "why": "already_leaving"}
    second = {"key": "k", "to": WORKER, "reason": "already_leaving"}
    present = samples.effect("Reply", "k")
    assert codec.schema_of("Reply") == 3
    assert read("Reply", first, 1) == read("Reply", second, 2) == present
    assert read("Reply", body_of("Reply", present), 3) == present


@pytest.mark.usefixtures("a_third_schema")
def test_reading_an_older_body_leaves_the_row_as_it_was():
    first = {"key": "k", "to": WORKER, "why": "already_leaving"}
    read("Reply", first, 1)
    assert "why" in first


@pytest.mark.parametrize("schema", [0, 2])
def test_a_body_of_an_unknown_schema_is_not_guessed_at(schema):
    with pytest.raises(codec.UnknownSchemaError):
        read("Reply", body_of("Reply", samples.effect("Reply")), schema)


def test_an_effect_of_an_unknown_kind_is_not_guessed_at():
    with pytest.raises(codec.UnknownSchemaError):
        codec.effect_of("Shout", {}, 1)


@pytest.mark.parametrize("name", ["Visit", "Escalation", "Page"])
def test_a_damaged_body_is_an_error_and_not_a_record(name):
    with pytest.raises(codec.DamagedError) as found:
        read(name, {"key": "a name"})
    assert "a name" not in str(found.value)
    assert found.value.__suppress_context__


# --- sealing ---------------------------------------------------------------------------------


def test_neither_note_nor_answers_stand_in_the_body():
    secret = samples.visit(
        plan=samples.plan(note="ask for Sam"), answers=(Answer(WORKER, NOW, "bluebird"),)
    )
    text = codec.visit_body(secret, SEALER, M1)
    body = json.loads(text)
    assert "Sam" not in text
    assert "bluebird" not in text
    assert body["plan"]["note"].startswith("sealed:visit/m1/note:")
    assert body["answers"][0]["said"].startswith("sealed:visit/m1/answer:")
    assert codec.visit_of(body, codec.schema_of("Visit"), SEALER, M1) == secret


def test_a_body_does_not_open_in_another_matter():
    body = body_of("Visit", samples.visit())
    with pytest.raises(ValueError, match="not sealed as visit/m2"):
        codec.visit_of(body, codec.schema_of("Visit"), SEALER, MatterId("m2"))


def test_no_note_stays_no_note():
    body = body_of("Visit", samples.visit(plan=samples.plan(note="")))
    assert body["plan"]["note"] == ""


@pytest.mark.parametrize(
    "said", ["", "a1", "b2", "12:x", "the blue bird sings 🐦", "  ", "ñ" * 200]
)
def test_every_answer_is_sealed_at_the_same_length(said):
    body = body_of("Visit", samples.visit(answers=(Answer(WORKER, NOW, said),)))
    sealed = body["answers"][0]["said"]
    assert len(SEALER.open(sealed, "visit/m1/answer").encode()) == codec.ANSWER_BLOCK
    assert codec.visit_of(body, codec.schema_of("Visit"), SEALER, M1).answers[0].said == said
