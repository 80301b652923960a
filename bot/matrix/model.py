"""The matrix as a value: who handles what, how urgently, and what comes first. Frozen throughout.

`load.py` reads it from YAML and says of everything wrong where it stands; `export.py` writes it
back. A row is one task or trigger; a narrower row (`under`) says something more exact than its
wide row, often at another tier.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.matrix.packs import Pack, Phrases
from protocol.people import Language, Role

SCHEMA_VERSION = 1

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{1,49}$")]
LineKey = Annotated[str, BeforeValidator(str), Field(pattern=r"^[a-z0-9][a-z0-9_]{1,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=600)]
Lines = Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
Minutes = Annotated[int, Field(ge=1, le=10080)]


class Part(BaseModel):
    """This is what all parts have in common: nothing may be added, and nothing changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """This is one text in each language."""

    en: Text
    es: Text

    def in_(self, language: Language) -> str:
        """The text in this language."""
        return self.es if language is Language.ES else self.en


class WordLines(Part):
    """This is a list of lines in each language, line for line."""

    en: Lines
    es: Lines

    def in_(self, language: Language) -> tuple[str, ...]:
        """The lines in this language."""
        return self.es if language is Language.ES else self.en


class Names(Part):
    """This is other names of one thing in each language; their number may differ."""

    en: tuple[Text, ...] = ()
    es: tuple[Text, ...] = ()


class TierKey(StrEnum):
    """This is how soon somebody must answer, from a life at risk now to the next supervision."""

    U0 = "U0"
    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"


URGENT = frozenset({TierKey.U0, TierKey.U1})


class Who(StrEnum):
    """This is who a rung of a tier's ladder reaches, seen from the row."""

    OWNER = "owner"
    BACKUP = "backup"
    EVERYONE = "everyone"
    EXECUTIVE = "executive"


class Rung(Part):
    """This is one rung: minutes after the page was sent, and who is paged then."""

    after: Annotated[int, Field(ge=0, le=10080)]
    who: Who


class Tier(Part):
    """This is what a tier promises: how soon somebody has it, and who is paged until then."""

    title: Words
    acknowledge_within: Minutes
    ladder: Annotated[tuple[Rung, ...], Field(min_length=1)]


class Owner(Part):
    """This is who a row belongs to: a role of the program that is paged, or a partner called."""

    title: Words
    role: Role | None = None
    line: LineKey | None = None


class Line(Part):
    """This is what is called or done first. A number that the county must look up is not here."""

    text: Words
    number: Annotated[str, Field(pattern=r"^[0-9+() -]{3,20}$")] | None = None
    check_locally: bool = False


class Kind(StrEnum):
    """This is whose a row is: a peer's, shared, never a peer's, or a thing that happens."""

    PEER = "peer"
    SHARED = "shared"
    NON_PEER = "non_peer"
    TRIGGER = "trigger"


class Need(StrEnum):
    """This is what must be there before the work is done."""

    CONSENT = "consent"
    SECOND_PERSON = "second_person"
    SUPERVISOR_SIGNS = "supervisor_signs"
    TRAINED_ONLY = "trained_only"


class Route(Part):
    """This is the role that is paged, the one behind it, and the channel in which it is seen."""

    role: Role
    backup: Role
    channel: Literal["clinical", "field_safety", "none"]


class Owed(Part):
    """This is what the owner owes back, within so many minutes."""

    within: Minutes
    en: Text
    es: Text


class Authority(Part):
    """This is why the rule is so. `check_locally`: nobody has held it against local law yet."""

    text: Words
    check_locally: bool = False


class Quiz(Part):
    """This is one question that the row settles; `answer` counts the choices from 1."""

    question: Words
    choices: Annotated[tuple[Words, ...], Field(min_length=3, max_length=3)]
    answer: Annotated[int, Field(ge=1, le=3)]
    because: Words


class Row(Part):
    """This is one row of the matrix."""

    key: Key
    under: Key | None = None
    kind: Kind
    private: bool = False
    title: Words
    wording: Words
    tier: TierKey
    owner: Key
    route: Route
    call_first: tuple[LineKey, ...] = ()
    first_actions: WordLines
    do_not: WordLines
    owed: Owed
    needs: tuple[Need, ...] = ()
    authority: tuple[Authority, ...] = ()
    jurisdiction: Words | None = None
    row_owner: Role
    reviewed_on: date
    review_by: date
    aliases: Names = Names()
    quiz: Quiz

    @property
    def urgent(self) -> bool:
        """Whether the row's own tier asks for a page at once."""
        return self.tier in URGENT


def _by_key(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: row.key))


class Matrix(Part):
    """This is the whole matrix. `version` changes with every word of it, and with nothing else."""

    schema_version: Literal[1]
    tiers: dict[TierKey, Tier]
    roles: dict[Role, Words]
    owners: dict[Key, Owner]
    lines: dict[LineKey, Line]
    # In the order of their keys, so that the order in which they were written means nothing.
    rows: Annotated[tuple[Row, ...], AfterValidator(_by_key)]
    packs: dict[Key, Pack] = {}
    background: dict[Key, Phrases] = {}
    slang: dict[Language, dict[str, str]] = {}

    @cached_property
    def by_key(self) -> Mapping[str, Row]:
        """Every row by its key."""
        return {row.key: row for row in self.rows}

    @cached_property
    def version(self) -> str:
        """The first twelve digits of the digest of the canonical form."""
        canonical = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def wide(self, key: str) -> Row:
        """The wide row that this row is, or stands under."""
        row = self.by_key[key]
        return self.by_key[row.under] if row.under else row

    def wide_rows(self) -> Iterator[Row]:
        """The rows that stand under no other."""
        return (row for row in self.rows if row.under is None)

    def narrower(self, key: str) -> tuple[Row, ...]:
        """The rows under this one."""
        return tuple(row for row in self.rows if row.under == key)
