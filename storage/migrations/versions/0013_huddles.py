"""This adds huddles, how often rows are asked, patterns of requests, quizzes and partners."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """This makes the tables; nothing that stands is changed."""
    op.add_column("program", sa.Column("huddle", sa.JSON(), nullable=True))
    _huddle()
    _matrix_asked()
    _dumping()
    _quiz()
    _partner()


def _huddle() -> None:
    op.create_table(
        "huddle",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("row_key", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="huddle_program_id_is_known"),
        sa.PrimaryKeyConstraint("id", name="huddle_is_one_row_each"),
        sa.UniqueConstraint("program_id", "day", name="a_day_has_one_huddle"),
    )


def _matrix_asked() -> None:
    op.create_table(
        "matrix_asked",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name="what_is_counted_was_asked"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="matrix_asked_program_id_is_known"
        ),
        sa.PrimaryKeyConstraint("id", name="matrix_asked_is_one_row_each"),
        sa.UniqueConstraint("program_id", "row_key", "day", name="a_row_is_counted_once_a_day"),
    )


def _dumping() -> None:
    op.create_table(
        "dumping",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", AT, nullable=True),
        sa.Column("settled_how", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "settled_how IS NULL OR settled_how IN ('keep_watching', 'row_changes', 'stopped')",
            name="what_was_agreed_is_known",
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)"
            " AND (settled_at IS NULL) = (settled_how IS NULL)",
            name="a_settled_pattern_says_by_whom_and_how",
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="dumping_program_id_is_known"),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name="dumping_settled_by_is_known"),
        sa.ForeignKeyConstraint(["told"], ["person.id"], name="dumping_told_is_known"),
        sa.PrimaryKeyConstraint("id", name="dumping_is_one_row_each"),
    )
    op.create_index(
        "dumping_open",
        "dumping",
        ["program_id", "at"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _quiz() -> None:
    op.create_table(
        "quiz",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (passed IS NULL)", name="a_quiz_that_ended_has_a_result"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="quiz_person_id_is_known"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="quiz_program_id_is_known"),
        sa.PrimaryKeyConstraint("id", name="quiz_is_one_row_each"),
    )
    op.create_index(
        "quiz_open_once",
        "quiz",
        ["program_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _partner() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("hours", sa.JSON(), nullable=True),
        sa.Column("checked_on", sa.String(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(checked_on IS NULL) = (checked_by IS NULL)", name="a_checked_number_says_who_and_when"
        ),
        sa.CheckConstraint(
            "checked_on IS NULL OR number IS NOT NULL", name="what_was_checked_is_a_number"
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name="partner_checked_by_is_known"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="partner_program_id_is_known"),
        sa.PrimaryKeyConstraint("id", name="partner_is_one_row_each"),
    )


def downgrade() -> None:
    """This drops the tables."""
    op.drop_table("partner")
    op.drop_table("quiz")
    op.drop_table("dumping")
    op.drop_table("matrix_asked")
    op.drop_table("huddle")
    op.drop_column("program", "huddle")
