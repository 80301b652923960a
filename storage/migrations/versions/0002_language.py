"""This adds the language that a program speaks, and the one that a person chose, if any."""

from collections.abc import Sequence

from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Written as SQL that both engines take: with Alembic's own way SQLite would copy these tables, and
# they cannot be dropped while other rows name theirs.
_PROGRAM = (
    "ALTER TABLE program ADD COLUMN language VARCHAR DEFAULT 'en' NOT NULL "
    "CONSTRAINT a_programs_language_is_known CHECK (language IN ('en', 'es'))"
)
_PERSON = (
    "ALTER TABLE person ADD COLUMN language VARCHAR CONSTRAINT a_persons_language_is_known "
    "CHECK (language IS NULL OR language IN ('en', 'es'))"
)


def upgrade() -> None:
    """This adds both columns; whoever chose nothing speaks their program's language, English."""
    op.execute(_PROGRAM)
    op.execute(_PERSON)


def downgrade() -> None:
    """This forgets what people chose. The rules go with their columns."""
    op.execute("ALTER TABLE person DROP COLUMN language")
    op.execute("ALTER TABLE program DROP COLUMN language")
