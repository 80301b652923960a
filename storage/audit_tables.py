"""The tables of the history, in its chains; the keys that sealed; and whose code writes here."""

from sqlalchemy import Column, Integer, String, Table, Text

from storage.columns import UtcDateTime, metadata, rule

# The audit has no foreign keys: it outlives what it speaks of, and its verifier finds what is gone.
audit_head = Table(
    "audit_head",
    metadata,
    Column("chain", String, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("anchored_seq", Integer, nullable=False),
)

audit_line = Table(
    "audit_line",
    metadata,
    Column("chain", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("program_id", String),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String),
    Column("event", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("body_digest", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)

audit_body = Table(
    "audit_body",
    metadata,
    Column("chain", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("salt", String, nullable=False),
    Column("body", Text, nullable=False),
)

audit_anchor = Table(
    "audit_anchor",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("heads", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)

sealing_key = Table("sealing_key", metadata, Column("fingerprint", String, primary_key=True))

belay_version = Table(
    "belay_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # A replica that speaks an older behaviour than this closes its sockets and idles.
    Column("behaviour", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    rule("there_is_one_version", "id = 1"),
)
