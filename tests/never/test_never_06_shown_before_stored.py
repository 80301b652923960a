"""Never 6: safety state is shown before it is stored."""

import ast
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncBoltContext

from bot import runner
from bot.handlers import door as door_module
from bot.handlers.door import Door
from bot.request import NewMatter, OfMatter, Request
from bot.slack.ids import Form
from protocol import events as e
from protocol.ids import MatterId
from storage import matters
from storage.database import Conflict, Unavailable
from tests.county import slack_id
from tests.never.life import M1, underway
from tests.protocol.world import JO, plan

HANDLERS = Path(door_module.__file__).parent
VIEW = {
    "callback_id": Form.PLAN.value,
    "blocks": [{"type": "input", "block_id": "place"}],
}
# What stores, and then answers.
STATE = {f"door.{way}" for way in ("tap", "command", "form", "forms", "store", "note", "run")}
# What opens a form, draws one anew or practises: nothing of a visit is stored by these.
LOOKS = {
    "opener.tap",
    "opener.opened",
    "opener.command",
    "forms.tap",
    "cards.tap",
    "drawing.one",
    "practice.words",
    "asking.command",
    "asking.on_a_message",
    "asking.beside",
    "asking.unasked",
    "asking.form",
    "asking.opens",
    "asking.not_that",
    "decliner.from_message",
    "decliner.from_row",
    "next_page",
    "proposed.read",
    "huddle.opens",
    "huddle.tried",
}
NOT_STATED = "We do not know if this arrived."


class Answers:
    """This is Slack, as far as an answer goes: it notes each, and what was stored by then."""

    def __init__(self, stored):
        self.given = []
        self._stored = stored

    async def __call__(self, **answer):
        self.given.append((answer, self._stored()))


def check_in(c):
    now = c.clock.now()
    return Request("d1", slack_id(JO), OfMatter(M1), lambda by: e.CheckIn(now, by, "a"))


def version(c):
    return c.matter().version


@pytest.mark.parametrize("way", ["tap", "command", "form"])
async def test_the_answer_comes_when_it_is_stored_and_not_before(office, way):
    await underway(office)
    before, answer = version(office), Answers(lambda: version(office))
    await goes(Door(office.ctx, runner.run), way, answer, check_in(office))
    [(_, stored)] = answer.given
    assert stored == before + 1


@pytest.mark.parametrize("way", ["tap", "command", "form"])
@pytest.mark.parametrize("fault", [Unavailable("away"), Conflict("beaten")])
async def test_where_nobody_knows_if_it_was_stored_nothing_is_shown_as_done(office, way, fault):
    await underway(office)
    answer = Answers(lambda: None)
    said: list[str] = []
    door = Door(office.ctx, failing(fault))
    context = AsyncBoltContext({"response_url": "x", "respond": beside(said)})
    await goes(door, way, answer, check_in(office), context)
    await door.settled()
    [(shown, _)] = answer.given
    assert NOT_STATED in str([shown, *said])
    assert "Got it" not in str([shown, *said])
    assert shown.get("response_action") != "clear"


@pytest.mark.parametrize("way", ["tap", "command", "form"])
async def test_a_fault_of_ours_is_not_answered_as_done(office, way):
    await underway(office)
    answer = Answers(lambda: None)
    with pytest.raises(RuntimeError):
        await goes(Door(office.ctx, failing(RuntimeError("broken"))), way, answer, check_in(office))
    assert answer.given == []


async def test_what_was_undone_is_not_shown(office, monkeypatch):
    def torn(*_, **__):
        raise Unavailable("the database went away before the commit")

    answer, door = Answers(lambda: len(office.rows("matter"))), Door(office.ctx, runner.run)
    now = office.clock.now()
    plans = Request(
        "d1", slack_id(JO), NewMatter(MatterId("m9")), lambda by: e.PlanVisit(now, by, plan())
    )
    monkeypatch.setattr(matters, "save_many", torn)
    await door.form(answer, {"view": VIEW}, plans)
    [(shown, stored)] = answer.given
    assert stored == 0
    assert NOT_STATED in str(shown)


def failing(fault):
    async def run(ctx, request):
        raise fault

    return run


def beside(said):
    async def respond(text, **more):
        said.append(text)

    return respond


async def goes(door, way, answer, request, context=None):
    match way:
        case "tap":
            await door.tap(answer, context or AsyncBoltContext(), request)
        case "command":
            await door.command(answer, request)
        case _:
            await door.form(answer, {"view": VIEW}, request)


# --- the source: every state handler leaves the answer to the door --------------------------


def listeners():
    """Each function below a decorator of bolt's app, but for the files that only open forms."""
    for path in sorted(HANDLERS.glob("*.py")):
        if path.stem == "door" or path.stem.startswith("opening"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef) and any(map(listens, node.decorator_list)):
                yield path.stem, node


def listens(decorator):
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).startswith("app.")


def awaited(function):
    awaits = [node.value for node in ast.walk(function) if isinstance(node, ast.Await)]
    return [ast.unparse(call.func) for call in awaits if isinstance(call, ast.Call)]


def test_every_state_handler_awaits_the_door_and_answers_nothing_itself():
    found = list(listeners())
    assert len(found) > 25
    for name, function in found:
        [first, *more] = awaited(function)
        if first in LOOKS:
            continue
        calls = [ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)]
        assert "ack" not in calls, (name, function.name)
        assert not set(more) - LOOKS, (name, function.name)
        assert first in STATE, (name, function.name)


@pytest.mark.parametrize("way", ["tap", "command", "form"])
def test_the_door_runs_a_request_before_it_answers(way):
    source = ast.parse((HANDLERS / "door.py").read_text(encoding="utf-8"))
    [function] = [n for n in ast.walk(source) if getattr(n, "name", "") == way]
    calls = awaited(function)
    runs = [number for number, name in enumerate(calls) if name in ("self.run", "self._tapped")]
    assert len(runs) == 1
    assert calls[-1] == "ack"
    assert calls.index(calls[runs[0]]) < len(calls) - 1
