"""This holds log lines and metrics to ids: nothing that somebody typed, no secret, no message."""

import io
import json
import logging

import pytest
import structlog

from bot import observe


@pytest.fixture
def lines():
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    observe.configure("debug", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_logger_that_has_written_goes_where_it_is_told_to_next(lines):
    log = structlog.get_logger("bot.x")
    log.info("thing.done")
    with structlog.testing.capture_logs() as caught:
        log.info("thing.done.again")
    assert [line["event"] for line in (*lines(), *caught)] == ["thing.done", "thing.done.again"]


@pytest.mark.parametrize(
    "key",
    ["note", "text", "phone", "said", "answer", "token", "sealed_note", "phone_number", "url"],
)
def test_what_somebody_typed_is_dropped_by_its_key(lines, key):
    structlog.get_logger("bot.x").info("thing.done", matter="m1", **{key: "the red door"})
    (line,) = lines()
    assert line["event"] == "thing.done"
    assert line["matter"] == "m1"
    assert "red door" not in json.dumps(line)


@pytest.mark.parametrize(
    "value",
    [
        "xoxb-123-abc",
        "a xapp-1-A1 inside",
        "wss://wss-primary.slack.com/link/?ticket=1",
        "https://hooks.slack.com/services/T/B/x",
        "https://user:pw@example.org",
        ["deep", {"down": "xoxp-1"}],
        "belay1.0123.abcd",
    ],
)
def test_what_looks_like_a_secret_is_dropped_wherever_it_stands(lines, value):
    structlog.get_logger("bot.x").info("thing.done", where=value)
    told = json.dumps(lines()[0])
    for secret in ("xox", "xapp", "ticket", "hooks", "pw@", "belay1."):
        assert secret not in told


def test_forbidden_keys_are_dropped_inside_a_value_too(lines):
    structlog.get_logger("bot.x").info("thing.done", about={"id": "m1", "note": "the red door"})
    assert lines()[0]["about"] == {"id": "m1", "note": observe.DROPPED}


def test_a_fault_is_told_by_type_and_place_and_never_by_its_words(lines):
    try:
        try:
            raise KeyError("the red door")
        except KeyError as error:
            raise ValueError("Ana, 555-0100") from error
    except ValueError:
        structlog.get_logger("bot.x").exception("thing.failed")
    (line,) = lines()
    assert line["error_type"] == "ValueError"
    assert line["error_cause"] == "KeyError"
    assert line["error_at"][-1].startswith("test_observe.py:")
    told = json.dumps(line)
    for words in ("red door", "Ana", "555-0100"):
        assert words not in told


def test_a_library_is_told_by_place_because_its_words_quote_payloads(lines):
    logging.getLogger("slack_sdk.web").warning("Received %s", {"text": "the red door"})
    (line,) = lines()
    assert line["event"] == "library.log"
    assert line["logger"] == "slack_sdk.web"
    assert line["where"].startswith("test_observe.py:")
    assert "red door" not in json.dumps(line)


def test_the_chatter_of_a_library_stays_off(lines):
    logging.getLogger("slack_sdk.web").info("everything")
    structlog.get_logger("bot.x").debug("ours")
    assert [line["event"] for line in lines()] == ["ours"]


def test_an_object_is_told_by_its_type_alone(lines):
    class Plan:
        def __repr__(self):
            return "the red door"

    structlog.get_logger("bot.x").info("thing.done", plan=Plan())
    assert lines()[0]["plan"] == "Plan"


def test_no_metric_has_a_label_that_tells_one_answer_from_another():
    allowed = {"cause", "kind", "where", "task", "outcome", "le"}
    for metric in observe.registry.collect():
        for sample in metric.samples:
            assert set(sample.labels) <= allowed, sample.name
