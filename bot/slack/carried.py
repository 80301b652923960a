"""What buttons carry: written here and read here, so that a value nobody wrote is known as such."""

import re
from dataclasses import dataclass
from typing import Final

from protocol.ids import MatterId


@dataclass(frozen=True, slots=True)
class Carried:
    """This is what a button carries: the matter, and an answer or a counter where it needs one."""

    matter: MatterId
    said: str = ""
    number: int = 0


# What a button that closes carries of its matter, since its form opens without a look at it.
DRILL: Final = "drill"
NO_VISIT: Final = "no_visit"
# What a button carries that proposes a change after an incident; its number is the episode.
INCIDENT: Final = "incident"
# What a button that logs an attempt carries where it is no worker who is looked for.
RAISED: Final = "raised"

_SEPARATOR = "|"
_MATTER = re.compile(r"[A-Za-z0-9._:/-]{1,110}")
_SAID = re.compile(r"[a-z_]{0,20}")
_NUMBER = re.compile(r"[0-9]{1,9}")


# What a button carries that is about no matter, such as those of the App Home.
NO_MATTER: Final = MatterId("home")


def pack(matter: MatterId, said: str = "", number: int = 0) -> str:
    """This writes a button's value: short enough for a menu option too (150 characters)."""
    return _SEPARATOR.join((matter, said, str(number)))


def pack_row(key: str, version: str) -> str:
    """This writes the value of a button that pages for a row: which row, of which matrix."""
    return pack(MatterId(f"{key}/{version}"))


def row_of(carried: Carried) -> tuple[str, str] | None:
    """This reads what `pack_row` wrote: key and version; None where it is neither."""
    key, _slash, version = carried.matter.partition("/")
    return (key, version) if key and version else None


def unpack(value: object) -> Carried | None:
    """This reads a button's value; None for anything that `pack` did not write."""
    parts = value.split(_SEPARATOR) if isinstance(value, str) else []
    if len(parts) != 3:
        return None
    matter, said, number = parts
    if _MATTER.fullmatch(matter) and _SAID.fullmatch(said) and _NUMBER.fullmatch(number):
        return Carried(MatterId(matter), said, int(number))
    return None


@dataclass(frozen=True, slots=True)
class Rows:
    """This is what a button of an answer carries: rows of one version of the matrix, in order.

    `live` are those of them that are happening, as the question read; the first `shown` are on the
    screen. `note` finds in memory what was asked; it says nothing by itself.
    """

    version: str
    keys: tuple[str, ...]
    live: frozenset[str] = frozenset()
    shown: int = 1
    note: str = ""

    @property
    def rest(self) -> tuple[str, ...]:
        """The rows that are not on the screen yet."""
        return self.keys[self.shown :]


_ROW_KEY = re.compile(r"[a-z0-9][a-z0-9_]{1,49}")
_VERSION = re.compile(r"[a-z0-9]{1,40}")
_NOTE = re.compile(r"[A-Za-z0-9_-]{0,40}")
_LIVE = "+"
ROWS_MAX: Final = 12


def pack_rows(rows: Rows) -> str:
    """This writes what a button of an answer carries; far below the 2,000 that Slack takes."""
    keys = ",".join(f"{key}{_LIVE if key in rows.live else ''}" for key in rows.keys[:ROWS_MAX])
    return _SEPARATOR.join((rows.version, keys, str(rows.shown), rows.note))


def unpack_rows(value: object) -> Rows | None:
    """This reads it; None for anything that `pack_rows` did not write."""
    parts = value.split(_SEPARATOR) if isinstance(value, str) else []
    if len(parts) != 4:
        return None
    version, listed, shown, note = parts
    marked = listed.split(",") if listed else []
    keys = tuple(one.removesuffix(_LIVE) for one in marked)
    if len(keys) > ROWS_MAX or not all(_ROW_KEY.fullmatch(key) for key in keys):
        return None
    if not (_NUMBER.fullmatch(shown) and _VERSION.fullmatch(version) and _NOTE.fullmatch(note)):
        return None
    live = frozenset(one.removesuffix(_LIVE) for one in marked if one.endswith(_LIVE))
    return Rows(version, keys, live, int(shown), note)
