"""Rows of plans that are confirmed together and of standing plans, and what their rules forbid."""

from datetime import UTC, datetime, timedelta
from typing import Any

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
NEVER_DUE = {"due_at": None, "attempt_at": None}
OVER = {"id": "s2", "state": "ended", **NEVER_DUE}

ROWS: dict[str, dict[str, Any]] = {
    "batch": {"id": "b1", "program_id": "river", "by": "maya", "asked_at": AT},
    "batch_plan": {
        "batch_id": "b1",
        "no": 0,
        "program_id": "river",
        "matter_id": "m1",
        "revision": 1,
    },
    "standing": {
        "id": "s1",
        "program_id": "river",
        "worker": "jo",
        "partner": "sam",
        "state": "active",
        "days": 30,
        "approver": "maya",
        "asked_at": AT,
        "until_at": LATER,
        "due_at": LATER,
        "attempt_at": LATER,
        "body": {},
        "body_schema": 1,
    },
    "standing_visit": {"standing_id": "s1", "no": 1, "program_id": "river", "start_at": AT},
}

FORBIDDEN: list[tuple[str, str, dict[str, Any]]] = [
    ("a_plan_was_read_as_a_revision", "batch_plan", {"no": 1, "revision": 0}),
    ("a_standing_state_is_known", "standing", {"id": "s2", "state": "sleeping"}),
    ("why_a_standing_plan_ended_is_known", "standing", {**OVER, "why": "boredom"}),
    ("an_ended_standing_plan_says_why", "standing", {**OVER, "why": None}),
    ("an_ended_standing_plan_says_why", "standing", {"id": "s2", "why": "expired"}),
    ("an_open_standing_plan_has_a_due_time", "standing", {**NEVER_DUE, "id": "s2"}),
    ("whatever_a_standing_plan_owes_is_tried", "standing", {"id": "s2", "attempt_at": None}),
    ("a_standing_plan_lasts_thirty_days", "standing", {"id": "s2", "days": 31}),
    ("a_standing_plan_lasts_thirty_days", "standing", {"id": "s2", "days": 0}),
    (
        "an_active_standing_plan_names_its_approver_and_its_end",
        "standing",
        {"id": "s2", "approver": None},
    ),
    (
        "an_active_standing_plan_names_its_approver_and_its_end",
        "standing",
        {"id": "s2", "until_at": None},
    ),
    ("nobody_confirms_their_own_standing_plan", "standing", {"id": "s2", "approver": "jo"}),
    ("nobody_confirms_their_own_standing_plan", "standing", {"id": "s2", "approver": "sam"}),
]
