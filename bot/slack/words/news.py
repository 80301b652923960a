"""This is what somebody waits for: news, questions, reminders, and lines of an incident thread.

`{who}` is the person the news is about, else the worker; `{text}` what somebody typed, `{at}` a
local time, `{rule}` the rule a plan would have met, `{service}` who was sent. What the worker is
told never says more than a person has done: nobody is on the way until somebody said so.
"""

from typing import Final

from bot.slack.words.speech import N_, _, n_
from protocol.effects import Asked, Noted, Said
from protocol.records import Expecting

SAID: Final[dict[Said, str]] = {
    Said.PLAN_CONFIRMED: N_("*Confirmed* by {who}. You can still turn back."),
    Said.RATING_LOWERED: N_(
        "*The rating is one step lower now.* {who} was the second to agree. The plan still needs "
        "a yes."
    ),
    Said.CONFIRMED_TOGETHER: N_(
        "*Confirmed: {yes} of {count} plans.* Their workers have been told."
    ),
    Said.NOT_CONFIRMED_TOGETHER: N_("*Not confirmed: the plan of {who}.* {text}"),
    Said.CHANGES_ASKED: N_("{who} asks for changes before this visit:\n{text}"),
    Said.PLAN_DECLINED: N_(
        "{who} declined this plan:\n{text}\nYou can plan it in another way. If you are there "
        "already, press *Start a visit now* in your Home."
    ),
    Said.DECLINED_WHILE_OUT: N_(
        "{who} asks you to end this visit:\n{text}\nYour clock goes on until you are clear."
    ),
    Said.NOT_CONFIRMED_YET: N_(
        "Nobody has confirmed your plan yet. The backup was asked. You are watched from your "
        "start time all the same."
    ),
    Said.STARTED_UNCONFIRMED: N_(
        "{who} started a visit that nobody has confirmed. The clock is running."
    ),
    Said.WATCHED_UNPLANNED: N_(
        "{who} is on a visit that was not planned ahead. The clock is running.{rule} "
        "Being watched comes first."
    ),
    Said.RUNNING_LATE: N_("{who} starts {text} minutes later. The new time is on the plan."),
    Said.EXTENDED: N_("{who} needs {text} more minutes. The new end is on the plan."),
    Said.OVER_TIME: N_("{who} is past the planned end and still checking in. Give them a call?"),
    Said.SEPARATED: N_(
        "The pair has split up ({who} said so). Each of them checks in from now on."
    ),
    Said.ENDED_EARLY: N_("{who} is leaving early. No reason is needed."),
    Said.CALLED_OFF: N_("{who} called the visit off. No reason is needed."),
    Said.STANDING_ASKED: N_("*{who} asks for a standing plan.*"),
    Said.STANDING_CONFIRMED: N_(
        "*{who} confirmed your standing plan.* Each visit comes to you as a card a day ahead. You"
        " can call it off, or turn back, as always."
    ),
    Said.STANDING_ENDED: N_("*The standing plan of {who} has ended.*"),
    Said.STANDING_ENDS_SOON: N_("*The standing plan of {who} ends soon.*"),
    Said.STANDING_NOT_MADE: N_(
        "*Belay was away and did not make this visit in time.* No clock ran for it. Did it take"
        " place? Please talk to each other."
    ),
    Said.NEW_FLAG: N_(
        "*A new flag at {text}.* There is a safety concern about this place. {who} has a visit"
        " there. Turning back, or ending it early, is always fine."
    ),
    Said.NEW_NO_ENTRY: N_(
        "*A new flag at {text}: no entry.* {who} has a visit there. Please do not go in. Are you"
        " there now? Leave when it is safe. Turning back is always fine."
    ),
    Said.FLAG_REVIEW_DUE: N_("*A flag waits for its review:* {text}. Does it still hold?"),
    Said.TAKEN_OFF: N_(
        "{who} changed the plan. You are no longer on this visit, and Belay does not wait for you."
    ),
    Said.PARTNER_WAITING: N_("Your partner has checked in. Belay still waits for you."),
    Said.PEOPLE_TOLD: N_(
        "No check-in came, so people were told. Safe? Tap *OK* and take their call."
    ),
    Said.HELP_RAISED: N_(
        "*Received.* Your team is asked to call you. Your card shows who has seen it."
    ),
    Said.HELP_AGAIN: N_("*{who} asked for help again.* The page shows how it stands."),
    Said.HELP_STAY_QUIET: N_(
        "*{who} now asks you to stay quiet.* Do not ring or text them. The page shows what to do."
    ),
    Said.UNEASY: N_("*{who} feels uneasy and asks for a call.* That is not an all-clear."),
    Said.SEEN: N_("{who} has seen this."),
    Said.SUPPORT_SENT: N_("{who} says: support was sent.{service}"),
    Said.EMERGENCY_CALLED: N_("{who} says: emergency services were called."),
    Said.WORKER_TAPPED: N_(
        "{who} has tapped since. That alone does not close it. The page says what to do."
    ),
    Said.TAPPED_WHILE_OPEN: N_(
        "Your tap came in. Someone will also speak with you before this closes."
    ),
    Said.NOBODY_ON_RUNG: N_(
        "Nobody was on duty for one step of the ladder. The next people were paged"
        " at once. Please check the rota."
    ),
    Said.HOLD_EXPIRED: N_(
        "You had this, and the time for it ran out. People are being paged again. Still "
        "on it? Tap *I have it* on the page."
    ),
    Said.CLOSING_REJECTED: N_("{who} does not agree that this can close. It stays open."),
    Said.SENT_TO_LOOK: N_(
        "{who} asks you to look in on a colleague. You get a watched visit of your own. Turn "
        "back if it does not feel safe."
    ),
    Said.ACCOUNTED_FOR: N_("You are accounted for. Thank you for staying in touch."),
    Said.HAS_IT_NOW: N_("*{who} has it now.*"),
    Said.WATCHES_NOW: N_(
        "*{who} has taken over this visit.* They hear of it when plans change. A missed check-in"
        " goes to whoever is on duty, as before."
    ),
    Said.HANDOVER_DECLINED: N_("*{who} can't take it.* You can ask someone else."),
    Said.HANDOVER_UNANSWERED: N_(
        "*{who} has not answered.* You can call them, or ask someone else."
    ),
    Said.PAGED_FOR_YOU: N_(
        "*Paged.* You get a message when somebody has it, and when they write back. Does it get"
        " worse? Call 911."
    ),
    Said.CHOSEN_SILENT: N_(
        "*Nobody whom you chose has answered yet.* They were paged again. You can choose somebody"
        " else below. In danger now? Call 911 or 988."
    ),
    Said.YOURS_TO_DO: N_("*{who} wrote that this is yours to do.*"),
    Said.UNTIL_MORNING: N_("*{who} has it for the night.*"),
    Said.NOT_SORTED: N_("*{who} says that it is not sorted.* It was paged again."),
    Said.REOPENED: N_("*It is open again.* The next people and a peer supervisor are paged now."),
    Said.SORTED_FOR_YOU: N_(
        "*{who} says that it is sorted.* Is it not? Page again. That is always right."
    ),
    Said.ROLL_CALL: N_("*Everyone who is out was asked to check in.*"),
    Said.ROLL_CALL_MISSED: N_("*Not everyone has answered.*"),
    Said.ROLL_CALL_OVER: N_("*The roll call is over.*"),
}

