"""What a phone dials is digits and a plus; anything else is shown as it was typed."""

import pytest

from bot.slack.render.blocks import dialled, tel


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("(555) 010-0199", "<tel:5550100199|(555) 010-0199>"),
        ("+1 555 0100", "<tel:+15550100|+1 555 0100>"),
        ("ask at the desk", "ask at the desk"),
        ("²", "²"),  # a digit to Unicode, to no phone
        ("٥٥٥", "٥٥٥"),
        ("<911>", "<tel:911|&lt;911&gt;>"),
    ],
)
def test_a_number_is_a_link_only_where_a_phone_can_dial_it(number, shown):
    assert tel(number) == shown


def test_only_what_a_phone_knows_is_dialled():
    assert dialled("1² 3-٥") == "13"
