"""The registry of places, and the flags on them: what was seen there, and until when it counts."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    insert,
    select,
    update,
)

from protocol.ids import PersonId, PlaceId, ProgramId
from protocol.plan import Place
from protocol.policy import Policy
from protocol.rating import Flag, FlagKind
from storage import audit, tables
from storage.columns import AnyRow
from storage.sealing import Sealer

_STANDING = and_(tables.flag.c.place_id == tables.place.c.id, tables.flag.c.settled_at.is_(None))
_WITH_FLAGS = (
    select(tables.place, *(column.label(f"flag_{column.name}") for column in tables.flag.c))
    .select_from(tables.place.outerjoin(tables.flag, _STANDING))
    .order_by(tables.place.c.id, tables.flag.c.raised_at, tables.flag.c.id)
)
# Asked at many taps and every sweep: made once.
_BY_IDS = _WITH_FLAGS.where(tables.place.c.id.in_(bindparam("ids", type_=String, expanding=True)))


def place_id(program: ProgramId, word: str) -> PlaceId:
    """This is a place's id: a program's places may be called as another's are."""
    slug = re.sub(r"[^a-z0-9]+", "-", word.casefold()).strip("-")
    return PlaceId(f"{program}/{slug}")


def address_of(which: PlaceId) -> str:
    """This is what a place's address is sealed as."""
    return f"place/{which}/address"


def evidence_of(flag: str) -> str:
    """This is what a flag's evidence is sealed as."""
    return f"flag/{flag}/evidence"


def add_place(
    conn: Connection,
    sealer: Sealer,
    program: ProgramId,
    label: str,
    address: str | None = None,
    *,
    at: datetime,
    by: PersonId,
    which: PlaceId | None = None,
    send: str | None = None,
    solo_transport_prohibited: bool = False,
) -> PlaceId:
    """This adds a place to the registry; without `which` its label makes the id.

    `label` is shown in Slack; `address` is sealed. Raises IntegrityError where the program has a
    place of that id or label.
    """
    new = which or place_id(program, label)
    conn.execute(
        insert(tables.place),
        {
            "id": new,
            "program_id": program,
            "label": label,
            "address": None if address is None else sealer.seal(address, address_of(new)),
            "send": send,
            "solo_transport_prohibited": solo_transport_prohibited,
            "created_by": by,
            "created_at": at,
        },
    )
    return new


def exact_address(
    conn: Connection,
    sealer: Sealer,
    which: PlaceId,
    *,
    reader: PersonId,
    why: str,
    at: datetime,
    program: ProgramId | None = None,
) -> str | None:
    """This opens a place's address and writes the read down; None where there is none."""
    blob = conn.execute(select(tables.place.c.address).where(tables.place.c.id == which)).scalar()
    if blob is None:
        return None
    what = address_of(which)
    audit.sealed_read(conn, program=program, at=at, actor=reader, what=what, why=why)
    return sealer.open(blob, what)


def raise_flag(
    conn: Connection,
    sealer: Sealer,
    policy: Policy,
    *,
    flag_id: str,
    program: ProgramId,
    place: PlaceId,
    kind: FlagKind,
    author: PersonId,
    at: datetime,
    evidence: str = "",
) -> Flag:
    """This puts a flag on a place; the policy says when it is reviewed and when it expires."""
    flag = Flag(kind, author, at, at + timedelta(days=policy.flag_expires_days))
    conn.execute(
        insert(tables.flag),
        {
            "id": flag_id,
            "program_id": program,
            "place_id": place,
            "kind": kind.value,
            "author": author,
            "evidence": sealer.seal(evidence, evidence_of(flag_id)) if evidence else None,
            "raised_at": at,
            "expires_at": flag.expires_at,
            "review_due_at": at + timedelta(days=policy.flag_review_days),
        },
    )
    return flag


def dispute_flag(conn: Connection, flag_id: str, at: datetime) -> bool:
    """This marks a flag as disputed; it counts until it is settled. False where none is open."""
    return _mark(conn, flag_id, disputed_at=at)


def settle_flag(conn: Connection, flag_id: str, at: datetime) -> bool:
    """This takes a flag off; from now on it does not count. False where none is open."""
    return _mark(conn, flag_id, settled_at=at)


def places_of(conn: Connection, program: ProgramId, at: datetime) -> list[Place]:
    """These are the program's places that may be planned for, with the flags that count at `at`."""
    mine = and_(tables.place.c.program_id == program, tables.place.c.retired_at.is_(None))
    return sorted(_places(conn, mine, at), key=lambda place: place.label.casefold())


def place(conn: Connection, which: PlaceId) -> Place | None:
    """This is one place with every flag that was not settled, expired ones too."""
    found = _places(conn, tables.place.c.id == which)
    return found[0] if found else None


def is_of(conn: Connection, which: PlaceId, program: ProgramId) -> bool:
    """Whether a place belongs to this program, retired or not."""
    mine = and_(tables.place.c.id == which, tables.place.c.program_id == program)
    return conn.execute(select(tables.place.c.id).where(mine)).first() is not None


def by_ids(conn: Connection, ids: Iterable[PlaceId]) -> dict[PlaceId, Place]:
    """These are places by id, retired or not, with every flag that was not settled."""
    wanted = list(set(ids))
    if not wanted:
        return {}
    return {one.id: one for one in _read(conn.execute(_BY_IDS, {"ids": wanted}))}


def _places(
    conn: Connection, which: ColumnElement[bool], at: datetime | None = None
) -> list[Place]:
    return _read(conn.execute(_WITH_FLAGS.where(which)), at)


def _read(rows: Iterable[AnyRow], at: datetime | None = None) -> list[Place]:
    found: dict[str, Place] = {}
    flags: dict[str, list[Flag]] = {}
    for row in rows:
        mine = flags.setdefault(row.id, [])
        if row.flag_id is not None:
            one = Flag(
                kind=FlagKind(row.flag_kind),
                author=PersonId(row.flag_author),
                raised_at=row.flag_raised_at,
                expires_at=row.flag_expires_at,
                disputed=row.flag_disputed_at is not None,
            )
            if at is None or one.counts(at):
                mine.append(one)
        found[row.id] = Place(
            id=PlaceId(row.id),
            label=row.label,
            flags=tuple(mine),
            solo_transport_prohibited=row.solo_transport_prohibited,
            send=row.send,
            retired=row.retired_at is not None,
        )
    return list(found.values())


def _mark(conn: Connection, flag_id: str, **when: datetime) -> bool:
    flag = tables.flag
    open_one = and_(flag.c.id == flag_id, flag.c.settled_at.is_(None))
    return conn.execute(update(flag).where(open_one).values(**when)).rowcount == 1
