"""Made-up people, policies, plans and matters for the tests of storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from protocol.decision import Decision, Reason
from protocol.effects import (
    Ask,
    Asked,
    Noted,
    OpenThread,
    Page,
    PostApproval,
    PostPage,
    PostStandDown,
    Refresh,
    Remind,
    Reply,
    Said,
    StandDown,
    Surface,
    Tell,
    ThreadNote,
)
from protocol.events import CheckIn, DeadlinePassed
from protocol.ids import MatterId, PersonId, PlaceId, ProgramId
from protocol.plan import Plan, Stop
from protocol.policy import ChannelRole, Policy
from protocol.rating import Factor, Rating
from protocol.records import (
    Accounted,
    Answer,
    Approval,
    Closing,
    Escalation,
    EscalationKind,
    EscalationState,
    Expecting,
    Finding,
    Lowering,
    Matter,
    Visit,
    VisitOutcome,
    VisitState,
)
from storage import matters, tables

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
# Transport time is another clock: the tests keep it well apart.
TRANSPORT = datetime(2031, 7, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PROGRAM = ProgramId("north")
WORKER, PARTNER, LEAD, SECOND, OTHER = map(
    PersonId, ("worker", "partner", "lead", "second", "other")
)
PEOPLE = (WORKER, PARTNER, LEAD, SECOND, OTHER)

_LADDER = {
    "hold": 60,
    "ask_before": 5,
    "repeat_every": 10,
    "rungs": [
        {"after": 5, "roles": ["coordinator"]},
        {"after": 9, "everyone": True, "channels": ["clinical"], "decide_on_help": True},
    ],
}
_RATING = {"check_in_every": 60, "nudges": [-5, 0, 3], "no_signal_max": 60, "ladder": _LADDER}
POLICY = Policy.model_validate(
    {
        "ratings": dict.fromkeys(("low", "elevated", "high"), _RATING),
        "ladders": dict.fromkeys(("help", "duress", "uneasy"), _LADDER),
        "windows": {
            "arrive_within": 15,
            "clear_within": 15,
            "clear_within_by_bus": 30,
            "transit_within": 30,
            "transit_max": 90,
            "over_time_every": 15,
            "running_late_max": 60,
            "extend_times": 2,
            "extend_share": 0.5,
            "approve_before": 15,
            "approve_unplanned_within": 3,
            "look_again": 10,
            "second_within": 10,
            "duration_max": 600,
            "plan_ahead_max": 20160,
        },
    }
)
TIMINGS = POLICY.timings(Rating.ELEVATED)


class PlainSealer:
    """This seals by turning the text round, so that a test can read what was sealed as what."""

    def seal(self, text: str, about: str) -> str:
        return f"sealed:{about}:{text[::-1]}"

    def open(self, blob: str, about: str) -> str:
        sealed = f"sealed:{about}:"
        if not blob.startswith(sealed):
            raise ValueError(f"not sealed as {about}")
        return blob.removeprefix(sealed)[::-1]


SEALER = PlainSealer()


def plan(**changes: Any) -> Plan:
    made = Plan(
        stops=(Stop("Home 17"), Stop("Main St shelter", PlaceId("shelter"))),
        start_at=NOW,
        expected=timedelta(minutes=90),
        zone="America/New_York",
        factors=frozenset({Factor.ISOLATED, Factor.EVENING}),
        backup=OTHER,
        note="the side door",
    )
    return replace(made, **changes)


def visit(**changes: Any) -> Visit:
    made = Visit(
        plan=plan(),
        rating=Rating.ELEVATED,
        timings=TIMINGS,
        state=VisitState.UNDERWAY,
        approval=Approval.CONFIRMED,
        expecting=Expecting.CHECK_IN,
        due_at=NOW + timedelta(minutes=60),
        asked_at=NOW - timedelta(minutes=30),
        approver=LEAD,
        approved_at=NOW - timedelta(minutes=20),
        started_at=NOW,
        last_heard_at=NOW,
        answers=(Answer(WORKER, NOW, "a1"), Answer(WORKER, NOW, "")),
        answers_due_at=NOW + timedelta(seconds=2),
        lowered=Lowering(
            by=LEAD,
            at=NOW,
            rating=Rating.ELEVATED,
            reason="the van is there",
            factors=(Factor.ISOLATED, Factor.EVENING),
            flags=(NOW,),
            second=SECOND,
        ),
    )
    return replace(made, **changes)


def quiet_visit(**changes: Any) -> Visit:
    """A visit with no answer to be read."""
    return visit(answers=(), answers_due_at=None, **changes)


def closed_visit(**changes: Any) -> Visit:
    ended: dict[str, Any] = {"due_at": None, "ended_at": NOW, "outcome": VisitOutcome.COMPLETED}
    return quiet_visit(state=VisitState.CLOSED, **{**ended, **changes})


def escalation(no: int = 1, **changes: Any) -> Escalation:
    made = Escalation(
        no=no,
        kind=EscalationKind.MISSED,
        state=EscalationState.CLIMBING,
        ladder=TIMINGS.ladder,
        opened_at=NOW,
        base_at=NOW - MINUTE,
        due_at=NOW + timedelta(minutes=4),
        rung=0,
        fired_at=NOW,
        waiting=(LEAD,),
        paged=(LEAD,),
    )
    return replace(made, **changes)


def closing(by: PersonId = LEAD) -> Closing:
    return Closing(by, NOW, Accounted.SPOKEN, "", Finding.LATE, continues=True)


def closed_escalation(no: int = 1, **changes: Any) -> Escalation:
    done: dict[str, Any] = {"due_at": None, "closed_at": NOW, "closing": closing(), "waiting": ()}
    return escalation(no, state=EscalationState.CLOSED, **{**done, **changes})


def matter(name: str = "m1", **changes: Any) -> Matter:
    made = Matter(id=MatterId(name), program=PROGRAM, worker=WORKER, visit=visit())
    return replace(made, **changes)


def populate(conn, people=PEOPLE, program=PROGRAM) -> None:
    """Put in the program and the people that the matters speak of."""
    conn.execute(
        insert(tables.program),
        {
            "id": program,
            "name": "North",
            "zone": "America/New_York",
            "policy": {},
            "channels": {},
            "coordinator_line": "+15555550100",
            "county_number": "+15555550199",
            "created_at": NOW,
        },
    )
    conn.execute(
        insert(tables.person),
        [{"id": one, "name": one.title(), "excludes": [], "created_at": NOW} for one in people],
    )


def save(conn, before: Matter, after: Matter, *effects, event=None, at=NOW, reason=None) -> None:
    """Save a decision as the runner would."""
    decision = Decision(after, reason or Reason.CHECKED_IN, tuple(effects))
    matters.save(
        conn,
        SEALER,
        before,
        decision,
        event or CheckIn(at, after.worker),
        at=at,
        transport_now=TRANSPORT,
    )


def open_matter(conn, made: Matter | None = None, *effects) -> Matter:
    """Save a new matter and read it back."""
    made = made or matter()
    save(conn, made, made, *effects, event=DeadlinePassed(NOW))
    return read(conn, made.id)


def read(conn, id_: str) -> Matter:
    found = matters.load(conn, SEALER, MatterId(id_))
    assert found is not None
    return found


EFFECTS = {
    type(one).__name__: one
    for one in (
        Remind("m1/due/2/nudge/0/worker", WORKER, Expecting.CHECK_IN, NOW, 0),
        Page("m1/1.1/page/0/lead", LEAD, "1.1", 0, EscalationKind.MISSED),
        PostPage(
            "m1/1.1/page/1/clinical",
            ChannelRole.CLINICAL,
            "1.1",
            1,
            EscalationKind.DURESS,
            (WORKER, PARTNER),
            decide_on_help=True,
        ),
        Ask("m1/v3/ask/confirm_tap/lead", LEAD, Asked.CONFIRM_TAP, NOW, 2, WORKER),
        PostApproval("m1/approval/1", 1, (LEAD, SECOND)),
        Tell("m1/v3/tell/seen/worker", WORKER, Said.SEEN, NOW, LEAD, "Ñ"),
        Reply("m1/v3/reply/worker", WORKER, "already_leaving", NOW),
        StandDown("m1/1/stand-down/lead", LEAD, NOW, SECOND),
        PostStandDown("m1/1/stand-down/clinical", ChannelRole.CLINICAL, NOW, SECOND, (WORKER,)),
        OpenThread("m1/1/thread", 1, EscalationKind.HELP_CALL, NOW),
        ThreadNote("m1/v3/note/1/climbed", 1, Noted.CLIMBED, NOW, None, "2"),
        Refresh("m1/v3/refresh/pages", Surface.PAGES),
    )
}


def effect(kind: str, key: str | None = None, **changes: Any):
    """One effect of this kind; with a key of its own where one is given."""
    keyed: dict[str, Any] = {} if key is None else {"key": key}
    return replace(EFFECTS[kind], **keyed, **changes)
