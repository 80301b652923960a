"""This is what opening a form reads: plain functions of a connection, one transaction each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.slack import looking
from bot.slack.modals.plan import Choices, once_more
from bot.slack.render.view import MatterView
from protocol.approval import MAY_APPROVE
from protocol.decision import Reason
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.people import Role
from protocol.plan import Plan
from protocol.records import Matter
from storage import matters, people, places, programs
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Asker:
    """This is who wants a form: how to speak to them, and what they can choose from.

    `programs` are those they serve, as (id, name); `choices` are of the one that was asked for, or
    of the first.
    """

    person: PersonId
    reader: people.Reader
    choices: Choices
    programs: tuple[tuple[ProgramId, str], ...] = ()


def asker(
    conn: Connection, slack_user: str, at: datetime, program: ProgramId | None = None
) -> Asker | None:
    """What this person can plan with, in this program if they serve it; None for a stranger."""
    person = people.by_slack(conn, slack_user)
    served = people.programs_of(conn, person.id, at) if person else []
    found = [one for one in (programs.by_id(conn, id_) for id_ in served) if one]
    if person is None or not found:
        return None
    owner = next((one for one in found if one.id == program), found[0])
    choices = Choices(
        zone=owner.zone,
        places=[(place.id, place.label) for place in places.places_of(conn, owner.id, at)],
        people=_people_of(conn, owner.id, at, without=(person.id,)),
        program=owner.id,
        templates=owner.policy.templates,
        again=bool(matters.visits_of(conn, person.id, owner.id, 1)),
    )
    line = owner.coordinator_line
    reader = people.Reader(person.language or owner.language, line, found[0].id)
    return Asker(person.id, reader, choices, tuple((one.id, one.name) for one in found))


def plan_again(
    conn: Connection,
    sealer: Sealer,
    slack_user: str,
    at: datetime,
    program: ProgramId | None = None,
    which: MatterId | None = None,
) -> tuple[Asker, Plan | None] | None:
    """What this person can plan with, and the plan of an earlier visit of theirs; None as `asker`.

    That is the visit `which`, if they were on it; without one their last, in this program if one
    is given.
    """
    person = people.by_slack(conn, slack_user)
    named = matters.load(conn, sealer, which) if which else None
    if named is None and person is not None:
        named = _last_visit(conn, sealer, person.id, program)
    found = asker(conn, slack_user, at, named.program if named else program)
    if found is None:
        return None
    if named is None or named.visit is None or found.person not in named.members:
        return found, None
    if named.program != found.choices.program:  # a program that they serve no longer
        return found, None
    return found, once_more(named.visit, named.worker, found.person)


def _last_visit(
    conn: Connection, sealer: Sealer, worker: PersonId, program: ProgramId | None
) -> Matter | None:
    newest = matters.visits_of(conn, worker, program, 1)
    return matters.load(conn, sealer, newest[0]) if newest else None


def colleagues(
    conn: Connection, sealer: Sealer, matter_id: MatterId, slack_user: str, at: datetime
) -> list[tuple[PersonId, str]]:
    """Who could be sent to look: everybody of the program but those whom the visit keeps safe.

    Nobody's name for whoever does not serve in the program, or not any more.
    """
    matter = matters.load(conn, sealer, matter_id)
    if matter is None or not holds_role(conn, matter.program, slack_user, at):
        return []
    return _people_of(conn, matter.program, at, without=matter.members)


def plan_to_answer(
    conn: Connection, sealer: Sealer, matter_id: MatterId, slack_user: str, at: datetime
) -> MatterView | Reason | None:
    """A plan with what is needed to draw it, for whoever may answer it, and for those it is of.

    None if there is none. A button outlives the role of whoever got it, so who may read is asked
    at each tap.
    """
    matter = matters.load(conn, sealer, matter_id)
    if matter is None:
        return None
    person = people.by_slack(conn, slack_user)
    own = person is not None and person.id in matter.members
    if not own and not holds_role(conn, matter.program, slack_user, at, MAY_APPROVE):
        return Reason.NOT_AN_APPROVER
    return looking.view(conn, sealer, matter)


def holds_role(
    conn: Connection,
    program: ProgramId,
    slack_user: str,
    at: datetime,
    roles: Iterable[Role] = tuple(Role),
) -> bool:
    """Whether whoever tapped holds one of these roles in this program; without `roles`, any."""
    person = people.by_slack(conn, slack_user)
    return person is not None and not people.roles(conn, program, person.id, at).isdisjoint(roles)


def own_plan(
    conn: Connection, sealer: Sealer, matter_id: MatterId, slack_user: str, at: datetime
) -> tuple[Plan, Choices] | None:
    """A worker's own plan with what it can be changed to; None for anybody else's."""
    matter = matters.load(conn, sealer, matter_id)
    found = asker(conn, slack_user, at, matter.program) if matter else None
    if found is None or matter is None or matter.visit is None or matter.worker != found.person:
        return None
    return matter.visit.plan, found.choices


def _people_of(
    conn: Connection, program: ProgramId, at: datetime, *, without: tuple[PersonId, ...]
) -> list[tuple[PersonId, str]]:
    found = people.names(conn, people.serving(conn, program, at) - set(without))
    return sorted(found.items(), key=lambda one: one[1].casefold())
