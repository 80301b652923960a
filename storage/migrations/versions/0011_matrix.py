"""This adds what stands around the matrix: adoption, gaps, and what was declined by it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """This makes the tables; nothing that stands is changed."""
    op.create_table(
        "matrix_adoption",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="matrix_adoption_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="matrix_adoption_program_id_is_known"
        ),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="matrix_adoption_by_is_known"),
        sa.UniqueConstraint(
            "program_id", "version", "role", name="a_version_is_adopted_once_by_each_role"
        ),
    )
    _gaps()
    _declines()


def _gaps() -> None:
    op.create_table(
        "matrix_gap",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", AT, nullable=True),
        sa.Column("settled_how", sa.String(), nullable=True),
        sa.Column("settled_row", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="matrix_gap_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="matrix_gap_program_id_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name="matrix_gap_settled_by_is_known"
        ),
        sa.CheckConstraint(
            "did IN ('declined', 'not_that', 'nothing', 'paged')", name="what_an_asker_did_is_known"
        ),
        sa.CheckConstraint(
            "settled_how IS NULL OR settled_how IN ('new_row', 'outside', 'row')",
            name="how_a_gap_was_settled_is_known",
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)"
            " AND (settled_at IS NULL) = (settled_how IS NULL)",
            name="a_settled_gap_says_by_whom_and_how",
        ),
    )
    unsettled = sa.text("settled_at IS NULL")
    op.create_index(
        "matrix_gap_open",
        "matrix_gap",
        ["program_id", "at"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )


def _declines() -> None:
    op.create_table(
        "decline",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("peer", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="decline_is_one_row_each"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="decline_program_id_is_known"),
        sa.CheckConstraint("team <> ''", name="a_requesting_team_is_named"),
    )
    op.create_index("decline_by_time", "decline", ["program_id", "at"])
    op.create_table(
        "decline_salt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("row_key", sa.String(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="decline_salt_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="decline_salt_program_id_is_known"
        ),
        sa.UniqueConstraint("program_id", "team", "row_key", name="a_team_and_row_have_one_salt"),
    )


def downgrade() -> None:
    """This drops the tables."""
    for table in ("decline_salt", "decline", "matrix_gap", "matrix_adoption"):
        op.drop_table(table)
