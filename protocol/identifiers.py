"""Finds what could identify a client in typed text, so that it never gets into Slack's records.

Deliberately plain patterns: they stop slips, not somebody who is set on writing a name. Names of
people cannot be told from names of places, so they are not looked for; the forms ask for none.
"""

import re
from enum import StrEnum
from typing import Final


class Identifier(StrEnum):
    """This is a kind of text that can identify a person."""

    URL = "url"
    EMAIL = "email"
    SSN = "ssn"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    RECORD_NUMBER = "record_number"
    ADDRESS = "address"


MASK: Final = "[removed]"

_DATE = r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}[/.-]\d{1,2}[/.-]\d{1,2})"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WRITTEN_DATE = rf"(?:{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{{2}})"
_BORN = r"\b(?:dob|d\.o\.b\.|date of birth|birth ?date|birthday|born(?: on)?)"
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|way"
    r"|terrace|ter|circle|cir|highway|hwy|parkway|pkwy|trail|trl|square|sq|loop|alley|pike)"
)
_ADDRESS = (
    r"\b\d{1,6}[a-z]?\s+(?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.?\s+)?"
    rf"(?:(?!minutes?\b|mins?\b|hours?\b)[a-z0-9'.]+\s+){{1,3}}?{_STREET}\b\.?"
)
# "MRN 12345", "case # 889-A": a word for a record and then something with at least three digits.
# A case code of the county's own ("code AB-12") has fewer, and is what people are asked to use.
_RECORD = (
    r"\b(?:mrn|medical record|record|chart|patient|client|member|medicaid|medicare|insurance"
    r"|policy|inmate|booking|case|license|licence|passport|ssid)"
    r"\s*(?:id|no|num|number|#)?\.?\s*[:#]?\s*(?=[a-z-]*\d)(?=(?:[a-z-]*\d){3})[a-z0-9-]{3,20}\b"
)

# In this order: what is found first is taken out, so that a URL's digits are not a phone number.
_PATTERNS: Final[tuple[tuple[Identifier, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Identifier.URL, r"\b(?:https?://|www\.)[^\s<>|]+"),
        (Identifier.EMAIL, r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
        (Identifier.SSN, r"(?<![\d-])(?!000|666)[0-8]\d{2}[ -]\d{2}[ -]\d{4}(?![\d-])"),
        (Identifier.SSN, r"\b(?:ssn|social security(?: number)?)\s*[:#]?\s*[\d -]{4,13}"),
        (Identifier.BIRTH_DATE, rf"{_BORN}\s*[:#]?\s*(?:is\s+)?(?:{_DATE}|{_WRITTEN_DATE})"),
        (Identifier.RECORD_NUMBER, _RECORD),
        (
            Identifier.PHONE,
            r"(?<![\w./-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-]?)\d{3}[ .-]?\d{4}(?![\w/-])",
        ),
        (Identifier.PHONE, r"(?<![\w.])\+\d[\d .-]{7,18}\d(?!\w)"),
        (Identifier.PHONE, r"(?<![\w.:-])[2-9]\d{2}[.-]\d{4}(?![\w-])"),
        (Identifier.ADDRESS, _ADDRESS),
        (Identifier.ADDRESS, r"\b(?:apt|apartment|unit|suite|ste)\.?\s*#?\s*\d{1,5}[a-z]?\b"),
        (Identifier.ADDRESS, r"\bp\.?\s?o\.?\s?box\s+\d+\b"),
    )
)


def find(text: str) -> tuple[Identifier, ...]:
    """The kinds of identifier in this text, each once, in the order of the kinds."""
    _, kinds = _take_out(text)
    return tuple(kind for kind in Identifier if kind in kinds)


def mask(text: str) -> str:
    """The text with everything that `find` sees replaced."""
    masked, _ = _take_out(text)
    return masked


# Whole dates, and numbers of six digits or more, however they are set.
_NUMBERS: Final = re.compile(
    rf"\b{_DATE}\b|\b{_WRITTEN_DATE}\b|\d(?:[ .()-]{{0,2}}\d){{5,}}", re.IGNORECASE
)


def mask_strictly(text: str) -> str:
    """The same, and whole dates and long numbers too: for words about somebody in trouble.

    Whoever writes those is in a hurry, so nothing is refused; what may identify is taken out.
    """
    return _NUMBERS.sub(MASK, mask(text))


def _take_out(text: str) -> tuple[str, frozenset[Identifier]]:
    found: set[Identifier] = set()
    for kind, pattern in _PATTERNS:
        text, times = pattern.subn(MASK, text)
        if times:
            found.add(kind)
    return text, frozenset(found)
