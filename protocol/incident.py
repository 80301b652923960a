"""What an incident thread tells besides what happens in it: what was before, and how it ended.

Counts, times and coded values from the record. Nobody is named, and nothing typed is quoted.
"""

from datetime import datetime
from hashlib import sha256

from protocol.effects import Noted, ThreadNote
from protocol.ids import MatterId, PersonId
from protocol.records import SILENT, Escalation, EscalationState, Matter


def number(matter: MatterId, episode: int) -> str:
    """A short name of the incident that says nothing about anybody.

    A matter that came of another one has an id that begins alike. Its incident is named apart.
    """
    name = sha256(matter.encode()).hexdigest() if "." in matter else matter
    return f"{name[:8]}-{episode}"


def may_be_named(matter: Matter, escalation: Escalation) -> bool:
    """Whether a page may say which incident it is, and where; nothing leads to a silent one.

    While nobody has it the page asks for that alone.
    """
    silent = matter.silent or any(one.kind in SILENT for one in matter.escalations)
    climbing = escalation.state is EscalationState.CLIMBING
    return escalation.incident and not silent and not climbing


def may_teach(matter: Matter, escalation: Escalation) -> bool:
    """Whether its thread offers a change of the matrix: it is over, not silent and no drill."""
    closed = escalation.state is EscalationState.CLOSED
    return closed and not escalation.drill and may_be_named(matter, escalation)


def earlier(matter: Matter) -> tuple[ThreadNote, ...]:
    """What the record holds of the time before the thread: until then no line was kept of it."""
    before = matter.open_escalation
    if before is None or not before.paged:
        return ()
    count = len(before.paged)
    found: list[tuple[datetime | None, Noted, PersonId | None, str]] = [
        (before.opened_at, Noted.CLIMBED, None, f"1/{count}/{count}"),
        (before.fired_at if before.cycle > 1 else None, Noted.PAGED_AGAIN, None, ""),
        (before.tapped_at, Noted.WORKER_TAPPED, None, ""),
        (before.owned_at, Noted.ACKNOWLEDGED, before.owner, ""),
    ]
    stem = f"{matter.id}/{before.no}/thread"
    notes = [
        ThreadNote(f"{stem}/{noted}", before.no, noted, at, by, text)
        for at, noted, by, text in found
        if at is not None
    ]
    return tuple(sorted(notes, key=lambda one: one.at))


GOES_ON, OVER = "goes_on", "over"


def ending(matter: Matter, escalation: Escalation) -> str:
    """How the worker is accounted for, what it was, and what became of the visit, for a note."""
    closing, goes_on = escalation.closing, visit_goes_on(matter, escalation)
    if closing is None:
        return ""
    visit = () if goes_on is None else (GOES_ON if goes_on else OVER,)
    return "/".join((closing.accounted.value, closing.finding.value, *visit))


def visit_goes_on(matter: Matter, escalation: Escalation) -> bool | None:
    """Whether the visit went on when this was closed; None where it is about no visit of its own.

    A visit that ended by itself later was going on then.
    """
    visit, closed_at = matter.visit, escalation.closed_at
    if visit is None or closed_at is None:
        return None
    return visit.ended_at is None or visit.ended_at > closed_at
