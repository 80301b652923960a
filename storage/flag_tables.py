"""The tables of flags on places, and of what was said to one after it was raised."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from storage.columns import UtcDateTime, metadata, one_of, person_id, program_id, rule


class Word(StrEnum):
    """This is what somebody said to a flag."""

    DISPUTED = "disputed"
    KEPT = "kept"
    CHANGED = "changed"
    ENDED = "ended"


flag = Table(
    "flag",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("place_id", String, ForeignKey("place.id"), nullable=False),
    Column("kind", String, nullable=False),
    person_id("author"),
    Column("evidence", Text),  # sealed
    Column("raised_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("review_due_at", UtcDateTime, nullable=False),
    Column("disputed_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("reviewed_at", UtcDateTime),
    Column("reminded_at", UtcDateTime),  # when people were reminded of the review that is due
    rule("a_flag_expires", "expires_at > raised_at"),
)
Index("flag_by_place", flag.c.place_id)

flag_word = Table(
    "flag_word",
    metadata,
    Column("id", String, primary_key=True),
    program_id(),
    Column("flag_id", String, ForeignKey("flag.id"), nullable=False),
    Column("word", String, nullable=False),
    Column("kind", String, nullable=False),  # what the flag says from then on
    person_id("by"),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),  # sealed
    rule("a_word_on_a_flag_is_known", one_of("word", Word)),
)
Index("flag_word_by_flag", flag_word.c.flag_id)
