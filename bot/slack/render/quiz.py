"""This draws the questions about the matrix: each, what the row says of an answer, and the end.

Pure. The part of the Home names who is due, for whoever supervises, and nobody's figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.matrix.model import Matrix, Row
from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button, context, escape, lines, section, typed
from bot.slack.render.view import Block, Rendered
from bot.slack.words import news
from bot.slack.words import quiz as words
from bot.slack.words.speech import _
from protocol.ids import MatterId
from protocol.people import Language
from protocol.quiz import Due, Quiz

BUTTONS: Final = (Action.QUIZ_A, Action.QUIZ_B, Action.QUIZ_C)
NAMED_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class QuizView:
    """This is how somebody stands with the questions, and how those do whom they supervise.

    `due` is None for whoever is not asked; `team_due` are names in the order of the alphabet, and
    `team_done` is None for whoever supervises nobody.
    """

    due: Due | None = None
    is_open: bool = False
    team_done: int | None = None
    team_due: tuple[str, ...] = ()


def part(view: QuizView) -> list[Block]:
    """The item of the Home: the questions, and for a supervisor who has them before them."""
    shown: list[Block] = []
    if view.due is not None:
        said = _(words.ITEM[view.due], title=_(words.TITLE), what=_(words.WHAT))
        label = _(words.GO_ON) if view.is_open else ""
        start = button(Action.TRY_QUIZ, pack(NO_MATTER), label=label)
        shown.append(section(said, start, "try_quiz"))
    if view.team_done is not None:
        counted = _(words.TEAM, done=view.team_done, due=len(view.team_due))
        names = ", ".join(typed(name, 60) for name in view.team_due[:NAMED_MAX])
        left = len(view.team_due) - NAMED_MAX
        named = f"{names} +{left}" if left > 0 else names
        shown.append(section(lines(counted, _(words.TEAM_DUE, names=named) if named else None)))
    return shown


def question(matrix: Matrix, quiz: Quiz, language: Language) -> Rendered:
    """The open question, with a button for each choice."""
    row = matrix.by_key[quiz.rows[quiz.number].key]
    return _message(
        [
            section(_question(row, quiz, quiz.number, language)),
            section("\n".join(_choice(row, no, language) for no in range(len(BUTTONS)))),
            actions(
                "choices",
                [
                    button(action, pack(MatterId(quiz.id), letter.lower(), quiz.number))
                    for action, letter in zip(BUTTONS, words.LETTERS, strict=True)
                ],
            ),
        ]
    )


def verdict(matrix: Matrix, quiz: Quiz, number: int, language: Language) -> Rendered:
    """What the row says of the answer to this question (from 0)."""
    asked, said = quiz.rows[number], quiz.answers[number]
    row = matrix.by_key[asked.key]
    because = escape(row.quiz.because.in_(language))
    if quiz.is_right(number):
        told = _(words.RIGHT, because=because)
    else:
        named = {"letter": _letter(asked.answer), "text": _text(row, asked.answer, language)}
        told = _(words.NOT_SO, because=because, **named)
    owner = escape(matrix.owners[row.owner].title.in_(language))
    title = escape(row.title.in_(language))
    cited = _(words.ROW, title=title, owner=owner, key=row.key, version=quiz.version)
    return _message(
        [
            section(_question(row, quiz, number, language)),
            section(
                lines(
                    _(words.YOU_SAID, letter=_letter(said), text=_text(row, said, language)), told
                )
            ),
            context(cited),
        ]
    )


def result(matrix: Matrix, quiz: Quiz, language: Language) -> Rendered:
    """The end: done, or which rows to look at again and a way to do so. Only its owner sees it."""
    head = words.PASSED if quiz.passed else words.AGAIN
    wrong = [one.key for number, one in enumerate(quiz.rows) if not quiz.is_right(number)]
    named = titles(matrix, wrong, language)
    shown = [
        section(
            lines(
                _(head, right=quiz.right, rows=len(quiz.rows)),
                _(words.LOOK_AT, titles=named) if named else None,
            )
        )
    ]
    if not quiz.passed:
        shown.append(actions("again", [button(Action.TRY_QUIZ, pack(NO_MATTER))]))
    return _message(shown)


def titles(matrix: Matrix, keys: Sequence[str], language: Language) -> str:
    """What these rows are called, as far as they are still there."""
    known = (matrix.by_key[key] for key in keys if key in matrix.by_key)
    return ", ".join(escape(row.title.in_(language)) for row in known)


def _question(row: Row, quiz: Quiz, number: int, language: Language) -> str:
    asked = escape(row.quiz.question.in_(language))
    return _(words.QUESTION, number=number + 1, rows=len(quiz.rows), question=asked)


def _choice(row: Row, number: int, language: Language) -> str:
    text = escape(row.quiz.choices[number].in_(language))
    return _(words.CHOICE, letter=words.LETTERS[number], text=text)


def _text(row: Row, choice: int, language: Language) -> str:
    return escape(row.quiz.choices[choice - 1].in_(language))


def _letter(choice: int) -> str:
    return words.LETTERS[choice - 1]


def _message(blocks: Sequence[Block]) -> Rendered:
    return Rendered(_(news.LOCK_NEWS), (*blocks, context(_(words.NOT_A_CALL))))
