"""This holds readiness to it: red within five seconds, with the reason, and green again after."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import health
from bot.health import Health, Reading
from bot.tasks import Tasks
from tests.bot.fakes import MovedClock, Naps, until

ZERO = timedelta(0)
WELL = Reading(ZERO, ZERO)


class Ears:
    """This is what health asks of the sockets."""

    lanes = (1, 2)

    def __init__(self):
        self.deaf = ZERO

    def deaf_for(self):
        return self.deaf

    def open_lanes(self):
        return 2 if not self.deaf else 1


class Patient:
    """This is a bot whose health is looked at."""

    def __init__(self):
        self.clock, self.ears = MovedClock(), Ears()
        self.troubles: dict[str, str] = {}
        self.reading: Reading | Exception = WELL
        self.tasks = Tasks(self.clock, sleep=Naps())
        self.health = Health(
            self.look, self.clock, self.tasks, troubles=lambda: self.troubles, sockets=self.ears
        )

    async def look(self):
        if isinstance(self.reading, Exception):
            raise self.reading
        return self.reading

    async def reasons(self):
        await self.health.look()
        return self.health.reasons()


async def test_all_well_is_green():
    assert await Patient().reasons() == []


async def test_before_the_first_look_it_is_red():
    assert Patient().health.reasons()


@pytest.mark.parametrize(
    ("reading", "word"),
    [
        (Reading(timedelta(seconds=3), ZERO), "deadline"),
        (Reading(ZERO, timedelta(seconds=3)), "page"),
        (Reading(ZERO, ZERO, outdated=True), "version"),
    ],
)
async def test_what_is_late_or_outdated_is_red_with_its_reason(reading, word):
    patient = Patient()
    patient.reading = reading
    (reason,) = await patient.reasons()
    assert word in reason
    patient.reading = WELL
    assert await patient.reasons() == []


def test_every_limit_leaves_time_to_be_noticed_within_five_seconds():
    look = timedelta(seconds=health.LOOK_EVERY + health.LOOK_WITHIN)
    assert health.SWEEP_LATE_AFTER + look <= timedelta(seconds=5)
    assert health.PAGES_LATE_AFTER + look <= timedelta(seconds=5)
    # These two are asked when somebody asks, not when the task looks.
    assert timedelta(seconds=5) >= health.LOOK_OLD_AFTER
    assert timedelta(seconds=5) >= health.DEAF_AFTER


async def test_an_outdated_program_is_told_to_stop():
    patient = Patient()
    patient.reading = Reading(ZERO, ZERO, outdated=True)
    await patient.health.look()
    assert patient.health.outdated.is_set()


async def test_a_database_that_fails_is_red_when_its_last_word_is_old():
    patient = Patient()
    assert await patient.reasons() == []
    patient.reading = ConnectionError("the red door")
    patient.clock.forward(4.5)
    (reason,) = await patient.reasons()
    assert "database" in reason
    assert "red door" not in reason


async def test_a_database_that_hangs_is_asked_once_and_not_again(monkeypatch):
    monkeypatch.setattr(health, "LOOK_WITHIN", 0.002)
    patient, asked, answer = Patient(), 0, asyncio.Event()

    async def hang():
        nonlocal asked
        asked += 1
        await answer.wait()
        return WELL

    patient.health._look = hang
    assert await patient.reasons()
    assert await patient.reasons()
    assert asked == 1
    answer.set()
    assert await patient.reasons() == []


async def test_one_deaf_connection_is_red():
    patient = Patient()
    patient.ears.deaf = timedelta(seconds=4.6)
    (reason,) = await patient.reasons()
    assert "1 of 2" in reason


async def test_a_trouble_of_a_task_is_red_until_the_task_takes_it_back():
    patient = Patient()
    patient.troubles["rolling"] = "The rolling message could not be renewed."
    assert await patient.reasons() == ["rolling: The rolling message could not be renewed."]
    patient.troubles.clear()
    assert await patient.reasons() == []


async def test_a_task_that_died_is_started_again_and_shown_for_a_minute():
    patient, lives = Patient(), []

    async def task():
        lives.append(1)
        if len(lives) == 1:
            raise ValueError("the red door")
        await asyncio.Event().wait()

    patient.tasks.keep("rolling", task)
    await until(lambda: len(lives) == 2)
    assert await patient.reasons() == ["The task rolling died and was started again."]
    patient.clock.forward(61)
    assert await patient.reasons() == []
    await patient.tasks.stop(timedelta(seconds=1))


async def test_a_task_that_returns_did_not_do_its_work_and_is_started_again():
    patient, lives = Patient(), []

    async def task():
        lives.append(1)
        if len(lives) == 3:
            await asyncio.Event().wait()

    patient.tasks.keep("loop", task)
    await until(lambda: len(lives) == 3)
    await patient.tasks.stop(timedelta(seconds=1))


async def test_stopping_names_what_would_not_stop():
    patient, let_go = Patient(), asyncio.Event()

    async def stubborn():
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    task = patient.tasks.start("stubborn", stubborn)
    await asyncio.sleep(0)
    assert await patient.tasks.stop(timedelta(seconds=0.005)) == ["stubborn"]
    let_go.set()
    await asyncio.wait({task})


async def asked_over_http(patient, path):
    async with TestClient(TestServer(patient.health.site())) as client:
        answer = await client.get(path)
        return answer.status, await answer.text()


async def test_ready_is_200_or_503_with_every_reason():
    patient = Patient()
    await patient.health.look()
    assert await asked_over_http(patient, "/readyz") == (200, '{"ready": true, "reasons": []}')
    patient.ears.deaf = timedelta(seconds=9)
    patient.troubles["rolling"] = "failing"
    status, text = await asked_over_http(patient, "/readyz")
    assert status == 503
    assert "deaf" in text
    assert "rolling: failing" in text


async def test_alive_says_only_that_the_process_answers():
    patient = Patient()
    assert await asked_over_http(patient, "/healthz") == (200, "alive\n")


async def test_metrics_are_for_prometheus_and_current():
    patient = Patient()
    patient.reading = Reading(timedelta(seconds=3), ZERO)
    await patient.health.look()
    status, text = await asked_over_http(patient, "/metrics")
    assert status == 200
    assert "belay_sweep_late_seconds 3.0" in text
    assert "belay_ready 0.0" in text


async def beats(patient, answers, rounds):
    """This lets the heart beat so often, against a monitor that answers with these codes."""
    got, naps = [], Naps()

    async def monitor(request):
        got.append(request.path)
        return web.Response(status=answers[len(got) - 1])

    app = web.Application()
    app.router.add_get("/beat", monitor)
    patient.health._sleep = naps
    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        beating = asyncio.create_task(patient.health.beat(str(server.make_url("/beat")), http))
        await until(lambda: len(naps.taken) >= rounds)
        beating.cancel()
        await asyncio.wait({beating})
    assert set(naps.taken) == {health.BEAT_EVERY}
    return len(got), len(naps.taken)


async def test_the_heart_beats_only_while_everything_is_on_time():
    patient = Patient()
    await patient.health.look()
    got, rounds = await beats(patient, [200] * 99, 3)
    assert got in {rounds, rounds + 1}
    patient.reading = Reading(timedelta(seconds=3), ZERO)
    await patient.health.look()
    assert (await beats(patient, [200] * 99, 3))[0] == 0


async def test_the_heart_stops_when_nobody_looked_for_a_while():
    patient = Patient()
    await patient.health.look()
    patient.clock.forward(5)
    assert (await beats(patient, [200] * 99, 3))[0] == 0


async def test_a_beat_that_failed_is_not_tried_again():
    patient = Patient()
    await patient.health.look()
    got, rounds = await beats(patient, [500] * 99, 2)
    assert got in {rounds, rounds + 1}
