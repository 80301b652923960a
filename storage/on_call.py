"""Who can be called right now about a row, by name and number: read for one answer.

A number is sealed, so reading one is written down where its owner can see it. It is read for urgent
rows, and for the supervisor of whoever has no row; never for a private row, whose trace that were.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from protocol.ids import PersonId, ProgramId
from protocol.partners import Partner
from protocol.people import Role
from storage import matrix_state, partners, people, programs, situation
from storage.sealing import Sealer

WHY: Final = "matrix_answer"
# As many as fit a line on a phone.
SHOWN_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class Reached:
    """This is somebody on duty. `phone` is empty where none is known or none was looked for."""

    id: PersonId
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """This is what an answer says beside its row. `known` is False where it could not be read.

    `today` is the day in the program's zone, by which checks of partners' numbers count.
    """

    known: bool = False
    who: PersonId | None = None
    program: ProgramId | None = None
    program_name: str = ""
    line: str = ""
    county_number: str = ""
    adopted: bool = False
    people: Mapping[Role, tuple[Reached, ...]] = field(default_factory=dict)
    partners: tuple[Partner, ...] = ()
    today: date | None = None

    def on_duty(self, role: Role) -> tuple[Reached, ...]:
        """Who is on duty in this role."""
        return self.people.get(role, ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """This is what an answer needs to know: who is on duty, and whose number."""

    version: str
    roles: Collection[Role] = ()
    phones: Collection[Role] = ()


def read(conn: Connection, sealer: Sealer, user: str, wanted: Wanted, at: datetime) -> Desk | None:
    """Read it for whoever asks, in one transaction; None for somebody whom no program knows."""
    who = people.by_slack(conn, user)
    serving = people.programs_of(conn, who.id, at) if who else []
    program = programs.by_id(conn, serving[0]) if serving else None
    if who is None or program is None:
        return None
    cover = situation.cover(conn, program.id, at, at)
    on_duty = {role: cover.on_duty(role, at)[:SHOWN_MAX] for role in wanted.roles}
    names = people.names(conn, {one for found in on_duty.values() for one in found})
    numbers: dict[PersonId, str] = {}
    for one in dict.fromkeys(one for role in wanted.phones for one in on_duty.get(role, ())):
        numbers[one] = (
            people.contact(conn, sealer, one, reader=who.id, why=WHY, at=at, program=program.id)
            or ""
        )
    return Desk(
        True,
        who.id,
        program.id,
        program.name,
        program.coordinator_line,
        program.county_number,
        matrix_state.adopted(conn, program.id, wanted.version),
        {
            role: tuple(Reached(one, names.get(one, one), numbers.get(one, "")) for one in found)
            for role, found in on_duty.items()
        },
        partners.of(conn, program.id),
        at.astimezone(program.zone_info).date(),
    )
