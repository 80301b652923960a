"""This lets a gap say what its asker did meanwhile: waited, asked, or went ahead."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import rules

revision = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_RULE = "what_an_asker_did_is_known"
_BEFORE = ("declined", "not_that", "nothing", "paged")
_MORE = ("asked", "other", "waited", "went_ahead")


def upgrade() -> None:
    """This widens one rule; every row that stands keeps it."""
    rules.widen(op, "matrix_gap", _RULE, "did", _BEFORE, (*_BEFORE, *_MORE))


def downgrade() -> None:
    """This forgets what askers did meanwhile; their gaps stay."""
    held = sa.table("matrix_gap", sa.column("did"))
    op.execute(sa.update(held).where(held.c.did.in_(_MORE)).values(did="nothing"))
    with op.batch_alter_table("matrix_gap") as batch:
        batch.drop_constraint(_RULE, type_="check")
        values = ", ".join(f"'{one}'" for one in _BEFORE)
        batch.create_check_constraint(_RULE, f"did IN ({values})")
