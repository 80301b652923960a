"""The table of roll calls: one row for each, beside the row of its matter."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from storage.columns import UtcDateTime, index_where, metadata, person_id, program_id, rule

roll_call = Table(
    "roll_call",
    metadata,
    Column("matter_id", String, ForeignKey("matter.id"), primary_key=True),
    program_id(),
    person_id("asked_by"),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # the next look; none when it is over
    Column("body", JSON, nullable=False),  # the whole record
    Column("body_schema", Integer, nullable=False),
    rule("a_roll_call_looks_after_it_asked", "due_at IS NULL OR due_at >= asked_at"),
)
# Two who ask at the same instant: the second finds the first.
index_where(
    "a_program_has_one_open_roll_call",
    roll_call.c.program_id,
    where=roll_call.c.due_at.is_not(None),
    unique=True,
)
