"""What workers set for themselves: progress, private answers, contacts, and whom to send.

Each change is a line in the person's own chain of the history: which setting, never what it is.
Practising leaves no line. A setting that somebody chose for themselves is not taken back by a
program's file.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_, select, update

from protocol.ids import PersonId, PlaceId
from protocol.sending import Send
from storage import audit, people, tables
from storage.database import insert
from storage.onboarding_tables import State, Step
from storage.sealing import Sealer
from storage.tables import onboarding, person, send_choice

EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Own:
    """This is what is stored about a person, as they may see it; nothing sealed is opened.

    `reads` are when somebody opened a sealed value of theirs, who, and what it was.
    """

    has_phone: bool
    has_contact: bool
    excludes: tuple[PersonId, ...]
    send: tuple[Send, ...]
    visits: int
    flags: int
    reads: tuple[tuple[datetime, PersonId, str], ...] = ()


def progress(conn: Connection, who: PersonId) -> dict[Step, State]:
    """This is how far somebody is; a step without an entry was not looked at yet."""
    rows = select(onboarding.c.step, onboarding.c.state).where(onboarding.c.person_id == who)
    return {Step(row.step): State(row.state) for row in conn.execute(rows)}


def note(conn: Connection, who: PersonId, step: Step, state: State, at: datetime) -> None:
    """This records how far somebody is with a step; what is done stays as it is."""
    new = insert(conn, onboarding).values(person_id=who, step=step.value, state=state.value, at=at)
    conn.execute(
        new.on_conflict_do_update(
            index_elements=["person_id", "step"],
            set_={"state": new.excluded.state, "at": new.excluded.at},
            where=onboarding.c.state != State.DONE.value,
        )
    )


def chosen_by_themselves(conn: Connection, step: Step, ids: Collection[str]) -> frozenset[PersonId]:
    """These of the people have set this for themselves, so that no file may take it back."""
    mine = select(onboarding.c.person_id).where(
        onboarding.c.step == step.value,
        onboarding.c.state == State.DONE.value,
        onboarding.c.person_id.in_(ids),
    )
    return frozenset(map(PersonId, conn.execute(mine).scalars()))


def set_answers(
    conn: Connection, sealer: Sealer, who: PersonId, button: str, phrase: str, at: datetime
) -> None:
    """This seals a worker's private answers in place of those before; nothing shows them again."""
    people.set_duress(conn, sealer, who, button, phrase)
    _done(conn, who, Step.ANSWERS, at)


def set_contacts(
    conn: Connection,
    sealer: Sealer,
    who: PersonId,
    *,
    phone: str,
    contact: str,
    forget_contact: bool,
    excludes: Iterable[PersonId],
    at: datetime,
) -> None:
    """This keeps who may be reached how. An empty phone or contact leaves the one that is there.

    An emergency contact is stored only with the person's standing consent; `forget_contact` takes
    it back.
    """
    values: dict[str, object] = {"excludes": sorted(set(excludes))}
    if phone:
        values["phone"] = sealer.seal(phone, people.phone_of(who))
    if forget_contact:
        values["emergency_contact"] = None
    elif contact:
        text = json.dumps({"contact": contact, "consent_at": at.isoformat()})
        values["emergency_contact"] = sealer.seal(text, people.emergency_contact_of(who))
    conn.execute(update(person).where(person.c.id == who).values(**values))
    _done(conn, who, Step.CONTACTS, at)


def has_contact(conn: Connection, who: PersonId) -> bool:
    """Whether an emergency contact is stored; it is not opened for that."""
    stored = select(person.c.emergency_contact.is_not(None)).where(person.c.id == who)
    return bool(conn.execute(stored).scalar())


def set_send(
    conn: Connection, who: PersonId, place: PlaceId | None, send: Sequence[Send], at: datetime
) -> None:
    """This keeps whom to send to a worker, at one place or wherever else; nobody takes it back."""
    key = {"person_id": who, "place_id": place or EVERYWHERE}
    if not send:
        same = and_(*(send_choice.c[name] == value for name, value in key.items()))
        conn.execute(delete(send_choice).where(same))
    else:
        values = {"send": [one.value for one in send], "at": at}
        new = insert(conn, send_choice).values(**key, **values)
        conn.execute(new.on_conflict_do_update(index_elements=list(key), set_=values))
    _done(conn, who, Step.SEND, at)


def whom_to_send(conn: Connection, who: PersonId, place: PlaceId | None) -> tuple[Send, ...]:
    """This is whom a worker agreed to have sent: for this place, else for wherever they are."""
    wanted = or_(send_choice.c.place_id == EVERYWHERE, send_choice.c.place_id == (place or ""))
    rows = select(send_choice.c.place_id, send_choice.c.send).where(
        send_choice.c.person_id == who, wanted
    )
    found = {row.place_id: row.send for row in conn.execute(rows)}
    chosen = found.get(place or EVERYWHERE) or found.get(EVERYWHERE) or ()
    return tuple(Send(one) for one in chosen)


def own(conn: Connection, who: PersonId) -> Own:
    """This is what is stored about a person, with the reads of what is sealed, for them to see.

    Nothing here can tell that a duress answer was given: silent matters are not counted, and a read
    while one was open about this person is left out.
    """
    row = conn.execute(select(person).where(person.c.id == who)).one()
    visit, flag = tables.visit.c, tables.flag.c
    visits = select(visit.matter_id).where(or_(visit.worker == who, visit.partner == who))
    flags = select(flag.id).where(flag.author == who)
    return Own(
        has_phone=row.phone is not None,
        has_contact=row.emergency_contact is not None,
        excludes=tuple(map(PersonId, row.excludes)),
        send=whom_to_send(conn, who, None),
        visits=len(conn.execute(visits).all()),
        flags=len(conn.execute(flags).all()),
        reads=_reads(conn, who),
    )


def _reads(conn: Connection, who: PersonId) -> tuple[tuple[datetime, PersonId, str], ...]:
    matter = tables.matter.c
    silent = conn.execute(
        select(matter.opened_at, matter.closed_at).where(matter.worker == who, matter.silent)
    ).all()

    def hidden(at: datetime) -> bool:
        return any(
            one.opened_at <= at and (one.closed_at is None or at <= one.closed_at) for one in silent
        )

    sealed = {people.phone_of(who): "phone", people.emergency_contact_of(who): "contact"}
    return tuple(
        (at, PersonId(by), what)
        for name, what in sealed.items()
        for at, by in audit.reads_of(conn, name)
        if not hidden(at)
    )


def _done(conn: Connection, who: PersonId, step: Step, at: datetime) -> None:
    note(conn, who, step, State.DONE, at)
    audit.append(
        conn,
        f"person/{who}",
        program=None,
        at=at,
        actor=who,
        event="SettingChanged",
        reason=step.value,
        body={},
    )
