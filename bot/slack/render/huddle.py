"""This draws what stands in the huddle's channel: the post, the gaps below it. Pure.

The post tells plans and what is open, with the names that a board shows, and nothing that somebody
typed of what they saw. A gap has three buttons until it is settled, and then says by whom and how.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.matrix.model import Matrix, Row
from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, divider, escape, lines, section, typed
from bot.slack.render.times import clock, day, length
from bot.slack.render.view import Block, Rendered
from bot.slack.words import home as home_words
from bot.slack.words import huddle as words
from bot.slack.words import matrix as matrix_words
from bot.slack.words import names as names_words
from bot.slack.words.speech import _, n_, spoken
from protocol.ids import MatterId, PersonId
from protocol.people import Language, Role
from protocol.records import EscalationState
from storage.agenda import Going, Risk
from storage.declines import Pattern
from storage.gaps import Gap
from storage.matrix_tables import Team

VISITS_SHOWN: Final = 15
RISKS_SHOWN: Final = 10
PATTERNS_SHOWN: Final = 5
WAITS_SHOWN: Final = 5
TITLES_SHOWN: Final = 3
_DAY: Final = timedelta(days=1)
_TEXT_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class Waits:
    """This is a proposal that waits too long: for which roles, and who may sign in each.

    `rows` are the rows that it changes, without any that is private. One that is `stuck` cannot be
    signed as it is.
    """

    since: datetime
    rows: tuple[str, ...]
    missing: tuple[tuple[Role, tuple[PersonId, ...]], ...]
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class PostView:
    """This is all that the post shows, as it is at `now`. `row` is what is looked at again."""

    zone: str
    now: datetime
    visits: Sequence[Going] = ()
    risks: Sequence[Risk] = ()
    patterns: Sequence[Pattern] = ()
    waits: Sequence[Waits] = ()
    gaps: int = 0
    matrix: Matrix | None = None
    row: Row | None = None
    names: Mapping[PersonId, str] = field(default_factory=dict)

    def name(self, who: PersonId) -> str:
        """What the team calls this person, as Slack may show it."""
        return typed(self.names.get(who, who), 60)


def post(view: PostView) -> Rendered:
    """Today's visits, what is open, what is asked again and again, and a row to look at again."""
    blocks = [
        section(_(words.HEAD, day=day(view.now, view.zone))),
        section(_visits(view)),
        section(_risks(view)),
    ]
    if view.patterns:
        # As they came up: the order says nothing of any team.
        found = sorted(view.patterns, key=lambda one: (one.since, one.team, one.row))
        told = [_pattern(one, view) for one in found[:PATTERNS_SHOWN]]
        blocks.append(section(lines(_(words.PATTERNS), *told)))
    if view.waits:
        told = [_waiting(one, view) for one in view.waits[:WAITS_SHOWN]]
        more = _more(len(view.waits) - WAITS_SHOWN)
        blocks.append(section(lines(_(words.WAITING), *told, more)))
    blocks += [divider(), *_revisit(view)]
    blocks.append(context(_(words.GAPS_FOLLOW if view.gaps else words.NO_GAPS)))
    return Rendered(_(words.LOCK), tuple(blocks))


def _visits(view: PostView) -> str:
    if not view.visits:
        return _(words.NO_VISITS)
    told = [_going(one, view) for one in view.visits[:VISITS_SHOWN]]
    return lines(
        _(words.VISITS, count=len(view.visits)), *told, _more(len(view.visits) - VISITS_SHOWN)
    )


def _going(one: Going, view: PostView) -> str:
    who = view.name(one.worker)
    if one.partner is not None:
        who = _(words.WITH, who=who, partner=view.name(one.partner))
    named = {"at": clock(one.start_at, view.zone), "place": typed(one.place, 80), "who": who}
    if one.stops > 1:
        return _(words.GOING_ON, count=one.stops - 1, **named)
    return _(words.GOING, **named)


def _risks(view: PostView) -> str:
    if not view.risks:
        return _(words.NO_RISKS)
    told = [_risk(one, view) for one in view.risks[:RISKS_SHOWN]]
    return lines(_(words.RISKS), *told, _more(len(view.risks) - RISKS_SHOWN))


def _risk(one: Risk, view: PostView) -> str:
    what = _(names_words.ESCALATION[one.kind])
    if one.title is not None:
        what = escape(one.title.in_(Language(spoken())))
    held = _(words.NOBODY)
    if one.state is not EscalationState.CLIMBING:
        held = _(words.HELD) if one.owner is None else _(words.HELD_BY, who=view.name(one.owner))
    return _(words.RISK, what=what, time=_age(view.now - one.since), held=held)


