"""This brings the registry of places to what a program's file says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from protocol.ids import PlaceId, ProgramId
from storage.places import address_of, place_id
from storage.program_change import ApplyRefusedError, Change
from storage.program_file import Place, ProgramFile
from storage.sealing import Sealer
from storage.tables import flag, place


def apply_places(
    conn: Connection, sealer: Sealer, file: ProgramFile, at: datetime
) -> Iterator[Change]:
    """This adds and changes places, and retires those that a file named and no longer does.

    Places that somebody added in Slack are left alone.
    """
    program = ProgramId(file.program.id)
    rows = {row.id: row for row in conn.execute(_of(program))}
    wanted = {place_id(program, one.id): one for one in file.places}
    _free_labels(conn, wanted, rows)
    for which, one in wanted.items():
        row = rows.get(which)
        if row is None:
            _add(conn, sealer, program, which, one, at)
            yield Change("place", one.id, "added")
        elif changed := _changed(sealer, which, one, row):
            conn.execute(update(place).where(place.c.id == which).values(**changed))
            yield Change("place", one.id, "changed", tuple(sorted(changed)))
    for which, row in rows.items():
        if which not in wanted and row.created_by is None and row.retired_at is None:
            conn.execute(update(place).where(place.c.id == which).values(retired_at=at))
            yield Change("place", _short(which), "retired")
    yield from _flags(conn, file, wanted, at)


def _add(
    conn: Connection, sealer: Sealer, program: ProgramId, which: PlaceId, one: Place, at: datetime
) -> None:
    new = {
        "id": which,
        "program_id": program,
        "label": one.label,
        "address": _sealed(sealer, which, one),
        "send": one.send,
        "solo_transport_prohibited": one.solo_transport_prohibited,
        "created_at": at,
    }
    conn.execute(insert(place), new)


def _changed(sealer: Sealer, which: PlaceId, one: Place, row: Row[Any]) -> dict[str, object]:
    wanted: dict[str, object] = {
        "label": one.label,
        "send": one.send,
        "solo_transport_prohibited": one.solo_transport_prohibited,
        "retired_at": None,
        "created_by": None,
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    known = sealer.open(row.address, address_of(which)) if row.address else None
    if known != one.address:
        changed["address"] = _sealed(sealer, which, one)
    return changed


def _sealed(sealer: Sealer, which: PlaceId, one: Place) -> str | None:
    return sealer.seal(one.address, address_of(which)) if one.address else None


def _free_labels(conn: Connection, wanted: dict[PlaceId, Place], rows: dict[str, Row[Any]]) -> None:
    # Two places may have swapped labels, or a new one has that of a place which is gone.
    holders = {row.label: row for row in rows.values()}
    for which, one in wanted.items():
        holder = holders.get(one.label)
        if holder is None or holder.id == which:
            continue
        if holder.id not in wanted and holder.created_by is not None:
            raise ApplyRefusedError(
                f"The label {one.label} belongs to a place that was added in Slack. "
                f"Give the entry the id {_short(holder.id)}, or another label."
            )
        conn.execute(update(place).where(place.c.id == holder.id).values(label=holder.id))


def _flags(
    conn: Connection, file: ProgramFile, wanted: dict[PlaceId, Place], at: datetime
) -> Iterator[Change]:
    # A flag of the file is told from one that was raised in Slack by its id.
    mine = flag.c.id.startswith(f"{file.program.id}/", autoescape=True)
    of_program = and_(flag.c.program_id == file.program.id, mine)
    columns = select(flag.c.id, flag.c.settled_at, flag.c.reviewed_at)
    known = {row.id: row for row in conn.execute(columns.where(of_program))}
    expires = timedelta(days=file.policy.flag_expires_days)
    review = timedelta(days=file.policy.flag_review_days)
    named = set()
    for which, one in wanted.items():
        for raised in one.flags:
            raised_at = raised.raised.begins(file.zone)
            flag_id = f"{which}/{raised.kind}/{raised.author}/{raised_at:%Y%m%dT%H%M}"
            named.add(flag_id)
            row = known.get(flag_id)
            if row is None:
                new = {
                    "id": flag_id,
                    "program_id": file.program.id,
                    "place_id": which,
                    "kind": raised.kind.value,
                    "author": raised.author,
                    "raised_at": raised_at,
                    "expires_at": raised_at + expires,
                    "review_due_at": raised_at + review,
                }
                conn.execute(insert(flag), new)
                yield Change("place", one.id, "flagged", (raised.kind.value,))
            elif row.settled_at is not None and row.settled_at != row.reviewed_at:
                # On the safe side: what the file still says counts, until somebody takes it out, or
                # a named person has reviewed it and ended it.
                conn.execute(update(flag).where(flag.c.id == flag_id).values(settled_at=None))
                yield Change("place", one.id, "flagged", (raised.kind.value,))
    for flag_id, row in known.items():
        if flag_id not in named and row.settled_at is None:
            conn.execute(update(flag).where(flag.c.id == flag_id).values(settled_at=at))
            yield Change("place", flag_id.split("/")[1], "flag taken off")


def _of(program: ProgramId) -> Any:
    return select(place).where(place.c.program_id == program).order_by(place.c.id)


def _short(which: str) -> str:
    return which.partition("/")[2]
