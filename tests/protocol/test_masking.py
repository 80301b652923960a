"""Masking: what is kept of a question tells nothing about whom it was."""

import pytest

from protocol.masking import can_be_masked, masked, of_ones_own_life


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("my client maria needs a ride", "my client [removed] needs a ride"),
        ("my client needs a ride", "my client needs a ride"),
        ("mi cliente Pedro quiere ir", "mi cliente [removed] quiere ir"),
        ("el cliente está en withdrawal", "el cliente está en withdrawal"),
        ("a man named jose luis", "a man named [removed]"),
        ("a man named Jose Luis at the gate", "a man named [removed] at the gate"),
        ("se llama ana y no come", "se llama [removed] y no come"),
        ("she said Maria hit her", "she said [removed] hit her"),
        ("call 555-123-4567 or a@b.org", "call [removed] or [removed]"),
        ("born 3/14/1980", "[removed]"),
        ("court on 3/14", "court on [removed]"),
        ("el 3 de marzo va", "el [removed] va"),
        ("case 4417728", "[removed]"),
        ("id x4417728z is lost", "id [removed] is lost"),
        ("<@U1|bob> and @ana asked in <#C1|huddle>", "[removed] and [removed] asked in [removed]"),
        ("at 12 Main Street now", "at [removed] now"),
    ],
)
def test_what_may_identify_somebody_is_taken_out(typed, kept):
    assert masked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "i relapsed last week",
        "I'm using again",
        "thinking about killing myself",
        "my supervisor yells at me",
        "he grabbed me at the shelter",
        "recaí anoche",
        "me quiero morir",
    ],
)
def test_a_text_that_may_be_about_the_askers_own_life_is_known(typed):
    assert of_ones_own_life(typed)


@pytest.mark.parametrize(
    "typed",
    ["can i drive a client", "client relapsed last week", "she wants to die", "me pide dinero"],
)
def test_a_text_about_a_client_is_not_taken_for_the_askers_own(typed):
    assert not of_ones_own_life(typed)


@pytest.mark.parametrize("typed", ["", "😀", "123", "кто это", "是谁", "who кто"])
def test_what_holds_no_latin_words_cannot_be_masked(typed):
    assert not can_be_masked(typed)


def test_english_and_spanish_can_be_masked():
    assert can_be_masked("¿quién lleva al niño? who drives?")
