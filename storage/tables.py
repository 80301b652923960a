"""Every table, and the safety rules that the database itself keeps: each has a name that says it.

Columns called worker, partner, owner, approver or author, or that end in `by`, hold ids of people.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
    text,
    true,
)

from protocol.people import Language, Role
from protocol.records import (
    ABOUT_A_WORKER,
    NEEDS_SECOND,
    Accounted,
    Approval,
    EscalationState,
    VisitOutcome,
    VisitState,
)
from storage import batch_tables, matrix_tables, standing_tables
from storage.audit_tables import (
    audit_anchor,
    audit_body,
    audit_head,
    audit_line,
    belay_version,
    sealing_key,
)
from storage.columns import (
    BigKey,
    UtcDateTime,
    index_where,
    listed,
    metadata,
    one_of,
    person_id,
    program_id,
    rule,
)
from storage.flag_tables import flag, flag_word
from storage.home_table import home
from storage.onboarding_tables import onboarding, send_choice
from storage.raised_table import raised
from storage.roll_call_table import roll_call

# Beside the tables, this is what others look for here.
__all__ = [
    "UtcDateTime",
    "audit_anchor",
    "audit_body",
    "audit_head",
    "audit_line",
    "batch_tables",
    "belay_version",
    "flag",
    "flag_word",
    "home",
    "matrix_tables",
    "metadata",
    "onboarding",
    "raised",
    "roll_call",
    "sealing_key",
    "send_choice",
    "standing_tables",
]

# --- people, programs, places ----------------------------------------------------------------

program = Table(
    "program",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("policy_schema", Integer, nullable=False, server_default="1"),
    Column("policy_version", Integer, nullable=False, server_default="1"),
    Column("channels", JSON, nullable=False),  # Slack channel id by ChannelRole
    Column("coordinator_line", String, nullable=False),
    Column("county_number", String, nullable=False),
    Column("watched_at", UtcDateTime),  # world time; when the loop was last alive
    Column("created_at", UtcDateTime, nullable=False),
    Column("language", String, nullable=False, server_default=Language.EN.value),
    Column("huddle", JSON),  # when its huddle is posted: at 08:45, on these days
    rule("a_programs_language_is_known", one_of("language", Language)),
)

person = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    Column("slack_user", String, unique=True),
    Column("name", String, nullable=False),
    Column("phone", Text),  # sealed
    Column("duress", Text),  # sealed
    Column("emergency_contact", Text),  # sealed
    Column("trained_until", UtcDateTime),
    Column("excludes", JSON, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("language", String),  # without one, the program's
    rule("a_persons_language_is_known", f"language IS NULL OR {one_of('language', Language)}"),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("program_id", String, ForeignKey("program.id"), primary_key=True),
    person_id("person_id", primary_key=True),
    Column("role", String, primary_key=True),
    Column("from_at", UtcDateTime, primary_key=True),
    Column("until_at", UtcDateTime),
    rule("a_granted_role_is_known", one_of("role", Role)),
    rule("a_grant_ends_after_it_starts", "until_at IS NULL OR until_at > from_at"),
)
# A program has a few dozen people behind its workers, and thousands of those.
Index("role_grant_by_role", role_grant.c.program_id, role_grant.c.role)

duty = Table(
    "duty",
    metadata,
    Column("id", BigKey, primary_key=True),
    program_id(),
    Column("role", String, nullable=False),
    person_id("person_id"),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "role", "person_id", "from_at", name="a_duty_is_entered_once"),
    rule("a_role_on_duty_is_known", one_of("role", Role)),
    rule("a_duty_ends_after_it_starts", "until_at > from_at"),
)
Index("duty_by_time", duty.c.program_id, duty.c.until_at)

place = Table(
    "place",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("label", String, nullable=False),
    Column("address", Text),  # sealed
    Column("solo_transport_prohibited", Boolean, nullable=False, server_default=false()),
    Column("send", String),
    Column("retired_at", UtcDateTime),
    person_id("created_by", nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "label", name="a_label_names_one_place"),
)

# --- matters ---------------------------------------------------------------------------------

matter = Table(
    "matter",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    person_id("worker"),
    Column("version", Integer, nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("about", String, ForeignKey("matter.id")),
    # Somebody is out, or is being looked for. An open matter that is not active has only an answer
    # left to be read.
    Column("active", Boolean, nullable=False),
    Column("due_at", UtcDateTime),  # next_deadline of the matter
    Column("attempt_at", UtcDateTime),  # world time; when that is next tried
    Column("faults", Integer, nullable=False, server_default="0"),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    rule("a_version_counts_from_one", "version >= 1"),
    rule("an_open_matter_has_a_due_time", "(closed_at IS NULL) = (due_at IS NOT NULL)"),
    rule("whatever_is_due_is_tried", "(attempt_at IS NULL) = (due_at IS NULL)"),
    rule("an_active_matter_is_open", "active = false OR closed_at IS NULL"),
)
index_where(
    "matter_by_attempt",
    matter.c.attempt_at,
    matter.c.id,
    where=matter.c.attempt_at.is_not(None),
)
index_where("matter_by_due_time", matter.c.due_at, where=matter.c.due_at.is_not(None))
index_where("matter_by_worker", matter.c.worker, where=matter.c.closed_at.is_(None))
Index("matter_by_worker_and_time", matter.c.worker, matter.c.opened_at)
# As it is asked for: SQLite knows an index of some rows again by the text.
Index(
    "matter_active_by_program",
    matter.c.program_id,
    sqlite_where=text("active = 1"),
    postgresql_where=matter.c.active,
)

visit = Table(
    "visit",
    metadata,
    Column("matter_id", String, ForeignKey("matter.id"), primary_key=True),
    program_id(),
    person_id("worker"),
    person_id("partner", nullable=True),
    Column("state", String, nullable=False),
    Column("rating", String, nullable=False),
    Column("approval", String, nullable=False),
    person_id("approver", nullable=True),
    Column("expecting", String, nullable=False),
    Column("start_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("outcome", String),
    Column("revision", Integer, nullable=False),
    Column("body", JSON, nullable=False),  # the whole record, its note and answers sealed
    Column("body_schema", Integer, nullable=False),
    rule("a_visit_state_is_known", one_of("state", VisitState)),
    rule("an_approval_is_known", one_of("approval", Approval)),
    rule("an_outcome_is_known", f"outcome IS NULL OR {one_of('outcome', VisitOutcome)}"),
    rule("an_open_visit_has_a_due_time", "(state = 'closed') = (due_at IS NULL)"),
    rule("a_closed_visit_has_an_outcome", "state <> 'closed' OR outcome IS NOT NULL"),
    rule("a_confirmed_plan_names_its_approver", "approval <> 'confirmed' OR approver IS NOT NULL"),
    rule(
        "nobody_confirms_their_own_plan",
        "approval <> 'confirmed' OR (approver <> worker"
        " AND (partner IS NULL OR approver <> partner))",
    ),
)
index_where("visit_by_partner", visit.c.partner, where=visit.c.partner.is_not(None))
# All that is said of who is out: their rows themselves are large. A parameter would hide from both
# databases that the index fits.
VISIT_IS_OPEN = visit.c.state != literal_column(f"'{VisitState.CLOSED.value}'")
index_where(
    "visit_open_by_program",
    visit.c.program_id,
    visit.c.start_at,
    visit.c.matter_id,
    visit.c.state,
    visit.c.worker,
    visit.c.partner,
    where=VISIT_IS_OPEN,
)

stop = Table(
    "stop",
    metadata,
    Column("matter_id", String, ForeignKey("visit.matter_id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    program_id(),
    Column("label", String, nullable=False),
    # No foreign key: a place that somebody took away must not refuse a worker a clock.
    Column("place_id", String),
    Column("arrived_at", UtcDateTime),
    Column("left_at", UtcDateTime),
)
Index("stop_by_place", stop.c.place_id)

_CALLS = listed(*NEEDS_SECOND)
# A trigger is no row of this table: it has one of its own (raised_table.py).
_STATES = listed(*(one for one in EscalationState if one is not EscalationState.CONSULTED))
escalation = Table(
    "escalation",
    metadata,
    Column("matter_id", String, ForeignKey("matter.id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    program_id(),
    person_id("worker"),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    person_id("owner", nullable=True),
    Column("rung", Integer, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("base_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    person_id("closed_by", nullable=True),
    Column("accounted", String),
    person_id("second_by", nullable=True),
    Column("drill", Boolean, nullable=False, server_default=false()),
    Column("body", JSON, nullable=False),  # the whole record
    Column("body_schema", Integer, nullable=False),
    rule("an_escalation_kind_is_known", f"kind IN ({listed(*ABOUT_A_WORKER)})"),
    rule("an_escalation_state_is_known", f"state IN ({_STATES})"),
    rule(
        "how_somebody_is_accounted_for_is_known",
        f"accounted IS NULL OR {one_of('accounted', Accounted)}",
    ),
    rule("an_open_escalation_has_a_due_time", "(state = 'closed') = (due_at IS NULL)"),
    rule("an_escalation_closes_at_an_instant", "(state = 'closed') = (closed_at IS NOT NULL)"),
    rule(
        "closed_means_accounted_for_by_a_named_person",
        "state <> 'closed' OR (closed_by IS NOT NULL AND accounted IS NOT NULL)",
    ),
    rule(
        "a_call_for_help_is_closed_by_two",
        f"state <> 'closed' OR kind NOT IN ({_CALLS})"
        " OR (second_by IS NOT NULL AND second_by <> closed_by)",
    ),
    rule(
        "nobody_accounts_for_themselves",
        "(closed_by IS NULL OR closed_by <> worker) AND (second_by IS NULL OR second_by <> worker)",
    ),
)
index_where(
    "a_matter_has_one_open_escalation",
    escalation.c.matter_id,
    where=escalation.c.due_at.is_not(None),
    unique=True,
)

# --- what goes out and what came in ----------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    program_id(),
    Column("matter_id", String, ForeignKey("matter.id")),
    Column("kind", String, nullable=False),
    Column("priority", Integer, nullable=False),
    # No foreign key: a page to somebody whom we do not know must come back as undeliverable, not
    # undo the decision that asked for it.
    Column("to_person", String),
    Column("channel", String),
    # Rows of one lane leave in order; a page is in no lane.
    Column("lane", String),
    Column("body", JSON, nullable=False),
    Column("body_schema", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),  # world
    Column("queued_at", UtcDateTime, nullable=False),  # transport
    Column("attempt_at", UtcDateTime),  # transport
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Column("first_tried_at", UtcDateTime),  # transport
    Column("claim_no", Integer, nullable=False, server_default="0"),
    Column("claimed_by", String),
    Column("again", Boolean, nullable=False, server_default=false()),
    Column("outcome", String),
    Column("error", String),
    rule("a_row_is_done_or_is_tried_again", "(attempt_at IS NULL) = (outcome IS NOT NULL)"),
    rule("what_is_done_is_claimed_by_nobody", "outcome IS NULL OR claimed_by IS NULL"),
    rule(
        "an_outbox_outcome_is_known",
        "outcome IS NULL OR outcome IN ('sent', 'undeliverable', 'void')",
    ),
)
_unfinished = outbox.c.attempt_at.is_not(None)
# In the very order in which they are claimed: with a sort between, everything that waits is read.
index_where(
    "outbox_to_send", outbox.c.priority, outbox.c.attempt_at, outbox.c.id, where=_unfinished
)
# The same rows, said otherwise: PostgreSQL, whose statistics of a quiet hour say that there are
# none, takes any index that fits. For each question there is one that does.
_open = outbox.c.outcome.is_(None)
index_where("outbox_by_lane", outbox.c.lane, outbox.c.id, where=_open)
_of_a_matter = and_(_open, outbox.c.matter_id.is_not(None))
index_where("outbox_by_matter", outbox.c.matter_id, where=_of_a_matter)

message = Table(
    "message",
    metadata,
    Column("id", BigKey, primary_key=True),
    program_id(),
    Column("matter_id", String, ForeignKey("matter.id")),
    Column("surface", String),
    Column("person_id", String),
    Column("channel", String),
    Column("slack_channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("episode", Integer),
    Column("thread", Boolean, nullable=False, server_default=false()),
    Column("shown_version", Integer, nullable=False, server_default="0"),
    Column("outbox_key", String),
    Column("posted_at", UtcDateTime, nullable=False),  # transport
    UniqueConstraint("slack_channel", "ts", name="a_message_stands_in_one_place"),
)
Index("message_by_matter", message.c.matter_id)

inbound = Table(
    "inbound",
    metadata,
    Column("key", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),  # transport
)
Index("inbound_by_time", inbound.c.at)
