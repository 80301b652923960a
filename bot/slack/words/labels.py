"""This is what stands on buttons, menus and forms, and what Belay says when it can't say yes."""

from typing import Final

from bot.slack.ids import Action, ApproverMore, Form, More, ResponderMore
from bot.slack.words.speech import N_, n_
from protocol.records import Expecting

BUTTON: Final[dict[Action, str]] = {
    Action.PLAN_VISIT: N_("Plan a visit"),
    Action.HERE_NOW: N_("Start a visit now"),
    Action.REPEAT_VISIT: N_("Plan it again"),
    Action.LIKE_LAST: N_("Same as last time"),
    Action.MORE_DETAILS: N_("More details"),
    Action.ARRIVE: N_("I'm here"),
    Action.OK: N_("OK"),
    Action.LEAVE: N_("Leaving"),
    Action.CLEAR: N_("I'm clear"),
    Action.HELP_CALL: N_("Help: call me"),
    Action.HELP_QUIET: N_("Help: stay quiet"),
    Action.RUNNING_LATE: N_("Running late"),
    Action.NOT_YET_CLEAR: N_("Not yet"),
    Action.MORE: N_("More"),
    Action.PAIR: N_("Pair"),
    Action.NEXT_STOP: N_("Next stop"),
    Action.CHANGE_PLAN: N_("Change plan"),
    Action.CONFIRM_PLAN: N_("Confirm plan"),
    Action.ASK_CHANGES: N_("Ask for changes"),
    Action.DECLINE_PLAN: N_("Decline"),
    Action.READ_LOW_PLANS: N_("Read and confirm low plans"),
    Action.READ_PLAN: N_("Read"),
    Action.PLAN_WEEKLY: N_("Ask again"),
    Action.OPEN_STANDING: N_("Read and answer"),
    Action.SKIP_STANDING: N_("Skip the next one"),
    Action.END_STANDING: N_("End it"),
    Action.APPROVER_MORE: N_("More"),
    Action.AGREE_LOWERING: N_("Agree to the lower rating"),
    Action.ACKNOWLEDGE: N_("I have it"),
    Action.ESCALATE: N_("Escalate"),
    Action.CANNOT_TAKE: N_("Can't take it"),
    Action.STILL_ON_IT: N_("Still on it"),
    Action.LOG_ATTEMPT: N_("Log a contact attempt"),
    Action.SEND_SUPPORT: N_("Support sent"),
    Action.CALL_EMERGENCY: N_("Emergency services called"),
    Action.CLOSE: N_("Accounted for..."),
    Action.RESPONDER_MORE: N_("More"),
    Action.CONFIRM_TAP: N_("Yes, they are OK"),
    Action.CONFIRM_CLOSING: N_("Confirm"),
    Action.REJECT_CLOSING: N_("Not yet"),
    Action.HAND_OVER: N_("Hand over"),
    Action.HAND_OVER_ALL: N_("Hand over what I have"),
    Action.TAKE_HANDOVER: N_("I take it"),
    Action.DECLINE_HANDOVER: N_("I can't take it"),
    Action.CALL_ROLL: N_("Everyone, account for yourself"),
    Action.ON_THE_WAY: N_("OK, on my way"),
    Action.SHOW_CARD: N_("Send my card to Messages"),
    Action.SHOW_BOARD: N_("Show everybody"),
    Action.FLAG_PLACE: N_("Flag this place"),
    Action.DISPUTE_FLAG: N_("Dispute a flag"),
    Action.REVIEW_FLAG: N_("Review"),
    Action.PAGE_ROW: N_("Page them now"),
    Action.PAGE_LEAD: N_("Page the clinical lead"),
    Action.WRITE_CONSULT: N_("Write back..."),
    Action.NIGHT_CLOSE: N_("Close for the night"),
    Action.SORTED: N_("Sorted"),
    Action.NOT_SORTED: N_("Not sorted"),
    Action.READY_STEP: N_("Start"),
    Action.READY_SKIP: N_("Skip for now"),
    Action.PRACTICE_OK: N_("OK"),
    Action.PRACTICE_LEAVE: N_("Leaving"),
    Action.PRACTICE_MORE: N_("More"),
    Action.PRACTICE_HELP_CALL: N_("Help: call me"),
    Action.PRACTICE_HELP_QUIET: N_("Help: stay quiet"),
    Action.ASK_WHO: N_("Who handles this?"),
    Action.OPEN_ROW: N_("Open"),
    Action.NOT_THAT: N_("That is not it"),
    Action.DECLINE_ROW: N_("Decline with citation"),
    Action.TRY_QUIZ: N_("Try the questions"),
    Action.QUIZ_A: N_("A"),
    Action.QUIZ_B: N_("B"),
    Action.QUIZ_C: N_("C"),
    Action.GAP_IS_ROW: N_("It is this row..."),
    Action.GAP_NEW_ROW: N_("New row..."),
    Action.GAP_OUTSIDE: N_("Outside..."),
    Action.GAP_WAITED: N_("I wait"),
    Action.GAP_ASKED: N_("I ask a supervisor"),
    Action.GAP_WENT_AHEAD: N_("I go ahead"),
    Action.GAP_OTHER: N_("Something else"),
    Action.SETTLE_PATTERN: N_("Settle..."),
    Action.PROPOSE_CHANGE: N_("Propose a change"),
    Action.SEE_PROPOSAL: N_("Look at it"),
    Action.SHOW_VERSIONS: N_("Versions"),
    Action.ADOPT_MATRIX: N_("Adopt..."),
    Action.PAGE_ROW: N_("Page them now"),
    Action.PAGE_LEAD: N_("Page the clinical lead"),
}
MORE: Final[dict[More, str]] = {
    More.EXTEND: N_("Extend"),
    More.NO_SIGNAL: N_("No signal for a while"),
    More.UNEASY: N_("Uneasy: call me"),
    More.END_EARLY: N_("End early: safety changed"),
    More.CHANGE_PLAN: N_("Change plan"),
    More.CALL_OFF: N_("Call off"),
    More.WEEKLY: N_("Plan this every week"),
    More.BOTH_OK: N_("Both of us are OK"),
    More.SPLIT: N_("We split up"),
    More.FLAG_PLACE: N_("Flag this place"),
}
APPROVER_MORE: Final[dict[ApproverMore, str]] = {
    ApproverMore.LOWER_RATING: N_("Lower the rating"),
}
RESPONDER_MORE: Final[dict[ResponderMore, str]] = {
    ResponderMore.PROXY: N_("I spoke with them: check in for them"),
    ResponderMore.ESCALATE: N_("Page the next people"),
    ResponderMore.CANNOT_TAKE: N_("Can't take it any more"),
    ResponderMore.HAND_OVER: N_("Hand over to somebody"),
}
TITLE: Final[dict[Form, str]] = {
    Form.PROGRAM: N_("Which program?"),
    Form.PLAN: N_("Plan a visit"),
    Form.HERE_NOW: N_("Start a visit now"),
    Form.REVISE: N_("Change plan"),
    Form.RUNNING_LATE: N_("Running late"),
    Form.EXTEND: N_("Extend"),
    Form.NO_SIGNAL: N_("No signal"),
    Form.CONFIRM_PLAN: N_("Confirm plan"),
    Form.ASK_CHANGES: N_("Ask for changes"),
    Form.DECLINE_PLAN: N_("Decline"),
    Form.LOW_PLANS: N_("Low plans"),
    Form.STANDING: N_("Plan it every week"),
    Form.CONFIRM_STANDING: N_("Standing plan"),
    Form.LOWER_RATING: N_("Lower the rating"),
    Form.ATTEMPT: N_("Contact attempt"),
    Form.SUPPORT: N_("Support sent"),
    Form.EMERGENCY: N_("Emergency called"),
    Form.PROXY: N_("Check in for them"),
    Form.CLOSE: N_("Accounted for"),
    Form.HAND_OVER: N_("Hand over"),
    Form.HAND_OVER_ALL: N_("Hand over"),
    Form.CALL_ROLL: N_("Everyone"),
    Form.FLAG: N_("Flag a place"),
    Form.DISPUTE_FLAG: N_("Dispute a flag"),
    Form.REVIEW_FLAG: N_("Review a flag"),
    Form.PAGE: N_("Page them now"),
    Form.CONSULT: N_("Write back"),
    Form.ANSWERS: N_("The two OK buttons"),
    Form.PRACTICE: N_("Practice"),
    Form.CONTACTS: N_("Contacts"),
    Form.SEND: N_("Whom to send"),
    Form.RECORDS: N_("What Belay records"),
    Form.LANGUAGE: N_("Language"),
    Form.ASK: N_("Who handles this?"),
    Form.DECLINE_ROW: N_("Outside the peer role"),
    Form.DECLINED: N_("Passed on"),
    Form.GAP_IS_ROW: N_("It is this row"),
    Form.GAP_NEW_ROW: N_("A new row"),
    Form.GAP_OUTSIDE: N_("Outside the matrix"),
    Form.SETTLE_PATTERN: N_("What was agreed"),
    Form.PROPOSE_CHANGE: N_("Propose a change"),
    Form.PROPOSAL: N_("A change to the matrix"),
    Form.VERSIONS: N_("Versions"),
    Form.ADOPT_MATRIX: N_("Adopt the matrix"),
}
SUBMIT: Final[dict[Form, str]] = {
    Form.PROGRAM: N_("Next"),
    Form.PLAN: N_("Send plan"),
    Form.HERE_NOW: N_("Watch me"),
    Form.REVISE: N_("Send plan"),
    Form.RUNNING_LATE: N_("Save"),
    Form.EXTEND: N_("Extend"),
    Form.NO_SIGNAL: N_("Save"),
    Form.CONFIRM_PLAN: N_("Confirm plan"),
    Form.ASK_CHANGES: N_("Send"),
    Form.DECLINE_PLAN: N_("Decline"),
    Form.LOW_PLANS: N_("Confirm what I ticked"),
    Form.STANDING: N_("Ask for it"),
    Form.CONFIRM_STANDING: N_("Confirm"),
    Form.LOWER_RATING: N_("Ask a second person"),
    Form.ATTEMPT: N_("Save"),
    Form.SUPPORT: N_("Save"),
    Form.EMERGENCY: N_("Save"),
    Form.PROXY: N_("Save"),
    Form.CLOSE: N_("Close it"),
    Form.HAND_OVER: N_("Ask them"),
    Form.HAND_OVER_ALL: N_("Ask them"),
    Form.CALL_ROLL: N_("Ask everyone now"),
    Form.FLAG: N_("Flag it"),
    Form.DISPUTE_FLAG: N_("Send"),
    Form.REVIEW_FLAG: N_("Save"),
    Form.PAGE: N_("Page them now"),
    Form.CONSULT: N_("Send"),
    Form.ANSWERS: N_("Save"),
    Form.PRACTICE: N_("Try these words"),
    Form.CONTACTS: N_("Save"),
    Form.SEND: N_("Save"),
    Form.RECORDS: N_("Next page"),
    Form.LANGUAGE: N_("Save"),
    Form.ASK: N_("Ask"),
    Form.DECLINE_ROW: N_("Send"),
    Form.DECLINED: N_("Done"),
    Form.GAP_IS_ROW: N_("Propose it"),
    Form.GAP_NEW_ROW: N_("Propose it"),
    Form.GAP_OUTSIDE: N_("Propose it"),
    Form.SETTLE_PATTERN: N_("Save"),
    Form.PROPOSE_CHANGE: N_("Propose it"),
    Form.PROPOSAL: N_("Send"),
    Form.VERSIONS: N_("Done"),
    Form.ADOPT_MATRIX: N_("Sign"),
}
BACK: Final = N_("Back")

