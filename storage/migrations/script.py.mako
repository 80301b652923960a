"""This ${message}.

It is written out and imports none of the tables as they are today: those go on, this stays.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: Sequence[str] | None = ${repr(branch_labels)}
depends_on: Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    """This goes forward."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """This goes back, and refuses to where rows would be lost that somebody needs."""
    ${downgrades if downgrades else "pass"}
