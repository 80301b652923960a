"""This adds roll calls: everyone who is out is asked to account for themselves at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """This makes the table; at most one roll call of a program is open."""
    op.create_table(
        "roll_call",
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("body_schema", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("matter_id", name="roll_call_is_one_row_each"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="roll_call_matter_id_is_known"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="roll_call_program_id_is_known"
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="roll_call_asked_by_is_known"),
        sa.CheckConstraint(
            "due_at IS NULL OR due_at >= asked_at", name="a_roll_call_looks_after_it_asked"
        ),
    )
    still_open = sa.text("due_at IS NOT NULL")
    op.create_index(
        "a_program_has_one_open_roll_call",
        "roll_call",
        ["program_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def downgrade() -> None:
    """This drops the table: the visits go on, and whoever was asked is missed as ever."""
    op.drop_table("roll_call")
