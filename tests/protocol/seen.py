"""What was seen of a life: who was paged, when, and what was pushed to whom."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from protocol import events as e
from protocol.effects import Ask, Effect, Page, PostPage, Remind, Reply, StandDown, Tell
from protocol.ids import PersonId
from protocol.matter import next_deadline
from protocol.people import Cover
from protocol.plan import Place
from protocol.rating import Factor
from protocol.records import Escalation, Visit
from tests.protocol.world import NOON, THEO, Life, minutes, missed, underway

# The ratings as a plan gets them: elevated by one factor, high by another, with a backup on site.
RATED: dict[str, dict[str, Any]] = {
    "low": {},
    "elevated": {"factors": frozenset({Factor.ENCAMPMENT})},
    "high": {"factors": frozenset({Factor.RECENT_VIOLENCE}), "backup": THEO},
}
# Every message that makes a person's device show or sound something.
PUSHED = (Page, Ask, Tell, Remind, Reply, StandDown)


def after_noon(at: datetime | None) -> float:
    """Minutes after noon of an instant that is there."""
    assert at is not None
    return (at - NOON).total_seconds() / 60


def watch(life: Life, until: float, *kinds: type) -> list[tuple[float, Effect]]:
    """Let time pass to `until` minutes after noon; what was asked of these kinds, and when."""
    found: list[tuple[float, Effect]] = []
    while (due := next_deadline(life.matter)) is not None and due <= NOON + minutes(until):
        since, due = len(life.effects), max(due, life.now)
        life.at(after_noon(due))
        found += [(after_noon(due), each) for kind in kinds for each in life.of(kind, since)]
    life.at(until)
    return found


def paged_at(life: Life, until: float) -> list[tuple[float, tuple[str, ...]]]:
    """Each minute at which people were paged, with those people."""
    times: dict[float, list[str]] = {}
    for at, page in watch(life, until, Page):
        times.setdefault(at, []).append(page.to)
    return [(at, tuple(people)) for at, people in times.items()]


def visit(life: Life) -> Visit:
    assert life.matter.visit is not None
    return life.matter.visit


def due(life: Life) -> float:
    """When the visit's next answer is due, in minutes after noon."""
    return after_noon(visit(life).due_at)


def open_one(life: Life) -> Escalation:
    assert life.matter.open_escalation is not None
    return life.matter.open_escalation


def to(person: PersonId, effects: list[Effect]) -> list[Effect]:
    """What of these was pushed to this person."""
    return [each for each in effects if isinstance(each, PUSHED) and each.to == person]


def said(life: Life, since: int = 0) -> list[tuple[str, str]]:
    """What was told since, as (to, what)."""
    return [(tell.to, tell.said) for tell in life.of(Tell, since)]


def asked(life: Life, since: int = 0) -> list[tuple[str, str]]:
    """What was asked since, as (to, what)."""
    return [(ask.to, ask.asked) for ask in life.of(Ask, since)]


def pages(life: Life, since: int = 0) -> list[str]:
    return [page.to for page in life.of(Page, since)]


def posts(life: Life, since: int = 0) -> list[str]:
    return [post.channel for post in life.of(PostPage, since)]


def covered(life: Life, cover: Cover) -> Life:
    """From now on the rota is this one."""
    life.world = replace(life.world, cover=cover)
    return life


def with_place(life: Life, place: Place) -> Life:
    """From now on this place is known as it is here."""
    life.world = replace(life.world, places={**life.world.places, place.id: place})
    return life


def helped(form: e.HelpForm = e.HelpForm.CALL, **more: object) -> Life:
    """Underway, and the worker has just asked for help."""
    life = underway(**more)
    life.do(e.Help(life.now, life.matter.worker, form))
    return life


def taken(by: PersonId, **more: object) -> Life:
    """A missed check-in that this person has taken on."""
    life = missed(**more)
    life.do(e.Acknowledge(life.now, by))
    return life
