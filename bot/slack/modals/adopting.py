"""This is what makes a matrix a program's own: its versions to read, and the form that adopts one.

What stands against it and how often it misses are in front of whoever signs, and are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.matrix import measured
from bot.matrix.settling import Unsettled
from bot.slack.carried import pack, pack_row, row_of
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import Body, Unreadable, carried_by_form, strict, user_of
from bot.slack.render import answer_lines
from bot.slack.render.blocks import lines, plain, section
from bot.slack.render.blocks import typed as shown
from bot.slack.render.times import day, day_and_clock
from bot.slack.render.view import Block
from bot.slack.words import home, labels
from bot.slack.words import proposals as words
from bot.slack.words.speech import _
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.people import Role
from storage.matrix_state import ADOPTERS
from storage.matrix_versions import Version

VERSIONS_SHOWN: Final = 20
# How many sentences stand in one paragraph: each is a line on a phone.
_TOGETHER: Final = 12
SEEN: Final = "seen"


@dataclass(frozen=True, slots=True)
class Standing:
    """This is what is true of a matrix before it is adopted, as one person may see it.

    `number` is None for the matrix that comes with Belay.
    """

    program: ProgramId
    version: str
    number: int | None
    who: PersonId
    roles: frozenset[Role]
    signed: Mapping[Role, PersonId]
    names: Mapping[PersonId, str]
    unsettled: tuple[Unsettled, ...] = ()

    @property
    def may_sign(self) -> list[Role]:
        """The roles in which this person may sign it now; nobody signs twice."""
        if self.unsettled or self.who in self.signed.values():
            return []
        return [role for role in ADOPTERS if role in self.roles and role not in self.signed]


@dataclass(frozen=True, slots=True)
class Adopting:
    """This is a signature under a version, in one role."""

    user: str
    program: ProgramId
    version: str
    role: Role


def versions_view(
    found: Sequence[Version],
    names: Mapping[PersonId, str],
    zone: str,
    after: Mapping[str, datetime],
    program: ProgramId,
) -> View:
    """The versions, the newest first: what became of which proposal, and by whom.

    `after` says of a version's id when the incident was that it came from.
    """
    newest = sorted(found, key=lambda one: -one.number)
    told = [
        section(_version(one, names, zone, after.get(one.id))) for one in newest[:VERSIONS_SHOWN]
    ]
    if not told:
        told = [section(_(words.NO_VERSIONS))]
    if len(newest) > VERSIONS_SHOWN:
        told.append(section(_(words.MORE_OF_THEM, command=words.CLI_VERSIONS)))
    # Without a number it is the matrix that comes with Belay.
    own = f" --version {newest[0].number}" if newest else ""
    told.append(section(_(words.EXPORT, command=words.CLI_EXPORT + own)))
    return _only_to_read(Form.VERSIONS, pack(MatterId(program)), told)


def _version(one: Version, names: Mapping[PersonId, str], zone: str, after: datetime | None) -> str:
    def name(who: PersonId) -> str:
        return shown(names.get(who, who), 60)

    came = _(words.AFTER, day=day(after, zone)) if after else None
    said = _(
        words.VERSION,
        number=one.number,
        version=shown(one.version, 40),
        at=day_and_clock(one.at, zone),
        who=name(one.author),
        first=name(one.peer_supervisor),
        second=name(one.clinical_lead),
        reason=shown(one.reason, 600),
    )
    return lines(said, came)


def adopt_form(found: Standing) -> View:
    """What stands against it, how often it misses, who signed; and the signature, if it may be."""
    blocks = [
        section(_(words.ADOPT_HEAD, name=name_of(found.version, found.number))),
        *_unsettled(found),
        *_misses(found),
        section(lines(_(words.SIGNATURES), *(_signature(found, role) for role in ADOPTERS))),
    ]
    carried = pack_row(found.program, found.version)
    roles = found.may_sign
    if not roles:
        return _only_to_read(Form.ADOPT_MATRIX, carried, [*blocks, *_why_not(found)])
    ticks = parts.ticks([(_(words.SEEN), SEEN)])
    named = [(_(words.ADOPT_AS[role]), role.value) for role in roles]
    only = roles[0].value if len(roles) == 1 else None
    blocks += [
        question(Field.SEEN, _(words.FIELD_SEEN), ticks),
        question(Field.AS_ROLE, _(words.FIELD_ADOPT_AS), parts.radio(named, only)),
    ]
    return parts.form(Form.ADOPT_MATRIX, carried, blocks)


def name_of(version: str, number: int | None) -> str:
    """What to call a version within a sentence."""
    if number is None:
        return _(words.SHIPPED_NAME, version=shown(version, 40))
    return _(words.VERSION_NAME, number=number, version=shown(version, 40))


def _unsettled(found: Standing) -> list[Block]:
    if not found.unsettled:
        return [section(_(words.ALL_SETTLED))]
    told = [section(_(words.UNSETTLED))]
    for sentence, names in answer_lines.unsettled(found.unsettled):
        listed = [_(words.UNSETTLED_ONE, what=name) for name in names]
        groups = [listed[no : no + _TOGETHER] for no in range(0, len(listed), _TOGETHER)]
        told.append(section(lines(sentence, *groups[0])))
        told += [section(lines(*group)) for group in groups[1:]]
    return told


def _misses(found: Standing) -> list[Block]:
    worst = measured.FIGURES[measured.Measured.URGENT].missed_in_ten
    rates = [
        f"• {_(words.RATE[which], good=figure.good, of=figure.of)}"
        for which, figure in measured.FIGURES.items()
    ]
    other = found.version != measured.MEASURED_ON
    return [
        section(
            lines(
                _(words.MISSES),
                words.not_shown_in_ten(worst),
                *rates,
                _(words.MEASURED_ON, count=measured.QUESTIONS, version=measured.MEASURED_ON),
                _(words.OTHER_MEASURED, version=shown(found.version, 40)) if other else None,
            )
        )
    ]


def _signature(found: Standing, role: Role) -> str:
    who, title = found.signed.get(role), _(home.ROLE[role])
    if who is None:
        return _(words.NOT_SIGNED, role=title)
    return f":white_check_mark: {title}: {shown(found.names.get(who, who), 60)}"


def _why_not(found: Standing) -> list[Block]:
    if set(ADOPTERS) <= found.signed.keys():
        return [section(_(words.ADOPTED_ALREADY))]
    if found.unsettled:
        return [section(_(words.STILL_UNSETTLED))]
    if found.who in found.signed.values():
        return [section(_(words.THREE_PEOPLE))]
    return [section(_(words.MAY_NOT_ADOPT))]


def _only_to_read(which: Form, carried: str, blocks: Sequence[Block]) -> View:
    made = parts.form(which, carried, blocks)
    del made["submit"]
    return {**made, "close": plain(_(labels.CLOSE_WINDOW), parts.TITLE_MAX)}


@strict
def read_adopt(body: Body) -> Adopting:
    """A signature; how often it misses must have been read."""
    values, about = typed.values_of(body), row_of(carried_by_form(body))
    if about is None:
        raise Unreadable
    if not typed.ticked(values, Field.SEEN, SEEN):
        raise Unreadable(_(words.NEEDS_SEEN), Field.SEEN)
    role = typed.one_of(values, Field.AS_ROLE, Role)
    program, version = about
    return Adopting(user_of(body), ProgramId(program), version, role)
