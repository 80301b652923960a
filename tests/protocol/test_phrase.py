"""Private phrases: long enough, nobody's everyday words, and found however a phone writes them."""

import pytest

from bot.cli.duress import PHRASES
from protocol.phrase import LETTERS_MAX, Weakness, weakness
from protocol.situation import DuressChoice


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("", Weakness.TOO_SHORT),
        ("ok", Weakness.TOO_SHORT),
        ("blue heron", Weakness.TOO_SHORT),
        ("a b c d", Weakness.TOO_SHORT),
        ("x" * (LETTERS_MAX + 1), Weakness.TOO_LONG),
        ("ok all good here", Weakness.ORDINARY),
        ("I'm fine, everything is quiet", Weakness.ORDINARY),
        ("still here and doing well", Weakness.ORDINARY),
        ("todo bien por aquí, gracias", Weakness.ORDINARY),
        ("all good river now", Weakness.ORDINARY),
        ("please send the police now", Weakness.SOUNDS_LIKE_DANGER),
        ("the weather helps, no danger", Weakness.SOUNDS_LIKE_DANGER),
        ("mucho miedo en la esquina", Weakness.SOUNDS_LIKE_DANGER),
    ],
)
def test_weak_phrases_are_told_why(phrase, found):
    assert weakness(phrase) is found


@pytest.mark.parametrize(
    "phrase", ["the heron stands by the pond", "bus was packed again", "la garza junto al lago"]
)
def test_words_of_ones_own_are_taken(phrase):
    assert weakness(phrase) is None


def test_what_belay_assigns_would_be_taken_too():
    weak = [phrase for phrase in PHRASES if weakness(phrase) is not None]
    assert weak == []


@pytest.mark.parametrize(
    "said",
    [
        "ok it's the heron by the pond",
        "OK, It\u2019s the heron -- by the pond!",
        "ok its the  HERON\nby the pond.",
        "ok its the h\u00e9ron by the pond",
    ],
)
def test_a_phrase_is_found_however_a_phone_writes_it(said):
    choice = DuressChoice("b", "It's the heron by the pond")
    assert choice.matches(said)


@pytest.mark.parametrize("said", ["ok", "a", "ok the heron", "", "..."])
def test_other_words_are_not_the_phrase(said):
    assert not DuressChoice("b", "It's the heron by the pond").matches(said)


def test_a_choice_without_words_is_found_by_its_button_alone():
    choice = DuressChoice("b", "")
    assert choice.matches("b")
    assert not choice.matches("")
    assert not choice.matches("ok")
