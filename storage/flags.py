"""Flags on places, from raised to ended: who said what to one, and which wait for a review.

A flag counts from the moment it is raised until it is ended or expires. Nothing is deleted: an
expired or ended flag stays in the record with every word that was said to it. Each change is a
line in the flag's own chain of the history, without what anybody typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from protocol.ids import MatterId, PersonId, PlaceId, ProgramId
from protocol.policy import Policy
from protocol.rating import FlagKind
from protocol.records import VisitState
from storage import audit, places, tables
from storage.columns import AnyRow
from storage.flag_tables import Word
from storage.sealing import Sealer
from storage.tables import flag, flag_word

# Typed by somebody: the history says that there was a text, not what it said.
MASK = audit.MASK


def reason_of(word: str) -> str:
    """This is what the reason of a word is sealed as."""
    return f"flag_word/{word}/reason"


def chain_of(flag_id: str) -> str:
    """This is a flag's chain in the history."""
    return f"flag/{flag_id}"


@dataclass(frozen=True, slots=True)
class StandingFlag:
    """This is a flag that counts, with its place. `words` counts what was said to it so far."""

    id: str
    program: ProgramId
    place: PlaceId
    label: str
    kind: FlagKind
    author: PersonId
    raised_at: datetime
    expires_at: datetime
    review_due_at: datetime
    disputed: bool = False
    words: int = 0


class Told(Enum):
    """This is what became of a word: taken, or why not."""

    DONE = auto()
    REPEATED = auto()
    GONE = auto()
    CHANGED_SINCE = auto()


@dataclass(frozen=True, slots=True)
class Spoken:
    """This is a word that somebody says to a flag; `id` was minted with the form it comes from."""

    id: str
    flag: str
    by: PersonId
    at: datetime
    reason: str


def raise_one(
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
) -> bool:
    """This raises a flag, which counts from now on; False where this very flag is there already."""
    # The same form delivered twice at once: the second waits here, and then finds the first.
    mine = select(tables.place.c.id).where(tables.place.c.id == place)
    conn.execute(mine.with_for_update(key_share=True))
    if _row(conn, flag_id) is not None:
        return False
    raised = places.raise_flag(
        conn,
        sealer,
        policy,
        flag_id=flag_id,
        program=program,
        place=place,
        kind=kind,
        author=author,
        at=at,
        evidence=evidence,
    )
    body = {
        "place": place,
        "kind": kind.value,
        "evidence": MASK if evidence else "",
        "expires_at": raised.expires_at.isoformat(),
    }
    _note(conn, flag_id, program, at, author, "FlagRaised", kind.value, body)
    return True


def dispute(conn: Connection, sealer: Sealer, policy: Policy, said: Spoken) -> Told:
    """This disputes a flag: it goes to review anew, and counts until somebody has reviewed it."""
    row, told = _open_row(conn, said)
    if row is None:
        return told
    places.dispute_flag(conn, said.flag, said.at)
    due_at = said.at + timedelta(days=policy.flag_review_days)
    waits = row.reviewed_at is None or row.disputed_at is not None
    # A review that is due already is not put off by a dispute.
    due_at = min(due_at, row.review_due_at) if waits else due_at
    again = {} if waits else {"reminded_at": None}
    _set(conn, said.flag, review_due_at=due_at, **again)
    _keep(conn, sealer, said, row, Word.DISPUTED, FlagKind(row.kind))
    return Told.DONE


