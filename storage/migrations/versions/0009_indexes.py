"""This adds indexes of what is open, so that an idle minute reads no visit at all."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """This makes them."""
    op.create_index(
        "matter_active_by_program",
        "matter",
        ["program_id"],
        # Each as the statements have it: SQLite knows its index again by the text.
        sqlite_where=sa.text("active = 1"),
        postgresql_where=sa.text("active"),
    )
    is_open = sa.text("state != 'closed'")
    op.create_index(
        "visit_open_by_program",
        "visit",
        ["program_id", "start_at", "matter_id", "state", "worker", "partner"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """This drops them."""
    op.drop_index("visit_open_by_program", table_name="visit")
    op.drop_index("matter_active_by_program", table_name="matter")
