"""The demo's story in two languages, the tour that is made of it, and the wishes of its page."""

from pathlib import Path
from typing import Any

import pytest

from bot.demo import county, said, tour
from bot.demo.said import At, Button
from bot.demo.start import Product
from bot.demo.story import STORY
from bot.demo.story_matrix import WHO_HANDLES_THIS
from bot.demo.wishes import Wishes
from bot.demo.workspace import Clock, Workspace
from bot.slack.ids import Action
from bot.slack.words import labels, news
from bot.slack.words.speech import LANGUAGES, _, speaking
from protocol.effects import Said
from protocol.people import Language
from protocol.records import Expecting
from tests.answering import matrix


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
    """The first story's, or those of one that was chosen."""
    return [step for scene in document["scenes"] for step in scene["steps"]]


def texts(story):
    """Every text of the matrix that a story counts on."""
    steps = [step for scene in story.scenes for step in scene.steps]
    said_there = [text for step in steps for promise in step.then for text in promise.texts]
    answers = [one for step in steps for one in (getattr(step.act, "answers", None) or {}).values()]
    return [one for one in (*said_there, *answers) if isinstance(one, said.InBoth)]


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


def test_the_second_story_is_offered_where_something_answers_its_questions():
    made = product("en")
    assert [one["name"] for one in tour.document(made)["more"]] == ["matrix"]
    made.matcher = "off"
    assert tour.document(made)["more"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_story_asks_settles_and_signs_before_it_asks_again(language):
    (second,) = tour.document(product(language))["more"]
    told = steps(second)
    assert all(step["name"] and step["why"] for step in told)
    asks = [step["act"]["command"] for step in told if step["act"]["kind"] == "types"]
    assert asks[1] == asks[2] != asks[0]
    # The first and the last answer may need a moment: loading, and the new version.
    assert [n for n, step in enumerate(told) if step["again"]] == [0, len(told) - 1]
    settles = next(step["act"] for step in told if step["act"].get("channel"))
    assert settles["channel"] == "C_HUDDLE"
    assert all(one["matters"] for one in settles["answers"])
    signs = [step for step in told if step["act"].get("label") == settled(language)]
    assert [step["who"] for step in signs] == ["U_MAYA", "U_LIN"]
    # One button lets the night go by; nothing is promised for the evening before it.
    assert [bool(step["until"]) for step in told if step["who"] is None] == [False, True]


def settled(language):
    """What the button says that opens a proposal."""
    with speaking(language):
        return _(labels.BUTTON[Action.SEE_PROPOSAL])


def test_the_second_story_asks_in_spanish_for_what_stands_on_a_spanish_screen():
    english, spanish = (tour.document(product(one))["more"][0] for one in LANGUAGES)
    same = set(everything(steps(english))) & set(everything(steps(spanish)))
    assert {text for text in same if " " in text} <= {"Maya Okafor"}


def test_the_rows_of_the_second_story_are_called_so_in_the_matrix():
    titles = {(row.title.en, row.title.es) for row in matrix().rows}
    found = {(one.en, one.es) for one in texts(WHO_HANDLES_THIS)}
    assert len(found) == 2
    assert found <= titles


def test_the_page_opens_the_phones_of_those_who_act_in_a_story():
    assert tour.cast(tour.VISIT)[:3] == ("jo", "rosa", "lin")
    assert tour.cast(WHO_HANDLES_THIS)[:3] == ("jo", "maya", "lin")
