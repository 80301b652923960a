"""This lets flags be reviewed and disputed, and keeps every word that was said to one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """This adds when a flag was reviewed and reminded of, and the table of words."""
    for name in ("reviewed_at", "reminded_at"):
        op.add_column("flag", sa.Column(name, sa.DateTime(timezone=True)))
    op.create_table(
        "flag_word",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("flag_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="flag_word_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="flag_word_program_id_is_known"
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name="flag_word_flag_id_is_known"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="flag_word_by_is_known"),
        sa.CheckConstraint(
            "word IN ('changed', 'disputed', 'ended', 'kept')", name="a_word_on_a_flag_is_known"
        ),
    )
    op.create_index("flag_word_by_flag", "flag_word", ["flag_id"])


def downgrade() -> None:
    """This takes them away again; the flags stay."""
    op.drop_table("flag_word")
    for name in ("reminded_at", "reviewed_at"):
        # As SQL that both engines take: Alembic's own way copies the table on SQLite.
        op.execute(f"ALTER TABLE flag DROP COLUMN {name}")
