"""What was declined with the matrix in hand, by requesting team and row; never by whoever declined.

To tell a pattern from one person's week, Belay must know how many different peers were asked, and
nothing else of them. Each pair of team and row has a random salt of its own, sealed; of a peer only
a digest under it is kept. So nobody can be followed from one row or team to another. A salt lives
for 90 days, and every digest goes after 90 days, or with its salt where that is sooner.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, and_, delete, func, select, update

from protocol.ids import PersonId, ProgramId
from storage.database import insert
from storage.matrix_tables import decline, decline_salt
from storage.sealing import Sealer

KEPT_FOR: Final = timedelta(days=90)
REQUESTS_FROM: Final = 5
PEERS_FROM: Final = 3
_SALT_BYTES: Final = 32

_D, _S = decline.c, decline_salt.c


@dataclass(frozen=True, slots=True)
class Declined:
    """This is one request that was declined. `id` is the same for the same form sent twice."""

    id: str
    program: ProgramId
    team: str
    row: str
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pattern:
    """This is a team that asked several peers for the same thing, since `since`."""

    team: str
    row: str
    requests: int
    peers: int
    since: datetime


def salt_of(which: str) -> str:
    """This is what a salt is sealed as."""
    return f"decline_salt/{which}/salt"


def count(conn: Connection, sealer: Sealer, one: Declined, peer: PersonId) -> bool:
    """Count a request. False where it was counted before. Nothing kept names the peer."""
    known = conn.execute(select(_D.id).where(_D.id == one.id)).first()
    if known is not None:
        return False
    row = {
        "id": one.id,
        "program_id": one.program,
        "team": one.team,
        "row_key": one.row,
        "version": one.version,
        "at": one.at,
        "peer": hmac.new(_salt(conn, sealer, one), peer.encode(), sha256).hexdigest(),
    }
    return conn.execute(insert(conn, decline).on_conflict_do_nothing(), [row]).rowcount == 1


def patterns(conn: Connection, program: ProgramId, now: datetime) -> list[Pattern]:
    """Teams and rows with five requests to three peers or more, the most frequent first.

    Only what the present salt has counted: digests of two salts cannot be compared.
    """
    peers = func.count(func.distinct(_D.peer))
    rows = conn.execute(
        select(
            _D.team,
            _D.row_key,
            func.count().label("requests"),
            peers.label("peers"),
            func.min(_D.at).label("since"),
        )
        .where(_D.program_id == program, _D.at > now - KEPT_FOR, _D.peer.is_not(None))
        .group_by(_D.team, _D.row_key)
        .having(and_(func.count() >= REQUESTS_FROM, peers >= PEERS_FROM))
        .order_by(func.count().desc(), _D.team, _D.row_key)
    )
    return [Pattern(r.team, r.row_key, r.requests, r.peers, r.since) for r in rows]


def forget(conn: Connection, now: datetime) -> int:
    """Drop every digest that is old, and every salt with the digests that it made; idempotent."""
    old = conn.execute(select(decline_salt).where(_S.made_at <= now - KEPT_FOR)).all()
    for salt in old:
        _drop(conn, salt.program_id, salt.team, salt.row_key)
    late = update(decline).where(_D.peer.is_not(None), _D.at <= now - KEPT_FOR)
    return conn.execute(late.values(peer=None)).rowcount + len(old)


def _salt(conn: Connection, sealer: Sealer, one: Declined) -> bytes:
    which = f"{one.program}/{one.team}/{one.row}"
    mine = select(decline_salt).where(_S.id == which)
    found = conn.execute(mine).first()
    if found is not None and found.made_at <= one.at - KEPT_FOR:
        _drop(conn, one.program, one.team, one.row)
        found = None
    if found is None:
        fresh = {
            "id": which,
            "program_id": one.program,
            "team": one.team,
            "row_key": one.row,
            "salt": sealer.seal(secrets.token_hex(_SALT_BYTES), salt_of(which)),
            "made_at": one.at,
        }
        # Two peers may be the first at once: the one that came second takes the other's.
        conn.execute(insert(conn, decline_salt).on_conflict_do_nothing(), [fresh])
        found = conn.execute(mine).one()
    return bytes.fromhex(sealer.open(found.salt, salt_of(which)))


def _drop(conn: Connection, program: str, team: str, row: str) -> None:
    """A salt goes, and with it every digest that was made under it."""
    conn.execute(
        update(decline)
        .where(_D.program_id == program, _D.team == team, _D.row_key == row)
        .values(peer=None)
    )
    conn.execute(
        delete(decline_salt).where(_S.program_id == program, _S.team == team, _S.row_key == row)
    )
