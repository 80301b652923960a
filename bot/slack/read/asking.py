"""This reads a question to the matrix, wherever it was asked. What was typed goes no further."""

import re
from dataclasses import dataclass
from typing import Any, Final

from bot.slack.carried import Rows, unpack_rows
from bot.slack.read.payload import Body, Unreadable, action_of, cleaned, strict, text_of, user_of

# What is read of a question. More than that is a story, and its beginning says what it is about.
READ_MAX: Final = 1000
TYPED_MAX: Final = 3000
_MENTION = re.compile(r"<@[^>]*>")
_ASKS = re.compile(r"^\W*(?:who|whose|qui[eé]n|a qui[eé]n|de qui[eé]n)\b|[?]\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """This is what somebody asked. `cut` says that there was more than was read."""

    user: str
    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """This is where a question was asked in public: the channel, and the thread if it was one."""

    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class OnMessage:
    """This is a shortcut on somebody's message: who used it, on what, whose message it is."""

    question: Question
    trigger: str
    where: Where
    author: str = ""


@strict
def command(body: Body) -> Question:
    """The question behind the slash command; it may be empty."""
    return question(user_of(body), str(body.get("text") or ""))


@strict
def shortcut(body: Body) -> OnMessage:
    """A shortcut in the menu of a message. Its text is read, and not kept."""
    message = body["message"]
    thread = str(message.get("thread_ts") or message.get("ts") or body.get("message_ts") or "")
    author = "" if message.get("bot_id") else str(message.get("user") or "")
    return OnMessage(
        question(user_of(body), str(message.get("text") or "")),
        text_of(body.get("trigger_id")),
        Where(text_of(body["channel"]["id"]), thread),
        cleaned(author),
    )


@strict
def mention(body: Body) -> tuple[Question, Where] | None:
    """A message in a channel that names Belay; None where a bot wrote it."""
    event = body["event"]
    if event.get("bot_id") or event.get("subtype"):
        return None
    user, channel = text_of(event["user"]), text_of(event["channel"])
    return question(user, str(event.get("text") or "")), Where(
        channel, str(event.get("thread_ts") or "")
    )


def asks(body: Body) -> Question | None:
    """The question in a message to Belay, where it names Belay or is put as one."""
    text = str((body.get("event") or {}).get("text") or "")
    return told(body) if _MENTION.search(text) or _ASKS.search(text) else None


def told(body: Body) -> Question:
    """A message to Belay, as a question."""
    event: Any = body.get("event") or {}
    return question(str(event.get("user") or ""), str(event.get("text") or ""))


@strict
def rows(body: Body) -> tuple[str, Rows]:
    """Which rows a button of an answer is about, and who pressed it."""
    found = unpack_rows(action_of(body).get("value"))
    if found is None or not found.keys:
        raise Unreadable
    return user_of(body), found


def question(user: str, text: str) -> Question:
    """What was typed, on one line, without Belay's own name, and no more of it than is read."""
    plain = " ".join(_MENTION.sub(" ", cleaned(text)).split())
    return Question(user, plain[:READ_MAX], len(plain) > READ_MAX)
