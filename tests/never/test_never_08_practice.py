"""Never 8, while getting ready: practice tells nobody, by row, log, metric, Home or message."""

import re

import pytest
from prometheus_client import generate_latest

from bot import observe
from storage.database import Database
from storage.onboarding_tables import Step
from tests.never.life import listening, log_lines
from tests.never.test_never_09_identity_leaks import stored
from tests.ready import home_of, opens_step, presses_in_form
from tests.scenarios.backstage import DURESS_PHRASE

ORDINARY, DURESS = 0, 1  # Jo's duress answer is the second of the two equal buttons
CHANCE = re.compile(
    r"\b[0-9a-f]{24,}\b|\bb[0-9A-F]{4,}\b|\b[A-Z][0-9A-Z]{6,}\b|\d{10}\.\w+|\d\d:\d\d:\d\d\.\d+"
)


def by_button(which):
    async def answer(c):
        await presses_in_form(c.jo, "OK", which=which)

    return answer


def by_words(words):
    async def answer(c):
        await c.jo.submits({"Or what would you write?": words})

    return answer


async def left_by(start, answer):
    """What a practised answer left, everywhere but in the form in front of the worker."""
    async with start() as c:
        with listening() as stream:
            await opens_step(c.jo, Step.PRACTICE)
            before = counted()
            await answer(c)
            await c.jo.closes()
            await c.clock.forward(minutes=30)
            grown = {name: now - before.get(name, 0) for name, now in counted().items()}
            logs = [
                {**line, "timestamp": ""}
                for line in log_lines(stream)
                if line["logger"] != "bot.slack.sockets"
            ]
        database = Database.open(c.database_url, threads=1)
        rows = re.sub(r"datetime\([^)]*\)", "then", CHANCE.sub("-", stored(database)))
        database.dispose()
        homes = [str((await home_of(one))["blocks"]) for one in (c.jo, c.rosa, c.lin)]
        await c.inbox.look()
        said = [news.whole for news in c.inbox.left]
        seen, _ = await c.workspace.seen(c.rosa.user)
        return rows, logs, grown, [CHANCE.sub("-", home) for home in homes], said, len(seen)


def counted():
    text = generate_latest(observe.registry).decode()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = dict(line.rsplit(" ", 1) for line in lines)
    return {
        name: float(n)
        for name, n in found.items()
        if "seconds" not in name and "created" not in name and "socket" not in name
    }


@pytest.mark.parametrize(
    ("ordinary", "duress"),
    [
        (by_button(ORDINARY), by_button(DURESS)),
        (by_words("ok all fine at the river"), by_words(f"ok {DURESS_PHRASE}")),
    ],
    ids=["by button", "by phrase"],
)
async def test_a_practised_duress_answer_leaves_what_an_ordinary_one_leaves(
    whole_county, ordinary, duress
):
    usual = await left_by(whole_county, ordinary)
    silent = await left_by(whole_county, duress)
    assert usual[0]
    for left, left_as_usual in zip(silent, usual, strict=True):
        assert left == left_as_usual
    assert silent[4] == [], "nobody got anything"
