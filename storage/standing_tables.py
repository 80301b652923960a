"""The tables of standing plans, and of the visits that each has made or left out."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from protocol.standing import LASTS_MAX_DAYS, StandingState, Why
from storage.columns import (
    UtcDateTime,
    index_where,
    metadata,
    one_of,
    person_id,
    program_id,
    rule,
)

standing = Table(
    "standing",
    metadata,
    Column("id", String, primary_key=True),  # minted with the form it comes from
    program_id(),
    person_id("worker"),
    person_id("partner", nullable=True),
    Column("state", String, nullable=False),
    Column("days", Integer, nullable=False),
    person_id("approver", nullable=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("why", String),
    Column("due_at", UtcDateTime),  # when there is something to do about it
    Column("attempt_at", UtcDateTime),  # world time; when that is next tried
    Column("faults", Integer, nullable=False, server_default="0"),
    Column("body", JSON, nullable=False),  # the whole record; it has no note
    Column("body_schema", Integer, nullable=False),
    rule("a_standing_state_is_known", one_of("state", StandingState)),
    rule("why_a_standing_plan_ended_is_known", f"why IS NULL OR {one_of('why', Why)}"),
    rule("an_ended_standing_plan_says_why", "(state = 'ended') = (why IS NOT NULL)"),
    rule("an_open_standing_plan_has_a_due_time", "(state = 'ended') = (due_at IS NULL)"),
    rule("whatever_a_standing_plan_owes_is_tried", "(attempt_at IS NULL) = (due_at IS NULL)"),
    rule("a_standing_plan_lasts_thirty_days", f"days >= 1 AND days <= {LASTS_MAX_DAYS}"),
    rule(
        "an_active_standing_plan_names_its_approver_and_its_end",
        "state <> 'active' OR (approver IS NOT NULL AND until_at IS NOT NULL)",
    ),
    rule(
        "nobody_confirms_their_own_standing_plan",
        "approver IS NULL OR (approver <> worker AND (partner IS NULL OR approver <> partner))",
    ),
)
index_where(
    "standing_by_attempt",
    standing.c.attempt_at,
    standing.c.id,
    where=standing.c.attempt_at.is_not(None),
)

standing_visit = Table(
    "standing_visit",
    metadata,
    Column("standing_id", String, ForeignKey("standing.id"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    program_id(),
    Column("start_at", UtcDateTime, nullable=False),
    Column("matter_id", String, ForeignKey("matter.id")),  # none where no visit was made
)
Index("standing_visit_by_matter", standing_visit.c.matter_id)