NOT_CONFIRMED: Final = N_(
    "You get a message when it is confirmed. Your clock runs from your start time, with or without"
    " a yes."
)
NO_TICK: Final = N_("No tick? It did not arrive. Call or text {line}.")
NO_TICK_NO_LINE: Final = N_("No tick? It did not arrive. Call or text your coordinator.")
UNKNOWN: Final = N_(
    "*We do not know if this arrived.* No tick within a minute? Send it again, or call {line}."
)
UNKNOWN_NO_LINE: Final = N_(
    "*We do not know if this arrived.* No tick within a minute? Send it again, or call your"
    " coordinator."
)
NO_FORM: Final = N_("The form did not open. Please try again, or call {line}.")
NO_FORM_NO_LINE: Final = N_("The form did not open. Please try again, or call your coordinator.")
UNREADABLE: Final = N_("Belay could not read that. Please try again from your newest message.")
NOT_KNOWN: Final = N_(
    "Belay does not know you yet. Ask your coordinator to add you. In danger? Call."
)
KIND_LIST: Final = N_(
    "Here is what you can type:\n• *OK*: I'm fine\n• *OUT*: I'm leaving, and again when I'm clear\n"
    "• *HELP*: get me help, quietly\nYour card has the same as buttons.\n"
    "To ask who handles something, end with a question mark. Somebody in danger now? Call 911."
)
HELP_TYPED: Final = N_("Received. Nothing rings. Want a call? Use the button *Help: call me*.")

