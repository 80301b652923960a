"""The tables of huddles: when each was, what is asked often, what teams ask of peers, quizzes."""

from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.columns import UtcDateTime, index_where, metadata, one_of, person_id, program_id, rule


class Agreed(StrEnum):
    """This is what came of talking with a team that asks peers for what is not theirs."""

    STOPPED = "stopped"
    ROW_CHANGES = "row_changes"
    KEEP_WATCHING = "keep_watching"


huddle = Table(
    "huddle",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("day", String, nullable=False),  # 2026-11-23, in the program's zone
    Column("at", UtcDateTime, nullable=False),
    Column("row_key", String),  # the row that was looked at again
    Column("version", String),
    UniqueConstraint("program_id", "day", name="a_day_has_one_huddle"),
)

# How often a row was the answer, by day: never who asked, and never a row of one's own life.
matrix_asked = Table(
    "matrix_asked",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("row_key", String, nullable=False),
    Column("day", String, nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("program_id", "row_key", "day", name="a_row_is_counted_once_a_day"),
    rule("what_is_counted_was_asked", "times > 0"),
)

# A pattern of requests, brought before whoever manages the program. No peer is in it.
dumping = Table(
    "dumping",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("team", String, nullable=False),
    Column("row_key", String, nullable=False),
    Column("version", String, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    person_id("told", nullable=True),
    person_id("settled_by", nullable=True),
    Column("settled_at", UtcDateTime),
    Column("settled_how", String),
    Column("note", Text),
    rule("what_was_agreed_is_known", f"settled_how IS NULL OR {one_of('settled_how', Agreed)}"),
    rule(
        "a_settled_pattern_says_by_whom_and_how",
        "(settled_at IS NULL) = (settled_by IS NULL)"
        " AND (settled_at IS NULL) = (settled_how IS NULL)",
    ),
)
index_where(
    "dumping_open",
    dumping.c.program_id,
    dumping.c.at,
    where=dumping.c.settled_at.is_(None),
)

# Questions about the matrix, asked of one person: training, and nothing that is compared.
quiz = Table(
    "quiz",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    person_id("person_id"),
    Column("version", String, nullable=False),
    # Each as it was asked: key, digest of the row, whether it was urgent, the right choice.
    Column("rows", JSON, nullable=False),
    Column("answers", JSON, nullable=False),  # what was chosen, from 1, in the same order
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("passed", Boolean),
    rule("a_quiz_that_ended_has_a_result", "(ended_at IS NULL) = (passed IS NULL)"),
)
index_where(
    "quiz_open_once",
    quiz.c.program_id,
    quiz.c.person_id,
    where=quiz.c.ended_at.is_(None),
    unique=True,
)
