"""This adds the triggers that people raise, and the roles that some of them go to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.rules import widen

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
_NOW = tuple(sorted((*_BEFORE, "case_manager", "human_resources", "mat_coordinator")))
_RULES = (("role_grant", "a_granted_role_is_known"), ("duty", "a_role_on_duty_is_known"))


def upgrade() -> None:
    """This makes the table, and lets three more roles be held and be on duty."""
    for table, rule in _RULES:
        widen(op, table, rule, "role", _BEFORE, _NOW)
    op.create_table(
        "raised",
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("row_key", sa.String(), nullable=True),
        sa.Column("matrix_version", sa.String(), nullable=True),
        sa.Column("title_en", sa.String(), nullable=True),
        sa.Column("title_es", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_schema", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("matter_id", name="raised_is_one_row_each"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="raised_matter_id_is_known"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="raised_program_id_is_known"),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name="raised_raised_by_is_known"),
        sa.ForeignKeyConstraint(["owner"], ["person.id"], name="raised_owner_is_known"),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name="raised_closed_by_is_known"),
        sa.CheckConstraint(
            "state IN ('acknowledged', 'awaiting_second', 'climbing', 'closed', 'consulted',"
            " 'emergency_called', 'support_sent')",
            name="a_raised_state_is_known",
        ),
        sa.CheckConstraint(
            "tier IS NULL OR tier IN ('U0', 'U1', 'U2', 'U3', 'U4')", name="a_raised_tier_is_known"
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (due_at IS NULL)", name="an_open_trigger_has_a_due_time"
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name="a_trigger_closes_at_an_instant"
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name="a_trigger_is_sorted_by_a_named_person",
        ),
        sa.CheckConstraint("heard_at <= raised_at", name="nothing_was_heard_after_it_was_told"),
        sa.CheckConstraint(
            "private = false OR (tier IS NULL AND row_key IS NULL AND matrix_version IS NULL"
            " AND title_en IS NULL AND title_es IS NULL AND owner IS NULL)",
            name="a_private_row_is_named_in_no_column",
        ),
    )
    still_open = sa.text("due_at IS NOT NULL")
    op.create_index(
        "raised_by_program_and_due_time",
        "raised",
        ["program_id", "due_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("raised_by_person", "raised", ["raised_by", "raised_at"])


def downgrade() -> None:
    """This drops the table, and whoever holds one of the three roles holds it no more."""
    op.drop_table("raised")
    gone = tuple(role for role in _NOW if role not in _BEFORE)
    for table, rule in _RULES:
        held = sa.table(table, sa.column("role"))
        op.execute(sa.delete(held).where(held.c.role.in_(gone)))
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(rule, type_="check")
            values = ", ".join(f"'{role}'" for role in _BEFORE)
            batch.create_check_constraint(rule, f"role IN ({values})")
