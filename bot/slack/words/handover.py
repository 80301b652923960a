"""This is what stands on handover and roll call besides news, buttons and reasons."""

from typing import Final

from bot.slack.words.speech import N_, n_

STAYS_WITH_YOU: Final = N_("It stays with you.")
STAYS_WITH: Final = N_("It stays with {who}.")
ANSWER_BY: Final = N_("Please answer by {at}.")
VISIT_OF: Final = N_("Visit: {who}")
WATCHED_BY: Final = N_("{who} has taken this visit over.")

FIELD_TAKER: Final = N_("Who takes it?")
HINT_TAKER: Final = N_("They are asked now. It stays with you until they say yes.")
FIELD_HANDED: Final = N_("What do you hand over?")
NOTHING_HELD: Final = N_("You have nothing to hand over right now.")
NOBODY_TO_ASK: Final = N_("There is nobody to ask right now. Call your coordinator line.")

ONLY_RESPONDERS: Final = N_("Only those who answer pages can ask everyone.")

CALL_HEAD: Final = N_("*Everyone, account for yourself*")
CALL_ASK: Final = N_(
    "Each of them gets a message with the OK buttons now. Who does not answer in {minutes} minutes"
    " has missed a check-in, and people are paged. An agreed no-signal time does not count."
)
ROLL_COUNT: Final = N_("{answered} of {count} have answered.")
ROLL_WAITING: Final = N_("Still waiting for: {names}")
ROLL_MISSED: Final = N_("No answer from: *{names}*. People are being paged.")
ROLL_UNREADABLE: Final = N_("Belay could not ask: *{names}*. Call them now.")
ROLL_ASKED_AT: Final = N_("Asked at {at}.")
ROLL_ALL: Final = N_("*Everyone has answered.*")

ROLL_RESPONDERS: Final = N_("People are on it already for {count} of them.")


def out_now(count: int) -> str:
    """This is how many people are out."""
    return n_("{count} person is out now.", "{count} people are out now.", count)
