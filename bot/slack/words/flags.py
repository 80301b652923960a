"""This is what is said about flags on places: their kinds, the forms, and the part of the Home."""

from typing import Final

from bot.slack.words.speech import N_
from protocol.rating import FlagKind

KIND: Final[dict[FlagKind, str]] = {
    FlagKind.CONCERN: N_("Safety concern"),
    FlagKind.NO_ENTRY: N_("No entry"),
}
KEEP: Final[dict[FlagKind, str]] = {
    FlagKind.CONCERN: N_("It holds: safety concern"),
    FlagKind.NO_ENTRY: N_("It holds: no entry"),
}
END: Final = N_("End it: the place is all right now")

PLACE: Final = N_("*{place}*")
COUNTS_AT_ONCE: Final = N_(
    "A flag is about a place, never about a person. It counts at once. Whoever goes there is told."
)
FIELD_KIND: Final = N_("What is it?")
FIELD_EVIDENCE: Final = N_("What did you see?")
HINT_EVIDENCE: Final = N_("No names. Numbers and addresses are taken out. It is stored sealed.")
NEEDS_FLAG: Final = N_("Please pick a flag.")

FIELD_FLAG: Final = N_("Which flag?")
FLAG_LINE: Final = N_("{place}: {kind}, since {day}")
FIELD_DISPUTE: Final = N_("Why should it change?")
HINT_REASON: Final = N_("Kept with the flag. No client names.")
STAYS: Final = N_("The flag counts until somebody has reviewed it.")
NO_FLAGS: Final = N_("No place has a flag right now.")

FIELD_VERDICT: Final = N_("Does it still hold?")
FIELD_REVIEW: Final = N_("Why?")
RAISED: Final = N_("Flagged by {who}, {at}. It ends by itself on {ends}.")
SEEN: Final = N_("What was seen: {evidence}")
DISPUTED: Final = N_("Disputed: {reason}")
NOT_YOURS: Final = N_("Coordinators and peer supervisors review flags. Please ask one of them.")
REVIEWED_SINCE: Final = N_("Somebody has changed this flag since. Please open it again.")
GONE: Final = N_("This flag has ended. There is nothing left to do.")

HEAD: Final = N_("*Flags to review*")
NONE_DUE: Final = N_("No flag waits for a review.")
ROW: Final = N_("*{place}* · {kind}\nFlagged by {who}, {at}. Review by {due}.")
ROW_OVERDUE: Final = N_("*{place}* · {kind}\nFlagged by {who}, {at}. *Review was due {due}.*")
ROW_DISPUTED: Final = N_("Disputed")
FLAG_A_PLACE: Final = N_("Flag a place")
