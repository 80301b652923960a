"""This lets three more roles be held: whoever the matrix's rows are routed to."""

from collections.abc import Sequence

from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_BEFORE = (
    "clinical_lead",
    "coordinator",
    "executive",
    "oversight",
    "peer",
    "peer_supervisor",
    "privacy_officer",
    "program_manager",
)
_ADDED = ("case_manager", "human_resources", "mat_coordinator")
_RULES = {"role_grant": "a_granted_role_is_known", "duty": "a_role_on_duty_is_known"}


def _allow(roles: Sequence[str]) -> None:
    known = ", ".join(f"'{role}'" for role in sorted(roles))
    for table, name in _RULES.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, f"role IN ({known})")


def upgrade() -> None:
    """This takes the wider rule."""
    _allow([*_BEFORE, *_ADDED])


def downgrade() -> None:
    """This takes the narrower one, and with it whoever held the roles that go."""
    roles = ", ".join(f"'{role}'" for role in _ADDED)
    for table in _RULES:
        op.execute(f"DELETE FROM {table} WHERE role IN ({roles})")
    _allow(_BEFORE)
