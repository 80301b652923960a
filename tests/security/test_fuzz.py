"""Whatever comes in from outside is answered, is no fault, and comes back to nobody as it was."""

import asyncio
import copy
import json
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.slack.carried import unpack
from bot.slack.read import worker
from bot.slack.read.payload import BadInput
from protocol.policy import Policy
from storage import programs
from storage.program_yaml import BadYamlError
from storage.program_yaml import read as read_yaml
from tests.protocol.world import NOON
from tests.security import states
from tests.security.deeds import DEEDS
from tests.security.desk import Desk, patient, sent_by
from tests.security.junk import JUNK, MARK, NASTY, TEXT, spoilt
from tests.security.people import KINDS
from tests.security.profiles import tried
from tests.slack.payloads import command, message
from tests.storage.programs_for_tests import SMALL

FAULTS = {"handler.failed", "beside.failed", "task.failed", "library.log"}
# Without these Slack itself could not tell what it is about; the rest may be anything.
ROUTED = frozenset({"type", "command"})


@contextmanager
def desk_at(folder, name):
    """The app over one moment, in a loop of its own that lasts for all examples."""
    loop = asyncio.new_event_loop()
    with states.county(folder, name) as county, patient(), capture_logs() as lines:
        loop.run_until_complete(states.MOMENTS[name](county))
        desk = loop.run_until_complete(made(county))
        try:
            yield desk, loop.run_until_complete, lines
        finally:
            loop.close()


async def made(county):
    desk = Desk(states.moment(county))
    await desk.door.learn()
    return desk


@pytest.fixture(scope="module", params=["planned", "taken"])
def desk(request, tmp_path_factory):
    with desk_at(tmp_path_factory.mktemp("fuzz"), request.param) as found:
        yield found


def sentences(came):
    """What the answer says in words of Belay's own: never what somebody typed."""
    found = [str(said.get("text")) for said in came.said]
    answer = json.loads(came.answer) if came.answer.startswith("{") else {}
    found += [str(answer.get("text", "")), *map(str, (answer.get("errors") or {}).values())]
    return "\n".join(found)


@tried(40)
@given(st.data())
def test_a_delivery_that_is_spoilt_is_answered_and_is_no_fault(desk, data):
    desk, run, lines = desk
    deed = data.draw(st.sampled_from(DEEDS), "deed")
    user = data.draw(st.sampled_from(sorted(KINDS.values())), "user")
    body = spoilt(sent_by(user, deed.make(desk.moment)), data.draw, ROUTED)
    lines.clear()
    came, fault = tried_out(run, desk.gets(body))
    assert not ours(fault), (deed.name, fault)
    if came is None:
        return
    faults = [line for line in lines if line["event"] in FAULTS and ours(line.get("exc_info"))]
    assert not faults, (deed.name, faults)
    assert MARK not in sentences(came)
    assert MARK not in str([line for line in lines if line["event"] != "request.unknown"])


# What fuzzing has found so far: the deed, where it was spoilt, and with what.
FOUND = [
    ("form plan", ("view", "blocks"), None),
    ("form plan", ("view", "blocks", 0), 1),
    ("form no_signal", ("view", "blocks"), 1.5),
    ("button ok", ("user", "id"), "\ud800"),
    ("button ok", ("user", "id"), {"a": 1}),
    ("button escalate", ("actions", 0, "action_ts"), "\ud800"),
    ("word OUT", ("event", "user"), "\ud800"),
    ("home", ("event", "user"), "\ud800"),
]


@pytest.mark.parametrize(("name", "where", "what"), FOUND)
def test_what_fuzzing_found_is_answered_and_is_no_fault(desk, name, where, what):
    desk, run, lines = desk
    deed = next(one for one in DEEDS if one.name == name)
    body = spoilt_at(deed.make(desk.moment), where, what)
    lines.clear()
    run(desk.gets(body))
    assert not [line for line in lines if line["event"] in FAULTS and ours(line.get("exc_info"))]


def spoilt_at(body, where, what):
    body = copy.deepcopy(body)
    inside = body
    for key in where[:-1]:
        inside = inside[key]
    inside[where[-1]] = what
    return body


def tried_out(work, *args):
    """What came of it, and the fault if there was one."""
    try:
        return work(*args), None
    except Exception as fault:
        return None, fault


def ours(fault):
    """Whether a fault came out of Belay's own code: bolt takes the envelope apart before it.

    A fault of bolt's own is answered by bot/slack/fallback.py, and by 400 over HTTP.
    """
    trace, names = getattr(fault, "__traceback__", None), []
    while trace is not None:
        names.append(trace.tb_frame.f_globals.get("__name__", ""))
        trace = trace.tb_next
    return any(name.startswith(("bot.", "storage.", "protocol.")) for name in names)


@tried(12)
@given(words=TEXT, user=st.sampled_from(sorted(KINDS.values())))
def test_words_that_are_typed_are_taken_or_refused_and_never_repeated(desk, words, user):
    desk, run, lines = desk
    for body in (
        message(words, user=user),
        *(
            command(name, words, user=user)
            for name in ("/visit", "/checkin", "/checkout", "/sos", "/page")
        ),
    ):
        lines.clear()
        came = run(desk.gets(body))
        assert came.status == 200
        assert not [line for line in lines if line["event"] in FAULTS], lines
        assert MARK not in sentences(came)


@tried(60)
@given(JUNK)
def test_what_a_button_carries_is_what_belay_packed_or_nothing(value):
    found = unpack(value)
    assert found is None or unpack("|".join((found.matter, found.said, str(found.number)))) == found


@tried(100)
@given(TEXT)
def test_words_are_read_without_a_fault(words):
    found = worker.text_message(message(words), NOON)
    assert not isinstance(found, BadInput)


# --- files -----------------------------------------------------------------------------------

LINES = SMALL.splitlines()


@st.composite
def spoilt_files(draw):
    """The small program with lines dropped, doubled, indented otherwise or replaced in part."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        cut = draw(st.integers(0, len(line)))
        word = draw(st.sampled_from([*NASTY, "&a [*a]", "!!python/object:os.system x", "- ", "? "]))
        lines[number] = draw(
            st.sampled_from(["", line + line, " " + line, line[:cut], line[:cut] + word])
        )
    return "\n".join(lines)


@tried(60)
@given(spoilt_files())
def test_a_program_file_that_is_spoilt_is_read_or_refused_line_by_line(tmp_path, text):
    path = tmp_path / "program.yml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    read, fault = tried_out(programs.read, path)
    if read is None:
        assert isinstance(fault, programs.BadProgramFileError), fault
        assert fault.problems
        assert all(problem.remedy and problem.line >= 1 for problem in fault.problems)


@tried(100)
@given(st.one_of(TEXT, st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))))
def test_no_text_is_a_fault_of_the_reader_of_yaml(text):
    read, fault = tried_out(read_yaml, text)
    if read is None:
        assert isinstance(fault, BadYamlError), fault
        assert fault.line >= 1
        assert MARK not in str(fault)


@tried(60)
@given(st.dictionaries(st.sampled_from(sorted(Policy.model_fields)), JUNK, max_size=3))
def test_a_policy_of_junk_is_refused_with_an_error_of_its_own(data):
    with pytest.raises(ValidationError):
        Policy.model_validate(data)
