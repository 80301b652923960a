"""Identifiers in typed text: what is found, and what must be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.identifiers import MASK, Identifier, find, mask


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("call 555-867-5309", Identifier.PHONE),
        ("call (555) 867-5309 now", Identifier.PHONE),
        ("5558675309", Identifier.PHONE),
        ("+1 555 867 5309", Identifier.PHONE),
        ("555.867.5309", Identifier.PHONE),
        ("+44 20 7946 0958", Identifier.PHONE),
        ("his cell is 867-5309", Identifier.PHONE),
        ("mail rosa.w+1@example.org please", Identifier.EMAIL),
        ("ssn 123-45-6789", Identifier.SSN),
        ("123 45 6789", Identifier.SSN),
        ("social security 6789", Identifier.SSN),
        ("DOB 3/4/1985", Identifier.BIRTH_DATE),
        ("born 1985-03-04", Identifier.BIRTH_DATE),
        ("date of birth: March 4, 1985", Identifier.BIRTH_DATE),
        ("12 Main St", Identifier.ADDRESS),
        ("4521B N. Martin Luther King Blvd", Identifier.ADDRESS),
        ("behind 300 old mill road", Identifier.ADDRESS),
        ("apt 4b", Identifier.ADDRESS),
        ("PO Box 12", Identifier.ADDRESS),
        ("MRN 0012345", Identifier.RECORD_NUMBER),
        ("case # 88-1234", Identifier.RECORD_NUMBER),
        ("inmate no. A12345", Identifier.RECORD_NUMBER),
        ("see https://example.org/x", Identifier.URL),
        ("www.example.org/a", Identifier.URL),
    ],
)
def test_an_identifier_is_found_and_taken_out(text, kind):
    assert kind in find(text)
    assert MASK in mask(text)
    assert not find(mask(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bus 14",
        "Home 17",
        "10 minutes",
        "in 10 minutes on the way",
        "2026-03-04 meeting",
        "meeting 3/4/2026",
        "Main St shelter",
        "the place on 5th Street",
        "shelter at 5th and Oak",
        "gate 3, release at 6:30",
        "back at 14:30-15:00",
        "case code AB-12",
        "code K7",
        "bring 200 kits and 12 tents",
        "route 66",
        "room 12",
        "two doors down from the clinic",
        "911",
        "version 1.2.3",
        "OK all good here",
        "we need 2 more people at the park",
        "unit is quiet today",
        "born to help",
        "the patient has 2 dogs",
        "call me at 5",
    ],
)
def test_what_people_need_to_write_is_left_alone(text):
    assert find(text) == ()
    assert mask(text) == text


def test_several_kinds_are_named_once_each_in_order():
    text = "555-867-5309, 555-867-5310 and a@example.org"
    assert find(text) == (Identifier.EMAIL, Identifier.PHONE)
    assert mask(text) == f"{MASK}, {MASK} and {MASK}"


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at_and_what_is_masked_stays_masked(text):
    assert not find(mask(text)) or mask(mask(text)) != mask(text)


@pytest.mark.parametrize("text", ["1 " * 2000, "a." * 2000 + "@", "1-" * 2000, "12 " + "a " * 2000])
def test_a_long_text_takes_no_long_time(text):
    assert isinstance(find(text), tuple)
