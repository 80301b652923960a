"""A row of each table around the matrix, and rows that their rules refuse."""

from typing import Any

from tests.storage.standing_rows import AT, LATER

ROWS: dict[str, dict[str, Any]] = {
    "matrix_adoption": {
        "id": "a1",
        "program_id": "river",
        "version": "v1",
        "role": "clinical_lead",
        "by": "maya",
        "at": AT,
    },
    "matrix_gap": {
        "id": "g1",
        "program_id": "river",
        "at": AT,
        "version": "v1",
        "text": "masked",
        "shown": [],
        "did": "nothing",
    },
    "decline": {
        "id": "d1",
        "program_id": "river",
        "team": "shelter",
        "row_key": "r",
        "version": "v1",
        "at": AT,
        "peer": "digest",
    },
    "decline_salt": {
        "id": "river/shelter/r",
        "program_id": "river",
        "team": "shelter",
        "row_key": "r",
        "salt": "sealed",
        "made_at": AT,
    },
}
FORBIDDEN: list[tuple[str, str, dict[str, Any]]] = [
    ("what_an_asker_did_is_known", "matrix_gap", {"id": "g2", "did": "shrugged"}),
    (
        "how_a_gap_was_settled_is_known",
        "matrix_gap",
        {"id": "g2", "settled_at": LATER, "settled_by": "maya", "settled_how": "somehow"},
    ),
    ("a_settled_gap_says_by_whom_and_how", "matrix_gap", {"id": "g2", "settled_at": LATER}),
    ("a_requesting_team_is_named", "decline", {"id": "d2", "team": ""}),
]
