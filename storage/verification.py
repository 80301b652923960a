"""This checks the history against its own digests, and says what was done to it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, exists, select

from storage.digests import GENESIS, SHREDDINGS, Line, anchor_digest, body_digest
from storage.tables import audit_anchor, audit_body, audit_head, audit_line

ROWS_AT_A_TIME = 1000
ANCHORS = "anchors"


_HEAD = audit_head.c
_HEADS = select(_HEAD.chain, _HEAD.seq, _HEAD.digest, _HEAD.anchored_seq)


class Fault(StrEnum):
    """This names what was found to be wrong."""

    LINE_ALTERED = "line_altered"
    LINE_MISSING = "line_missing"
    ORDER_BROKEN = "order_broken"
    BODY_ALTERED = "body_altered"
    BODY_REMOVED = "body_removed"
    BODY_WITHOUT_LINE = "body_without_line"
    CHAIN_TRUNCATED = "chain_truncated"
    CHAIN_REWRITTEN = "chain_rewritten"
    HEAD_ALTERED = "head_altered"
    ANCHOR_ALTERED = "anchor_altered"
    ANCHOR_MISSING = "anchor_missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """This is one thing found; `seq` is the line or the anchor, 0 for a chain as a whole."""

    fault: Fault
    chain: str
    seq: int


@dataclass(frozen=True, slots=True)
class Report:
    """This is what verification found. Unanchored lines are whole, but nobody vouches for them."""

    lines: int
    unanchored: int
    shredded: int
    anchors: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was found that somebody must have done."""
        return not self.problems


class _Anchored(NamedTuple):
    seq: int
    digest: str


class _Head(NamedTuple):
    chain: str
    seq: int
    digest: str
    anchored_seq: int


@dataclass(frozen=True, slots=True)
class _Known:
    """This is what the lines are held against, by chain."""

    anchored: Mapping[str, _Anchored]
    heads: Mapping[str, _Head]
    shredded_to: Mapping[str, int]


@dataclass(slots=True)
class _Tally:
    """This is what has been counted and found so far."""

    lines: int = 0
    unanchored: int = 0
    shredded: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, fault: Fault, chain: str, seq: int = 0) -> None:
        self.problems.append(Problem(fault, chain, seq))


def verify(conn: Connection, known: Mapping[int, str] | None = None) -> Report:
    """This checks every line, body, head and anchor.

    `known` holds digests of anchors that left the database, by number: with them, a history that
    was rewritten as a whole is found too.
    """
    tally = _Tally()
    anchored, anchors = _check_anchors(conn, known or {}, tally)
    heads = {row.chain: _Head(*row) for row in conn.execute(_HEADS)}
    held = _Known(anchored, heads, _shreddings(conn))
    seen = set()
    for chain, rows in groupby(_lines(conn), key=lambda row: row.chain):
        seen.add(chain)
        _check_chain(chain, rows, held, tally)
    for chain in sorted((heads.keys() | anchored.keys()) - seen):
        tally.add(Fault.CHAIN_TRUNCATED, chain)
    _check_bodies(conn, tally)
    return Report(tally.lines, tally.unanchored, tally.shredded, anchors, tuple(tally.problems))


def _check_anchors(
    conn: Connection, known: Mapping[int, str], tally: _Tally
) -> tuple[dict[str, _Anchored], int]:
    """This checks the anchors' own chain, and gathers the newest line vouched for of each chain."""
    anchored: dict[str, _Anchored] = {}
    previous, expected = GENESIS, 1
    for row in conn.execute(select(audit_anchor).order_by(audit_anchor.c.no)):
        if row.no != expected:
            tally.add(Fault.ANCHOR_MISSING, ANCHORS, expected)
        elif row.previous != previous:
            tally.add(Fault.ANCHOR_ALTERED, ANCHORS, row.no)
        whole = anchor_digest(row.no, row.at, row.heads, row.previous) == row.digest
        if not whole or known.get(row.no, row.digest) != row.digest:
            tally.add(Fault.ANCHOR_ALTERED, ANCHORS, row.no)
        if whole:
            for chain, seq, digest in json.loads(row.heads):
                anchored[chain] = _Anchored(seq, digest)
        previous, expected = row.digest, row.no + 1
    for no in sorted(no for no in known if no >= expected):
        tally.add(Fault.ANCHOR_MISSING, ANCHORS, no)
    return anchored, expected - 1


def _check_chain(chain: str, rows: Iterable[Row[Any]], known: _Known, tally: _Tally) -> None:
    anchored = known.anchored.get(chain, _Anchored(0, GENESIS))
    previous, expected = GENESIS, 1
    for row in rows:
        tally.lines += 1
        if row.seq != expected:
            tally.add(Fault.LINE_MISSING, chain, expected)
        elif row.previous != previous:
            tally.add(Fault.ORDER_BROKEN, chain, row.seq)
        if _line(row).digest != row.digest:
            tally.add(Fault.LINE_ALTERED, chain, row.seq)
        if row.seq == anchored.seq and row.digest != anchored.digest:
            tally.add(Fault.CHAIN_REWRITTEN, chain, row.seq)
        _check_body(row, known.shredded_to.get(chain, 0), tally)
        previous, expected = row.digest, row.seq + 1
    last = expected - 1
    head = known.heads.get(chain)
    if last < max(anchored.seq, head.seq if head else 0):
        tally.add(Fault.CHAIN_TRUNCATED, chain, expected)
    elif head is None or head != (chain, last, previous, anchored.seq):
        tally.add(Fault.HEAD_ALTERED, chain)
    tally.unanchored += max(0, last - anchored.seq)


def _check_body(row: Row[Any], shredded_to: int, tally: _Tally) -> None:
    if row.salt is not None:
        if body_digest(row.salt, row.body) != row.body_digest:
            tally.add(Fault.BODY_ALTERED, row.chain, row.seq)
    elif row.seq <= shredded_to:
        tally.shredded += 1
    else:
        tally.add(Fault.BODY_REMOVED, row.chain, row.seq)


def _lines(conn: Connection) -> Iterator[Row[Any]]:
    line, body = audit_line.c, audit_body.c
    both = audit_line.outerjoin(audit_body, and_(body.chain == line.chain, body.seq == line.seq))
    query = select(audit_line, body.salt, body.body).select_from(both)
    ordered = query.order_by(line.chain, line.seq).execution_options(yield_per=ROWS_AT_A_TIME)
    return iter(conn.execute(ordered))


def _line(row: Row[Any]) -> Line:
    return Line(
        chain=row.chain,
        seq=row.seq,
        program=row.program_id,
        at=row.at,
        actor=row.actor,
        event=row.event,
        reason=row.reason,
        body_digest=row.body_digest,
        previous=row.previous,
    )


def _shreddings(conn: Connection) -> dict[str, int]:
    """This reads up to which line each chain's bodies were shredded."""
    records = select(audit_body.c.body).where(audit_body.c.chain == SHREDDINGS)
    shredded_to: dict[str, int] = {}
    for text in conn.execute(records.order_by(audit_body.c.seq)).scalars():
        # A record that was tampered with is reported as such by its own chain.
        with suppress(ValueError, KeyError, TypeError):
            record = json.loads(text)
            shredded_to[record["chain"]] = int(record["to"])
    return shredded_to


def _check_bodies(conn: Connection, tally: _Tally) -> None:
    line, body = audit_line.c, audit_body.c
    alone = select(body.chain, body.seq).where(
        ~exists().where(line.chain == body.chain, line.seq == body.seq)
    )
    for row in conn.execute(alone):
        tally.add(Fault.BODY_WITHOUT_LINE, row.chain, row.seq)
