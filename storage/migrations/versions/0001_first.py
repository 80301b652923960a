"""This makes the first schema: every table, with the rules that the database keeps itself.

It is written out and imports none of the tables as they are today: those go on, this stays.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Children before their parents.
TABLES = (
    "stop",
    "visit",
    "outbox",
    "message",
    "flag",
    "escalation",
    "role_grant",
    "place",
    "matter",
    "duty",
    "sealing_key",
    "program",
    "person",
    "inbound",
    "belay_version",
    "audit_line",
    "audit_head",
    "audit_body",
    "audit_anchor",
)


def upgrade() -> None:
    """This makes the tables."""
    _people()
    _matters()
    _traffic()
    _history()


def downgrade() -> None:
    """This drops every table; with a matter open only if forced, for somebody may be out there."""
    forced = context.config.attributes.get("force") or "force" in context.get_x_argument(
        as_dictionary=True
    )
    open_matters = op.get_bind().scalar(
        sa.text("SELECT count(*) FROM matter WHERE closed_at IS NULL")
    )
    if open_matters and not forced:
        raise RuntimeError(
            f"{open_matters} matters are open: somebody may be out in the field. Close them first, "
            "or say force to drop every table all the same."
        )
    for table in TABLES:
        op.drop_table(table)


def word(name: str, **more: Any) -> sa.Column[Any]:
    return _column(name, sa.String(), **more)


def text(name: str, **more: Any) -> sa.Column[Any]:
    return _column(name, sa.Text(), **more)


def instant(name: str, **more: Any) -> sa.Column[Any]:
    return _column(name, sa.DateTime(timezone=True), **more)


def number(name: str, **more: Any) -> sa.Column[Any]:
    return _column(name, sa.Integer(), **more)


def big_number(name: str, **more: Any) -> sa.Column[Any]:
    # SQLite numbers rows by itself only in an INTEGER key.
    return _column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), **more)


def yes_or_no(name: str, **more: Any) -> sa.Column[Any]:
    return _column(name, sa.Boolean(), **more)


def record(name: str, **more: Any) -> sa.Column[Any]:
    return _column(name, sa.JSON(), **more)


def _column(
    name: str, kind: Any, *, null: bool = False, default: Any = None, **more: Any
) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null, server_default=default, **more)


def key(*columns: str, name: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=name)


def known(column: str, target: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=name)


def rule(name: str, sql: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(sql, name=name)


def index(
    name: str, table: str, columns: list[str], *, unique: bool = False, where: str | None = None
) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _people() -> None:
    op.create_table(
        "program",
        word("id"),
        word("name"),
        word("zone"),
        record("policy"),
        number("policy_schema", default="1"),
        number("policy_version", default="1"),
        record("channels"),
        word("coordinator_line"),
        word("county_number"),
        instant("watched_at", null=True),
        instant("created_at"),
        key("id", name="program_is_one_row_each"),
    )
    op.create_table(
        "person",
        word("id"),
        word("slack_user", null=True),
        word("name"),
        text("phone", null=True),
        text("duress", null=True),
        text("emergency_contact", null=True),
        instant("trained_until", null=True),
        record("excludes"),
        yes_or_no("active", default=sa.true()),
        instant("created_at"),
        key("id", name="person_is_one_row_each"),
        sa.UniqueConstraint("slack_user", name="person_slack_user_is_unique"),
    )
    op.create_table(
        "role_grant",
        word("program_id"),
        word("person_id"),
        word("role"),
        instant("from_at"),
        instant("until_at", null=True),
        key("program_id", "person_id", "role", "from_at", name="role_grant_is_one_row_each"),
        known("person_id", "person.id", name="role_grant_person_id_is_known"),
        known("program_id", "program.id", name="role_grant_program_id_is_known"),
        rule(
            "a_granted_role_is_known",
            "role IN ('clinical_lead', 'coordinator', 'executive', 'oversight', 'peer', "
            "'peer_supervisor', 'privacy_officer', 'program_manager')",
        ),
        rule("a_grant_ends_after_it_starts", "until_at IS NULL OR until_at > from_at"),
    )
    op.create_table(
        "duty",
        big_number("id"),
        word("program_id"),
        word("role"),
        word("person_id"),
        instant("from_at"),
        instant("until_at"),
        key("id", name="duty_is_one_row_each"),
        known("person_id", "person.id", name="duty_person_id_is_known"),
        known("program_id", "program.id", name="duty_program_id_is_known"),
        sa.UniqueConstraint(
            "program_id", "role", "person_id", "from_at", name="a_duty_is_entered_once"
        ),
        rule(
            "a_role_on_duty_is_known",
            "role IN ('clinical_lead', 'coordinator', 'executive', 'oversight', 'peer', "
            "'peer_supervisor', 'privacy_officer', 'program_manager')",
        ),
        rule("a_duty_ends_after_it_starts", "until_at > from_at"),
    )
    index("duty_by_time", "duty", ["program_id", "until_at"])
    op.create_table(
        "place",
        word("id"),
        word("program_id"),
        word("label"),
        text("address", null=True),
        yes_or_no("solo_transport_prohibited", default=sa.false()),
        word("send", null=True),
        instant("retired_at", null=True),
        word("created_by", null=True),
        instant("created_at"),
        key("id", name="place_is_one_row_each"),
        known("created_by", "person.id", name="place_created_by_is_known"),
        known("program_id", "program.id", name="place_program_id_is_known"),
        sa.UniqueConstraint("program_id", "label", name="a_label_names_one_place"),
    )
    op.create_table(
        "flag",
        word("id"),
        word("program_id"),
        word("place_id"),
        word("kind"),
        word("author"),
        text("evidence", null=True),
        instant("raised_at"),
        instant("expires_at"),
        instant("review_due_at"),
        instant("disputed_at", null=True),
        instant("settled_at", null=True),
        key("id", name="flag_is_one_row_each"),
        known("author", "person.id", name="flag_author_is_known"),
        known("place_id", "place.id", name="flag_place_id_is_known"),
        known("program_id", "program.id", name="flag_program_id_is_known"),
        rule("a_flag_expires", "expires_at > raised_at"),
    )
    index("flag_by_place", "flag", ["place_id"])


def _matters() -> None:
    op.create_table(
        "matter",
        word("id"),
        word("program_id"),
        word("worker"),
        number("version"),
        yes_or_no("silent"),
        word("about", null=True),
        yes_or_no("active"),
        instant("due_at", null=True),
        instant("attempt_at", null=True),
        number("faults", default="0"),
        instant("opened_at"),
        instant("closed_at", null=True),
        key("id", name="matter_is_one_row_each"),
        known("about", "matter.id", name="matter_about_is_known"),
        known("program_id", "program.id", name="matter_program_id_is_known"),
        known("worker", "person.id", name="matter_worker_is_known"),
        rule("a_version_counts_from_one", "version >= 1"),
        rule("an_open_matter_has_a_due_time", "(closed_at IS NULL) = (due_at IS NOT NULL)"),
        rule("whatever_is_due_is_tried", "(attempt_at IS NULL) = (due_at IS NULL)"),
        rule("an_active_matter_is_open", "active = false OR closed_at IS NULL"),
    )
    index("matter_by_attempt", "matter", ["attempt_at", "id"], where="attempt_at IS NOT NULL")
    index("matter_by_due_time", "matter", ["due_at"], where="due_at IS NOT NULL")
    index("matter_by_worker", "matter", ["worker"], where="closed_at IS NULL")
    op.create_table(
        "visit",
        word("matter_id"),
        word("program_id"),
        word("worker"),
        word("partner", null=True),
        word("state"),
        word("rating"),
        word("approval"),
        word("approver", null=True),
        word("expecting"),
        instant("start_at"),
        instant("due_at", null=True),
        instant("ended_at", null=True),
        word("outcome", null=True),
        number("revision"),
        record("body"),
        number("body_schema"),
        key("matter_id", name="visit_is_one_row_each"),
        known("approver", "person.id", name="visit_approver_is_known"),
        known("matter_id", "matter.id", name="visit_matter_id_is_known"),
        known("partner", "person.id", name="visit_partner_is_known"),
        known("program_id", "program.id", name="visit_program_id_is_known"),
        known("worker", "person.id", name="visit_worker_is_known"),
        rule(
            "a_visit_state_is_known",
            "state IN ('closed', 'confirmed', 'escalated', 'leaving', 'overdue', "
            "'planned', 'underway')",
        ),
        rule(
            "an_approval_is_known",
            "approval IN ('asked', 'changes_asked', 'confirmed', 'declined')",
        ),
        rule(
            "an_outcome_is_known",
            "outcome IS NULL OR outcome IN ('accounted_for', 'called_off', 'completed', "
            "'declined', 'ended_early')",
        ),
        rule("an_open_visit_has_a_due_time", "(state = 'closed') = (due_at IS NULL)"),
        rule("a_closed_visit_has_an_outcome", "state <> 'closed' OR outcome IS NOT NULL"),
        rule(
            "a_confirmed_plan_names_its_approver", "approval <> 'confirmed' OR approver IS NOT NULL"
        ),
        rule(
            "nobody_confirms_their_own_plan",
            "approval <> 'confirmed' OR (approver <> worker AND (partner IS NULL OR "
            "approver <> partner))",
        ),
    )
    index("visit_by_partner", "visit", ["partner"], where="partner IS NOT NULL")
    op.create_table(
        "stop",
        word("matter_id"),
        number("no", autoincrement=False),
        word("program_id"),
        word("label"),
        word("place_id", null=True),
        instant("arrived_at", null=True),
        instant("left_at", null=True),
        key("matter_id", "no", name="stop_is_one_row_each"),
        known("matter_id", "visit.matter_id", name="stop_matter_id_is_known"),
        known("program_id", "program.id", name="stop_program_id_is_known"),
    )
    index("stop_by_place", "stop", ["place_id"])
    op.create_table(
        "escalation",
        word("matter_id"),
        number("no", autoincrement=False),
        word("program_id"),
        word("worker"),
        word("kind"),
        word("state"),
        word("owner", null=True),
        number("rung"),
        number("cycle"),
        instant("opened_at"),
        instant("base_at"),
        instant("due_at", null=True),
        instant("closed_at", null=True),
        word("closed_by", null=True),
        word("accounted", null=True),
        word("second_by", null=True),
        yes_or_no("drill", default=sa.false()),
        record("body"),
        number("body_schema"),
        key("matter_id", "no", name="escalation_is_one_row_each"),
        known("closed_by", "person.id", name="escalation_closed_by_is_known"),
        known("matter_id", "matter.id", name="escalation_matter_id_is_known"),
        known("owner", "person.id", name="escalation_owner_is_known"),
        known("program_id", "program.id", name="escalation_program_id_is_known"),
        known("second_by", "person.id", name="escalation_second_by_is_known"),
        known("worker", "person.id", name="escalation_worker_is_known"),
        rule(
            "an_escalation_kind_is_known",
            "kind IN ('duress', 'help_call', 'help_quiet', 'missed', 'uneasy')",
        ),
        rule(
            "an_escalation_state_is_known",
            "state IN ('acknowledged', 'awaiting_second', 'climbing', 'closed', "
            "'emergency_called', 'support_sent')",
        ),
        rule(
            "how_somebody_is_accounted_for_is_known",
            "accounted IS NULL OR accounted IN ('in_care_of_a_named_service', "
            "'late_tap_on_a_low_visit_confirmed', 'seen_by_a_named_person', "
            "'spoken_with_challenge')",
        ),
        rule("an_open_escalation_has_a_due_time", "(state = 'closed') = (due_at IS NULL)"),
        rule("an_escalation_closes_at_an_instant", "(state = 'closed') = (closed_at IS NOT NULL)"),
        rule(
            "closed_means_accounted_for_by_a_named_person",
            "state <> 'closed' OR (closed_by IS NOT NULL AND accounted IS NOT NULL)",
        ),
        rule(
            "a_call_for_help_is_closed_by_two",
            "state <> 'closed' OR kind NOT IN ('duress', 'help_call', 'help_quiet') OR "
            "(second_by IS NOT NULL AND second_by <> closed_by)",
        ),
        rule(
            "nobody_accounts_for_themselves",
            "(closed_by IS NULL OR closed_by <> worker) AND (second_by IS NULL OR "
            "second_by <> worker)",
        ),
    )
    index(
        "a_matter_has_one_open_escalation",
        "escalation",
        ["matter_id"],
        unique=True,
        where="due_at IS NOT NULL",
    )


def _traffic() -> None:
    op.create_table(
        "outbox",
        big_number("id"),
        word("key"),
        word("program_id"),
        word("matter_id", null=True),
        word("kind"),
        number("priority"),
        word("to_person", null=True),
        word("channel", null=True),
        word("lane", null=True),
        record("body"),
        number("body_schema"),
        instant("created_at"),
        instant("queued_at"),
        instant("attempt_at", null=True),
        number("attempts", default="0"),
        yes_or_no("unsure", default=sa.false()),
        instant("first_tried_at", null=True),
        number("claim_no", default="0"),
        word("claimed_by", null=True),
        yes_or_no("again", default=sa.false()),
        word("outcome", null=True),
        word("error", null=True),
        key("id", name="outbox_is_one_row_each"),
        known("matter_id", "matter.id", name="outbox_matter_id_is_known"),
        known("program_id", "program.id", name="outbox_program_id_is_known"),
        sa.UniqueConstraint("key", name="outbox_key_is_unique"),
        rule("a_row_is_done_or_is_tried_again", "(attempt_at IS NULL) = (outcome IS NOT NULL)"),
        rule("what_is_done_is_claimed_by_nobody", "outcome IS NULL OR claimed_by IS NULL"),
        rule(
            "an_outbox_outcome_is_known",
            "outcome IS NULL OR outcome IN ('sent', 'undeliverable', 'void')",
        ),
    )
    index("outbox_by_lane", "outbox", ["lane", "id"], where="attempt_at IS NOT NULL")
    index("outbox_by_matter", "outbox", ["matter_id"], where="attempt_at IS NOT NULL")
    index("outbox_to_send", "outbox", ["priority", "attempt_at"], where="attempt_at IS NOT NULL")
    op.create_table(
        "message",
        big_number("id"),
        word("program_id"),
        word("matter_id", null=True),
        word("surface", null=True),
        word("person_id", null=True),
        word("channel", null=True),
        word("slack_channel"),
        word("ts"),
        number("episode", null=True),
        yes_or_no("thread", default=sa.false()),
        number("shown_version", default="0"),
        word("outbox_key", null=True),
        instant("posted_at"),
        key("id", name="message_is_one_row_each"),
        known("matter_id", "matter.id", name="message_matter_id_is_known"),
        known("program_id", "program.id", name="message_program_id_is_known"),
        sa.UniqueConstraint("slack_channel", "ts", name="a_message_stands_in_one_place"),
    )
    index("message_by_matter", "message", ["matter_id"])
    op.create_table(
        "inbound",
        word("key"),
        instant("at"),
        key("key", name="inbound_is_one_row_each"),
    )
    index("inbound_by_time", "inbound", ["at"])


def _history() -> None:
    op.create_table(
        "audit_head",
        word("chain"),
        number("seq"),
        word("digest"),
        number("anchored_seq"),
        key("chain", name="audit_head_is_one_row_each"),
    )
    op.create_table(
        "audit_line",
        word("chain"),
        number("seq", autoincrement=False),
        word("program_id", null=True),
        instant("at"),
        word("actor", null=True),
        word("event"),
        word("reason"),
        word("body_digest"),
        word("previous"),
        word("digest"),
        key("chain", "seq", name="audit_line_is_one_row_each"),
    )
    op.create_table(
        "audit_body",
        word("chain"),
        number("seq", autoincrement=False),
        word("salt"),
        text("body"),
        key("chain", "seq", name="audit_body_is_one_row_each"),
    )
    op.create_table(
        "audit_anchor",
        number("no", autoincrement=False),
        instant("at"),
        text("heads"),
        word("previous"),
        word("digest"),
        key("no", name="audit_anchor_is_one_row_each"),
    )
    op.create_table(
        "sealing_key",
        word("fingerprint"),
        key("fingerprint", name="sealing_key_is_one_row_each"),
    )
    op.create_table(
        "belay_version",
        number("id", autoincrement=False),
        number("behaviour"),
        instant("changed_at"),
        key("id", name="belay_version_is_one_row_each"),
        rule("there_is_one_version", "id = 1"),
    )
