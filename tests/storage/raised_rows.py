"""A row of a trigger that was raised, and the rows that its rules forbid; see test_migrations."""

from typing import Any

from tests.storage.standing_rows import AT, LATER

ROWS: dict[str, dict[str, Any]] = {
    "raised": {
        "matter_id": "m1",
        "program_id": "river",
        "raised_by": "jo",
        "state": "climbing",
        "private": False,
        "tier": "U1",
        "row_key": "suicidal_intent",
        "matrix_version": "3f2a",
        "title_en": "Suicidal intent",
        "title_es": "Intención suicida",
        "raised_at": AT,
        "heard_at": AT,
        "due_at": LATER,
        "body": "sealed",
        "body_schema": 1,
    },
}
SORTED: dict[str, Any] = {
    "matter_id": "m3",
    "state": "closed",
    "due_at": None,
    "closed_at": LATER,
    "closed_by": "jo",
}
FORBIDDEN: list[tuple[str, str, dict[str, Any]]] = [
    ("a_raised_state_is_known", "raised", {"matter_id": "m3", "state": "lost"}),
    ("a_raised_tier_is_known", "raised", {"matter_id": "m3", "tier": "U9"}),
    ("an_open_trigger_has_a_due_time", "raised", {"matter_id": "m3", "due_at": None}),
    ("a_trigger_closes_at_an_instant", "raised", {**SORTED, "closed_at": None, "closed_by": None}),
    ("a_trigger_is_sorted_by_a_named_person", "raised", {**SORTED, "closed_by": None}),
    ("nothing_was_heard_after_it_was_told", "raised", {"matter_id": "m3", "heard_at": LATER}),
    ("a_private_row_is_named_in_no_column", "raised", {"matter_id": "m3", "private": True}),
]
