"""This is what is said around the questions about the matrix; they themselves are the matrix's."""

from typing import Final

from bot.slack.words.speech import N_
from protocol.quiz import Due

TITLE: Final = N_("Questions about the matrix")
WHAT: Final = N_("Ten short ones, about what you meet in the field. Only you see your answers.")
ITEM: Final[dict[Due, str]] = {
    Due.NEVER: N_("*{title}*\n{what}"),
    Due.DONE: N_("✓ *{title}*\n{what}"),
    Due.AGAIN: N_("*{title}* (some rows have changed)\n{what}"),
}
GO_ON: Final = N_("Go on")

# For whoever supervises: who has a result, and never how many answers were right.
TEAM: Final = N_("*Questions about the matrix:* {done} done, {due} due")
TEAM_DUE: Final = N_("Due: {names}")

QUESTION: Final = N_("*Question {number} of {rows}*\n{question}")
CHOICE: Final = N_("*{letter}.* {text}")
LETTERS: Final = "ABC"
RIGHT: Final = N_("✓ *That is what the row says.* {because}")
NOT_SO: Final = N_("*The row says something else:* {letter}. {text}\n{because}")
YOU_SAID: Final = N_("You said {letter}. {text}")
ROW: Final = N_("The row: *{title}*. Whose it is: {owner}. (Row {key}, matrix {version})")

PASSED: Final = N_("*{right} of {rows} right: done.* Thank you for taking the time.")
AGAIN: Final = N_(
    "*{right} of {rows} right: let's look at these rows again.* Many people need two rounds."
    " Only you see how many were right."
)
LOOK_AT: Final = N_("Rows to look at once more: {titles}")
NOT_A_CALL: Final = N_("These are only questions. If somebody is in danger now, call 911.")

ANSWERED_ALREADY: Final = N_(
    "You have answered that question. The next one is further down, or press *Go on* in Belay's"
    " Home."
)
BEGUN_ANEW: Final = N_("*The matrix has changed meanwhile*, so your questions begin anew.")
NOT_YOURS: Final = N_("These questions are somebody else's. Yours are in Belay's Home.")
OVER: Final = N_("These questions are over. You can try others from Belay's Home.")
NOT_ASKED: Final = N_("These questions are for peers and for those whom they ask.")

OFFER: Final = N_(
    "*Some rows of the matrix have changed* since your questions: {titles}. When you have a few"
    " quiet minutes, please press *Try the questions* in Belay's Home."
)
OFFER_GONE: Final = N_(
    "*Some rows of the matrix have changed* since your questions. When you have a few quiet"
    " minutes, please press *Try the questions* in Belay's Home."
)
