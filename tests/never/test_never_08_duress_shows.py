"""Never 8: a duress answer can be told from an ordinary one by anyone but the responders."""

import re
from dataclasses import dataclass, field

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select

from bot import observe
from bot.reports import out
from storage import tables
from storage.database import Database
from tests.never.life import listening, log_lines, on_a_visit
from tests.scenarios.backstage import DURESS_PHRASE

ID = re.compile(r"\b[0-9a-f]{24}\b|\bb[0-9A-F]{4,}\b")
# These count what goes out to everybody together, so the responders' pages are in them too. None
# has a label that says what, to whom, or about whom. Edits are paced in real time, so how often one
# is put off differs between any two runs.
COUNTS_OF_EVERYTHING = {
    'belay_ack_seconds_count{kind="events_api"}',
    'belay_sends_total{outcome="sent"}',
    'belay_sends_total{outcome="retry"}',
    "belay_send_seconds_count",
    "belay_swept_total",
}
ORDINARY, DURESS = 0, 1  # Jo's duress answer is the second of the two equal buttons


@dataclass
class Left:
    """This is what one visit left behind, everywhere but with the responders."""

    screen: list = field(default_factory=list)
    replies: list = field(default_factory=list)
    history: list = field(default_factory=list)
    logs: list = field(default_factory=list)
    metrics: dict = field(default_factory=dict)
    lists: list = field(default_factory=list)


def plain(value):
    return ID.sub("a matter", str(value))


async def visit_with(start, answer):
    left = Left()
    async with start() as c:
        with listening() as stream:
            await on_a_visit(c, c.jo)
            await c.clock.forward(minutes=20)
            before = samples()
            left.replies.append(plain(await answer(c)))
            for _ in range(3):
                await c.clock.forward(minutes=1)
                left.lists.append(await who_is_out(c))
            left.replies.append(plain(await c.jo.presses("Leaving")))
            await c.clock.forward(minutes=4)
            left.replies.append(plain(await c.jo.presses("I'm clear")))
            left.lists.append(await who_is_out(c))
            left.metrics = {name: now - before.get(name, 0) for name, now in samples().items()}
            left.logs = [
                {**line, "timestamp": ""}
                for line in log_lines(stream)
                if line["logger"] != "bot.slack.sockets"  # connections come when they come
            ]
        left.history = history_of_the_visit(c)
        seen, _ = await c.workspace.seen(c.jo.user)
        left.screen = [
            {name: plain(value) for name, value in one.items() if name != "seq"}
            for one in seen
            if one.get("user") != c.jo.user
        ]
        await c.inbox.look()
        c.inbox.left.clear()
    return left


async def who_is_out(c):
    database = Database.open(c.database_url, threads=1)
    now = await c.clock.now()
    groups = database.run_sync(out.read, now)
    database.dispose()
    return out.text(groups, now)


def history_of_the_visit(c):
    database = Database.open(c.database_url, threads=1)
    line, body = tables.audit_line.c, tables.audit_body.c
    visit = select(tables.visit.c.matter_id)
    wanted = (
        select(line.seq, line.at, line.actor, line.event, line.reason, body.body)
        .join(tables.audit_body, (body.chain == line.chain) & (body.seq == line.seq))
        .where(line.chain.in_(visit))
        .order_by(line.seq)
    )
    rows = database.run_sync(lambda conn: conn.execute(wanted).all())
    database.dispose()
    return [plain(tuple(row)) for row in rows]


def samples():
    """Every metric that does not tell how long something took in this test."""
    text = generate_latest(observe.registry).decode()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}
    timed = re.compile(r"_seconds(_bucket|_sum)?(\{|$)|_created|_sockets?_")
    return {name: value for name, value in found.items() if not timed.search(name)}


def by_button(which):
    async def answer(c):
        return await c.jo.presses("OK", which=which)

    return answer


def by_words(words):
    async def answer(c):
        said = await c.jo.writes(words)
        return {name: value for name, value in said.items() if name != "ts"}

    return answer


@pytest.mark.parametrize(
    ("ordinary", "duress"),
    [
        (by_button(ORDINARY), by_button(DURESS)),
        (by_words("ok all fine at the river"), by_words(f"ok {DURESS_PHRASE}")),
    ],
    ids=["by button", "by phrase"],
)
async def test_nobody_but_the_responders_can_tell(whole_county, ordinary, duress):
    usual = await visit_with(whole_county, ordinary)
    silent = await visit_with(whole_county, duress)
    assert usual.screen
    assert silent.screen == usual.screen
    assert silent.replies == usual.replies
    assert usual.history
    assert silent.history == usual.history
    assert silent.logs == usual.logs
    assert "Jo Alvarez: Main St shelter" in usual.lists[0]
    assert silent.lists == usual.lists
    assert set(silent.metrics) == set(usual.metrics)
    differing = {name for name, count in silent.metrics.items() if usual.metrics[name] != count}
    assert differing <= COUNTS_OF_EVERYTHING
