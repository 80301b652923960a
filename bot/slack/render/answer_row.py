"""This draws the answer to "who handles this?". Pure: all it needs is handed in.

Whatever the answer is, the danger button ends it, so that no miss is silent. For an urgent row the
first line is whom to call; everything else can wait for that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.matrix.answer import Hit, Why
from bot.matrix.model import URGENT, Kind, Matrix, Row, TierKey
from bot.slack.carried import NO_MATTER, Rows, pack, pack_row, pack_rows
from bot.slack.ids import Action
from bot.slack.render import answer_lines as whom
from bot.slack.render.answer_lines import LINE_ROLES, Asked
from bot.slack.render.blocks import actions, button, context, escape, lines, section, tel, typed
from bot.slack.render.times import length
from bot.slack.render.view import Block, Rendered
from bot.slack.words import labels, news
from bot.slack.words import matrix as words
from bot.slack.words.speech import _
from protocol.ids import MatterId
from protocol.people import Language, Role
from storage.matrix_tables import Asker
from storage.on_call import Desk

PAGED: Final = frozenset({TierKey.U0, TierKey.U1, TierKey.U2})
# From this chance on a row is what was asked for; two such rows are two things in one question.
SURE: Final = 0.5
# An urgent row that may be meant as well is shown at once, however sure another one is.
URGENT_BESIDE: Final = 0.15
LISTED_MAX: Final = 5
# What somebody may say that they do while they have no row, each with its button.
DID: Final[dict[Action, Asker]] = {
    Action.GAP_WAITED: Asker.WAITED,
    Action.GAP_ASKED: Asker.ASKED,
    Action.GAP_WENT_AHEAD: Asker.WENT_AHEAD,
    Action.GAP_OTHER: Asker.OTHER,
}
_EXAMPLE_MAX: Final = 160
_WORDS_MAX: Final = 6
_911: Final = "911"


@dataclass(frozen=True, slots=True)
class Found:
    """This is one row to show. `live` says whether it is happening, as the question read."""

    key: str
    live: bool
    why: Why | None = None

    @classmethod
    def of(cls, hit: Hit) -> "Found":
        """A hit of the matcher."""
        return cls(hit.row, hit.tier is not None, hit.why)


def sure_of(hits: Sequence[Hit]) -> bool:
    """Whether the first row is the answer: likely, alone so, and no urgent one may be meant too."""
    strong = [hit for hit in hits if hit.score >= SURE]
    beside = [hit for hit in hits[1:] if hit.tier in URGENT and hit.score >= URGENT_BESIDE]
    return bool(strong) and strong == list(hits[:1]) and not beside


def roles_of(rows: Iterable[Row]) -> tuple[frozenset[Role], frozenset[Role]]:
    """Which roles' people an answer with these rows names, and whose numbers it gives."""
    named: set[Role] = set()
    called: set[Role] = set()
    for row in rows:
        if row.private:
            continue
        roles = {
            row.route.role,
            *(LINE_ROLES[key] for key in row.call_first if key in LINE_ROLES),
        }
        named |= roles
        if row.urgent:
            called |= roles
    return frozenset(named), frozenset(called)


# --- whole answers ---------------------------------------------------------------------------


def one(asked: Asked, found: Found, rest: Sequence[Found] = ()) -> Rendered:
    """One row, in full; `rest` are what comes up when that is not it."""
    row = asked.matrix.by_key[found.key]
    return _message(
        [
            *whom.call_first(asked, row, live=found.live),
            *_draft(asked),
            section(_headline(asked, row, found)),
            section(_(words.DO, lines=_numbered(row.first_actions.in_(asked.language)))),
            section(lines(whom.owner(asked, row), _by_when(asked, row), _needs(row))),
            section(_(words.DO_NOT, lines=_dots(row.do_not.in_(asked.language)))),
            *_fine_print(asked, row, found),
            *_buttons(asked, row, found, rest),
        ],
    )


def several(asked: Asked, hits: Sequence[Hit]) -> Rendered:
    """A few rows, most urgent first: more than one was asked for, or it is not clear which."""
    strong = [hit for hit in hits if hit.score >= SURE]
    head = words.SEVERAL if len(strong) > 1 else words.UNSURE
    return _list(asked, [Found.of(hit) for hit in hits], head)


