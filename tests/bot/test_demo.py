"""The demo's story in two languages, the tour that is made of it, and the wishes of its page."""

from pathlib import Path
from typing import Any

import pytest

from bot.demo import county, said, tour
from bot.demo.said import At, Button
from bot.demo.start import Product
from bot.demo.story import STORY
from bot.demo.wishes import Wishes
from bot.demo.workspace import Clock, Workspace
from bot.slack.words import labels, news
from bot.slack.words.speech import LANGUAGES, speaking
from protocol.effects import Said
from protocol.people import Language
from protocol.records import Expecting


class Page(Workspace):
    """This is the page's side: it has these wishes, and keeps what is posted."""

    def __init__(self, *wishes):
        self.url = "http://page.test"
        self.wishes = [{"n": n, "wish": one} for n, one in enumerate(wishes, start=1)]
        self.posted = []

    async def get(self, path, **query):
        return {"wishes": [one for one in self.wishes if one["n"] > query["since"]]}

    async def post(self, path, body=None):
        self.posted.append((path, body))
        return {"ok": True}


class Bot:
    """This is the bot's process, without a process."""

    def __init__(self):
        self.alive = True

    async def kill(self):
        self.alive = False

    async def start(self):
        self.alive = True


def product(language, page=None):
    """The county in a language, with nothing behind it."""
    page = page or Page()
    file = county.speaking(county.example(), Language(language))
    sandbox: Any = None
    bot: Any = Bot()
    return Product(page, Clock(page), file, Path(), sandbox, bot, run=3)


def everything(thing):
    """Every text in a document."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for one in thing.values() if isinstance(thing, dict) else thing:
            yield from everything(one)


def steps(document):
    return [step for scene in document["scenes"] for step in scene["steps"]]


def test_a_sentence_is_said_in_the_language_spoken_and_open_places_hold_anything():
    seen = said.said(news.SAID[Said.SEEN], who="Dr. Lin")
    due = said.said(labels.DUE[Expecting.ARRIVAL], at=At(13, 30))
    assert said.pieces(due) == ["Tap I'm here by 1:30 PM."]
    assert said.pieces(due, times=False) == ["Tap I'm here by"]
    assert said.pieces(said.said(labels.DUE[Expecting.ARRIVAL])) == ["Tap I'm here by"]
    assert str(seen) == "Dr. Lin has seen this."
    with speaking("es"):
        assert str(seen) != "Dr. Lin has seen this."
        assert "Dr. Lin" in str(seen)
        assert said.pieces(Button(labels.YES)) == ["[Sí]"]
        # A sentence that ends with "p.m." has no second full stop, bold or not.
        assert said.pieces(due)[0].endswith("1:30 p.m.")
        assert not said.pieces(due)[0].endswith("..")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tour_has_every_step_of_the_story(language):
    document = tour.document(product(language))
    told = steps(document)
    assert len(told) == sum(not step.aside for scene in STORY for step in scene.steps)
    assert (document["run"], document["language"]) == (3, language)
    for step in told:
        assert step["name"]
        assert step["why"]
        assert all(promise["texts"] for promise in step["then"])
        assert step["who"] or step["act"]["kind"] == "passes"
        assert bool(step["act"].get("answers")) == bool(step["act"].get("sends"))
    seen = {promise["user"] for step in told for promise in step["then"]} - {None}
    acting = {step["who"] for step in told} - {None}
    assert seen | acting == set(document["people"])
    # Times are given as people read them; a form holds them otherwise.
    times = [one["shown"] for one in told[0]["act"]["answers"] if one["answer"] == "13:15"]
    assert times == [{"en": "1:15 PM", "es": "1:15 p.m."}[language]]


def test_the_tour_asks_in_spanish_for_what_stands_on_a_spanish_screen():
    english, spanish = (tour.document(product(language)) for language in LANGUAGES)
    same = set(everything(steps(english))) & set(everything(steps(spanish)))
    sentences = {text for text in same if " " in text and not text.startswith("/")}
    names = {"Main St shelter", "Jo Alvarez", "Sam Whitaker", "1 h", "30 min"}
    assert sentences <= names


async def test_wishes_are_done_in_turn_and_what_became_of_them_is_told():
    page = Page("kill_bot", "kill_bot", "start_bot", "start_bot")
    heard: list[str] = []
    wishes = Wishes(product("en", page), heard.append)
    await wishes.once(0)
    await wishes.once(0)
    done = [body for path, body in page.posted if path == "/wishes/done"]
    assert [body["n"] for body in done] == [1, 2, 3, 4]
    assert [body["said"] for body in done] == heard
    assert len(set(heard)) == 4
    assert wishes.product.bot.alive
