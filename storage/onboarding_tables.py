"""The tables of what workers set for themselves: how far they are, and whom to send to them."""

from enum import StrEnum

from sqlalchemy import JSON, Column, String, Table

from storage.columns import UtcDateTime, metadata, one_of, person_id, rule


class Step(StrEnum):
    """This is one step of getting ready; each can be skipped, and done later or again."""

    ANSWERS = "answers"
    PRACTICE = "practice"
    CONTACTS = "contacts"
    SEND = "send"
    RECORDS = "records"
    LANGUAGE = "language"


class State(StrEnum):
    """This is how far somebody is with a step; a step without a row was not looked at yet."""

    DONE = "done"
    SKIPPED = "skipped"


onboarding = Table(
    "onboarding",
    metadata,
    person_id("person_id", primary_key=True),
    Column("step", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    rule("a_step_of_getting_ready_is_known", one_of("step", Step)),
    rule("how_far_a_step_is_is_known", one_of("state", State)),
)

send_choice = Table(
    "send_choice",
    metadata,
    person_id("person_id", primary_key=True),
    # The id of a place, or nothing for wherever else the person is. No foreign key for that reason.
    Column("place_id", String, primary_key=True),
    Column("send", JSON, nullable=False),  # in the person's order
    Column("at", UtcDateTime, nullable=False),
)