def review(
    conn: Connection,
    sealer: Sealer,
    policy: Policy,
    said: Spoken,
    verdict: FlagKind | None,
    seen: int,
) -> Told:
    """This reviews a flag as it was shown with `seen` words: it holds, as this kind, or it ends.

    From a review on it counts anew for as long as the policy says.
    """
    row, told = _open_row(conn, said)
    if row is None:
        return told
    if _words(conn, said.flag) != seen:
        return Told.CHANGED_SINCE
    if verdict is None:
        _set(conn, said.flag, reviewed_at=said.at)
        places.settle_flag(conn, said.flag, said.at)
        _keep(conn, sealer, said, row, Word.ENDED, FlagKind(row.kind))
        return Told.DONE
    _set(
        conn,
        said.flag,
        kind=verdict.value,
        reviewed_at=said.at,
        disputed_at=None,
        expires_at=said.at + timedelta(days=policy.flag_expires_days),
    )
    word = Word.KEPT if verdict.value == row.kind else Word.CHANGED
    _keep(conn, sealer, said, row, word, verdict)
    return Told.DONE


def standing(conn: Connection, program: ProgramId, at: datetime) -> list[StandingFlag]:
    """These are the program's flags that count at this instant, by place."""
    return _flags(conn, flag.c.program_id == program, _counts(at))


def one(conn: Connection, flag_id: str, at: datetime) -> StandingFlag | None:
    """This is a flag that counts at this instant; None for one that ended, expired or never was."""
    return next(iter(_flags(conn, flag.c.id == flag_id, _counts(at))), None)


def to_review(conn: Connection, program: ProgramId, at: datetime) -> list[StandingFlag]:
    """These are the program's flags that wait for a review, the first due first."""
    found = _flags(conn, flag.c.program_id == program, _counts(at), _waits())
    return sorted(found, key=lambda one: (one.review_due_at, one.id))


def unreminded(conn: Connection, at: datetime) -> list[StandingFlag]:
    """These are the flags of all programs whose review nobody was reminded of, first due first."""
    found = _flags(conn, flag.c.reminded_at.is_(None), _counts(at), _waits())
    return sorted(found, key=lambda one: (one.review_due_at, one.id))


def reminded(conn: Connection, flag_id: str, at: datetime) -> None:
    """This records that people were reminded of a flag's review."""
    _set(conn, flag_id, reminded_at=at)


def evidence(conn: Connection, sealer: Sealer, flag_id: str, by: PersonId, at: datetime) -> str:
    """This opens what was seen, for a review, and writes the read down; empty where there is none.

    Identifiers were taken out before it was sealed.
    """
    row = _row(conn, flag_id)
    if row is None or row.evidence is None:
        return ""
    what = places.evidence_of(flag_id)
    audit.sealed_read(conn, program=row.program_id, at=at, actor=by, what=what, why="review")
    return sealer.open(row.evidence, what)


def dispute_reason(conn: Connection, sealer: Sealer, flag_id: str) -> str:
    """This opens why a flag was last disputed; empty where it was not."""
    said = flag_word.c
    mine = select(said.id, said.reason).where(said.flag_id == flag_id, said.word == Word.DISPUTED)
    row = conn.execute(mine.order_by(said.at.desc(), said.id).limit(1)).first()
    return "" if row is None else sealer.open(row.reason, reason_of(row.id))


def open_visits_to(
    conn: Connection, program: ProgramId, place: PlaceId, label: str
) -> list[MatterId]:
    """These are the matters whose open visit has this place on its way, under its id or label."""
    stop, visit = tables.stop, tables.visit
    by_label = and_(stop.c.place_id.is_(None), func.lower(stop.c.label) == func.lower(label))
    rows = (
        select(stop.c.matter_id)
        .join(visit, visit.c.matter_id == stop.c.matter_id)
        .where(
            visit.c.program_id == program,
            visit.c.state != VisitState.CLOSED.value,
            or_(stop.c.place_id == place, by_label),
        )
        .distinct()
        .order_by(stop.c.matter_id)
    )
    return list(map(MatterId, conn.execute(rows).scalars()))


