"""Whether an answer under duress can be told from an OK by how long anything takes.

Each answer is a real tap on a real database: how long until it is acknowledged, and until the card
with its tick is ready to be sent. Both kinds come in a random order, so that what else the machine
does falls on both alike.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from slack_bolt.request.async_request import AsyncBoltRequest

from bot import runner
from bot.handlers import register_all
from bot.scheduler import compose
from bot.scheduler.sweep import Sweep
from storage import outbox
from tests.handlers.workplace import FakeSlack, make_app
from tests.security import states
from tests.security.gestures import button

ORDINARY, DURESS = "a", "b"  # what the county of tests/county.py has sealed for Jo
# The answers are read a little later, by the sweep; here that is over before the next one.
READ_BY: Final = timedelta(seconds=5)
LEASE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Timed:
    """This is one answer: whether it was under duress, and how long it took (s)."""

    duress: bool
    ack: float
    tick: float


@dataclass(frozen=True, slots=True)
class Told:
    """This is how well one could guess: `guess` 0.5 is a coin, 0 and 1 are certainty.

    It is the chance that an answer under duress took longer than an ordinary one (Mann-Whitney's
    U over all pairs); `apart` is the difference of the medians (s).
    """

    guess: float
    apart: float


async def answers(
    folder: Path, count: int, seed: int, show: Callable[[int, int], None] = lambda _n, _all: None
) -> list[Timed]:
    """Give so many answers, half of them under duress."""
    rng = random.Random(seed)
    kinds = [number % 2 == 0 for number in range(count)]
    rng.shuffle(kinds)
    timed = []
    with states.county(folder, "timing") as county:
        await states.alone(county)
        moment = states.moment(county)
        app = make_app(FakeSlack(), [])
        door = register_all(app, county.ctx, run=runner.run)
        await door.learn()
        sweep = Sweep(county.ctx)
        for number, duress in enumerate(kinds):
            press = button("ok", said=DURESS if duress else ORDINARY)
            body = {**press(moment), "trigger_id": f"t{number}"}
            request = AsyncBoltRequest(mode="socket_mode", body=body)
            began = perf_counter()
            response = await app.async_dispatch(request)
            acked = perf_counter()
            await county.ctx.database.run(_draw, county)
            ticked = perf_counter()
            assert response is not None
            assert response.status == 200
            timed.append(Timed(duress, acked - began, ticked - began))
            county.clock.at += READ_BY
            county.clock.transported += READ_BY
            while await sweep.work():
                pass
            await county.ctx.database.run(_drain, county)
            show(number + 1, count)
        await door.settled()
    return timed


def told(ordinary: Sequence[float], duress: Sequence[float]) -> Told:
    """How well the one can be told from the other."""
    ranked = sorted([(value, 0) for value in ordinary] + [(value, 1) for value in duress])
    # Equal times share their ranks: else the order of the list would decide.
    ranks, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        ranks += sum(kind for _value, kind in ranked[place:end]) * (place + 1 + end) / 2
        place = end
    n, m = len(duress), len(ordinary)
    return Told((ranks - n * (n + 1) / 2) / (n * m), median(duress) - median(ordinary))


def _draw(conn, county):
    """Draw what a deliverer would send now, the card among it."""
    for row in outbox.claim(conn, county.clock.transport(), 20, LEASE):
        compose.compose(conn, county.ctx.sealer, row)
        outbox.sent(conn, row, None, county.clock.transport())


def _drain(conn, county):
    for row in outbox.claim(conn, county.clock.transport(), 500, LEASE):
        outbox.sent(conn, row, None, county.clock.transport())
