"""Many pages for one conversation at once: a list that names them leaves first (decision 0041).

Slack takes about a message a second in a conversation. Pages that wait there are put on lists, in
the transaction that claims them; each stays a row of its own, moved to the second in which Slack
will take it. Nothing counts as sent because a list names it. Instants are transport time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, Connection, String, bindparam, select, update

from bot.slack.gates import PLACES
from protocol.ids import PersonId, ProgramId
from protocol.policy import ChannelRole
from protocol.records import SILENT, EscalationKind
from storage import outbox as sending
from storage.columns import AnyRow, UtcDateTime
from storage.database import Each, insert, skip_locked
from storage.dispatch import FIRST, PAGE_KINDS, URGENT
from storage.messages import Standing
from storage.outbox import OutboxRow
from storage.tables import outbox

LIST: Final = "PageList"
SCHEMA: Final = 1
_PACE: Final = PLACES["chat.postMessage"]
# So many leave within a couple of seconds: what Slack takes at once, and two seconds more.
TOGETHER: Final = _PACE.burst + 2
# Each is a block with a button: some 200 characters, and as many again for its words at worst.
# Slack refuses a message whose blocks have 12,000 in all, as it counts them (bolt-js issue 2509).
PER_LIST: Final = 25
# A look takes no more than these; what is left is found at the next, before anything is claimed.
LOOKED_AT: Final = 500
# A page of a list that can never arrive: it is tried by itself, and put on no other.
LIST_LOST: Final = "list_lost"
MOST_URGENT_FIRST: Final = (
    EscalationKind.DURESS,
    EscalationKind.HELP_QUIET,
    EscalationKind.HELP_CALL,
    EscalationKind.MISSED,
    EscalationKind.UNEASY,
)

_O = outbox.c
_RANK: Final = {kind.value: rank for rank, kind in enumerate(MOST_URGENT_FIRST)}
_NOW = bindparam("now", type_=UtcDateTime())
# Not what is claimed: that is under way, or goes on by itself when its lease has ended.
_DUE = (_O.priority == URGENT, _O.attempt_at <= _NOW, _O.claimed_by.is_(None))
_IN_TURN = (_O.attempt_at, _O.id)
_CROWD = select(_O.id).where(*_DUE).order_by(*_IN_TURN).limit(TOGETHER + 1)
_PAGES = (
    select(_O.id, _O.program_id, _O.to_person, _O.channel, _O.body, _O.error)
    .where(*_DUE, _O.kind.in_(PAGE_KINDS))
    .order_by(*_IN_TURN)
    .limit(LOOKED_AT)
)
_LISTS = select(_O.body).where(_O.priority == FIRST, _O.attempt_at.is_not(None), _O.kind == LIST)
_WAITS = (_O.outcome.is_(None), _O.claimed_by.is_(None))
_MOVE = Each(
    {"row": BigInteger(), "at": UtcDateTime()},
    lambda to: update(outbox).where(_O.id == to["row"], *_WAITS).values(attempt_at=to["at"]),
)
_LOSE = Each(
    {"row": BigInteger(), "at": UtcDateTime(), "code": String()},
    lambda to: (
        update(outbox)
        .where(_O.id == to["row"], *_WAITS)
        .values(attempt_at=to["at"], error=to["code"])
    ),
)


class Destination(NamedTuple):
    """This is one conversation: with a person, or in one of the program's channels."""

    program: ProgramId
    to: PersonId | None
    channel: ChannelRole | None


def add_lists(conn: Connection, now: datetime, *, at: datetime) -> int:
    """Put on lists what waits where it can't all be sent soon; returns how many lists that makes.

    While no more wait in all than one conversation takes, this reads those few, and nothing else.
    `at` is world time.
    """
    if len(conn.execute(_CROWD, {"now": now}).all()) <= TOGETHER:
        return 0
    made: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    for where, pages in _waiting(conn, now).items():
        if len(pages) > TOGETHER:
            lists = [pages[n : n + PER_LIST] for n in range(0, len(pages), PER_LIST)]
            made += _rows(where, lists, now, at)
            moves += _paced(pages, now, before=len(lists))
    if made:
        conn.execute(insert(conn, outbox), made)
        _move(conn, moves)
    return len(made)


