"""This is what renderers are handed in tests: lives from the rules, with the county's people."""

from dataclasses import replace

from bot.slack.render.view import Directory, MatterView
from protocol import events as e
from protocol.ids import MatterId
from protocol.plan import Place
from protocol.records import EscalationKind, Matter
from tests.protocol.world import HELD_ROLES, JO, ROSA, SHELTER, ZONE, Life, underway

DIRECTORY = Directory(
    zone=ZONE,
    line="555-0100",
    county_number="555-0199",
    names={person: person.title() for _, person in HELD_ROLES},
    slack_users={person: f"U_{person.upper()}" for _, person in HELD_ROLES},
)
NO_CLUE = Directory(zone=ZONE)


def view(life: Life | Matter, about: Matter | None = None, place: Place = SHELTER) -> MatterView:
    """A view of the life as it is now."""
    matter = life.matter if isinstance(life, Life) else life
    return MatterView(matter, DIRECTORY, about, {place.id: place})


def calling(form: e.HelpForm) -> Life:
    """Underway, and calling for help."""
    life = underway()
    life.do(e.Help(life.now, JO, form))
    return life


def taken(life: Life, by=ROSA) -> Life:
    """Somebody has it."""
    life.do(e.Acknowledge(life.now, by))
    return life


def silent() -> tuple[Life, Matter]:
    """A silent matter, and the visit that it is about."""
    visit = underway()
    life = Life(matter=replace(Life().matter, id=MatterId("m1.jo")))
    life.now = visit.now
    life.do(e.OpenSilent(life.now, JO, visit.matter.id, ()))
    assert life.matter.open_escalation.kind is EscalationKind.DURESS
    return life, visit.matter


def with_escalation(life: Life, **changed) -> Life:
    """The same life, with its open escalation changed."""
    escalation = life.matter.open_escalation
    assert escalation is not None
    life.matter = replace(life.matter, escalations=(replace(escalation, **changed),))
    return life


def with_visit(matter: Matter, **changed) -> Matter:
    """The same matter, with its visit changed."""
    assert matter.visit is not None
    return replace(matter, visit=replace(matter.visit, **changed))
