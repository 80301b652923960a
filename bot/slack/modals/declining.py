"""This is the form that declines a request with the matrix in hand, and what is shown after it.

The words are the program's and may be changed; the row, its version and the route are added below
them and may not, since they are what makes it no refusal of a person's own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.matrix.model import Matrix, Row
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.asking import Where
from bot.slack.read.payload import Body, Unreadable, cleaned, minted, strict, user_of
from bot.slack.render.answer_row import may_decline
from bot.slack.render.blocks import context, escape, lines, plain, section
from bot.slack.render.blocks import typed as shown
from bot.slack.words import labels
from bot.slack.words import matrix as words
from bot.slack.words.speech import _
from protocol.identifiers import mask
from protocol.people import Language
from storage.matrix_tables import Team

REPLY_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Declining:
    """This is a request that somebody declines. `id` is the same for the same form sent twice."""

    id: str
    user: str
    row: str
    team: Team
    reply: str
    where: Where | None = None
    author: str = ""
    view_id: str = ""


def rows_to_cite(matrix: Matrix) -> list[Row]:
    """The rows that say that something is not a peer's to do."""
    return [row for row in matrix.rows if may_decline(row)]


def decline_form(
    matrix: Matrix,
    language: Language,
    chosen: str | None = None,
    where: Where | None = None,
    author: str = "",
) -> View | str:
    """Which row, which team, and the reply. `where` and `author` are of the message it answers."""
    rows = rows_to_cite(matrix)
    if not rows:
        return _(words.NO_ROWS)
    named = sorted((row.title.in_(language), row.key) for row in rows)
    picked = chosen if any(row.key == chosen for row in rows) else None
    about = {"where": [where.channel, where.thread] if where else None, "author": author}
    asked = [
        question(Field.ROW, _(words.FIELD_ROW), parts.select(named[: parts.OPTIONS_MAX], picked)),
        question(
            Field.TEAM,
            _(words.FIELD_TEAM),
            parts.radio([(_(words.TEAM[team]), team.value) for team in Team]),
        ),
        question(
            Field.REPLY,
            _(words.FIELD_REPLY),
            parts.text(REPLY_MAX, _(words.KIND_REPLY), multiline=True),
            hint=_(words.HINT_REPLY),
        ),
        context(_(words.COUNTED)),
    ]
    return parts.form(Form.DECLINE_ROW, json.dumps(about), asked)


@strict
def read_decline(body: Body) -> Declining:
    """What was declined. Whatever could identify somebody is taken out of the reply."""
    values, view = typed.values_of(body), body["view"]
    about = json.loads(view["private_metadata"])
    row = typed.chosen(values, Field.ROW)
    if row is None:
        raise Unreadable(_(words.NEEDS_ROW), Field.ROW)
    where = about["where"]
    return Declining(
        id=minted(f"decline:{view['id']}"),
        user=user_of(body),
        row=row,
        team=typed.one_of(values, Field.TEAM, Team),
        reply=mask(typed.text(values, Field.REPLY, REPLY_MAX, needed=True)),
        where=Where(str(where[0]), str(where[1])) if where else None,
        author=cleaned(str(about["author"])),
        view_id=str(view["id"]),
    )


def reply_text(matrix: Matrix, row: Row, reply: str, program: str, language: Language) -> str:
    """The whole reply as it is sent: in the program's name, with row, version and route."""
    owner = matrix.owners[row.owner].title.in_(language)
    owed = row.owed.es if language is Language.ES else row.owed.en
    return lines(
        _(words.FROM, program=shown(program, 80)),
        escape(reply),
        _(
            words.CITATION,
            title=escape(row.title.in_(language)),
            owner=escape(owner),
            key=row.key,
            version=matrix.version,
        ),
        _(words.OWED_BACK, owed=escape(owed)),
    )


def declined_view(reply: str, told: Sequence[str], how: str) -> View:
    """What became of it, and the reply to copy; `how` says what was done with it."""
    people = ", ".join(shown(one, 60) for one in told)
    passed = _(words.DECLINED, people=people) if told else _(words.DECLINED_NOBODY)
    blocks = [section(passed), section(how), section(reply)]
    made = parts.form(Form.DECLINED, "", blocks)
    del made["submit"]
    return {**made, "close": plain(_(labels.CLOSE_WINDOW), parts.TITLE_MAX)}
