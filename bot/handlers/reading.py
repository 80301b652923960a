"""This is what opening a form reads: plain functions of a connection, one transaction each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.slack import looking
from bot.slack.modals.plan import Choices
from bot.slack.render.view import MatterView
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.plan import Plan
from storage import matters, people, places, programs, situation
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Asker:
    """This is who wants a form: their program's coordinator line, and what they can choose from."""

    person: PersonId
    line: str
    choices: Choices


def line_of(conn: Connection, slack_user: str, at: datetime) -> str | None:
    """The coordinator line of this person's program; None for a stranger."""
    program = _program_of(conn, slack_user, at)
    return program[1].coordinator_line if program else None


def asker(conn: Connection, slack_user: str, at: datetime) -> Asker | None:
    """What this person can plan with; None for a stranger."""
    found = _program_of(conn, slack_user, at)
    if found is None:
        return None
    person, program = found
    choices = Choices(
        zone=program.zone,
        places=[(place.id, place.label) for place in places.places_of(conn, program.id, at)],
        people=_people_of(conn, program.id, at, without=(person,)),
    )
    return Asker(person, program.coordinator_line, choices)


def colleagues(
    conn: Connection, sealer: Sealer, matter_id: MatterId, at: datetime
) -> list[tuple[PersonId, str]]:
    """Who could be sent to look: everybody of the program but those whom the visit keeps safe."""
    matter = matters.load(conn, sealer, matter_id)
    if matter is None:
        return []
    return _people_of(conn, matter.program, at, without=matter.members)


def matter_view(conn: Connection, sealer: Sealer, matter_id: MatterId) -> MatterView | None:
    """A matter with what is needed to draw it; None if there is no such matter."""
    matter = matters.load(conn, sealer, matter_id)
    return None if matter is None else looking.view(conn, sealer, matter)


def own_plan(
    conn: Connection, sealer: Sealer, matter_id: MatterId, slack_user: str, at: datetime
) -> tuple[Plan, Choices] | None:
    """A worker's own plan with what it can be changed to; None for anybody else's."""
    found = asker(conn, slack_user, at)
    matter = matters.load(conn, sealer, matter_id)
    if found is None or matter is None or matter.visit is None or matter.worker != found.person:
        return None
    return matter.visit.plan, found.choices


def _program_of(
    conn: Connection, slack_user: str, at: datetime
) -> tuple[PersonId, programs.Program] | None:
    person = people.by_slack(conn, slack_user)
    serving = people.programs_of(conn, person.id, at) if person else ()
    program = programs.by_id(conn, serving[0]) if serving else None
    return (person.id, program) if person and program else None


def _people_of(
    conn: Connection, program: ProgramId, at: datetime, *, without: tuple[PersonId, ...]
) -> list[tuple[PersonId, str]]:
    cover = situation.cover(conn, program, at, at + timedelta(minutes=1))
    holders = {person for _, person in cover.holders} - set(without)
    found = people.names(conn, holders)
    return sorted(found.items(), key=lambda one: one[1].casefold())