CASE_CODE: Final = N_(
    "This looks like it has {what} in it. Please take it out. Use the case code, or a short name"
    " such as Home 17."
)
NEEDS_PLACE: Final = N_("Pick a place, or type a new one.")
ONE_PLACE: Final = N_("You picked a place too. Empty this line, or pick the place not on the list.")
NEEDS_ANSWER: Final = N_("Please pick one of these.")
NEEDS_TEXT: Final = N_("Please write a few words.")
TOO_MUCH_TEXT: Final = N_("Please use fewer words here.")
WRONG_TIME: Final = N_("Please pick a day and a time.")

START_FROM: Final = N_("Fill in a kind of visit")
FILLED: Final = N_("✓ Filled in for *{kind}*: {length}, {purpose}. Change what does not fit.")
FILLED_ASSUMING: Final = N_(
    "✓ Filled in for *{kind}*: {length}, {purpose}. It assumes: {factors}. Change what does not"
    " fit."
)
FILLED_AS_BEFORE: Final = N_("✓ Filled in as last time. Check the time, then send it.")
FIELD_PLACE: Final = N_("Where?")
PICK_PLACE: Final = N_("Pick a place")
NOT_LISTED: Final = N_("A place not on the list")
FIELD_NEW_PLACE: Final = N_("What do you call it?")
HINT_NEW_PLACE: Final = N_("A short name, such as Home 17. No exact private address.")
FIELD_STOPS: Final = N_("Then on to")
HINT_STOPS: Final = N_("Pick them in the order in which you go, seven at most.")
FIELD_WHEN: Final = N_("When?")
FIELD_LENGTH: Final = N_("How long?")
FIELD_PURPOSE: Final = N_("What for?")
FIELD_KNOWN: Final = N_("What do you know about the place?")
NOTHING_KNOWN: Final = N_("Nothing special")
KNOWN_DANGER: Final = N_("Danger")
KNOWN_ELSE: Final = N_("Also good to know")
FIELD_PARTNER: Final = N_("Partner on this visit")
FIELD_BACKUP: Final = N_("Backup on site")
FIELD_TRANSPORT: Final = N_("How do you get there?")
FIELD_ALSO: Final = N_("Also")
ALSO_TRANSPORTING: Final = N_("I drive somebody, alone")
ALSO_CASH: Final = N_("I carry cash")
FIELD_RAISED: Final = N_("Rate it higher")
FIELD_NOTE: Final = N_("Sealed note")
HINT_NOTE: Final = N_("Read only if something happens. Use the case code, no names.")
FIELD_HOW_LONG_MORE: Final = N_("How much longer?")
FIELD_HOW_LATE: Final = N_("How much later?")
FIELD_NO_SIGNAL: Final = N_("For how long?")
FIELD_REASON: Final = N_("What should the worker know?")
HINT_REASON: Final = N_("Goes to the worker only. No client names.")
LOWER: Final = N_(
    "From *{old}* to *{new}*, if a second approver agrees. The plan still needs a yes."
)
FIELD_LOWER: Final = N_("What makes this visit safer?")
HINT_LOWER: Final = N_("Stands on the plan, with both your names. No client names.")
FIELD_EVERY: Final = N_("Check in every")
FIELD_METHOD: Final = N_("What did you try?")
FIELD_OUTCOME: Final = N_("What came of it?")
FIELD_COLLEAGUE: Final = N_("Which colleague went?")
FIELD_SERVICE: Final = N_("Or which service?")
FIELD_LOOK_IN: Final = N_("Look again in")
FIELD_CHALLENGE: Final = N_("Was the challenge right?")
FIELD_ACCOUNTED: Final = N_("How do you know?")
FIELD_WITNESS: Final = N_("Who saw them, or which service has them?")
FIELD_FINDING: Final = N_("What was it?")
HINT_CHALLENGE: Final = N_(
    "The challenge is the question that your team agreed on with them. Right: they speak freely."
    " Wrong, or none: say nothing about it, do not close this, and go on as the page says."
)
HINT_CLOSE: Final = N_(
    "The challenge: ask the question that your team agreed on with them. Wrong, or no answer? Say"
    " nothing about it, and do not close this."
)
FIELD_CONTINUES: Final = N_("And the visit?")
CONTINUES: Final = N_("Still out: the clock runs on")
IS_OVER: Final = N_("Over: the clock stops")
YES: Final = N_("Yes")
NO: Final = N_("No")
MORE_DETAILS: Final = N_("*More details.* Fill in what fits.")
WHICH_PROGRAM: Final = N_("You serve more than one program. Which one is this visit for?")
CHOOSE: Final = N_("Pick one")
NO_PLACE: Final = N_("Place not named")
WHO_WENT: Final = N_("Pick a colleague, or write which service went.")

