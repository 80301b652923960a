"""This makes somebody's App Home: one read, and then a pure drawing of it.

A feature that wants to stand in the Home has a read in storage and a pure part in a file of its own
under bot/slack/render, and a line in FEATURES. What its part shows must be in the matters, or it
calls `storage.homes.doubt` where it changes; else its part is looked at anew within a minute.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection

from bot.matrix.model import Matrix
from bot.slack import home_parts
from bot.slack.home_parts import MatrixOf
from bot.slack.render import (
    asking,
    batch,
    board,
    flags,
    home_matrix,
    patterns,
    quiz,
    ready,
    roll_call,
    standing,
    trigger,
)
from bot.slack.render import home as drawing
from bot.slack.render.home import Part, Rank, View
from bot.slack.render.trigger import TriggersView
from bot.slack.render.view import Block
from bot.slack.words.speech import speaking
from protocol.ids import ProgramId
from storage import board as rows
from storage.board import Look

PUBLISH: Final = "views.publish"
# Two editions of one Home are so far apart (transport time), whatever happens meanwhile.
PACE: Final = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Feature:
    """This is one feature's part of the Home.

    `read` gives what `part` draws, or None where this person has no such part: who may see it is
    the feature's own to decide, from the roles that the look holds.
    """

    rank: Rank
    read: Callable[[Connection, Look], Any]
    part: Callable[[Any], list[Block]]


@dataclass(frozen=True, slots=True)
class MatrixFeature:
    """This is the same for a part that shows something of a program's matrix."""

    rank: Rank
    read: Callable[[Connection, Look, MatrixOf], Any]
    part: Callable[[Any], list[Block]]


FEATURES: Final[tuple[Feature, ...]] = (
    Feature(Rank.OUT, home_parts.triggers_view, trigger.part),
    Feature(Rank.OWN, home_parts.asking_view, asking.part),
    Feature(Rank.OUT, home_parts.together_view, roll_call.part),
    Feature(Rank.WAITING, home_parts.batch_view, batch.part),
    Feature(Rank.WAITING, home_parts.standing_view, standing.part),
    Feature(Rank.WAITING, home_parts.flags_view, flags.part),
    Feature(Rank.WAITING, home_parts.patterns_view, patterns.part),
    Feature(Rank.REST, home_parts.ready_view, ready.part),
)
OF_MATRIX: Final[tuple[MatrixFeature, ...]] = (
    MatrixFeature(Rank.WAITING, home_parts.matrix_view, home_matrix.part),
    MatrixFeature(Rank.REST, home_parts.quiz_view, quiz.part),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """This is what was read for one Home."""

    look: Look
    features: tuple[tuple[Feature | MatrixFeature, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """This is a Home to publish. `digest` is the same while nothing of it changed but the time."""

    view: View
    digest: str


def no_matrix(_program: ProgramId) -> Matrix | None:
    """What is known of a program's matrix where none is loaded."""
    return None


def read(
    conn: Connection, slack_user: str, at: datetime, matrix_of: MatrixOf = no_matrix
) -> Seen | None:
    """Read somebody's Home at an instant (aware), in one transaction; None for a stranger."""
    look = rows.look(conn, slack_user, at)
    if look is None or not look.programs:
        return None
    found: list[tuple[Feature | MatrixFeature, Any]] = [
        (feature, feature.read(conn, look)) for feature in FEATURES
    ]
    found += [(feature, feature.read(conn, look, matrix_of)) for feature in OF_MATRIX]
    return Seen(look, tuple(one for one in found if one[1] is not None))


def draw(seen: Seen | None, workspace_url: str = "") -> Drawn:
    """Draw a Home in the language of whose it is."""
    if seen is None:
        return _drawn(drawing.stranger(), [])
    with speaking(seen.look.language):
        parts = [Part(feature.rank, feature.part(view)) for feature, view in seen.features]
        view = drawing.home(seen.look, parts, workspace_url)
    # The last block says when it was read.
    return _drawn(view, view["blocks"][:-1])


def draw_board(seen: Seen) -> View:
    """Draw the whole board, as a form without a question."""
    with speaking(seen.look.language):
        return board.whole_board(seen.look, _pages(seen))


def _pages(seen: Seen) -> list[Block]:
    """What was raised, in the programs whose board this person has."""
    boards = {one.id for one in seen.look.programs if one.roles & rows.BOARD_ROLES}
    found = next((view for _, view in seen.features if isinstance(view, TriggersView)), None)
    return trigger.boarded(found, boards)


def _drawn(view: View, told: list[Block]) -> Drawn:
    return Drawn(view, sha256(json.dumps(told, sort_keys=True).encode()).hexdigest())