ASKED: Final[dict[Asked, str]] = {
    Asked.APPROVE: N_("*A visit plan needs your answer.*"),
    Asked.STILL_ON_IT: N_("*Are you still on it?* If not, people are paged again at {at}."),
    Asked.NEXT_LOOK: N_(
        "*Time for the next look.* Is the worker accounted for? If nobody answers, people are"
        " paged again at {at}."
    ),
    Asked.CONFIRM_TAP: N_("*{who} checked in late.* Have you no doubt? One tap confirms it."),
    Asked.CONFIRM_CLOSING: N_("*{who} says that the worker is accounted for.* Do you agree?"),
    Asked.TAKE_ESCALATION: N_(
        "*{who} asks you to take this over.* It stays with them until you say yes."
    ),
    Asked.TAKE_VISIT: N_(
        "*{who} asks you to take over this visit.* You would hear when plans change. A missed"
        " check-in goes to whoever is on duty, as before."
    ),
    Asked.SORTED: N_("*Is it sorted?*"),
    Asked.BY_WHEN_PASSED: N_("*The time for this has passed.* It stays open until it is sorted."),
    Asked.WRITE_UP: N_("*Please write back now.* This was put down for the night."),
    Asked.AGREE_LOWERING: N_(
        "*{who} asks to lower the rating of this plan.* It takes two. Do you agree?"
    ),
}

LOWERING: Final = N_("{who} asks for *{rating}* instead. It needs a second approver. Why: {reason}")
LOWERED: Final = N_("Lowered to *{rating}* by {who} and {second}. Why: {reason}")
NOT_LOWERED: Final = N_("The plan has changed since. Nothing is left to agree to.")
PLAN_HEAD: Final = N_("*A visit plan*")

# Everyone who is out is asked at once.
CALLED: Final = N_(
    "*Everyone is asked to check in now.* Are you OK? If nobody hears from you in a few minutes,"
    " people will look for you."
)
OFFER_OVER: Final = N_("This is not offered to you any more. Whoever has it stays on it.")

REMINDER: Final[dict[Expecting, tuple[str, str]]] = {
    Expecting.ARRIVAL: (
        N_("Are you there? Tap *I'm here* by {at}."),
        N_("Are you there? It was due at {at}."),
    ),
    Expecting.CHECK_IN: (
        N_("Your check-in is due at {at}."),
        N_("All OK? Your check-in was due at {at}."),
    ),
    Expecting.EXIT: (
        N_("Your visit ends at {at}. Leaving, or OK?"),
        N_("The planned end was {at}. Leaving, or OK?"),
    ),
    Expecting.CLEAR: (
        N_("Are you clear? Tap *I'm clear* by {at}."),
        N_("Are you clear? It was due at {at}."),
    ),
}

