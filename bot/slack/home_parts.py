"""What the parts of the Home that are not about matters show: read for one person, to be drawn."""

from collections.abc import Callable

from sqlalchemy import Connection

from bot.matrix import quizzing
from bot.matrix.model import Matrix
from bot.slack.modals.batch import waiting_low
from bot.slack.render.asking import AskingView
from bot.slack.render.batch import BatchView
from bot.slack.render.flags import FlagsView
from bot.slack.render.home_matrix import KEEPERS, PROPOSALS_SHOWN, MatrixView
from bot.slack.render.patterns import PatternsView
from bot.slack.render.quiz import QuizView
from bot.slack.render.ready import ReadyView
from bot.slack.render.roll_call import TogetherView
from bot.slack.render.standing import StandingView
from bot.slack.render.trigger import TriggersView
from bot.urgent_rows import since
from protocol import quiz as rules
from protocol.ids import ProgramId
from protocol.people import APPROVER_ROLES, PATTERN_ROLES, RESPONDER_ROLES, Role
from protocol.quiz import ASKED_ROLES, Due, Quiz
from storage import (
    dumping,
    flags,
    matrix_state,
    matrix_versions,
    onboarding,
    people,
    proposals,
    quizzes,
    raised_rows,
    standings,
)
from storage.board import Look, Served

# The matrix that a program goes by; None while none is loaded.
MatrixOf = Callable[[ProgramId], Matrix | None]


def flags_view(conn: Connection, look: Look) -> FlagsView:
    """The flags that wait for this person's review, in every program that they review for."""
    mine = [one for one in look.programs if one.roles & frozenset(APPROVER_ROLES)]
    found = [flag for one in mine for flag in flags.to_review(conn, one.id, look.at)]
    found.sort(key=lambda flag: (flag.review_due_at, flag.id))
    return FlagsView(
        zone=look.programs[0].zone,
        now=look.at,
        reviews=tuple(found) if mine else None,
        names=people.names(conn, {flag.author for flag in found}),
    )


def batch_view(_conn: Connection, look: Look) -> BatchView | None:
    """How many low plans wait that this person may read and confirm together."""
    if not look.holds(*APPROVER_ROLES):
        return None
    return BatchView(len(waiting_low(look)))


def standing_view(conn: Connection, look: Look) -> StandingView | None:
    """One's own standing plans; for approvers, also those of others in their programs."""
    mine = [one.id for one in look.programs if one.roles & frozenset(APPROVER_ROLES)]
    found = standings.open_ones(conn, look.person, mine)
    names = people.names(conn, {one.worker for one in found})
    return StandingView(look.person, tuple(found), names) if found else None


def triggers_view(conn: Connection, look: Look) -> TriggersView:
    """What is open in the programs that this person leads, and what they paged for themselves."""
    led = [one.id for one in look.programs if one.roles & frozenset(RESPONDER_ROLES)]
    found = raised_rows.open_ones(conn, led, look.person)
    named = {who for one in found for who in (one.by, one.owner) if who is not None}
    names = people.names(conn, named)
    return TriggersView(look.person, look.at, look.programs[0].zone, bool(led), tuple(found), names)


def together_view(_conn: Connection, look: Look) -> TogetherView | None:
    """What a responder may do about all who are out, and about what they have themselves."""
    may_call = look.holds(*RESPONDER_ROLES)
    if not may_call and not look.holds(Role.PROGRAM_MANAGER, Role.EXECUTIVE):
        return None
    return TogetherView(may_call)


def ready_view(conn: Connection, look: Look) -> ReadyView | None:
    """How far a worker is with getting ready; nobody else has such a part."""
    if not look.holds(Role.PEER):
        return None
    return ReadyView(onboarding.progress(conn, look.person))


def patterns_view(conn: Connection, look: Look) -> PatternsView | None:
    """Patterns of requests that nobody has settled, for whoever settles them."""
    mine = [one.id for one in look.programs if one.roles & frozenset(PATTERN_ROLES)]
    found = dumping.open_ones(conn, mine) if mine else []
    return PatternsView(look.programs[0].zone, tuple(found)) if found else None


def asking_view(_conn: Connection, _look: Look) -> AskingView:
    """Everybody whom a program knows may ask who handles something."""
    return AskingView()


def quiz_view(conn: Connection, look: Look, matrix_of: MatrixOf) -> QuizView | None:
    """How this person stands with the questions, and who of the peers they supervise is due."""
    mine = next((one for one in look.programs if one.roles & ASKED_ROLES), None)
    led = [one for one in look.programs if Role.PEER_SUPERVISOR in one.roles]
    if mine is None:
        return None
    own = quizzes.passed(conn, mine.id, [look.person]).get(look.person)
    standing = _due(conn, own, matrix_of(mine.id), matrix_of)
    is_open = quizzes.is_open(conn, mine.id, look.person)
    team: list[tuple[str, Due]] = []
    for program in led:
        present = matrix_of(program.id)
        if present is None:
            # Nobody can tell who is due: better no line than a wrong one.
            return QuizView(standing, is_open)
        team += _team(conn, look, program.id, present, matrix_of)
    due = sorted((name for name, one in team if one is not Due.DONE), key=str.casefold)
    done = len(team) - len(due) if led else None
    return QuizView(standing, is_open, done, tuple(due))


def _team(
    conn: Connection, look: Look, program: ProgramId, present: Matrix, matrix_of: MatrixOf
) -> list[tuple[str, Due]]:
    """How each peer of a program stands, with their name; never what anybody answered."""
    peers = people.holders(conn, program, [Role.PEER], look.at)
    found = quizzes.passed(conn, program, peers)
    return [(name, _due(conn, found.get(who), present, matrix_of)) for who, name in peers.items()]


def _due(conn: Connection, passed: Quiz | None, present: Matrix | None, matrix_of: MatrixOf) -> Due:
    if passed is None:
        return Due.NEVER
    if present is None:
        return Due.DONE
    new = since(conn, passed, present, matrix_of)
    return rules.due(passed, quizzing.present(present), new)


def matrix_view(conn: Connection, look: Look, matrix_of: MatrixOf) -> tuple[MatrixView, ...] | None:
    """The matrix of each program for which this person looks after it."""
    kept = [one for one in look.programs if not one.roles.isdisjoint(KEEPERS)]
    return tuple(_matrix(conn, matrix_of, one) for one in kept) or None


def _matrix(conn: Connection, matrix_of: MatrixOf, one: Served) -> MatrixView:
    latest = matrix_versions.latest(conn, one.id)
    matrix = matrix_of(one.id)
    version = latest.version if latest else matrix.version if matrix else ""
    waiting = proposals.waiting(conn, one.id, PROPOSALS_SHOWN + 1)
    return MatrixView(
        one.id,
        one.zone,
        version,
        latest.number if latest else None,
        bool(version) and matrix_state.adopted(conn, one.id, version),
        tuple(waiting),
        people.names(conn, {each.author for each in waiting}) if waiting else {},
    )