# The worker's card.
TICK_ASKED: Final = N_("Plan sent")
TICK_CONFIRMED: Final = N_("Plan confirmed. You can still turn back.")
TICK_HERE: Final = N_("I'm here")
TICK_HEARD: Final = N_("Last heard")
TICK_LEFT: Final = N_("Leaving")
TICK_CLEAR: Final = N_("Clear")
TICK_SEEN: Final = N_("{who} has seen this")
VISIT_CLOSED: Final = N_("Visit closed.")
DUE: Final[dict[Expecting, str]] = {
    Expecting.ARRIVAL: N_("Tap *I'm here* by *{at}*."),
    Expecting.CHECK_IN: N_("Check in by *{at}*."),
    Expecting.EXIT: N_("Check in, or tap *Leaving*, by *{at}*."),
    Expecting.CLEAR: N_("Tap *I'm clear* by *{at}*."),
}
WAS_DUE: Final[dict[Expecting, str]] = {
    Expecting.ARRIVAL: N_("Your *I'm here* was due at *{at}*."),
    Expecting.CHECK_IN: N_("Your check-in was due at *{at}*."),
    Expecting.EXIT: N_("Your check-in, or *Leaving*, was due at *{at}*."),
    Expecting.CLEAR: N_("Your *I'm clear* was due at *{at}*."),
}
RATED: Final = N_("Rating: {rating}")
PEOPLE_TOLD: Final = N_("People have been told.")
BOTH: Final = N_("{one} and {other}")
STOP_OF: Final = N_("Stop {number} of {count}: {here}")
STOP_AND_NEXT: Final = N_("Stop {number} of {count}: {here}. Next: {place}")
OFF_THE_PLAN: Final = N_(
    "You are no longer on this visit. Nothing here waits for you. For another visit, use its own "
    "card."
)
NOTHING_OPEN: Final = N_("Nothing is open.")

