"""This takes what was typed into a form, strictly: only what the form offered is an answer."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeVar

from bot.slack.ids import Field, field_of
from bot.slack.read.payload import Body, Unreadable, cleaned
from bot.slack.words import labels, names
from bot.slack.words.speech import _
from protocol.identifiers import find

Values = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)

# Slack escapes these in what it sends back.
_ESCAPED: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def values_of(body: Body) -> Values:
    """Everything that was typed, by field."""
    values = body["view"]["state"]["values"]
    if not isinstance(values, Mapping):
        raise Unreadable
    return {field_of(block_id): answer for block_id, answer in values.items()}


def _answer(values: Values, field: Field) -> Mapping[str, Any]:
    answer = values.get(field.value, {}).get(field.value, {})
    if not isinstance(answer, Mapping):
        raise Unreadable(field=field)
    return answer


def chosen(values: Values, field: Field) -> str | None:
    """The value of the line that was chosen; None if none was."""
    found = _answer(values, field).get("selected_option")
    return str(found["value"]) if found else None


def chosen_words(values: Values, field: Field) -> str:
    """The words of the line that was chosen, as people saw them."""
    found = _answer(values, field)["selected_option"]
    return _unescaped(str(found["text"]["text"]))


def several(values: Values, field: Field) -> tuple[tuple[str, str], ...]:
    """The lines that were chosen or ticked, as (value, words), in their order."""
    found = _answer(values, field).get("selected_options") or ()
    return tuple((str(one["value"]), _unescaped(str(one["text"]["text"]))) for one in found)


def ticked(values: Values, field: Field, value: str) -> bool:
    """Whether this box was ticked."""
    return any(value == one for one, _ in several(values, field))


def one_of(values: Values, field: Field, kind: type[E]) -> E:
    """The answer as a member of this enum; it must be there."""
    found = chosen(values, field)
    if found is None:
        raise Unreadable(_(labels.NEEDS_ANSWER), field)
    return _member(kind, found, field)


def optional_one_of(values: Values, field: Field, kind: type[E]) -> E | None:
    """The answer as a member of this enum, or None."""
    found = chosen(values, field)
    return None if found is None else _member(kind, found, field)


def if_one_of(values: Values, field: Field, kind: type[E]) -> E | None:
    """The answer as a member of this enum, or None for none and for anything else."""
    found = chosen(values, field)
    return next((member for member in kind if member.value == found), None)


def members(values: Values, field: Field, kind: type[E]) -> frozenset[E]:
    """The ticked boxes as members of this enum."""
    return frozenset(_member(kind, value, field) for value, _ in several(values, field))


def _member(kind: type[E], value: str, field: Field) -> E:
    try:
        return kind(value)
    except ValueError:
        raise Unreadable(_(labels.NEEDS_ANSWER), field) from None


def minutes(values: Values, field: Field, offered: Iterable[int]) -> timedelta:
    """A length of time; it must be one of those that were offered."""
    found = chosen(values, field)
    if found is None or found not in {str(count) for count in offered}:
        raise Unreadable(_(labels.NEEDS_ANSWER), field)
    return timedelta(minutes=int(found))


def text(values: Values, field: Field, most: int, *, needed: bool = False) -> str:
    """What was typed, cleaned of stray spaces. Refused where it may identify somebody."""
    found = raw_text(values, field)
    if needed and not found:
        raise Unreadable(_(labels.NEEDS_TEXT), field)
    if len(found) > most:
        raise Unreadable(_(labels.TOO_MUCH_TEXT), field)
    kinds = find(found)
    if kinds:
        raise Unreadable(_(labels.CASE_CODE, what=_(names.IDENTIFIER[kinds[0]])), field)
    return found


def raw_text(values: Values, field: Field) -> str:
    """What was typed, whatever it holds, cleaned of stray spaces."""
    return cleaned(str(_answer(values, field).get("value") or "")).strip()


def instant(values: Values, field: Field) -> datetime:
    """The picked day and time (aware UTC). Slack gives unix seconds; a phone shows its own zone."""
    found = _answer(values, field).get("selected_date_time")
    try:
        if not isinstance(found, int) or isinstance(found, bool):
            raise ValueError
        return datetime.fromtimestamp(found, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable(_(labels.WRONG_TIME), field) from None


def _unescaped(shown: str) -> str:
    shown = cleaned(shown)
    for escaped, plain in _ESCAPED:
        shown = shown.replace(escaped, plain)
    return shown
