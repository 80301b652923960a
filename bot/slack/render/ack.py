"""This answers a tap, a command or a form in the same breath: what Slack's ack takes as arguments.

A tap has no room for words; what is to be said about it goes through the outbox. A refused form
comes back as it was typed, with the rule and the way out under the question it is about.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.request import Outcome, Problem
from bot.slack.carried import pack
from bot.slack.ids import Action, Field, Form, field_of
from bot.slack.read.payload import BadInput
from bot.slack.render.blocks import actions, button, section, typed
from bot.slack.words import labels, news, reasons
from bot.slack.words.speech import _
from protocol.decision import Reason
from protocol.records import EscalationKind

Ack = dict[str, Any]

# Slack names no limit for an error under a question; a phone shows this much without scrolling.
ERROR_MAX: Final = 300

_PROBLEMS: Final[dict[Problem, str]] = {
    Problem.UNKNOWN_PERSON: labels.NOT_KNOWN,
    Problem.NO_PROGRAM: labels.NOT_KNOWN,
    Problem.NO_OPEN_VISIT: reasons.REFUSED[Reason.NO_OPEN_VISIT],
    Problem.NO_SUCH_MATTER: labels.UNREADABLE,
}

# The question that a refusal is about; where a form has none of these, its first question.
_ABOUT: Final[dict[Reason, tuple[Field, ...]]] = {
    Reason.NO_COVER: (Field.WHEN,),
    Reason.START_IN_PAST: (Field.WHEN,),
    Reason.START_TOO_FAR: (Field.WHEN,),
    Reason.TOO_LONG: (Field.LENGTH,),
    Reason.NO_STOPS: (Field.PLACE, Field.NEW_PLACE),
    Reason.TOO_MANY_STOPS: (Field.STOPS,),
    Reason.PLACE_GONE: (Field.PLACE, Field.NEW_PLACE),
    Reason.NO_ENTRY: (Field.PLACE, Field.NEW_PLACE),
    Reason.PARTNER_IS_WORKER: (Field.PARTNER,),
    Reason.NEEDS_PAIR: (Field.PARTNER, Field.KNOWN),
    Reason.VISIT_PROHIBITED: (Field.KNOWN,),
    Reason.SOLO_TRANSPORT: (Field.ALSO,),
    Reason.CARRYING_CASH: (Field.ALSO,),
    Reason.WITNESS_MISSING: (Field.WITNESS, Field.SERVICE),
    Reason.NOT_A_DRILL: (Field.FINDING,),
    Reason.NEEDS_CHOICE: (Field.TELL_WHOM,),
    Reason.NOBODY_CHOSEN: (Field.TELL_WHOM,),
    Reason.NEEDS_DECISION: (Field.DECISION,),
    Reason.BY_WHEN_WRONG: (Field.BY_WHEN,),
}


def words(outcome: Outcome) -> str:
    """What the person is told about what they just did."""
    if outcome.problem is not None:
        return _(_PROBLEMS[outcome.problem])
    if outcome.decision is None:
        return _(labels.UNREADABLE)
    return reasons.words(outcome.decision.reason)


def command(outcome: Outcome) -> Ack:
    """The answer to a slash command, seen by nobody but who typed it."""
    if _is_quiet_help(outcome) and outcome.matter is not None:
        row = actions("help", [button(Action.HELP_CALL, pack(outcome.matter.id), style="danger")])
        told = _(labels.HELP_TYPED)
        return {**said(told), "blocks": [section(told), row]}
    return said(words(outcome))


def typed_words(outcome: Outcome) -> Ack:
    """The answer to words typed to Belay, as a message in the same conversation."""
    answer = command(outcome)
    return {"text": _(news.LOCK_NEWS), "blocks": answer.get("blocks", [section(answer["text"])])}


def message(text: str) -> Ack:
    """A sentence as a message; a lock screen shows none of it."""
    return {"text": _(news.LOCK_NEWS), "blocks": [section(text)]}


def said(text: str) -> Ack:
    """A sentence as the answer to a command."""
    return {"response_type": "ephemeral", "text": text}


def private(message: Ack) -> Ack:
    """A message as an answer that only who asked sees."""
    return {"response_type": "ephemeral", **message}


def action() -> Ack:
    """The answer to a tap."""
    return {}


def form(view: Mapping[str, Any], outcome: Outcome) -> Ack:
    """The answer to a form: it closes, or comes back with what is wrong at the right question."""
    decision = outcome.decision
    if outcome.problem is None and decision is not None and not decision.refused:
        if decision.reason is Reason.RATING_ROSE:
            return form_error(view, _in_form(view, decision.reason))
        return {"response_action": "clear"}
    if decision is None:
        return form_error(view, words(outcome))
    return form_error(view, _in_form(view, decision.reason), *_ABOUT.get(decision.reason, ()))


def bad_form(view: Mapping[str, Any], bad: BadInput) -> Ack:
    """The answer to a form that cannot be read as it is."""
    return form_error(view, bad.sentence, *((bad.field,) if bad.field else ()))


def form_error(view: Mapping[str, Any], sentence: str, *about: Field) -> Ack:
    """The form comes back with this sentence at the first of these questions that it has."""
    asked = _asked(view)
    if not asked:
        return {"response_action": "clear"}
    field = next((id_ for f in about for id_ in asked if field_of(id_) == f.value), asked[0])
    return {"response_action": "errors", "errors": {field: sentence[:ERROR_MAX]}}


def _asked(view: object) -> list[str]:
    """The questions of a form as Slack sent it back; none where it is no form that Slack sends."""
    blocks = view.get("blocks") if isinstance(view, Mapping) else None
    found = [one for one in blocks if isinstance(one, Mapping)] if isinstance(blocks, list) else []
    return [
        str(one["block_id"]) for one in found if one.get("type") == "input" and "block_id" in one
    ]


def unknown(line: str) -> str:
    """What is said where nobody knows whether something was stored."""
    if not line:
        return _(labels.UNKNOWN_NO_LINE)
    return _(labels.UNKNOWN, line=typed(line, 100))


def no_form(line: str) -> str:
    """What is said where a form did not open."""
    if not line:
        return _(labels.NO_FORM_NO_LINE)
    return _(labels.NO_FORM, line=typed(line, 100))


def _in_form(view: Mapping[str, Any], reason: Reason) -> str:
    return reasons.in_form(reason, Form(view["callback_id"]))


def _is_quiet_help(outcome: Outcome) -> bool:
    escalation = outcome.matter.open_escalation if outcome.matter else None
    helped = outcome.decision is not None and outcome.decision.reason in (
        Reason.HELP,
        Reason.HELP_AGAIN,
    )
    return helped and escalation is not None and escalation.kind is EscalationKind.HELP_QUIET
