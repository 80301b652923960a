"""This is what stands on buttons, menus and forms, and what Belay says when it can't say yes."""

from typing import Final

from bot.slack.ids import Action, ApproverMore, Form, More, ResponderMore

BUTTON: Final[dict[Action, str]] = {
    Action.ARRIVE: "I'm here",
    Action.OK: "OK",
    Action.LEAVE: "Leaving",
    Action.CLEAR: "I'm clear",
    Action.HELP_CALL: "Help: call me",
    Action.HELP_QUIET: "Help: stay quiet",
    Action.RUNNING_LATE: "Running late",
    Action.NOT_YET_CLEAR: "Not yet",
    Action.MORE: "More",
    Action.PAIR: "Pair",
    Action.NEXT_STOP: "Next stop",
    Action.CHANGE_PLAN: "Change plan",
    Action.CONFIRM_PLAN: "Confirm plan",
    Action.ASK_CHANGES: "Ask for changes",
    Action.DECLINE_PLAN: "Decline",
    Action.APPROVER_MORE: "More",
    Action.AGREE_LOWERING: "Agree to the lower rating",
    Action.ACKNOWLEDGE: "I have it",
    Action.ESCALATE: "Escalate",
    Action.CANNOT_TAKE: "Can't take it",
    Action.STILL_ON_IT: "Still on it",
    Action.LOG_ATTEMPT: "Log a contact attempt",
    Action.SEND_SUPPORT: "Support sent",
    Action.CALL_EMERGENCY: "Emergency services called",
    Action.CLOSE: "Accounted for...",
    Action.RESPONDER_MORE: "More",
    Action.CONFIRM_TAP: "Yes, they are OK",
    Action.CONFIRM_CLOSING: "Confirm",
    Action.REJECT_CLOSING: "Not yet",
}
MORE: Final[dict[More, str]] = {
    More.EXTEND: "Extend",
    More.NO_SIGNAL: "No signal for a while",
    More.UNEASY: "Uneasy: call me",
    More.END_EARLY: "End early: safety changed",
    More.CHANGE_PLAN: "Change plan",
    More.CALL_OFF: "Call off",
    More.BOTH_OK: "Both of us are OK",
    More.SPLIT: "We split up",
}
APPROVER_MORE: Final[dict[ApproverMore, str]] = {
    ApproverMore.LOWER_RATING: "Lower the rating",
}
RESPONDER_MORE: Final[dict[ResponderMore, str]] = {
    ResponderMore.PROXY: "I spoke with them: check in for them",
    ResponderMore.ESCALATE: "Page the next people",
    ResponderMore.CANNOT_TAKE: "Can't take it any more",
}
TITLE: Final[dict[Form, str]] = {
    Form.PLAN: "Plan a visit",
    Form.HERE_NOW: "I'm here now",
    Form.REVISE: "Change plan",
    Form.RUNNING_LATE: "Running late",
    Form.EXTEND: "Extend",
    Form.NO_SIGNAL: "No signal",
    Form.CONFIRM_PLAN: "Confirm plan",
    Form.ASK_CHANGES: "Ask for changes",
    Form.DECLINE_PLAN: "Decline",
    Form.LOWER_RATING: "Lower the rating",
    Form.ATTEMPT: "Contact attempt",
    Form.SUPPORT: "Support sent",
    Form.EMERGENCY: "Emergency called",
    Form.PROXY: "Check in for them",
    Form.CLOSE: "Accounted for",
}
SUBMIT: Final[dict[Form, str]] = {
    Form.PLAN: "Send plan",
    Form.HERE_NOW: "Watch me",
    Form.REVISE: "Send plan",
    Form.RUNNING_LATE: "Save",
    Form.EXTEND: "Extend",
    Form.NO_SIGNAL: "Save",
    Form.CONFIRM_PLAN: "Confirm plan",
    Form.ASK_CHANGES: "Send",
    Form.DECLINE_PLAN: "Decline",
    Form.LOWER_RATING: "Ask a second person",
    Form.ATTEMPT: "Save",
    Form.SUPPORT: "Save",
    Form.EMERGENCY: "Save",
    Form.PROXY: "Save",
    Form.CLOSE: "Close it",
}
BACK: Final = "Back"

