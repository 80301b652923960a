"""Brings patterns of requests before whoever manages: each once, until it is settled and returns.

It is done with each huddle and once an hour, so that a program without a huddle hears of them too.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from bot.matrix.model import Matrix
from bot.runner import Write
from protocol.ids import PersonId, ProgramId
from protocol.people import PATTERN_ROLES
from storage import dumping, homes, huddles, people, situation
from storage.huddles import Letter, Wanted

MatrixOf = Callable[[ProgramId], Matrix | None]


def bring_all(conn: Connection, write: Write, matrix_of: MatrixOf) -> int:
    """Bring up what is new in every program; returns how many items that made."""
    return sum(bring(conn, write, one, matrix_of(one.program)) for one in huddles.wanted(conn))


def bring(conn: Connection, write: Write, of: Wanted, matrix: Matrix | None) -> int:
    """Bring up what is new in one program; without a matrix that is left for the next time."""
    if matrix is None:
        return 0
    made = 0
    for one in dumping.fresh(conn, of.program, write.at):
        row = matrix.by_key.get(one.row)
        if row is not None and row.private:
            continue
        told = _whom(conn, write, of, one.team)
        item = dumping.bring(conn, of.program, one, version=matrix.version, told=told, at=write.at)
        if item is None:
            continue
        made += 1
        homes.doubt(conn, of.program)
        if told is not None:
            body = {"part": huddles.PATTERN, "id": item.id}
            letter = Letter(f"pattern/{item.id}", body, to=told, lane=huddles.pattern_lane(item.id))
            huddles.queue(
                conn, of.program, [letter], at=write.at, transport_now=write.transport_now
            )
    return made


def _whom(conn: Connection, write: Write, of: Wanted, team: str) -> PersonId | None:
    """The requester's manager, else the program's, else whoever supervises the peers now."""
    manager = of.managers.get(team)
    if manager is not None and people.roles(conn, of.program, manager, write.at):
        return manager
    cover = situation.cover(conn, of.program, write.at, write.at)
    for role in PATTERN_ROLES:
        found = cover.on_duty(role, write.at) or cover.holding(role)
        if found:
            return found[0]
    return None