def following(asked: Asked, rest: Sequence[Found]) -> Rendered:
    """What else it may be, after *That is not it*; where nothing is left, what to do."""
    if not rest:
        return outside(asked, head=words.NO_MORE)
    return _list(asked, rest, words.NEXT)


def outside(
    asked: Asked, *, head: str = words.OUTSIDE, gap: str = "", did: Action | None = None
) -> Rendered:
    """There is no row: pause and ask. `gap` is what was kept, and `did` what the asker said of it.

    Where nothing may be kept, nothing is asked for either.
    """
    shown = [*_draft(asked), section(lines(_(head), _pause(asked.desk))), *_aside(asked)]
    if gap:
        shown += [context(_(words.NOTED)), *_meanwhile(gap, did)]
        shown.append(actions("propose", [_propose()]))
    return _message(shown)


def _meanwhile(gap: str, did: Action | None) -> list[Block]:
    """One tap for what the asker does until somebody has answered; then what they said."""
    if did is not None:
        return [context(_(words.MEANWHILE_NOTED, did=_(labels.BUTTON[did])))]
    value = pack(MatterId(gap))
    row = [button(action, value) for action in DID]
    return [section(_(words.MEANWHILE)), actions("meanwhile", row)]


def not_ready(desk: Desk) -> Rendered:
    """The matrix is not loaded, or could not be asked: pause and ask."""
    return _message([section(lines(_(words.NOT_READY), _pause(desk)))])


def gone(asked: Asked) -> Rendered:
    """A button of an older matrix names a row that is not there any more."""
    return _message([section(lines(_(words.ROW_GONE), _pause(asked.desk)))])


def how(command: str) -> Rendered:
    """How to ask, for whoever asked nothing."""
    shown = [section(_(words.HOW, command=typed(command, 40))), *danger()]
    return Rendered(_(news.LOCK_NEWS), tuple(shown))


def danger() -> list[Block]:
    """What ends every answer: 911 first, then the clinical lead by one button."""
    said = context(_(words.IN_DANGER, number=tel(_911)))
    press = button(Action.PAGE_LEAD, pack(NO_MATTER), style="danger", label=_(words.PAGE_LEAD))
    return [said, actions("danger", [press])]


def _message(blocks: Iterable[Block]) -> Rendered:
    return Rendered(_(news.LOCK_NEWS), (*blocks, *danger()))


# --- one row ---------------------------------------------------------------------------------


def _headline(asked: Asked, row: Row, found: Found) -> str:
    title = f"*{escape(row.title.in_(asked.language))}* · {_(words.TIER[row.tier])}"
    calm = None if found.live or not row.urgent else _(words.NOT_LIVE)
    return lines(title, escape(row.wording.in_(asked.language)), calm)


def _by_when(asked: Asked, row: Row) -> str:
    within = _(words.WITHIN, time=length(timedelta(minutes=row.owed.within)))
    owed = row.owed.es if asked.language is Language.ES else row.owed.en
    return _(words.BY_WHEN, when=within, owed=escape(owed))


def _needs(row: Row) -> str | None:
    if not row.needs:
        return None
    return _(words.NEEDS, needs=", ".join(_(words.NEED[need]) for need in row.needs))


def _fine_print(asked: Asked, row: Row, found: Found) -> list[Block]:
    """Why this row, what is to be checked, which row and matrix: small, below what to do."""
    local = whom.to_check(asked, row)
    version = asked.matrix.version
    title = escape(row.title.in_(asked.language))
    said = lines(_why(found.why), local, _(words.ROW, title=title, key=row.key, version=version))
    return [*_aside(asked), context(said)]


def _why(why: Why | None) -> str | None:
    if why is None or not why.example:
        return None
    example = typed(why.example, _EXAMPLE_MAX)
    if not why.words:
        return _(words.LIKE, example=example)
    told = ", ".join(typed(word, 40) for word in why.words[:_WORDS_MAX])
    return _(words.LIKE_WORDS, example=example, words=told)


def _buttons(asked: Asked, row: Row, found: Found, rest: Sequence[Found]) -> list[Block]:
    paged = found.live and row.tier in PAGED
    row_of = [_page(asked, row)] if paged else []
    value = pack_rows(_rows(asked, [found, *rest]))
    row_of.append(button(Action.NOT_THAT, value))
    if may_decline(row):
        cited = pack_rows(_rows(asked, [found]))
        row_of.append(button(Action.DECLINE_ROW, cited))
    if row.private:
        return [actions("row", row_of)]
    propose = _propose(row.key, asked.matrix.version)
    if paged:
        return [actions("row", row_of), actions("propose", [propose])]
    return [actions("row", [*row_of, propose])]


