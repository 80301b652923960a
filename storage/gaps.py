"""What the matrix had no answer for: masked, without whoever asked, to be settled by the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, select, tuple_, update

from protocol.ids import PersonId, ProgramId
from storage.columns import AnyRow
from storage.database import insert
from storage.matrix_tables import Asker, Settled, matrix_gap

_G = matrix_gap.c


@dataclass(frozen=True, slots=True)
class Gap:
    """This is one gap. `text` is masked by whoever makes it; `shown` are the keys of rows."""

    id: str
    program: ProgramId
    at: datetime
    version: str
    text: str
    shown: tuple[str, ...] = ()
    did: Asker = Asker.NOTHING
    settled_by: PersonId | None = None
    settled_at: datetime | None = None
    settled_how: Settled | None = None
    settled_row: str | None = None


def add(conn: Connection, gap: Gap) -> None:
    """Keep a gap; the same one again changes nothing."""
    row = {
        "id": gap.id,
        "program_id": gap.program,
        "at": gap.at,
        "version": gap.version,
        "text": gap.text,
        "shown": list(gap.shown),
        "did": gap.did.value,
    }
    conn.execute(insert(conn, matrix_gap).on_conflict_do_nothing(), [row])


def did(conn: Connection, gap_id: str, what: Asker) -> bool:
    """Write down what the asker did meanwhile, the last word counts. False once it is settled."""
    open_one = update(matrix_gap).where(_G.id == gap_id, _G.settled_at.is_(None))
    return conn.execute(open_one.values(did=what.value)).rowcount == 1


def waiting(conn: Connection, program: ProgramId, most: int = 20) -> list[Gap]:
    """The gaps that nobody has settled yet, the oldest first; what was asked twice stands once."""
    rows = conn.execute(
        select(matrix_gap)
        .where(_G.program_id == program, _G.settled_at.is_(None), ~_asked_before())
        .order_by(_G.at, _G.id)
        .limit(most)
    )
    return [_gap(row) for row in rows]


def some(conn: Connection, ids: Sequence[str]) -> list[Gap]:
    """These gaps, in the order in which they are named; one that is not there is left out."""
    rows = conn.execute(select(matrix_gap).where(_G.id.in_(ids)))
    found = {row.id: _gap(row) for row in rows}
    return [found[one] for one in ids if one in found]


def settle(
    conn: Connection, gap_id: str, how: Settled, *, by: PersonId, at: datetime, row: str | None
) -> bool:
    """Settle a gap: as this row, a new one, or outside; and with it whatever asks the same.

    False, and nothing is changed, where it was settled before.
    """
    found = some(conn, [gap_id])
    if not found or found[0].settled_at is not None:
        return False
    this = _G.id == gap_id
    same = (_G.program_id == found[0].program) & (_G.text == found[0].text) & (_G.text != "")
    open_ones = update(matrix_gap).where(this | same, _G.settled_at.is_(None))
    done = conn.execute(
        open_ones.values(settled_by=by, settled_at=at, settled_how=how.value, settled_row=row)
    )
    return done.rowcount > 0


def _asked_before() -> ColumnElement[bool]:
    """Whether an older gap with the very same text is still open in the program."""
    older = matrix_gap.alias()
    return exists().where(
        older.c.program_id == _G.program_id,
        older.c.settled_at.is_(None),
        older.c.text == _G.text,
        older.c.text != "",
        tuple_(older.c.at, older.c.id) < tuple_(_G.at, _G.id),
    )


def _gap(row: AnyRow) -> Gap:
    return Gap(
        row.id,
        ProgramId(row.program_id),
        row.at,
        row.version,
        row.text,
        _keys(row.shown),
        Asker(row.did),
        None if row.settled_by is None else PersonId(row.settled_by),
        row.settled_at,
        None if row.settled_how is None else Settled(row.settled_how),
        row.settled_row,
    )


def settled(conn: Connection, program: ProgramId, most: int = 200) -> list[tuple[str, str | None]]:
    """The texts of settled gaps with their row, None for what is outside; the newest first.

    What was asked more than once counts once, as it was settled last.
    """
    rows = conn.execute(
        select(_G.text, _G.settled_row, _G.settled_how)
        .where(_G.program_id == program, _G.settled_at.is_not(None), _G.text != "")
        .order_by(_G.settled_at.desc(), _G.id)
        .limit(most)
    )
    outside = Settled.OUTSIDE.value
    last: dict[str, str | None] = {}
    for row in rows:
        last.setdefault(row.text, None if row.settled_how == outside else row.settled_row)
    return list(last.items())


def _keys(shown: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(str, shown))
