"""The tables of the matrix's history: what was proposed, who signed it, and what it became."""

from enum import StrEnum

from sqlalchemy import (
    JSON,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.columns import UtcDateTime, index_where, metadata, one_of, person_id, program_id, rule


class Source(StrEnum):
    """This is what a proposal came from."""

    GAP = "gap"
    INCIDENT = "incident"
    HUDDLE = "huddle"
    IMPORT = "import"


class Ended(StrEnum):
    """This is how a proposal ended; one that did not end waits for its signatures."""

    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    # The matrix changed meanwhile where the proposal would have.
    OVERTAKEN = "overtaken"


# A program's first version is numbered 1: the shipped matrix as it was then, changed once.
matrix_version = Table(
    "matrix_version",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("number", Integer, nullable=False),
    Column("version", String, nullable=False),  # the digest of the content
    Column("base", String, nullable=False),  # the digest of what it was made from
    Column("body", LargeBinary, nullable=False),  # the whole matrix as YAML, deflated
    Column("proposal_id", String, nullable=False),
    Column("reason", Text, nullable=False),
    person_id("author"),
    person_id("peer_supervisor"),
    person_id("clinical_lead"),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "number", name="a_program_counts_its_versions"),
    rule("two_people_sign_a_version", "peer_supervisor <> clinical_lead"),
    rule("a_version_differs_from_its_base", "version <> base"),
)

matrix_proposal = Table(
    "matrix_proposal",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("base", String, nullable=False),  # the version that it was written against
    Column("source", String, nullable=False),
    Column("source_id", String),
    Column("changes", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    person_id("author"),
    Column("at", UtcDateTime, nullable=False),
    # Which known questions would be answered otherwise; nothing until it was worked out.
    Column("effect", JSON),
    person_id("peer_supervisor", nullable=True),
    Column("peer_supervisor_at", UtcDateTime),
    person_id("clinical_lead", nullable=True),
    Column("clinical_lead_at", UtcDateTime),
    Column("ended_how", String),
    person_id("ended_by", nullable=True),
    Column("ended_at", UtcDateTime),
    Column("ended_why", Text),
    rule("what_a_proposal_came_from_is_known", one_of("source", Source)),
    rule("how_a_proposal_ended_is_known", f"ended_how IS NULL OR {one_of('ended_how', Ended)}"),
    rule("an_ended_proposal_says_when_and_how", "(ended_at IS NULL) = (ended_how IS NULL)"),
    rule(
        "a_signature_says_when",
        "(peer_supervisor IS NULL) = (peer_supervisor_at IS NULL)"
        " AND (clinical_lead IS NULL) = (clinical_lead_at IS NULL)",
    ),
    rule(
        "nobody_signs_a_proposal_twice",
        "peer_supervisor IS NULL OR clinical_lead IS NULL OR peer_supervisor <> clinical_lead",
    ),
    rule(
        "what_is_adopted_was_signed_by_both",
        "ended_how IS NULL OR ended_how <> 'adopted'"
        " OR (peer_supervisor IS NOT NULL AND clinical_lead IS NOT NULL)",
    ),
)
index_where(
    "matrix_proposal_open",
    matrix_proposal.c.program_id,
    matrix_proposal.c.at,
    where=matrix_proposal.c.ended_at.is_(None),
)
