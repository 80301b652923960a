"""A list of many pages: what is most urgent first, who has it, and what Slack takes at worst."""

import json

import pytest

from bot.scheduler.bursts import PER_LIST
from bot.slack.carried import pack, unpack
from bot.slack.ids import Action
from bot.slack.render.page import latest
from bot.slack.render.page_list import page_list
from bot.slack.render.view import Directory, MatterView
from bot.slack.words.speech import speaking
from protocol import events as e
from protocol.ids import MatterId
from tests.protocol.world import JO, NOON, ROSA, ZONE, missed
from tests.slack.examples import calling, silent, taken, view
from tests.slack.readable import assert_slack_takes, elements, readable

# Slack refuses more in one message, as it counts them (bolt-js issue 2509).
CHARACTERS = 12_000


def row(life, about=None):
    seen = view(life, about)
    return seen, latest(seen)


def test_a_list_says_who_where_and_since_when_and_that_it_does_not_change():
    drawn = page_list([row(missed()), row(taken(missed()))], NOON, ZONE)
    assert_slack_takes(drawn.blocks)
    assert readable(drawn.blocks) == (
        "*Many pages at once.* The most urgent stand first.\n"
        "Can you take one? Tap *I have it* beside it.\n"
        "---\n"
        "*Missed check-in: Jo*\n"
        "Where: *Main Street shelter*\n"
        "Since: Tue Mar 10, 2:30 PM  [I have it]\n"
        "*Missed check-in: Jo*\n"
        "Where: *Main Street shelter*\n"
        "Since: Tue Mar 10, 2:30 PM\n"
        "*Rosa has it.*\n"
        "---\n"
        "~ This list was true at 12:00 PM and does not change. Each also comes as its own page,"
        " about one a second, unless somebody has it by then. Those pages are kept up to date."
    )


def test_its_lock_screen_says_no_name_no_kind_and_not_how_many():
    with speaking("en"):
        assert page_list([row(missed())], NOON, ZONE, 1, 3).text == "Belay: URGENT page, open now"
    with speaking("es"):
        assert page_list([row(missed())], NOON, ZONE, 1, 3).text == "Belay: aviso URGENTE, abre ya"


def test_about_duress_and_a_quiet_call_the_first_line_is_what_not_to_do():
    life, visit = silent()
    drawn = page_list([row(life, visit), row(calling(e.HelpForm.QUIET))], NOON, ZONE)
    said = [block["text"]["text"] for block in drawn.blocks if "accessory" in block]
    assert said[0].startswith("*Do not call or message them.*")
    assert "Where: *Main Street shelter*" in said[0]
    assert said[1].startswith("*Do not ring them.*")


def test_its_buttons_are_those_of_the_pages():
    life = missed()
    (button,) = elements(page_list([row(life)], NOON, ZONE).blocks)
    assert button["action_id"] == Action.ACKNOWLEDGE
    mark = life.matter.open_escalation.mark
    assert button["value"] == pack(life.matter.id, number=mark)


def test_one_that_cannot_be_drawn_stands_there_with_its_button():
    drawn = page_list([MatterId("m7"), row(missed())], NOON, ZONE, 2, 2)
    assert "Belay could not draw one page here." in readable(drawn.blocks)
    assert "list 2 of 2" in readable(drawn.blocks)
    first = elements(drawn.blocks)[0]
    assert unpack(first["value"]).matter == "m7"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("letter", ["<", "W", "ñ"])
def test_the_longest_list_is_taken_by_slack(letter, language):
    """With names and places as long as they may be, and of the sign that takes most room."""
    life, visit = silent()
    directory = Directory(ZONE, names=dict.fromkeys([JO, ROSA], letter * 200))
    seen = MatterView(life.matter, directory, visit)
    with speaking(language):
        drawn = page_list([(seen, latest(seen))] * PER_LIST, NOON, ZONE, 10, 10)
    assert_slack_takes(drawn.blocks)
    texts = [*(block.get("text", {}).get("text", "") for block in drawn.blocks)]
    assert sum(map(len, texts)) < CHARACTERS
    if letter != "<":
        assert len(json.dumps(drawn.blocks, ensure_ascii=False)) < CHARACTERS
