"""Never 12: "help is coming" is shown before a person said so."""

import re

import pytest

from bot.slack.words import labels, news, pages, reasons
from tests.harness import County
from tests.never.life import everything, on_a_visit

# Anything that lets somebody believe that a person is on the way.
COMING = re.compile(
    r"\b(help|support|somebody|someone|a colleague|people|they|team|officers?|ambulance|crisis)\b"
    r"[^.!?\n]{0,40}\b(is|are|was|were) (now )?(coming|sent|on (the|its|his|her|their) way)\b"
    r"|\bon (the|its|their) way\b|\bhelp is near\b|\bemergency services were called\b"
    r"|\bwill be (there|with you)\b|\bdispatched\b",
    re.IGNORECASE,
)


async def a_miss(c: County) -> None:
    await on_a_visit(c, c.jo)
    await c.clock.forward(minutes=30 + 60)


async def a_call_for_help(c: County) -> None:
    await on_a_visit(c, c.jo)
    await c.jo.presses("Help: call me")
    await c.clock.forward(minutes=30)


async def quiet_help(c: County) -> None:
    await on_a_visit(c, c.jo)
    await c.jo.presses("Help: stay quiet")
    await c.clock.forward(minutes=30)


async def uneasy(c: County) -> None:
    await on_a_visit(c, c.jo)
    await c.jo.presses("Uneasy: call me")
    await c.clock.forward(minutes=30)


def promising(said):
    """What was said that sounds like it; a button is what somebody may say, not what was said."""
    return [news.whole for news in said if COMING.search(re.sub(r"\[[^\]]*\]", "", news.whole))]


@pytest.mark.parametrize("trouble", [a_miss, a_call_for_help, quiet_help, uneasy])
async def test_nobody_reads_that_help_is_coming_until_a_person_said_so(whole_county, trouble):
    async with whole_county() as c:
        await trouble(c)
        await c.rosa.presses("I have it")
        await c.jo.presses("OK")
        await c.clock.forward(minutes=5)
        said = await everything(c)
        assert len(said) > 20
        assert promising(said) == []

        await c.rosa.presses("Support sent")
        assert (await c.rosa.submits({"Or which service?": "mobile crisis"}))["errors"] == {}
        after = await everything(c)
        assert promising(after), "and then it is said"
        told = [news for news in after if c.jo.user in news.readers and promising([news])]
        assert bool(told) is (trouble is not quiet_help)
        assert all("Rosa Delgado says: support was sent" in news.whole for news in told[:1])


def test_no_sentence_of_belays_own_promises_it():
    fixed = [
        *reasons.WORDS.values(),
        *(words for said, words in news.SAID.items() if "{service}" not in words),
        *news.ASKED.values(),
        *(words for pair in news.REMINDER.values() for words in pair),
        *(value for name, value in vars(labels).items() if isinstance(value, str)),
        *(value for name, value in vars(pages).items() if isinstance(value, str)),
    ]
    saying_so = {news.SAID[one] for one in news.SAID if one.value == "emergency_called"}
    assert not [words for words in fixed if COMING.search(words) and words not in saying_so]
