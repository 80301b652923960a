"""The table of App Homes: what stands in each. It is derived state, and no rule hangs on it."""

from sqlalchemy import Column, String, Table

from storage.columns import UtcDateTime, metadata, person_id

# A row that is lost is made again when its person next opens their Home.
home = Table(
    "home",
    metadata,
    person_id("person_id", primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),  # transport
    Column("shown", String),  # digest of what Slack took last
    Column("view_hash", String),  # Slack's own name for that
    Column("attempt_at", UtcDateTime, nullable=False),  # transport; not published before this
)
