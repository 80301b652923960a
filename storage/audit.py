"""The history: append-only, one chain of digests for each record, anchored over all of them.

A line is never changed. Bodies lie apart from their lines, so that retention can shred them and
the chain still holds. `verification.py` finds what was changed all the same.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from protocol.events import Event
from protocol.flagged import PlaceFlagged
from protocol.plan import Stop
from protocol.trigger import Pageable, RaiseTrigger
from storage import database
from storage.database import Each
from storage.digests import (
    GENESIS,
    SHREDDINGS,
    Line,
    anchor_digest,
    body_digest,
    canonical,
    heads_text,
)
from storage.tables import audit_anchor, audit_body, audit_head, audit_line
from storage.verification import Fault, Problem, Report, verify

__all__ = [
    "Anchor",
    "Entry",
    "Fault",
    "Problem",
    "Report",
    "anchor",
    "append",
    "append_many",
    "public_body",
    "reads_of",
    "sealed_read",
    "shred",
    "verify",
]

READS = "reads"
SALT_BYTES = 16
SCHEMA = 1

# Left out altogether: even the length of an answer or a note tells something.
LEFT_OUT = frozenset({"said", "note"})
# Typed by somebody: the history says that there was a text, not what it said.
TYPED = frozenset({"reason", "witness", "service", "text", "heard", "call_back", "decision"})
MASK = "(text)"


_HEADS = (
    select(audit_head.c.chain, audit_head.c.seq, audit_head.c.digest)
    .where(audit_head.c.chain.in_(bindparam("chains", type_=String, expanding=True)))
    .order_by(audit_head.c.chain)
    .with_for_update()
)
_ONE_HEAD = (
    select(audit_head.c.seq, audit_head.c.digest)
    .where(audit_head.c.chain == bindparam("chain", type_=String))
    .with_for_update()
)
_ADD_LINES, _ADD_BODIES = insert(audit_line), insert(audit_body)
_MOVE = Each(
    {"of": String(), "seq": Integer(), "digest": String()},
    lambda to: (
        update(audit_head)
        .where(audit_head.c.chain == to["of"])
        .values(seq=to["seq"], digest=to["digest"])
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """This is one line to be written; `at` is aware UTC, `actor` None where the clock did it."""

    chain: str
    program: str | None
    at: datetime
    actor: str | None
    event: str
    reason: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Anchor:
    """This vouches for every line written so far; its digest is meant to leave the database."""

    no: int
    at: datetime
    digest: str
    chains: int


def append(
    conn: Connection,
    chain: str,
    *,
    program: str | None,
    at: datetime,
    actor: str | None,
    event: str,
    reason: str,
    body: Mapping[str, object],
) -> None:
    """This adds one line to a chain, in the caller's transaction."""
    append_many(conn, [Entry(chain, program, at, actor, event, reason, body)])


def append_many(conn: Connection, entries: Sequence[Entry]) -> None:
    """This adds lines in the order given; a chain may occur more than once."""
    if not entries:
        return
    heads = _lock_heads(conn, sorted({entry.chain for entry in entries}))
    lines, bodies = [], []
    for entry in entries:
        seq, previous = heads[entry.chain]
        salt, written = secrets.token_hex(SALT_BYTES), canonical(entry.body)
        line = Line(
            chain=entry.chain,
            seq=seq + 1,
            program=entry.program,
            at=entry.at,
            actor=entry.actor,
            event=entry.event,
            reason=entry.reason,
            body_digest=body_digest(salt, written),
            previous=previous,
        )
        lines.append(_row(line))
        bodies.append({"chain": line.chain, "seq": line.seq, "salt": salt, "body": written})
        heads[entry.chain] = (line.seq, line.digest)
    conn.execute(_ADD_LINES, lines)
    conn.execute(_ADD_BODIES, bodies)
    moved = [{"of": chain, "seq": seq, "digest": digest} for chain, (seq, digest) in heads.items()]
    _MOVE.run(conn, moved)


def sealed_read(
    conn: Connection, *, program: str | None, at: datetime, actor: str, what: str, why: str
) -> None:
    """This records that `actor` opened a sealed value (`what`: "person/p1/phone"), and why."""
    append(
        conn,
        READS,
        program=program,
        at=at,
        actor=actor,
        event="Read",
        reason=what,
        body={"why": why},
    )


def reads_of(conn: Connection, what: str) -> list[tuple[datetime, str]]:
    """This lists when and by whom something sealed was read; "person/p1/" is all about p1."""
    of = audit_line.c
    found = select(of.at, of.actor).where(
        of.chain == READS, of.reason.startswith(what, autoescape=True)
    )
    return [(at, actor) for at, actor in conn.execute(found.order_by(of.seq))]


