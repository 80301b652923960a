"""This adds what stands in each person's App Home, so that it is kept up to date."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """This makes the table, empty: whoever opens their Home gets a row."""
    op.create_table(
        "home",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.String(), nullable=True),
        sa.Column("view_hash", sa.String(), nullable=True),
        sa.Column("attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="home_is_one_row_each"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="home_person_id_is_known"),
    )


def downgrade() -> None:
    """This drops the table; nothing in it is needed by anybody."""
    op.drop_table("home")
