"""This adds what workers set for themselves: how far they are, and whom to send to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """This makes both tables."""
    op.create_table(
        "onboarding",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "step", name="onboarding_is_one_row_each"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="onboarding_person_id_is_known"),
        sa.CheckConstraint(
            "step IN ('answers', 'contacts', 'language', 'practice', 'records', 'send')",
            name="a_step_of_getting_ready_is_known",
        ),
        sa.CheckConstraint("state IN ('done', 'skipped')", name="how_far_a_step_is_is_known"),
    )
    op.create_table(
        "send_choice",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("place_id", sa.String(), nullable=False),
        sa.Column("send", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "place_id", name="send_choice_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="send_choice_person_id_is_known"
        ),
    )


def downgrade() -> None:
    """This drops both tables."""
    op.drop_table("send_choice")
    op.drop_table("onboarding")
