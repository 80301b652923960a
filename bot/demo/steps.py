"""This is what a story is made of: who does what, and what everybody must see then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.demo.said import Text


@dataclass(frozen=True, slots=True)
class Types:
    """Somebody types a slash command; with `answers` they fill in and send the form it opens.

    What is no command is written to Belay, in the language spoken.

    Answers are by the question they answer; `sends` is the label of the form's button. A button in
    Home may do what the command does: `home` is its label.
    """

    command: str
    answers: Mapping[str, Any] | None = None
    sends: str = ""
    home: str = ""


@dataclass(frozen=True, slots=True)
class Presses:
    """Somebody presses a button; with `answers` they fill in and send the form it opens.

    `sends` is the label of the form's button. `channel` is where the button stands, if not in the
    conversation with Belay.
    """

    label: str
    answers: Mapping[str, Any] | None = None
    sends: str = ""
    channel: str = ""


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

    `edited` says that a message of theirs was brought up to date, which makes no sound. `by_answer`
    says that it depends on what was answered: a tour, where people answer as they like, waits for
    no such thing.
    """

    who: str
    texts: tuple[Text, ...]
    edited: bool = False
    by_answer: bool = False


def sees(who: str, *texts: Text) -> Sees:
    """A new message that holds these texts."""
    return Sees(who, texts)


def sees_by_answer(who: str, *texts: Text) -> Sees:
    """A new message that holds these texts where the form was answered as the story has it."""
    return Sees(who, texts, by_answer=True)


def sees_edited(who: str, *texts: Text) -> Sees:
    """A message that was edited and now holds these texts."""
    return Sees(who, texts, edited=True)


@dataclass(frozen=True, slots=True)
class Step:
    """This is one step. `who` is nobody where only time passes.

    The rest is for the tour alone. `until` is what a button says that lets time go by as far as
    here; `note` is told with what to do. An `aside` is left out there. Where there is a
    `leave_out` the step may be left out, and so a button says. Any of `instead` says that it came
    about in some other way. `again` is done once more where what it promises takes a moment to be
    so.
    """

    name: str
    why: str
    act: Act
    who: str = ""
    then: tuple[Sees, ...] = ()
    spares: tuple[str, ...] = ()
    until: str = ""
    note: str = ""
    aside: bool = False
    leave_out: str = ""
    instead: tuple[Sees, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """This is some steps with a heading. `lock_screens` are shown at its end, for these people."""

    heading: str
    steps: tuple[Step, ...]
    lock_screens: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """This is a story of the page. `name` is a short word for it; `over` is told at its end."""

    name: str
    title: str
    over: str
    scenes: tuple[Scene, ...]
