"""What a Home is drawn from in tests: visits, escalations and who looks; and what it shows."""

from dataclasses import replace
from datetime import timedelta

from bot.slack.render import home
from protocol.ids import MatterId
from protocol.people import Language, Role
from protocol.policy import ChannelRole
from protocol.rating import Rating
from protocol.records import (
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    VisitState,
)
from protocol.trigger import Both
from sandbox.blocks import view_problems
from sandbox.checks import Surface
from storage.board import CallRow, Look, Open, Served, VisitRow
from tests.county import PROGRAM
from tests.protocol.world import JO, LIN, MAYA, NOON, ROSA, SAM, ZONE, minutes
from tests.slack.readable import readable

NAMES = {JO: "Jo Alvarez", SAM: "Sam", ROSA: "Rosa Delgado", MAYA: "Maya", LIN: "Dr. Lin"}
SERVED = Served(
    PROGRAM,
    "County peers",
    ZONE,
    "555-0100",
    "555-0199",
    {ChannelRole.INCIDENTS: "C_INCIDENTS", ChannelRole.FIELD_SAFETY: "C_FIELD"},
    frozenset({Role.PEER}),
    ((Role.COORDINATOR, ROSA), (Role.PEER_SUPERVISOR, MAYA)),
)
URL = "https://county.slack.com/"
TITLE = Both("Talk of suicide", "Habla de suicidio")


def visit(**changes):
    made = VisitRow(
        VisitState.UNDERWAY,
        Rating.LOW,
        Approval.CONFIRMED,
        ROSA,
        Expecting.CHECK_IN,
        NOON,
        NOON + minutes(30),
        3,
        None,
        "Main Street shelter",
    )
    return replace(made, **changes)


def out(name="m1", worker=JO, call=None, **changes):
    return Open(MatterId(name), PROGRAM, worker, visit(**changes), call)


def call(**changes):
    made = CallRow(
        1,
        EscalationKind.MISSED,
        EscalationState.CLIMBING,
        None,
        NOON,
        NOON - minutes(5),
        NOON + minutes(5),
        False,
    )
    return replace(made, **changes)


def look(*matters, person=JO, roles=(Role.PEER,), **changes):
    served = replace(SERVED, roles=frozenset(roles))
    return replace(Look(person, NOON, Language.EN, (served,), matters, NAMES), **changes)


def by_rosa(*matters, roles=(Role.COORDINATOR,)):
    return look(*matters, person=ROSA, roles=roles)


def shown(seen, more=(), url=""):
    view = home.home(seen, more, url)
    assert_slack_shows(view)
    return readable(view["blocks"])


def assert_slack_shows(view):
    assert not view_problems(view, Surface.HOME)
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))
    assert len(view["blocks"]) <= home.BLOCKS_MAX


def ahead(name="p1", worker=JO, days=1, **changes):
    planned = {
        "state": VisitState.PLANNED,
        "approval": Approval.ASKED,
        "approver": None,
        "expecting": Expecting.ARRIVAL,
        "start_at": NOON + timedelta(days=days),
    }
    return out(name, worker, **{**planned, **changes})
