"""Loads what it takes to draw a matter: the matter, what it is about, its people and places."""

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.slack.render.view import Directory, MatterView
from protocol.ids import PersonId, ProgramId
from protocol.records import Matter
from storage import matters, onboarding, people, places, programs
from storage.codec import Sealing


def view(
    conn: Connection, sealer: Sealing, matter: Matter, also: Iterable[PersonId] = ()
) -> MatterView:
    """A matter with what is needed to draw it; `also` are people whom a message names besides.

    Raises LookupError where the program is unknown.
    """
    about = matters.load(conn, sealer, matter.about) if matter.about else None
    visit = matter.visit or (about.visit if about else None)
    stops = visit.plan.stops if visit else ()
    who = {*_named(matter), *(_named(about) if about else ()), *also}
    known = places.by_ids(conn, {stop.place for stop in stops if stop.place})
    # Whom to send is on pages alone, and those are of escalations.
    place = visit.stop.place if visit else None
    agreed = onboarding.whom_to_send(conn, matter.worker, place) if matter.escalations else ()
    return MatterView(matter, _directory(conn, matter.program, who), about, known, agreed)


def _directory(conn: Connection, which: ProgramId, named: Iterable[PersonId]) -> Directory:
    program = programs.by_id(conn, which)
    if program is None:
        raise LookupError(which)
    known = people.by_ids(conn, named)
    return Directory(
        zone=program.zone,
        line=program.coordinator_line,
        county_number=program.county_number,
        names={who: one.name for who, one in known.items()},
        slack_users={who: one.slack_user for who, one in known.items() if one.slack_user},
    )


def _named(matter: Matter) -> set[PersonId]:
    """Everybody whom a message about this matter may name."""
    named: set[PersonId | None] = {*matter.members}
    if matter.visit is not None:
        named |= {matter.visit.approver, matter.visit.plan.backup, *matter.visit.heard}
        for word in (matter.visit.lowering, matter.visit.lowered):
            named |= {word.by, word.second} if word else set()
        named.add(matter.visit.watcher)
    named |= {one.person for one in matter.roll_call.people} if matter.roll_call else set()
    for said in matter.trigger.consults if matter.trigger else ():
        named |= {said.by, said.owner}
    named |= {one.by for one in matter.trigger.tried} if matter.trigger else set()
    for one in matter.escalations:
        named |= {one.owner, one.second, *one.paged, *one.waiting}
        named.add(one.closing.by if one.closing else None)
    named.add(matter.trigger.settled_by if matter.trigger else None)
    return {who for who in named if who is not None}
