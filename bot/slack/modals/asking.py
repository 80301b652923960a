"""This is the form that asks who handles something. What is typed into it is not stored."""

from bot.slack.carried import NO_MATTER, Carried, pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read import asking
from bot.slack.read.payload import Body, Unreadable, strict, user_of
from bot.slack.render.blocks import context
from bot.slack.words import matrix as words
from bot.slack.words.speech import _


def ask_form(_value: Carried) -> View:
    """One question, as long as it takes."""
    asked = [
        question(
            Field.QUESTION,
            _(words.FIELD_QUESTION),
            parts.text(asking.TYPED_MAX, multiline=True),
            hint=_(words.HINT_QUESTION),
        ),
        context(_(words.COMES_BY_DM)),
    ]
    return parts.form(Form.ASK, pack(NO_MATTER), asked)


@strict
def read_ask(body: Body) -> asking.Question:
    """What was typed; something must be."""
    text = typed.raw_text(typed.values_of(body), Field.QUESTION)
    if not text.strip():
        raise Unreadable(_(words.NEEDS_QUESTION), Field.QUESTION)
    return asking.question(user_of(body), text)