NOT_CONFIRMED: Final = (
    "You get a message when it is confirmed. Your clock runs from your start time, with or without"
    " a yes."
)
NO_TICK: Final = "No tick? It did not arrive. Call or text {line}."
NO_TICK_NO_LINE: Final = "No tick? It did not arrive. Call or text your coordinator."
UNKNOWN: Final = "Not confirmed yet. Watch for the tick, or call {line}."
UNKNOWN_NO_LINE: Final = "Not confirmed yet. Watch for the tick, or call your coordinator."
NO_FORM: Final = "The form did not open. Please try again, or call {line}."
NO_FORM_NO_LINE: Final = "The form did not open. Please try again, or call your coordinator."
UNREADABLE: Final = "Belay could not read that. Please try again from your newest message."
NOT_KNOWN: Final = "Belay does not know you yet. Ask your coordinator to add you. In danger? Call."
KIND_LIST: Final = (
    "Here is what you can type:\n• *OK*: I'm fine\n• *OUT*: I'm leaving, and again when I'm clear\n"
    "• *HELP*: get me help, quietly\nYour card has the same as buttons."
)
HELP_TYPED: Final = "Received. Nothing rings. Want a call? Use the button *Help: call me*."
ALL_TIMES: Final = "Times are local: {zone}"

CASE_CODE: Final = (
    "This looks like it has {what} in it. Please take it out. Use the case code, or a short name"
    " such as Home 17."
)
MISSING_TIME: Final = "The clocks skip {time} on that day. Pick a time an hour later."
TWICE_TIME: Final = (
    "The clocks show {time} twice on that day. Pick a time an hour earlier or later."
)
NEEDS_PLACE: Final = "Pick a place, or type a new one."
ONE_PLACE: Final = "Pick a place or type a new one, not both."
NEEDS_ANSWER: Final = "Please pick one of these."
NEEDS_TEXT: Final = "Please write a few words."
TOO_MUCH_TEXT: Final = "Please use fewer words here."
WRONG_TIME: Final = "Please pick a day and a time."

FIELD_PROGRAM: Final = "Program"
FIELD_PLACE: Final = "Where?"
FIELD_NEW_PLACE: Final = "Or a new place"
HINT_NEW_PLACE: Final = "A short name, such as Home 17. No exact private address."
FIELD_STOPS: Final = "Then on to"
FIELD_DAY: Final = "Which day?"
FIELD_TIME: Final = "What time?"
FIELD_LENGTH: Final = "How long?"
FIELD_PURPOSE: Final = "What for?"
HINT_PURPOSE: Final = "A plan needs this. If you are there now, leave it open."
FIELD_KNOWN: Final = "What do you know?"
HINT_KNOWN: Final = "Tick what fits. No ticks is an answer too."
FIELD_DANGER: Final = "Any of these?"
FIELD_PARTNER: Final = "Partner on this visit"
FIELD_BACKUP: Final = "Backup on site"
FIELD_TRANSPORT: Final = "How do you get there?"
FIELD_ALSO: Final = "Also"
ALSO_TRANSPORTING: Final = "I drive somebody, alone"
ALSO_CASH: Final = "I carry cash"
FIELD_RAISED: Final = "Rate it higher"
FIELD_NOTE: Final = "Sealed note"
HINT_NOTE: Final = "Read only if something happens. Use the case code, no names."
FIELD_ALREADY_THERE: Final = "Are you there now?"
FIELD_HOW_LONG_MORE: Final = "How much longer?"
FIELD_HOW_LATE: Final = "How much later?"
FIELD_NO_SIGNAL: Final = "For how long?"
FIELD_REASON: Final = "What should the worker know?"
HINT_REASON: Final = "Goes to the worker only. No client names."
LOWER: Final = "From *{old}* to *{new}*, if a second approver agrees. The plan still needs a yes."
FIELD_LOWER: Final = "What makes this visit safer?"
HINT_LOWER: Final = "Stands on the plan, with both your names. No client names."
FIELD_EVERY: Final = "Check in every"
FIELD_METHOD: Final = "What did you try?"
FIELD_OUTCOME: Final = "What came of it?"
FIELD_COLLEAGUE: Final = "Which colleague went?"
FIELD_SERVICE: Final = "Or which service?"
FIELD_LOOK_IN: Final = "Look again in"
FIELD_CHALLENGE: Final = "Was the challenge right?"
FIELD_ACCOUNTED: Final = "How do you know?"
FIELD_WITNESS: Final = "Who saw them, or which service has them?"
FIELD_FINDING: Final = "What was it?"
FIELD_CONTINUES: Final = "The visit"
CONTINUES: Final = "The visit goes on"
YES: Final = "Yes"
NO: Final = "No"
MORE_DETAILS: Final = "*The rest is optional.*"
EMPTY: Final = "-"
CHOOSE: Final = "Pick one"
NO_PLACE: Final = "Place not named"
WHO_WENT: Final = "Pick a colleague, or write which service went."
