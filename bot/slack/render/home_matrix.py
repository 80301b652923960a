"""This draws the part of the Home about the matrix itself: what is in use, and what waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, lines, section, typed
from bot.slack.render.times import day_and_clock
from bot.slack.render.view import Block
from bot.slack.words import proposals as words
from bot.slack.words.speech import _
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.people import Role
from storage.proposals import Proposal

# Who looks after the matrix: who signs it, and who answers for the program.
KEEPERS: Final = (
    Role.PEER_SUPERVISOR,
    Role.CLINICAL_LEAD,
    Role.PRIVACY_OFFICER,
    Role.PROGRAM_MANAGER,
)
PROPOSALS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class MatrixView:
    """This is one program's matrix. `number` is None for the matrix that comes with Belay.

    `version` is "" while that one is not loaded. `waiting` may hold one more than is shown.
    """

    program: ProgramId
    zone: str
    version: str
    number: int | None = None
    adopted: bool = False
    waiting: tuple[Proposal, ...] = ()
    names: Mapping[PersonId, str] = field(default_factory=dict)


def part(views: tuple[MatrixView, ...]) -> list[Block]:
    """The matrices that this person looks after."""
    return [block for view in views for block in _of_one(view)]


def _of_one(view: MatrixView) -> list[Block]:
    shown = [section(lines(_(words.MATRIX), _in_use(view), _state(view), _none(view)))]
    for one in view.waiting[:PROPOSALS_SHOWN]:
        said = _(
            words.WAITS,
            who=typed(view.names.get(one.author, one.author), 60),
            at=day_and_clock(one.at, view.zone),
            reason=typed(one.reason, 150),
        )
        opens = button(Action.SEE_PROPOSAL, pack(MatterId(one.id)))
        shown.append(section(said, opens, f"proposal_{one.id}"))
    if len(view.waiting) > PROPOSALS_SHOWN:
        shown.append(context(_(words.AND_MORE_PROPOSALS, command=words.CLI_PROPOSALS)))
    about = pack(MatterId(view.program))
    row = [button(Action.SHOW_VERSIONS, about)]
    if view.version and not view.adopted:
        row.append(button(Action.ADOPT_MATRIX, about))
    return [*shown, actions(f"matrix_{view.program}", row)]


def _in_use(view: MatrixView) -> str:
    if not view.version:
        return _(words.SHIPPED_NOT_READ)
    version = typed(view.version, 40)
    if view.number is None:
        return _(words.SHIPPED, version=version)
    return _(words.IN_USE, number=view.number, version=version)


def _state(view: MatrixView) -> str | None:
    if not view.version:
        return None
    return _(words.ADOPTED if view.adopted else words.DRAFT)


def _none(view: MatrixView) -> str | None:
    return None if view.waiting else _(words.NO_PROPOSALS)