def _propose(key: str = "", version: str = "") -> dict[str, object]:
    """The way to a change of this row. Never in the row of a page, which is for one thing alone."""
    value = pack_row(key, version) if key else pack(NO_MATTER)
    return button(Action.PROPOSE_CHANGE, value)


def may_decline(row: Row) -> bool:
    """Whether a peer may say that this is outside their role. A private row is nobody's request."""
    return not row.private and row.kind in (Kind.NON_PEER, Kind.SHARED)


def _page(asked: Asked, row: Row) -> dict[str, object]:
    style = "danger" if row.tier in URGENT else "primary"
    value = pack_row(row.key, asked.matrix.version)
    return button(Action.PAGE_ROW, value, style=style)


def _rows(asked: Asked, found: Sequence[Found]) -> Rows:
    return Rows(
        asked.matrix.version,
        tuple(one.key for one in found),
        frozenset(one.key for one in found if one.live),
        note=asked.note,
    )


# --- several rows ----------------------------------------------------------------------------


def _list(asked: Asked, found: Sequence[Found], head: str) -> Rendered:
    shown = sorted(found[:LISTED_MAX], key=lambda one: _rank(asked.matrix, one))
    first = asked.matrix.by_key[shown[0].key]
    blocks = whom.call_first(asked, first, live=True) if _urgent(asked.matrix, shown[0]) else []
    blocks += [*_draft(asked), section(_(head)), *_aside(asked)]
    for number, each in enumerate(shown):
        others = [other for other in shown if other is not each]
        blocks += _entry(asked, each, others, f"entry_{number}")
    none_of_them = pack_rows(replace(_rows(asked, shown), shown=len(shown)))
    last = button(Action.NOT_THAT, none_of_them, label=_(words.NONE_OF_THEM))
    return _message([*blocks, actions("none", [last])])


def _entry(asked: Asked, found: Found, others: Sequence[Found], block_id: str) -> list[Block]:
    row = asked.matrix.by_key[found.key]
    title = f"*{escape(row.title.in_(asked.language))}*"
    owner = escape(asked.matrix.owners[row.owner].title.in_(asked.language))
    tier = f" · {_(words.TIER[row.tier])}" if found.live and row.tier in PAGED else ""
    said = f"{title} · {owner}{tier}"
    urgent = _urgent(asked.matrix, found) and not row.private
    on_duty = whom.on_duty(asked, row.route.role, call=True) if urgent else None
    row_of = [button(Action.OPEN_ROW, pack_rows(_rows(asked, [found, *others])))]
    if _urgent(asked.matrix, found):
        row_of.append(_page(asked, row))
    return [section(lines(said, on_duty)), actions(block_id, row_of)]


def _urgent(matrix: Matrix, found: Found) -> bool:
    return found.live and matrix.by_key[found.key].urgent


def _rank(matrix: Matrix, found: Found) -> str:
    return matrix.by_key[found.key].tier.value if found.live else TierKey.U4.value


# --- small pieces ----------------------------------------------------------------------------


def _draft(asked: Asked) -> list[Block]:
    if not asked.draft:
        return []
    line = asked.desk.line
    number = tel(line)
    return [context(lines(_(words.DRAFT), _(words.DRAFT_LINE, line=number) if line else None))]


def _aside(asked: Asked) -> list[Block]:
    said = lines(
        _(words.CUT, count=asked.cut_to) if asked.cut_to else None,
        _(words.ONLY_WORDS) if asked.only_words else None,
    )
    return [context(said)] if said else []


def _pause(desk: Desk) -> str:
    people = desk.on_duty(Role.PEER_SUPERVISOR) or desk.on_duty(Role.COORDINATOR)
    if people:
        return _(words.PAUSE, people=whom.people(people))
    if desk.line:
        return _(words.PAUSE_LINE, line=tel(desk.line))
    return _(words.PAUSE_NO_LINE)


def _numbered(texts: Sequence[str]) -> str:
    return "\n".join(f"{number}. {escape(text)}" for number, text in enumerate(texts, 1))


def _dots(texts: Sequence[str]) -> str:
    return "\n".join(f"• {escape(text)}" for text in texts)
