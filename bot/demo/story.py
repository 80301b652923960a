"""This is the story as data: who does what, and what everybody must see then.

A step that does not show what it says here fails the demo: it is a test, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Types:
    """Somebody types a slash command; with `answers` they fill in and send the form it opens."""

    command: str
    answers: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Presses:
    """Somebody presses a button; with `answers` they fill in and send the form it opens."""

    label: str
    answers: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes; whatever becomes due on the way happens at its time."""

    minutes: float


@dataclass(frozen=True, slots=True)
class ReadsThread:
    """Somebody reads the newest incident thread."""

    channel: str


Act = Types | Presses | Passes | ReadsThread


@dataclass(frozen=True, slots=True)
class Sees:
    """What must be new on somebody's screen, or in a channel ("#clinical"): one message with all.

    `edited` says that a message of theirs was brought up to date, which makes no sound.
    """

    who: str
    texts: tuple[str, ...]
    edited: bool = False


def sees(who: str, *texts: str) -> Sees:
    """A new message that holds these texts."""
    return Sees(who, texts)


def sees_edited(who: str, *texts: str) -> Sees:
    """A message that was edited and now holds these texts."""
    return Sees(who, texts, edited=True)


@dataclass(frozen=True, slots=True)
class Step:
    """This is one step. `who` is nobody where only time passes."""

    name: str
    act: Act
    who: str = ""
    then: tuple[Sees, ...] = ()
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """This is some steps with a heading. `lock_screens` are shown at its end, for these people."""

    heading: str
    steps: tuple[Step, ...]
    lock_screens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


FIELD: Final = "#field-safety"
CLINICAL: Final = "#clinical"
INCIDENTS: Final = "#incidents"
REMINDER: Final = "Belay: reminder"
PAGE: Final = "Belay: URGENT page, open now"
LOCK_UPDATE: Final = "Belay: update"
LOCK_OVER: Final = "Belay: accounted for"

PLAN: Final = {
    "Where?": "Main St shelter",
    "What time?": "13:15",
    "How long?": "2 h",
    "What for?": "Outreach",
}
SPOKEN: Final = "I spoke with them; the challenge was right"

PLANNED = (
    Step(
        "Jo plans a visit",
        Types("/visit", PLAN),
        "jo",
        (
            sees("jo", "Plan sent, not confirmed yet", "[I'm here]", "[Help: stay quiet]"),
            sees("rosa", "A visit plan needs your answer", "Main St shelter", "[Confirm plan]"),
            sees(FIELD, "A visit plan needs your answer", "Jo Alvarez"),
        ),
    ),
    Step(
        "Rosa confirms, and asks for a check-in every 30 minutes",
        Presses("Confirm plan", {"Check in every": "30 min"}),
        "rosa",
        (
            sees("jo", "Confirmed by Rosa Delgado.", "You can still turn back."),
            sees_edited("jo", "1:00 PM Plan confirmed.", "I'm here due at 1:30 PM"),
            sees_edited(FIELD, "Confirmed by Rosa Delgado"),
        ),
    ),
    Step("It is a quarter past one", Passes(16)),
    Step(
        "Jo is there",
        Presses("I'm here"),
        "jo",
        (sees_edited("jo", "1:16 PM I'm here", "due at 1:46 PM", "[OK]", "[Leaving]"),),
    ),
    Step("Twenty minutes go by", Passes(20)),
    Step(
        "Jo checks in",
        Presses("OK"),
        "jo",
        (sees_edited("jo", "1:36 PM Last heard", "due at 2:06 PM"),),
    ),
)

SILENCE = (
    Step(
        "Jo is silent; five minutes before the check-in is due, a reminder",
        Passes(25),
        then=(sees("jo", REMINDER, "Your check-in is due at 2:06 PM"),),
        spares=("rosa", "lin"),
    ),
    Step(
        "The check-in is due",
        Passes(5),
        then=(sees("jo", REMINDER, "was due at 2:06 PM"),),
        spares=("rosa", "lin"),
    ),
    Step(
        "Five minutes overdue",
        Passes(5),
        then=(sees("jo", REMINDER, "was due at 2:06 PM"),),
        spares=("rosa", "lin"),
    ),
    Step(
        "Ten minutes overdue: Rosa is paged, and does not answer",
        Passes(5),
        then=(
            sees("rosa", PAGE, "Missed check-in: Jo Alvarez", "Main St shelter", "[I have it]"),
            sees("jo", "people were told"),
        ),
        spares=("lin", CLINICAL, INCIDENTS),
    ),
    Step(
        "Fifteen minutes overdue: the clinical escalation lead is paged, an incident is opened",
        Passes(5),
        then=(
            sees("lin", PAGE, "Missed check-in: Jo Alvarez", "[I have it]"),
            sees("maya", PAGE, "Missed check-in: Jo Alvarez"),
            sees(CLINICAL, PAGE, "Missed check-in: Jo Alvarez", "[I have it]"),
            sees(INCIDENTS, "Incident", "Missed check-in", "Facts only"),
        ),
    ),
)