def place_called(
    conn: Connection, sealer: Sealer, program: ProgramId, label: str, *, by: PersonId, at: datetime
) -> PlaceId:
    """This finds a place by its label, or adds it: a flag needs a place to sit on."""
    place = tables.place
    mine = select(place.c.id).where(place.c.program_id == program)
    found = conn.execute(mine.where(func.lower(place.c.label) == func.lower(label))).scalar()
    if found is not None:
        return PlaceId(found)
    which = places.place_id(program, label)
    taken = conn.execute(mine.where(place.c.id.startswith(which, autoescape=True))).scalars()
    number = len(list(taken))
    which = PlaceId(f"{which}-{number + 1}") if number or which.endswith("/") else which
    places.add_place(conn, sealer, program, label, at=at, by=by, which=which)
    audit.append(
        conn,
        f"place/{which}",
        program=program,
        at=at,
        actor=by,
        event="PlaceAdded",
        reason="flagged",
        body={"place": which},
    )
    return which


def _counts(at: datetime) -> ColumnElement[bool]:
    return and_(flag.c.settled_at.is_(None), flag.c.expires_at > at)


def _waits() -> ColumnElement[bool]:
    return or_(flag.c.reviewed_at.is_(None), flag.c.disputed_at.is_not(None))


def _flags(conn: Connection, *which: ColumnElement[bool]) -> list[StandingFlag]:
    words = select(func.count()).where(flag_word.c.flag_id == flag.c.id).scalar_subquery()
    rows = conn.execute(
        select(flag, tables.place.c.label, words.label("words"))
        .join(tables.place, tables.place.c.id == flag.c.place_id)
        .where(*which)
        .order_by(func.lower(tables.place.c.label), flag.c.raised_at, flag.c.id)
    )
    return [
        StandingFlag(
            id=row.id,
            program=ProgramId(row.program_id),
            place=PlaceId(row.place_id),
            label=row.label,
            kind=FlagKind(row.kind),
            author=PersonId(row.author),
            raised_at=row.raised_at,
            expires_at=row.expires_at,
            review_due_at=row.review_due_at,
            disputed=row.disputed_at is not None,
            words=row.words,
        )
        for row in rows
    ]


def _row(conn: Connection, flag_id: str, *, lock: bool = False) -> AnyRow | None:
    mine = select(flag).where(flag.c.id == flag_id)
    return conn.execute(mine.with_for_update() if lock else mine).first()


def _open_row(conn: Connection, said: Spoken) -> tuple[AnyRow | None, Told]:
    """The flag's row, held until the transaction ends; None, and why, where nothing is to do."""
    row = _row(conn, said.flag, lock=True)
    if conn.execute(select(flag_word.c.id).where(flag_word.c.id == said.id)).first():
        return None, Told.REPEATED
    if row is None or row.settled_at is not None or row.expires_at <= said.at:
        return None, Told.GONE
    return row, Told.DONE


def _words(conn: Connection, flag_id: str) -> int:
    mine = select(func.count()).where(flag_word.c.flag_id == flag_id)
    return int(conn.execute(mine).scalar_one())


def _set(conn: Connection, flag_id: str, **values: object) -> None:
    conn.execute(update(flag).where(flag.c.id == flag_id).values(**values))


def _keep(
    conn: Connection, sealer: Sealer, said: Spoken, row: AnyRow, word: Word, kind: FlagKind
) -> None:
    conn.execute(
        insert(flag_word),
        {
            "id": said.id,
            "program_id": row.program_id,
            "flag_id": said.flag,
            "word": word.value,
            "kind": kind.value,
            "by": said.by,
            "at": said.at,
            "reason": sealer.seal(said.reason, reason_of(said.id)),
        },
    )
    event = "FlagDisputed" if word is Word.DISPUTED else "FlagReviewed"
    body = {"kind": kind.value, "reason": MASK}
    _note(conn, said.flag, row.program_id, said.at, said.by, event, word.value, body)


def _note(
    conn: Connection,
    flag_id: str,
    program: str,
    at: datetime,
    actor: PersonId,
    event: str,
    reason: str,
    body: Mapping[str, object],
) -> None:
    audit.append(
        conn,
        chain_of(flag_id),
        program=program,
        at=at,
        actor=actor,
        event=event,
        reason=reason,
        body=body,
    )
