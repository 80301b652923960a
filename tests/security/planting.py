"""Types identifiers into inputs, one at a time, and says where each of them came out again."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prometheus_client import generate_latest

from bot import observe
from tests.never.life import listening
from tests.security import states
from tests.security.corpus import Planted
from tests.security.desk import Came, Desk, patient, sent_by
from tests.security.inputs import INPUTS, Input
from tests.security.outputs import Outputs

Show = Callable[[int, int], None]
# Nobody can tell a person's name from a place's or a service's. Such words stay where they are
# worked with, and a copy of the database shows them. The forms ask for no name, and say so.
_PLACE: Final = frozenset({"messages", "channels", "homes", "who is out", "rows"})
REPEATS: Final[dict[str, frozenset[str]]] = {
    "plan: a place that is not listed": _PLACE - {"who is out"},
    "watch me: a place that is not listed": _PLACE,
    "here now: place": _PLACE,
    "flag: a place that is not listed": frozenset({"homes", "rows"}),
    "ask for changes: reason": frozenset({"messages", "rows"}),
    "decline: reason": frozenset({"messages", "rows"}),
    "lower the rating: reason": frozenset({"messages", "channels", "rows"}),
    "support: service": frozenset({"rows"}),
    "close: witness": frozenset({"rows"}),
    # The lead reads what was heard, and the peer what was decided.
    "page: what was heard": frozenset({"messages"}),
    "consult: decision": frozenset({"messages"}),
    # Whoever declines copies their own reply.
    "decline: reply": frozenset({"answers"}),
    # Those who sign a change, and who talk with a team, read it later.
    "gap: a new row": frozenset({"rows"}),
    "propose: title": frozenset({"rows"}),
    "pattern: note": frozenset({"rows"}),
}


@dataclass(frozen=True, slots=True)
class Found:
    """This is one identifier that came out again: of which kind, and where it was read.

    `known` where REPEATS says so.
    """

    into: str
    kind: str
    where: str
    known: bool = False


@asynccontextmanager
async def desk_for(folder: Path, moment: str) -> AsyncIterator[tuple[Desk, Outputs]]:
    """The app at one moment, with somebody who takes down what comes out."""
    with states.county(folder, moment) as county, patient():
        await states.MOMENTS[moment](county)
        desk = Desk(states.moment(county))
        await desk.door.learn()
        yield desk, Outputs(desk)


async def plant(
    folder: Path,
    which: Callable[[Input], Iterable[Planted]],
    whole: bool = True,
    show: Show = lambda _done, _all: None,
) -> list[Found]:
    """Type what `which` says into each input. With `whole`, the clock goes on after each."""
    found: list[Found] = []
    done, every = 0, sum(len(list(which(one))) for one in INPUTS)
    with listening() as log:
        for moment in dict.fromkeys(one.moment for one in INPUTS):
            async with desk_for(folder, moment) as (desk, outputs):
                desk.moment.database.looks.append(outputs.look if whole else outputs.rows)
                for one in (one for one in INPUTS if one.moment == moment):
                    for planted in which(one):
                        start = log.tell()
                        outputs.found.clear()
                        came = await desk.gets(
                            sent_by(one.user, one.type(desk.moment, planted.text))
                        )
                        log.seek(start)
                        words = {**outputs.found, "log": [log.read()], "answers": [_answer(came)]}
                        words["metrics"] = [generate_latest(observe.registry).decode()]
                        found += _found(one, planted, words)
                        done += 1
                        show(done, every)
    return found


def _answer(came: Came) -> str:
    # A form that Slack sent us goes back as it was; what Belay says of it does not repeat it.
    return f"{came.said} {came.answer}"


def _found(one: Input, planted: Planted, words: dict[str, Any]) -> list[Found]:
    known = REPEATS.get(one.name, frozenset()) if planted.kind == "name" else frozenset()
    return [
        Found(one.name, planted.kind, where, where in known)
        for where, texts in words.items()
        if any(planted.found_in(text) for text in texts)
    ]