FOUND = (
    Step(
        "Dr. Lin takes it on",
        Presses("I have it"),
        "lin",
        (
            sees("jo", "Dr. Lin has seen this."),
            sees_edited("rosa", "Dr. Lin has it.", "This is not an all-clear"),
            sees_edited(CLINICAL, "Dr. Lin has it."),
            sees(INCIDENTS, "has it."),
        ),
    ),
    Step("Dr. Lin calls; it rings and rings", Passes(2)),
    Step(
        "Dr. Lin writes the attempt down",
        Presses(
            "Log a contact attempt",
            {"What did you try?": "Called the worker", "What came of it?": "No answer"},
        ),
        "lin",
        (
            sees(INCIDENTS, "contact attempt", "no answer"),
            sees_edited("lin", "Contact attempts logged: 1"),
        ),
    ),
    Step("Dr. Lin calls again, and Jo answers with the challenge", Passes(4)),
    Step(
        "Dr. Lin closes it: Jo is accounted for",
        Presses(
            "Accounted for...",
            {"How do you know?": SPOKEN, "What was it?": "Busy with the person"},
        ),
        "lin",
        (
            sees("jo", "You are accounted for."),
            sees("rosa", LOCK_OVER, "Stand down. Jo Alvarez is accounted for."),
            sees("maya", LOCK_OVER, "Stand down."),
            sees("lin", LOCK_OVER, "Stand down."),
            sees(CLINICAL, "Stand down. The worker is accounted for."),
            sees(INCIDENTS, "Closed: the worker is accounted for."),
            sees_edited("rosa", "The worker is accounted for. Dr. Lin closed it"),
            sees_edited("jo", "You are accounted for."),
        ),
    ),
    Step("The thread tells what happened, without names", ReadsThread(INCIDENTS), "lin"),
)

HELP = (
    Step("A while later", Passes(10)),
    Step(
        "Sam, on no visit at all, calls for help",
        Types("/sos call"),
        "sam",
        (
            sees("sam", "Received.", "Your team is asked to call you."),
            sees("rosa", PAGE, "Help: call me: Sam Whitaker"),
            sees("lin", PAGE, "Help: call me: Sam Whitaker"),
            sees(CLINICAL, PAGE, "Help: call me: Sam Whitaker"),
            sees(INCIDENTS, "Incident", "Help: call me"),
        ),
    ),
    Step(
        "Rosa takes it on, and calls",
        Presses("I have it"),
        "rosa",
        (sees("sam", "Rosa Delgado has seen this."), sees_edited("lin", "Rosa Delgado has it.")),
        spares=("maya",),
    ),
    Step("They talk", Passes(6), spares=("maya",)),
    Step(
        "Rosa says that Sam is accounted for; a call for help needs a second person",
        Presses("Accounted for...", {"How do you know?": SPOKEN, "What was it?": "Other"}),
        "rosa",
        (sees("lin", "Rosa Delgado says that the worker is accounted for", "[Confirm]"),),
        spares=("sam",),
    ),
    Step(
        "Dr. Lin is the second, and confirms",
        Presses("Confirm"),
        "lin",
        (
            sees("sam", "You are accounted for."),
            sees("rosa", "Stand down. Sam Whitaker is accounted for."),
            sees("lin", "Stand down. Sam Whitaker is accounted for."),
            sees(CLINICAL, "Stand down."),
            sees_edited("rosa", "The worker is accounted for. Rosa Delgado closed it"),
        ),
    ),
)

STORY: Final = (
    Scene("A visit is planned, confirmed and begun", PLANNED),
    Scene("A check-in does not come", SILENCE),
    Scene("Somebody has it, until Jo is accounted for", FOUND),
    Scene(
        "A call for help, and a second person who confirms",
        HELP,
        lock_screens={
            "jo": (REMINDER, LOCK_UPDATE),
            "sam": (LOCK_UPDATE,),
            "rosa": (PAGE, LOCK_OVER),
            "lin": (PAGE, LOCK_OVER),
        },
    ),
)