def pages_of(body: Mapping[str, Any]) -> tuple[int, ...]:
    """The rows of the pages that a list names, most urgent first, by what its own row holds."""
    return tuple(int(one) for one in body["pages"])


def record(conn: Connection, row: OutboxRow, where: Standing, now: datetime) -> None:
    """Record that a list stands; its pages follow at Slack's pace, also where Slack was away."""
    sending.sent(conn, row, where, now)
    if row.attempts:
        # While it was tried their turns passed; all at once they would make another list.
        before = int(row.body["parts"]) + PER_LIST * (int(row.body["part"]) - 1)
        _move(conn, _paced(pages_of(row.body), now, before=before))


def give_up(conn: Connection, row: OutboxRow, code: str, now: datetime) -> None:
    """Record that a list can never arrive: each page is tried at once, and climbs if it can't."""
    if sending.undeliverable(conn, row, code):
        lost = ({"row": one, "at": now, "code": LIST_LOST} for one in pages_of(row.body))
        _LOSE.run(conn, list(lost))


def take_back(conn: Connection, row: OutboxRow) -> None:
    """Nothing that a list was to name waits any more: it is void."""
    over = update(outbox).where(_O.id == row.id, _O.outcome.is_(None))
    conn.execute(over.values(outcome="void", attempt_at=None, claimed_by=None))


def _waiting(conn: Connection, now: datetime) -> dict[Destination, list[int]]:
    """What is due and on no list, most urgent first.

    What is silent is on no list of a channel: it goes its own way at once, with its own check.
    """
    # Locked before the lists are read: what another replica has just listed is seen then.
    found = conn.execute(skip_locked(conn, _PAGES, outbox), {"now": now}).all()
    listed = {one for body in conn.scalars(_LISTS) for one in pages_of(body)}
    by_place: dict[Destination, list[AnyRow]] = defaultdict(list)
    for row in found:
        if row.id not in listed and row.error != LIST_LOST and not _is_kept(row):
            by_place[_destination(row)].append(row)
    return {
        where: [row.id for row in sorted(rows, key=_urgency)] for where, rows in by_place.items()
    }


def _is_kept(row: AnyRow) -> bool:
    """Whether this goes into a channel and must be kept from somebody, or may not be heard of."""
    silent = row.body.get("avoid") or row.body.get("kind") in SILENT
    return row.channel is not None and bool(silent)


def _destination(row: AnyRow) -> Destination:
    to = None if row.to_person is None else PersonId(row.to_person)
    channel = None if row.channel is None else ChannelRole(row.channel)
    return Destination(ProgramId(row.program_id), to, channel)


def _move(conn: Connection, moves: Sequence[Mapping[str, Any]]) -> None:
    if moves:
        _MOVE.run(conn, moves)


def _urgency(row: AnyRow) -> int:
    # One that cannot be read is as good as the most urgent; those of one kind keep their turns.
    return _RANK.get(row.body.get("kind"), 0)


def _rows(
    where: Destination, lists: Sequence[Sequence[int]], now: datetime, at: datetime
) -> Iterator[dict[str, Any]]:
    place = where.to or f"#{where.channel}"
    for part, pages in enumerate(lists, start=1):
        yield {
            # Of one burst and one destination: no page is the first of two lists at one instant.
            "key": f"{where.program}/burst/{place}/{now:%Y%m%dT%H%M%S%f}.{pages[0]}",
            "program_id": where.program,
            "kind": LIST,
            "priority": FIRST,
            "to_person": where.to,
            "channel": where.channel,
            "body": {"pages": list(pages), "part": part, "parts": len(lists)},
            "body_schema": SCHEMA,
            "created_at": at,
            "queued_at": now,
            "attempt_at": now,
        }


def _paced(pages: Iterable[int], now: datetime, *, before: int) -> list[dict[str, Any]]:
    """When each page has its turn, after so many other messages: a few at once, then Slack's pace.

    Those whose turn is now stay as they are.
    """
    turns = enumerate(pages, start=before + 1 - _PACE.burst)
    return [{"row": page, "at": now + _PACE.every * turn} for turn, page in turns if turn > 0]