def _age(span: timedelta) -> str:
    """How long something is open; from a day on in days."""
    return _(words.DAYS, days=span // _DAY) if span >= _DAY else length(span)


def _pattern(one: Pattern, view: PostView) -> str:
    return _(
        words.PATTERN,
        team=team_of(one.team),
        title=title_of(view.matrix, one.row),
        count=one.requests,
        day=day(one.since, view.zone),
    )


def _waiting(one: Waits, view: PostView) -> str:
    titles = ", ".join(title_of(view.matrix, key) for key in one.rows[:TITLES_SHOWN])
    if len(one.rows) > TITLES_SHOWN:
        titles = f"{titles} +{len(one.rows) - TITLES_SHOWN}"
    what = _(words.WAITS_ROWS, titles=titles) if titles else _(words.WAITS_MATRIX)
    time = _age(view.now - one.since)
    if one.stuck:
        return _(words.WAITS_STUCK, what=what, time=time)
    missing = "; ".join(_missing(role, who, view) for role, who in one.missing)
    return _(words.WAITS_FOR, what=what, time=time, missing=missing)


def _missing(role: Role, who: Sequence[PersonId], view: PostView) -> str:
    names = _(words.OR).join(view.name(one) for one in who[:TITLES_SHOWN])
    title = _(home_words.ROLE[role])
    return f"{title} ({names})" if names else _(words.NOBODY_HOLDS, role=title)


def _revisit(view: PostView) -> list[Block]:
    row, matrix = view.row, view.matrix
    if row is None or matrix is None:
        return [section(_(words.NO_ROW))]
    language = Language(spoken())
    dots = "\n".join(f"• {escape(line)}" for line in row.do_not.in_(language))
    return [
        section(
            lines(
                _(words.REVISIT, title=escape(row.title.in_(language))),
                escape(row.wording.in_(language)),
                _(words.OWNER, owner=escape(matrix.owners[row.owner].title.in_(language))),
            )
        ),
        section(_(words.DO_NOT, lines=dots)),
        context(_(words.IS_IT_RIGHT)),
    ]


def _more(left: int) -> str | None:
    return n_("And {count} more.", "And {count} more.", left) if left > 0 else None


# --- gaps ------------------------------------------------------------------------------------


def gaps(
    found: Sequence[Gap], matrix: Matrix | None, zone: str, names: Mapping[PersonId, str]
) -> Rendered:
    """The gaps of one huddle, each as it is now: to settle, or settled."""
    blocks = [section(_(words.GAPS))]
    for gap in found:
        blocks += [divider(), section(_gap(gap, matrix, zone))]
        if gap.settled_how is None:
            value = pack(MatterId(gap.id))
            which = (Action.GAP_IS_ROW, Action.GAP_NEW_ROW, Action.GAP_OUTSIDE)
            row = [button(action, value) for action in which]
            blocks.append(actions(f"gap_{gap.id}", row))
        else:
            blocks.append(section(_settled(gap, matrix, names)))
    return Rendered(_(words.LOCK_GAPS), tuple(blocks))


def _gap(gap: Gap, matrix: Matrix | None, zone: str) -> str:
    asked = _(words.GAP, text=typed(gap.text, _TEXT_MAX)) if gap.text else _(words.GAP_NO_TEXT)
    titles = [title_of(matrix, key) for key in gap.shown[:TITLES_SHOWN]]
    shown = _(words.GAP_SHOWN, titles=", ".join(titles)) if titles else None
    did = _(words.DID[gap.did]) if words.DID[gap.did] else ""
    when = _(words.GAP_DAY, day=day(gap.at, zone))
    return lines(asked, shown, " · ".join(one for one in (when, did) if one))


def _settled(gap: Gap, matrix: Matrix | None, names: Mapping[PersonId, str]) -> str:
    if gap.settled_how is None or gap.settled_by is None:
        return ""
    who = typed(names.get(gap.settled_by, gap.settled_by), 60)
    row = title_of(matrix, gap.settled_row) if gap.settled_row else ""
    return _(words.SETTLED[gap.settled_how], who=who, row=row)


def title_of(matrix: Matrix | None, key: str) -> str:
    """A row's title, as Slack may show it; where it is not known, its key in words."""
    row = matrix.by_key.get(key) if matrix else None
    return escape(row.title.in_(Language(spoken()))) if row else typed(key.replace("_", " "), 60)


def team_of(team: str) -> str:
    """What a requesting team is called."""
    return _(matrix_words.TEAM[Team(team)])