NOTED: Final[dict[Noted, str]] = {
    Noted.RAISED: N_("Raised: a call is wanted now."),
    Noted.CLIMBED: "{text}",
    Noted.PAGED_AGAIN: N_("Paging began again at step 1."),
    Noted.ACKNOWLEDGED: N_("{who} has it."),
    Noted.HOLD_EXPIRED: N_("{who} did not answer in time. Paging goes on."),
    Noted.CANNOT_TAKE: N_("{who} can't take it."),
    Noted.ATTEMPT: N_("{who}: contact attempt.{text}"),
    Noted.SUPPORT_SENT: N_("{who}: support was sent."),
    Noted.EMERGENCY_CALLED: N_("{who}: emergency services were called."),
    Noted.WORKER_TAPPED: N_("A tap came from the worker's phone."),
    Noted.HANDED_OVER: N_("{who} has it now. It was handed over."),
    Noted.CLOSED_BY_ONE: N_(
        "{who} says that the worker is accounted for. A second person confirms."
    ),
    Noted.CLOSING_REJECTED: N_("{who} does not agree. It stays open."),
    Noted.CLOSED: N_("Closed: the worker is accounted for."),
}

# Who is named in an incident thread: people, by the order in which they were paged.
RESPONDER: Final = N_("Responder {number}")
A_RESPONDER: Final = N_("A responder")
ATTEMPT_RESULT: Final = N_("{tried}: {outcome}.")
CLIMBED_UNCOUNTED: Final = N_("More people were paged.")
WHAT_IT_WAS: Final = N_("What it was: {finding}.")

# What a lock screen may show: no name, no place, no kind.
LOCK_REMINDER: Final = N_("Belay: reminder")
LOCK_PAGE: Final = N_("Belay: URGENT page, open now")
LOCK_NEWS: Final = N_("Belay: update")
LOCK_ANSWER: Final = N_("Belay: plan answered")
LOCK_THANKS: Final = N_("Belay: thank you")
LOCK_ASK: Final = N_("Belay: please answer")
LOCK_CARD: Final = N_("Belay: your check-in card")
LOCK_APPROVAL: Final = N_("Belay: a plan to look at")
LOCK_STAND_DOWN: Final = N_("Belay: accounted for")
LOCK_THREAD: Final = N_("Belay: incident thread")

# News is an update; these say a little more. Somebody beside the worker may read the screen: a
# miss reads like any reminder, and a call for help like any update.
_LOCKS: Final[dict[Said, str]] = {
    Said.PEOPLE_TOLD: LOCK_REMINDER,
    Said.PLAN_CONFIRMED: LOCK_ANSWER,
    Said.CHANGES_ASKED: LOCK_ANSWER,
    Said.PLAN_DECLINED: LOCK_ANSWER,
    Said.DECLINED_WHILE_OUT: LOCK_ANSWER,
    Said.STANDING_CONFIRMED: LOCK_ANSWER,
    Said.ACCOUNTED_FOR: LOCK_THANKS,
    Said.HELP_AGAIN: LOCK_PAGE,
    Said.HELP_STAY_QUIET: LOCK_PAGE,
    Said.UNEASY: LOCK_PAGE,
}

STAND_DOWN: Final = N_(
    "*Stand down.* {worker} is accounted for. {who} closed it at {at}. Thank you."
)
STAND_DOWN_CHANNEL: Final = N_(
    "*Stand down.* The worker is accounted for. {who} closed it at {at}."
)
VISIT_GOES_ON: Final = N_("*The visit goes on*, and its clock runs.")
VISIT_OVER: Final = N_("*The visit is over*, and its clock has stopped.")
YOURS_GOES_ON: Final = N_("Your visit goes on. Your card shows what comes next.")
YOURS_IS_OVER: Final = N_(
    "Your visit is closed, and its clock has stopped. Still out there? Press *Start a visit now*"
    " in your Home."
)
THREAD_HEAD: Final = N_(
    "*{kind} · {at}*\nIncident {number}. Facts only. No names, no guesses. Times are local."
)
# Stands above that head once nothing is open any more.
THREAD_CLOSED: Final = N_("*Closed, {at}.* {how} The thread below is the record.")
RULE: Final = N_("The rule for plans: {rule}.")


def lock(said: Said) -> str:
    """What a lock screen shows of a piece of news, as a text of the catalogue."""
    return _LOCKS.get(said, LOCK_NEWS)


def climbed(step: int, count: int, so_far: int) -> str:
    """A line of a climb: its step, how many people it paged, and how many were paged so far."""
    if so_far <= count:
        if count == 0:
            return _("Step {step}: nobody could be paged.", step=step)
        return n_(
            "Step {step}: 1 person was paged.",
            "Step {step}: {count} people were paged.",
            count,
            step=step,
        )
    if count == 0:
        return _(
            "Step {step}: nobody could be paged; {so_far} in all so far.", step=step, so_far=so_far
        )
    return n_(
        "Step {step}: 1 person was paged; {so_far} in all so far.",
        "Step {step}: {count} people were paged; {so_far} in all so far.",
        count,
        step=step,
        so_far=so_far,
    )
