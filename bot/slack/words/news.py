"""This is what somebody waits for: news, questions, reminders, and lines of an incident thread.

`{who}` is the person the news is about, else the worker; `{text}` what somebody typed, `{at}` a
local time, `{rule}` the rule a plan would have met, `{service}` who was sent. What the worker is
told never says more than a person has done: nobody is on the way until somebody said so.
"""

from typing import Final

from protocol.effects import Asked, Noted, Said
from protocol.records import Expecting

SAID: Final[dict[Said, str]] = {
    Said.PLAN_CONFIRMED: "*Confirmed* by {who}. You can still turn back.",
    Said.RATING_LOWERED: (
        "*The rating is one step lower now.* {who} was the second to agree. The plan still needs "
        "a yes."
    ),
    Said.CHANGES_ASKED: "{who} asks for changes before this visit:\n{text}",
    Said.PLAN_DECLINED: (
        "{who} declined this plan:\n{text}\nYou can plan it in another way. If you are there "
        "already, start the clock with the visit command and the word *here*."
    ),
    Said.DECLINED_WHILE_OUT: (
        "{who} asks you to end this visit:\n{text}\nYour clock goes on until you are clear."
    ),
    Said.NOT_CONFIRMED_YET: (
        "Nobody has confirmed your plan yet. The backup was asked. You are watched from your "
        "start time all the same."
    ),
    Said.STARTED_UNCONFIRMED: (
        "{who} started a visit that nobody has confirmed. The clock is running."
    ),
    Said.WATCHED_UNPLANNED: (
        "{who} is on a visit that was not planned ahead. The clock is running.{rule} "
        "Being watched comes first."
    ),
    Said.RUNNING_LATE: ("{who} starts {text} minutes later. The new time is on the plan."),
    Said.EXTENDED: ("{who} needs {text} more minutes. The new end is on the plan."),
    Said.OVER_TIME: "{who} is past the planned end and still checking in. Give them a call?",
    Said.SEPARATED: "The pair has split up ({who} said so). Each of them checks in from now on.",
    Said.ENDED_EARLY: "{who} is leaving early. No reason is needed.",
    Said.CALLED_OFF: "{who} called the visit off. No reason is needed.",
    Said.PARTNER_WAITING: ("Your partner has checked in. Belay still waits for you."),
    Said.PEOPLE_TOLD: "No check-in came, so people were told. Safe? Tap *OK* and take their call.",
    Said.HELP_RAISED: (
        "*Received.* Your team is asked to call you. Your card shows who has seen it."
    ),
    Said.HELP_AGAIN: ("*{who} asked for help again.* The page shows how it stands."),
    Said.HELP_STAY_QUIET: (
        "*{who} now asks you to stay quiet.* Do not ring or text them. The page shows what to do."
    ),
    Said.UNEASY: "*{who} feels uneasy and asks for a call.* That is not an all-clear.",
    Said.SEEN: "{who} has seen this.",
    Said.SUPPORT_SENT: ("{who} says: support was sent.{service}"),
    Said.EMERGENCY_CALLED: "{who} says: emergency services were called.",
    Said.WORKER_TAPPED: (
        "{who} has tapped since. That alone does not close it. The page says what to do."
    ),
    Said.TAPPED_WHILE_OPEN: (
        "Your tap came in. Someone will also speak with you before this closes."
    ),
    Said.NOBODY_ON_RUNG: "Nobody was on duty for one step of the ladder. The next people were paged"
    " at once. Please check the rota.",
    Said.HOLD_EXPIRED: (
        "You had this, and the time for it ran out. People are being paged again. Still "
        "on it? Tap *I have it* on the page."
    ),
    Said.CLOSING_REJECTED: "{who} does not agree that this can close. It stays open.",
    Said.SENT_TO_LOOK: (
        "{who} asks you to look in on a colleague. You get a watched visit of your own. Turn "
        "back if it does not feel safe."
    ),
    Said.ACCOUNTED_FOR: "You are accounted for. Thank you for staying in touch.",
}

