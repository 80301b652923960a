"""Never 7: a page goes by ephemeral message; a reaction, presence or typing is a check-in."""

import re
from pathlib import Path

import bot
from bot.demo.news import Kind
from bot.settings import Settings
from bot.slack import manifest
from tests.harness import PAGE
from tests.never.life import everything, on_a_visit

SOURCES = sorted(Path(bot.__file__).parent.rglob("*.py"))
NOT_A_CHECK_IN = re.compile(r"reaction|presence|typing|dnd|emoji_changed|read_receipt")


def test_nothing_that_is_sent_goes_by_ephemeral_message():
    calls = re.compile(r"postEphemeral|post_ephemeral", re.IGNORECASE)
    found = {path for path in SOURCES if calls.search(path.read_text(encoding="utf-8"))}
    # The answer to a question that was put in a channel, to whoever asked it (0019).
    assert {path.name for path in found} == {"door.py"}
    assert not {path for path in found if path.parent.name == "scheduler"}


def test_the_word_stands_only_where_somebody_is_answered():
    said = {path.name for path in SOURCES if '"ephemeral"' in path.read_text(encoding="utf-8")}
    assert said <= {"bolt.py", "ack.py", "fallback.py", "news.py"}


def test_no_reaction_presence_or_typing_is_subscribed_to():
    described = manifest.build(Settings.model_construct())
    subscribed = described["settings"]["event_subscriptions"]["bot_events"]
    assert not [name for name in subscribed if NOT_A_CHECK_IN.search(name)]
    scopes = described["oauth_config"]["scopes"]["bot"]
    assert not [name for name in scopes if NOT_A_CHECK_IN.search(name)]


def test_no_handler_listens_for_one():
    listened = re.compile(r"app\.event\(\s*[\"']([a-z_.]+)[\"']")
    names = {name for path in SOURCES for name in listened.findall(path.read_text("utf-8"))}
    assert names
    assert not {name for name in names if NOT_A_CHECK_IN.search(name)}


async def test_a_reaction_stops_no_ladder_and_every_page_is_a_message_that_stays(whole_county):
    async with whole_county() as c:
        await on_a_visit(c, c.jo)
        for emoji in ("+1", "white_check_mark", "ok_hand", "wave"):
            await c.clock.forward(minutes=7)
            channel, message = (await c.jo.messages(direct=True))[0]
            await c.jo.does("react", channel=channel, ts=message["ts"], name=emoji)
            await c.jo.does("read", channel=channel)
        await c.clock.forward(minutes=60)
        said = [news for news in await everything(c) if PAGE in news.whole]
        paged = {reader for news in said for reader in news.readers}
        assert {c.people[one].user for one in ("rosa", "theo", "lin", "maya")} <= paged
        assert {news.kind for news in said} <= {Kind.MESSAGE, Kind.EDIT}
