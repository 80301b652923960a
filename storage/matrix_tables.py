"""The tables around the matrix: who adopted it, what it has no row for, what was declined by it."""

from enum import StrEnum

from sqlalchemy import JSON, Column, Index, String, Table, Text, UniqueConstraint

from storage import huddle_tables, partner_table, revision_tables
from storage.columns import UtcDateTime, index_where, metadata, one_of, person_id, program_id, rule

# What else stands around the matrix, each in a file of its own.
__all__ = ["huddle_tables", "partner_table", "revision_tables"]


class Asker(StrEnum):
    """This is what was done with an answer that did not fit, or meanwhile where there was none."""

    NOTHING = "nothing"
    NOT_THAT = "not_that"
    DECLINED = "declined"
    PAGED = "paged"
    WAITED = "waited"
    ASKED = "asked"
    WENT_AHEAD = "went_ahead"
    OTHER = "other"


class Settled(StrEnum):
    """This is how a gap was settled: it was a row after all, it became one, or stays outside."""

    ROW = "row"
    NEW_ROW = "new_row"
    OUTSIDE = "outside"


class Team(StrEnum):
    """This is a team that asks peers for things."""

    CLINICAL = "clinical"
    CASE_MANAGEMENT = "case_management"
    SHELTER = "shelter"
    COURT = "court"
    HOSPITAL = "hospital"
    OTHER = "other"


matrix_adoption = Table(
    "matrix_adoption",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("version", String, nullable=False),
    Column("role", String, nullable=False),
    person_id("by"),
    Column("at", UtcDateTime, nullable=False),
    # What was in front of them when they signed, such as the measured rate of misses.
    Column("shown", JSON),
    UniqueConstraint(
        "program_id", "version", "role", name="a_version_is_adopted_once_by_each_role"
    ),
)

# Nobody who asked is in it, and nothing of a private row.
matrix_gap = Table(
    "matrix_gap",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("at", UtcDateTime, nullable=False),
    Column("version", String, nullable=False),
    Column("text", Text, nullable=False),  # masked; empty where it was not at hand any more
    Column("shown", JSON, nullable=False),  # keys of the rows, in their order
    Column("did", String, nullable=False),
    person_id("settled_by", nullable=True),
    Column("settled_at", UtcDateTime),
    Column("settled_how", String),
    Column("settled_row", String),
    rule("what_an_asker_did_is_known", one_of("did", Asker)),
    rule(
        "how_a_gap_was_settled_is_known", f"settled_how IS NULL OR {one_of('settled_how', Settled)}"
    ),
    rule(
        "a_settled_gap_says_by_whom_and_how",
        "(settled_at IS NULL) = (settled_by IS NULL)"
        " AND (settled_at IS NULL) = (settled_how IS NULL)",
    ),
)
index_where(
    "matrix_gap_open",
    matrix_gap.c.program_id,
    matrix_gap.c.at,
    where=matrix_gap.c.settled_at.is_(None),
)

# Nobody who declined is in it. `peer` tells how many different people there were, and no more:
# a digest under a salt of its own for each team and row, which is dropped with its salt.
decline = Table(
    "decline",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("team", String, nullable=False),
    Column("row_key", String, nullable=False),
    Column("version", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("peer", String),
    rule("a_requesting_team_is_named", "team <> ''"),
)
Index("decline_by_time", decline.c.program_id, decline.c.at)

decline_salt = Table(
    "decline_salt",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("team", String, nullable=False),
    Column("row_key", String, nullable=False),
    Column("salt", Text, nullable=False),  # sealed
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "team", "row_key", name="a_team_and_row_have_one_salt"),
)
