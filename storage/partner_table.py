"""The table of partners: whom a program calls outside itself, and when that number was checked."""

from sqlalchemy import JSON, Column, String, Table

from storage.columns import metadata, person_id, program_id, rule

partner = Table(
    "partner",
    metadata,
    Column("id", String, primary_key=True),  # river/mobile-crisis
    program_id(),
    Column("name", String, nullable=False),
    # The matrix's line that this partner answers, such as the county's mobile crisis team.
    Column("line", String),
    Column("number", String),
    Column("hours", JSON),  # in each language, as a person would say them
    Column("checked_on", String),  # 2026-11-23: when somebody called it and it was right
    person_id("checked_by", nullable=True),
    rule("a_checked_number_says_who_and_when", "(checked_on IS NULL) = (checked_by IS NULL)"),
    rule("what_was_checked_is_a_number", "checked_on IS NULL OR number IS NOT NULL"),
)