ASKED: Final[dict[Asked, str]] = {
    Asked.APPROVE: "*A visit plan needs your answer.*",
    Asked.STILL_ON_IT: "*Are you still on it?* If not, people are paged again at {at}.",
    Asked.NEXT_LOOK: (
        "*Time for the next look.* Is the worker accounted for? If nobody answers, people are"
        " paged again at {at}."
    ),
    Asked.CONFIRM_TAP: "*{who} checked in late.* Have you no doubt? One tap confirms it.",
    Asked.CONFIRM_CLOSING: "*{who} says that the worker is accounted for.* Do you agree?",
    Asked.AGREE_LOWERING: (
        "*{who} asks to lower the rating of this plan.* It takes two. Do you agree?"
    ),
}

LOWERING: Final = "{who} asks for *{rating}* instead. It needs a second approver. Why: {reason}"
LOWERED: Final = "Lowered to *{rating}* by {who} and {second}. Why: {reason}"
NOT_LOWERED: Final = "The plan has changed since. Nothing is left to agree to."
PLAN_HEAD: Final = "*A visit plan*"

REMINDER: Final[dict[Expecting, tuple[str, str]]] = {
    Expecting.ARRIVAL: (
        "Are you there? *I'm here* is due at {at}.",
        "Are you there? It was due at {at}.",
    ),
    Expecting.CHECK_IN: ("Your check-in is due at {at}.", "All OK? Your check-in was due at {at}."),
    Expecting.EXIT: (
        "Your visit ends at {at}. Leaving, or OK?",
        "The planned end was {at}. Leaving, or OK?",
    ),
    Expecting.CLEAR: ("Are you clear? It is due at {at}.", "Are you clear? It was due at {at}."),
}

NOTED: Final[dict[Noted, str]] = {
    Noted.RAISED: "Raised: a call is wanted now.",
    Noted.CLIMBED: "{text}",
    Noted.ACKNOWLEDGED: "{who} has it.",
    Noted.HOLD_EXPIRED: "{who} did not answer in time. Paging goes on.",
    Noted.CANNOT_TAKE: "{who} can't take it.",
    Noted.ATTEMPT: "{who}: contact attempt.{text}",
    Noted.SUPPORT_SENT: "{who}: support was sent.",
    Noted.EMERGENCY_CALLED: "{who}: emergency services were called.",
    Noted.WORKER_TAPPED: "A tap came from the worker's phone.",
    Noted.CLOSED_BY_ONE: "{who} says that the worker is accounted for. A second person confirms.",
    Noted.CLOSING_REJECTED: "{who} does not agree. It stays open.",
    Noted.CLOSED: "Closed: the worker is accounted for.",
}

# A line of a climb: its step, how many people it paged, and how many were paged so far.
CLIMBED: Final = "Step {step}: {paged}{in_all}."
CLIMBED_ONE: Final = "1 person was paged"
CLIMBED_MANY: Final = "{count} people were paged"
CLIMBED_NOBODY: Final = "nobody could be paged"
CLIMBED_IN_ALL: Final = "; {count} in all so far"
CLIMBED_UNCOUNTED: Final = "More people were paged."

# What a lock screen may show: no name, no place, no kind.
LOCK_REMINDER: Final = "Belay: reminder"
LOCK_PAGE: Final = "Belay: URGENT page, open now"
LOCK_NEWS: Final = "Belay: update"
LOCK_ASK: Final = "Belay: please answer"
LOCK_CARD: Final = "Belay: your card"
LOCK_APPROVAL: Final = "Belay: a plan to look at"
LOCK_STAND_DOWN: Final = "Belay: accounted for"
LOCK_THREAD: Final = "Belay: incident thread"

STAND_DOWN: Final = "*Stand down.* {worker} is accounted for. {who} closed it at {at}. Thank you."
STAND_DOWN_CHANNEL: Final = "*Stand down.* The worker is accounted for. {who} closed it at {at}."
THREAD_HEAD: Final = (
    "*Incident {number}* · {kind}\nOpened {at}. Facts only. No names, no guesses. Times are local."
)
