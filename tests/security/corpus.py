"""Five hundred identifiers of people who do not exist, the same in every run.

Seventy of each kind, and the rest names. Phones are in ranges that nobody is given (555-01xx).
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SEED: Final = 20260310
SIZE: Final = 500
OF_EACH: Final = 70
GIVEN: Final = (
    "Aldous Briony Caspian Delphine Evander Fenella Gulliver Hesper Ignatius Jocasta".split()
)
FAMILY: Final = "Thistlewood Quarterman Bellweather Oxenholme Pennyfeather Ravenscroft".split()
STREETS: Final = "Alder Juniper Larkspur Foxglove Tamarack Huckleberry".split()
KINDS_OF_STREET: Final = "Street Ave Blvd Lane Court Road".split()
MONTHS: Final = "January March May July October December".split()


@dataclass(frozen=True, slots=True)
class Planted:
    """This is one identifier. `kernel` is the part that must not be found anywhere."""

    kind: str
    text: str
    kernel: str

    def found_in(self, text: str) -> bool:
        """Whether it stands there, however it is written."""
        return self.kernel.casefold() in text.casefold()


def corpus() -> tuple[Planted, ...]:
    """All of them."""
    rng = random.Random(SEED)
    made = [
        one for kind in (_phone, _ssn, _mrn, _address, _born, _email) for one in _some(kind, rng)
    ]
    made += [_name(rng, number) for number in range(SIZE - len(made))]
    assert len({one.text for one in made}) == SIZE
    return tuple(made)


def _some(kind, rng: random.Random) -> Iterator[Planted]:
    seen: set[str] = set()
    while len(seen) < OF_EACH:
        made = kind(rng)
        if made.text not in seen:
            seen.add(made.text)
            yield made


def _phone(rng: random.Random) -> Planted:
    area, last = rng.randint(201, 989), f"01{rng.randint(0, 99):02}"
    shape = rng.choice(["({0}) 555-{1}", "{0}-555-{1}", "{0}.555.{1}", "+1 {0} 555 {1}"])
    text = shape.format(area, last)
    return Planted("phone", text, text[-12:].strip("( "))


def _ssn(rng: random.Random) -> Planted:
    text = f"{rng.randint(100, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"
    return Planted("ssn", text, text)


def _mrn(rng: random.Random) -> Planted:
    number = f"{rng.randint(10**6, 10**7 - 1)}"
    return Planted("mrn", rng.choice(["MRN {}", "MRN: {}", "chart # {}"]).format(number), number)


def _address(rng: random.Random) -> Planted:
    text = f"{rng.randint(100, 9899)} {rng.choice(STREETS)} {rng.choice(KINDS_OF_STREET)}"
    return Planted("address", text, text)


def _born(rng: random.Random) -> Planted:
    year, day, month = rng.randint(1940, 2006), rng.randint(10, 28), rng.randint(0, 5)
    dates = [f"{month + 1}/{day}/{year}", f"{year}-{month + 1:02}-{day}"]
    dates.append(f"{MONTHS[month]} {day}, {year}")
    date = rng.choice(dates)
    return Planted("born", f"{rng.choice(['DOB', 'born', 'date of birth:'])} {date}", date)


def _email(rng: random.Random) -> Planted:
    text = f"{rng.choice(GIVEN)}.{rng.choice(FAMILY)}{rng.randint(10, 999)}@example.org".lower()
    return Planted("email", text, text)


def _name(rng: random.Random, number: int) -> Planted:
    # The number makes each one different, and none of them a word that Belay says itself.
    text = (
        f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}{chr(97 + number // 26)}{chr(97 + number % 26)}"
    )
    return Planted("name", text, text)