def anchor(conn: Connection, at: datetime) -> Anchor | None:
    """This anchors every chain that grew since the last anchor; None where none did."""
    head = audit_head.c
    grown = conn.execute(
        select(head.chain, head.seq, head.digest).where(head.seq > head.anchored_seq)
    ).all()
    if not grown:
        return None
    last = conn.execute(
        select(audit_anchor.c.no, audit_anchor.c.digest).order_by(audit_anchor.c.no.desc()).limit(1)
    ).first()
    no, previous = (last.no + 1, last.digest) if last else (1, GENESIS)
    heads = heads_text((row.chain, row.seq, row.digest) for row in grown)
    digest = anchor_digest(no, at, heads, previous)
    conn.execute(
        insert(audit_anchor),
        {"no": no, "at": at, "heads": heads, "previous": previous, "digest": digest},
    )
    conn.execute(
        update(audit_head)
        .where(head.chain == bindparam("of"))
        .values(anchored_seq=bindparam("to")),
        [{"of": row.chain, "to": row.seq} for row in grown],
    )
    return Anchor(no, at, digest, len(grown))


def shred(conn: Connection, chain: str, *, at: datetime, actor: str | None, reason: str) -> int:
    """This removes the bodies of a chain and keeps the digests; returns how many there were.

    The shredding is a line of its own, so that a body which somebody just removed is told apart.
    """
    body = audit_body.c
    count, newest = conn.execute(
        select(func.count(), func.max(body.seq)).where(body.chain == chain)
    ).one()
    if chain == SHREDDINGS or not count:
        return 0
    conn.execute(delete(audit_body).where(body.chain == chain, body.seq <= newest))
    append(
        conn,
        SHREDDINGS,
        program=None,
        at=at,
        actor=actor,
        event="Shredded",
        reason=reason,
        body={"chain": chain, "to": newest},
    )
    return int(count)


def public_body(event: Event) -> dict[str, Any]:
    """This writes an event as the history may keep it: no note, no answer, no text of anybody's.

    An OK and a duress answer come out the same, byte for byte but for instant and person.
    """
    if isinstance(event, RaiseTrigger) and event.page.private:
        # That there was a page is all that is kept of what is about a worker's own life.
        return {"schema": SCHEMA, "type": type(event).__name__, "at": _plain(event.at)}
    return {"schema": SCHEMA, "type": type(event).__name__, **_parts(event)}


def _parts(record: object) -> dict[str, object]:
    assert is_dataclass(record)
    by_label = isinstance(record, PlaceFlagged) or (isinstance(record, Stop) and not record.place)
    parts: dict[str, object] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        # The label of a place outside the registry was typed by somebody.
        if field.name in TYPED or (by_label and field.name == "label"):
            parts[field.name] = MASK if value else ""
        elif field.name not in LEFT_OUT:
            parts[field.name] = _plain(value)
    return parts


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case timedelta():
            return value.total_seconds()
        case tuple():
            return [_plain(one) for one in value]
        case frozenset():
            return sorted(str(_plain(one)) for one in value)
        case Pageable():
            # The row and version that were used; its words are the matrix's own.
            used = value.row
            return {"row": used.key, "version": used.version, "tier": used.tier.value}
        case _:
            return _parts(value)


def _row(line: Line) -> dict[str, object]:
    return {
        "chain": line.chain,
        "seq": line.seq,
        "program_id": line.program,
        "at": line.at,
        "actor": line.actor,
        "event": line.event,
        "reason": line.reason,
        "body_digest": line.body_digest,
        "previous": line.previous,
        "digest": line.digest,
    }


def _lock_heads(conn: Connection, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
    """This holds the chains' heads until the transaction ends, so that no number is given twice."""
    if len(chains) == 1:
        one = conn.execute(_ONE_HEAD, {"chain": chains[0]}).first()
        if one is not None:
            return {chains[0]: (one.seq, one.digest)}
    wanted = {"chains": list(chains)}
    found = {chain: (seq, digest) for chain, seq, digest in conn.execute(_HEADS, wanted)}
    if new := [chain for chain in chains if chain not in found]:
        # Two that start the same chain at once: the second waits here for the first.
        empty = [{"chain": chain, "seq": 0, "digest": GENESIS, "anchored_seq": 0} for chain in new]
        conn.execute(database.insert(conn, audit_head).on_conflict_do_nothing(), empty)
        found = {chain: (seq, digest) for chain, seq, digest in conn.execute(_HEADS, wanted)}
    return found
