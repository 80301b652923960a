"""The table of triggers that were raised: one row for each, beside the row of its matter.

What was typed, and which row it was where that is private, stands in the sealed body alone: nobody
who counts rows, draws a figure or makes an export comes upon it.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from protocol.records import EscalationState
from protocol.trigger import Tier
from storage.columns import UtcDateTime, index_where, metadata, one_of, person_id, program_id, rule

raised = Table(
    "raised",
    metadata,
    Column("matter_id", String, ForeignKey("matter.id"), primary_key=True),
    program_id(),
    person_id("raised_by"),
    Column("state", String, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("tier", String),
    Column("row_key", String),
    Column("matrix_version", String),
    Column("title_en", String),
    Column("title_es", String),
    person_id("owner", nullable=True),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    person_id("closed_by", nullable=True),
    Column("body", Text, nullable=False),  # the whole record, sealed
    Column("body_schema", Integer, nullable=False),
    rule("a_raised_state_is_known", one_of("state", EscalationState)),
    rule("a_raised_tier_is_known", f"tier IS NULL OR {one_of('tier', Tier)}"),
    rule("an_open_trigger_has_a_due_time", "(state = 'closed') = (due_at IS NULL)"),
    rule("a_trigger_closes_at_an_instant", "(state = 'closed') = (closed_at IS NOT NULL)"),
    rule("a_trigger_is_sorted_by_a_named_person", "(closed_at IS NULL) = (closed_by IS NULL)"),
    rule("nothing_was_heard_after_it_was_told", "heard_at <= raised_at"),
    rule(
        "a_private_row_is_named_in_no_column",
        "private = false OR (tier IS NULL AND row_key IS NULL AND matrix_version IS NULL"
        " AND title_en IS NULL AND title_es IS NULL AND owner IS NULL)",
    ),
)
index_where(
    "raised_by_program_and_due_time",
    raised.c.program_id,
    raised.c.due_at,
    where=raised.c.due_at.is_not(None),
)
Index("raised_by_person", raised.c.raised_by, raised.c.raised_at)
