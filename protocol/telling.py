"""Builds effects with their keys: one place that knows what makes each of them unique.

The version that a decision leads to is part of most keys, so the same decision cannot ask twice and
the next one cannot be taken for it. Pages carry episode, rung and person instead, because a rung
must never be asked twice in one climb, whatever the version is.
"""

from collections.abc import Iterable
from datetime import datetime

from protocol.effects import Ask, Asked, Effect, Noted, Refresh, Said, Surface, Tell, ThreadNote
from protocol.ids import PersonId
from protocol.records import SILENT, Escalation, Matter


def _key(matter: Matter, *parts: object) -> str:
    return "/".join([matter.id, f"v{matter.version + 1}", *map(str, parts)])


def tell(
    matter: Matter,
    said: Said,
    people: Iterable[PersonId],
    at: datetime,
    *,
    about: PersonId | None = None,
    text: str = "",
) -> tuple[Effect, ...]:
    """Tell each of these people a piece of news, once; not the worker while all must be quiet."""
    escalation = matter.open_escalation
    quiet = matter.members if escalation and escalation.kind in SILENT else ()
    return tuple(
        Tell(_key(matter, "tell", said, to), to, said, at, about, text)
        for to in dict.fromkeys(people)
        if to not in quiet
    )


def ask(
    matter: Matter,
    asked: Asked,
    people: Iterable[PersonId],
    at: datetime,
    *,
    mark: int = 0,
    about: PersonId | None = None,
) -> tuple[Effect, ...]:
    """Ask each of these people the same question."""
    return tuple(
        Ask(_key(matter, "ask", asked, to), to, asked, at, mark, about)
        for to in dict.fromkeys(people)
    )


def refresh(matter: Matter, *surfaces: Surface) -> tuple[Effect, ...]:
    """Bring these kept messages up to date."""
    # Whoever raised a trigger has no card for it: the card is about their own safety.
    kept = [one for one in surfaces if matter.trigger is None or one is not Surface.WORKER_CARD]
    return tuple(Refresh(_key(matter, "refresh", surface), surface) for surface in kept)


def note(
    matter: Matter,
    escalation: Escalation,
    noted: Noted,
    at: datetime,
    *,
    by: PersonId | None = None,
    text: str = "",
) -> tuple[Effect, ...]:
    """Add a line to the incident thread, where there is one."""
    if not escalation.incident:
        return ()
    key = _key(matter, "note", escalation.no, noted)
    return (ThreadNote(key, escalation.no, noted, at, by, text),)
