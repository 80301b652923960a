"""This adds plans that are confirmed together, and standing plans."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """This makes the tables."""
    op.create_table(
        "batch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("every_minutes", sa.Integer()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt_at", sa.DateTime(timezone=True)),
        sa.Column("faults", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="batch_is_one_row_each"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="batch_program_id_is_known"),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="batch_by_is_known"),
    )
    _index_where("batch_to_do", "batch", "attempt_at", "id")
    op.create_table(
        "batch_plan",
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("matter_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.PrimaryKeyConstraint("batch_id", "no", name="batch_plan_is_one_row_each"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="batch_plan_batch_id_is_known"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="batch_plan_program_id_is_known"
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="batch_plan_matter_id_is_known"),
        sa.CheckConstraint("revision >= 1", name="a_plan_was_read_as_a_revision"),
    )
    _standing()
    _standing_visit()


def _standing() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("partner", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("approver", sa.String()),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("why", sa.String()),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("attempt_at", sa.DateTime(timezone=True)),
        sa.Column("faults", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("body_schema", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="standing_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="standing_program_id_is_known"
        ),
        *(
            sa.ForeignKeyConstraint([who], ["person.id"], name=f"standing_{who}_is_known")
            for who in ("worker", "partner", "approver")
        ),
        *(sa.CheckConstraint(sql, name=name) for name, sql in _RULES),
    )
    _index_where("standing_by_attempt", "standing", "attempt_at", "id")


_RULES = (
    ("a_standing_state_is_known", "state IN ('active', 'asked', 'ended')"),
    (
        "why_a_standing_plan_ended_is_known",
        (
            "why IS NULL OR why IN ('approver_gone', 'by_approver', 'by_worker', 'declined',"
            " 'expired', 'fault', 'new_factor', 'new_flag', 'no_cover', 'not_low', 'person_gone',"
            " 'place_gone', 'rule', 'unanswered')"
        ),
    ),
    ("an_ended_standing_plan_says_why", "(state = 'ended') = (why IS NOT NULL)"),
    ("an_open_standing_plan_has_a_due_time", "(state = 'ended') = (due_at IS NULL)"),
    ("whatever_a_standing_plan_owes_is_tried", "(attempt_at IS NULL) = (due_at IS NULL)"),
    ("a_standing_plan_lasts_thirty_days", "days >= 1 AND days <= 30"),
    (
        "an_active_standing_plan_names_its_approver_and_its_end",
        "state <> 'active' OR (approver IS NOT NULL AND until_at IS NOT NULL)",
    ),
    (
        "nobody_confirms_their_own_standing_plan",
        "approver IS NULL OR (approver <> worker AND (partner IS NULL OR approver <> partner))",
    ),
)


def _standing_visit() -> None:
    op.create_table(
        "standing_visit",
        sa.Column("standing_id", sa.String(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matter_id", sa.String()),
        sa.PrimaryKeyConstraint("standing_id", "no", name="standing_visit_is_one_row_each"),
        sa.ForeignKeyConstraint(
            ["standing_id"], ["standing.id"], name="standing_visit_standing_id_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="standing_visit_program_id_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name="standing_visit_matter_id_is_known"
        ),
    )
    op.create_index("standing_visit_by_matter", "standing_visit", ["matter_id"])


def _index_where(name: str, table: str, *columns: str) -> None:
    where = sa.text("attempt_at IS NOT NULL")
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """This drops them."""
    op.drop_table("standing_visit")
    op.drop_table("standing")
    op.drop_table("batch_plan")
    op.drop_table("batch")