# The plan, for whoever confirms it.
PLAN_WHERE: Final = N_("Where: {places}")
PLAN_WHEN: Final = N_("When: {start} to {end} ({length})")
PLAN_RATING: Final = N_("Rating: *{rating}*. Nothing special is known.")
PLAN_RATING_BECAUSE: Final = N_("Rating: *{rating}*, because: {factors}")
RAISED_BY_WORKER: Final = N_("raised by the worker")
PLAN_PARTNER: Final = N_("Partner: {who}")
PLAN_ALONE: Final = N_("Goes alone")
PLAN_BACKUP: Final = N_("Backup on site: {who}")
PLAN_TRANSPORT: Final = N_("Getting there: {how}")
DRIVES_ALONE: Final = N_("drives somebody alone")
CARRIES_CASH: Final = N_("carries cash")
PLAN_EVERY: Final = N_("Checks in every {length}")
PLAN_AT_END: Final = N_("No check-in before the planned end at {at}")
ONLY_AT_END: Final = N_("Once, at the planned end")
PLAN_NOTE: Final = N_("There is a sealed note. It is read only if something happens.")
PLAN_CONFIRMED: Final = N_("✓ Confirmed by {who}, {at}")
PLAN_CLOSED: Final = N_("Closed.")
PLAN_CLOSED_DECLINED: Final = N_("Closed. Plan declined.")

# What people are called who are not known by name.
TEAMMATE: Final = N_("A teammate")
SOMEBODY: Final = N_("Somebody")

MINUTES: Final = N_("{minutes} min")
HOURS: Final = N_("{hours} h")
HOURS_AND_MINUTES: Final = N_("{hours} h {minutes} min")
SPAN: Final = N_("{first} to {last}")
CLOSE_WINDOW: Final = N_("Close")


def flags(count: int) -> str:
    """How many flags stand on a place."""
    return n_("1 flag on the place", "{count} flags", count)


def minutes(count: int) -> str:
    """A length of time as a choice."""
    return n_("{count} minute", "{count} minutes", count)
