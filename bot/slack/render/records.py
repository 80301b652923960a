"""This draws what Belay records about people: as pages of a form, and as a document.

Both come from the schema itself: tables and columns in its order, with the words beside them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Column

from bot.slack.render.blocks import lines, section, typed
from bot.slack.render.times import day_and_clock
from bot.slack.render.view import Block
from bot.slack.words import onboarding as onboarding_words
from bot.slack.words import records as words
from bot.slack.words.records import GROUPS, RECORDS, Group
from bot.slack.words.speech import _, n_
from protocol.ids import PersonId
from storage import rotation, tables
from storage.onboarding import Own

_SEALED: Final = frozenset(f"{table.name}.{name}" for table, name, _about in rotation.SEALED)
# A visit is stored as one value of which only parts are sealed; its words say which.
_SEALED_IN_PART: Final = frozenset({"visit.body"})
# More reads than a form has room for are counted.
READS_MAX: Final = 20
# Longer sections are cut by Slack's limit of 3,000 characters.
LINES_A_SECTION: Final = 25


def columns(group: Group) -> Iterator[tuple[str, str]]:
    """The columns of a class in the schema's order: "table.column", and what it records."""
    for column in _all_columns():
        name = _name(column)
        found = RECORDS.get(name)
        if found is not None and found[0] is group:
            yield name, found[1]


def pages() -> list[list[Block]]:
    """One page for each class of records, in the language now spoken."""
    return [_page(group) for group in Group]


def _page(group: Group) -> list[Block]:
    about = GROUPS[group]
    shown = [_line(name, text) for name, text in columns(group)]
    chunks = [shown[i : i + LINES_A_SECTION] for i in range(0, len(shown), LINES_A_SECTION)]
    return [
        section(
            lines(
                _(words.HEAD, title=_(about.title)),
                _(words.WHO_READS, readers=_(about.readers)),
                _(words.HOW_LONG, kept=_(about.kept)),
            )
        ),
        *(section("\n".join(chunk)) for chunk in chunks),
    ]


def _line(name: str, text: str) -> str:
    if name in _SEALED:
        return _(words.LINE_SEALED, text=_(text), sealed=_(words.SEALED))
    return _(words.LINE, text=_(text))


def mine(own: Own, names: Mapping[PersonId, str], zone: str) -> list[Block]:
    """What is stored about one person now, and who opened what is sealed about them."""
    excluded = ", ".join(typed(names.get(who, "-"), 80) for who in own.excludes)
    sent = ", ".join(_(onboarding_words.SEND[one]) for one in own.send)
    stored = [
        _(words.PHONE_YES if own.has_phone else words.PHONE_NO),
        _(words.CONTACT_YES if own.has_contact else words.CONTACT_NO),
        n_("{count} visit", "{count} visits", own.visits),
        n_("{count} flag that you raised", "{count} flags that you raised", own.flags),
        _(words.EXCLUDED, names=excluded) if excluded else "",
        _(words.TO_SEND, send=sent) if sent else "",
    ]
    told = [_(words.LINE, text=one) for one in stored if one]
    return [
        section(lines(_(words.MINE), *told)),
        section(lines(_(words.MY_READS), *_reads(own, names, zone))),
    ]


def _reads(own: Own, names: Mapping[PersonId, str], zone: str) -> Sequence[str]:
    newest = sorted(own.reads, reverse=True)[:READS_MAX]
    if not newest:
        return [_(words.NO_READS)]
    return [
        _(
            words.READ,
            at=day_and_clock(at, zone),
            who=typed(names.get(who, "-"), 80),
            what=_(words.READ_WHAT[what]),
        )
        for at, who, what in newest
    ]


def document() -> str:
    """All of it as docs/records.md has it, in English."""
    parts = [words.DOC_HEAD]
    for group in Group:
        about = GROUPS[group]
        rows = [f"| `{name}` | {text} | {_mark(name)} |" for name, text in columns(group)]
        parts += [
            f"\n## {about.title}\n",
            f"Who reads it: {about.readers}\n",
            f"How long: {about.kept}\n",
            "| Column | What it records | Sealed |\n|---|---|---|",
            *rows,
        ]
    return "\n".join(parts) + "\n"


def _mark(name: str) -> str:
    return "yes" if name in _SEALED else "in part" if name in _SEALED_IN_PART else ""


def _all_columns() -> Iterator[Column[object]]:
    for table in tables.metadata.sorted_tables:
        yield from table.c


def _name(column: Column[object]) -> str:
    return f"{column.table.name}.{column.name}"
