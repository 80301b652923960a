"""The tables of plans that an approver confirms together: the request, and what became of each."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from storage.columns import UtcDateTime, index_where, metadata, person_id, program_id, rule

batch = Table(
    "batch",
    metadata,
    Column("id", String, primary_key=True),  # minted with the form it comes from
    program_id(),
    person_id("by"),
    Column("every_minutes", Integer),  # shorter than each plan says, where they said so
    Column("asked_at", UtcDateTime, nullable=False),
    Column("attempt_at", UtcDateTime),  # world time; none once each plan has its answer
    Column("faults", Integer, nullable=False, server_default="0"),
)
index_where("batch_to_do", batch.c.attempt_at, batch.c.id, where=batch.c.attempt_at.is_not(None))

batch_plan = Table(
    "batch_plan",
    metadata,
    Column("batch_id", String, ForeignKey("batch.id"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    program_id(),
    Column("matter_id", String, ForeignKey("matter.id"), nullable=False),
    Column("revision", Integer, nullable=False),  # the one that was read
    Column("outcome", String),  # the rule's answer; none yet
    rule("a_plan_was_read_as_a_revision", "revision >= 1"),
)
