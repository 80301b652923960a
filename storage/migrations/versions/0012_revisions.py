"""This adds the matrix's history: proposals, signatures, versions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """This makes the tables; nothing that stands is changed."""
    _matrix_version()
    _matrix_proposal()


def _matrix_version() -> None:
    op.create_table(
        "matrix_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("peer_supervisor", sa.String(), nullable=False),
        sa.Column("clinical_lead", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("peer_supervisor <> clinical_lead", name="two_people_sign_a_version"),
        sa.CheckConstraint("version <> base", name="a_version_differs_from_its_base"),
        sa.ForeignKeyConstraint(["author"], ["person.id"], name="matrix_version_author_is_known"),
        sa.ForeignKeyConstraint(
            ["clinical_lead"], ["person.id"], name="matrix_version_clinical_lead_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["peer_supervisor"], ["person.id"], name="matrix_version_peer_supervisor_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="matrix_version_program_id_is_known"
        ),
        sa.PrimaryKeyConstraint("id", name="matrix_version_is_one_row_each"),
        sa.UniqueConstraint("program_id", "number", name="a_program_counts_its_versions"),
    )


def _matrix_proposal() -> None:
    op.create_table(
        "matrix_proposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("program_id", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("effect", sa.JSON(), nullable=True),
        sa.Column("peer_supervisor", sa.String(), nullable=True),
        sa.Column("peer_supervisor_at", AT, nullable=True),
        sa.Column("clinical_lead", sa.String(), nullable=True),
        sa.Column("clinical_lead_at", AT, nullable=True),
        sa.Column("ended_how", sa.String(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_how IS NULL OR ended_how <> 'adopted'"
            " OR (peer_supervisor IS NOT NULL AND clinical_lead IS NOT NULL)",
            name="what_is_adopted_was_signed_by_both",
        ),
        sa.CheckConstraint(
            "ended_how IS NULL OR ended_how IN ('adopted', 'declined', 'overtaken', 'withdrawn')",
            name="how_a_proposal_ended_is_known",
        ),
        sa.CheckConstraint(
            "source IN ('gap', 'huddle', 'import', 'incident')",
            name="what_a_proposal_came_from_is_known",
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)", name="an_ended_proposal_says_when_and_how"
        ),
        sa.CheckConstraint(
            "(peer_supervisor IS NULL) = (peer_supervisor_at IS NULL)"
            " AND (clinical_lead IS NULL) = (clinical_lead_at IS NULL)",
            name="a_signature_says_when",
        ),
        sa.CheckConstraint(
            "peer_supervisor IS NULL OR clinical_lead IS NULL OR peer_supervisor <> clinical_lead",
            name="nobody_signs_a_proposal_twice",
        ),
        sa.ForeignKeyConstraint(["author"], ["person.id"], name="matrix_proposal_author_is_known"),
        sa.ForeignKeyConstraint(
            ["clinical_lead"], ["person.id"], name="matrix_proposal_clinical_lead_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["person.id"], name="matrix_proposal_ended_by_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["peer_supervisor"], ["person.id"], name="matrix_proposal_peer_supervisor_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name="matrix_proposal_program_id_is_known"
        ),
        sa.PrimaryKeyConstraint("id", name="matrix_proposal_is_one_row_each"),
    )
    op.create_index(
        "matrix_proposal_open",
        "matrix_proposal",
        ["program_id", "at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """This drops the tables."""
    op.drop_table("matrix_proposal")
    op.drop_table("matrix_version")
