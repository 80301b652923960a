"""This adds indexes, so that no question reads every visit, peer or message there is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _index_where(name: str, columns: list[str], rows: str) -> None:
    where = sa.text(rows)
    op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    """This makes them."""
    op.create_index("matter_by_worker_and_time", "matter", ["worker", "opened_at"])
    op.create_index("role_grant_by_role", "role_grant", ["program_id", "role"])
    op.drop_index("outbox_by_lane", table_name="outbox")
    _index_where("outbox_by_lane", ["lane", "id"], "outcome IS NULL")
    op.drop_index("outbox_to_send", table_name="outbox")
    _index_where("outbox_to_send", ["priority", "attempt_at", "id"], "attempt_at IS NOT NULL")
    op.drop_index("outbox_by_matter", table_name="outbox")
    of_a_matter = "outcome IS NULL AND matter_id IS NOT NULL"
    _index_where("outbox_by_matter", ["matter_id"], of_a_matter)


def downgrade() -> None:
    """This drops them."""
    op.drop_index("outbox_by_matter", table_name="outbox")
    _index_where("outbox_by_matter", ["matter_id"], "attempt_at IS NOT NULL")
    op.drop_index("outbox_to_send", table_name="outbox")
    _index_where("outbox_to_send", ["priority", "attempt_at"], "attempt_at IS NOT NULL")
    op.drop_index("outbox_by_lane", table_name="outbox")
    _index_where("outbox_by_lane", ["lane", "id"], "attempt_at IS NOT NULL")
    op.drop_index("role_grant_by_role", table_name="role_grant")
    op.drop_index("matter_by_worker_and_time", table_name="matter")
