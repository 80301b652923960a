"""This is what a person is told about what they just did: done, nothing to do, or refused.

A refusal names the rule and the way out. A refused plan ends with the offer to watch all the same.
"""

from typing import Final

from bot.slack.ids import Form
from protocol.decision import Reason

WATCH_ME: Final = "I'm already there: watch me"
OFFER: Final = f"Are you there now? Tick *{WATCH_ME}*."
OFFER_ON_CARD: Final = "Are you there now? Tap *I'm here* on your card."

DONE: Final[dict[Reason, str]] = {
    Reason.PLANNED: "Plan sent. You get a message when it is confirmed.",
    Reason.WATCHING: "Belay is watching your clock. Look for the next check-in on your card.",
    Reason.REVISED: "New plan sent. You get a message when it is confirmed.",
    Reason.CONFIRMED: "Confirmed. The worker has been told.",
    Reason.RATING_ROSE: (
        "Not confirmed yet: a new flag raised the rating. Look at the plan again and confirm "
        "the new one."
    ),
    Reason.RATING_PROPOSED: "Sent. A second approver is asked. Until they agree, the rating stays.",
    Reason.RATING_LOWERED: "The rating is one step lower now. The plan still needs a yes.",
    Reason.CHANGES_ASKED: "Sent. The worker can change the plan and send it again.",
    Reason.DECLINED: "Declined. Your reason went to the worker and to nobody else.",
    Reason.DECLINED_WHILE_OUT: (
        "Declined. The worker is out now, so the clock goes on until they are clear."
    ),
    Reason.CALLED_OFF: "Called off. That is always fine. No reason is needed.",
    Reason.START_MOVED: "New start time saved.",
    Reason.ARRIVED: "Got it: you are there.",
    Reason.CHECKED_IN: "Got it.",
    Reason.HEARD_ONE_OF_TWO: "Got it. Now your partner checks in too.",
    Reason.MOVED_ON: "Got it. Tap *I'm here* at the next stop.",
    Reason.NO_SIGNAL_SET: "Got it. Belay waits until your no-signal time ends. Then check in.",
    Reason.EXTENDED: "You have more time. Your approver knows.",
    Reason.LEAVING: "Got it: you are leaving. Tap *I'm clear* when you are away and safe.",
    Reason.ENDED_EARLY: "Got it. Leaving early is a good call. Tap *I'm clear* when you are away.",
    Reason.CLEARED: "Got it: you are clear. Thank you for closing the loop.",
    Reason.SEPARATED: "Got it. From now on, each of you checks in.",
    Reason.UNEASY: "Got it. Belay is asking someone to call you within five minutes.",
    Reason.HELP: "Received. Your team is being paged now. You see here who has seen it.",
    Reason.HELP_RAISED: "Received. Your team is being paged again, now to call you.",
    Reason.HELP_AGAIN: "Received again. Your team is being told.",
    Reason.TAPPED_WHILE_OPEN: (
        "Got it. People are looking out for you, so someone will also speak with you."
    ),
    Reason.REMINDED: "The worker was reminded.",
    Reason.APPROVER_ASKED_AGAIN: "The plan went to the backup approver.",
    Reason.ANSWERS_READ: "Answers were read.",
    Reason.MISSED: "A check-in was missed. People are being paged.",
    Reason.CLIMBED: "The next people were paged.",
    Reason.ASKED_OWNER: "The owner was asked if they are still on it.",
    Reason.HOLD_EXPIRED: "Nobody said they are still on it. People are being paged again.",
    Reason.ASKED_SECOND: "A second person was asked to confirm.",
    Reason.PAGE_UNDELIVERABLE: "A page could not reach one person. The next people were paged.",
    Reason.ACKNOWLEDGED: "It is yours. The next step is on the page.",
    Reason.STILL_ON_IT: "Thank you. It stays with you.",
    Reason.CANNOT_TAKE: "Thank you for saying so. It goes on to the next person.",
    Reason.ESCALATED: "The next people are being paged now.",
    Reason.ATTEMPT_LOGGED: "Saved. What is the next step on the list?",
    Reason.SUPPORT_SENT: "Saved. This stays open until the worker is accounted for.",
    Reason.EMERGENCY_CALLED: "Saved. This stays open until the worker is accounted for.",
    Reason.TAP_CONFIRMED: "Confirmed. The visit goes on.",
    Reason.PROXY_CHECKED_IN: "Checked in for the worker.",
    Reason.CLOSED: "Closed. Everyone who was paged is told that the worker is accounted for.",
    Reason.CLOSED_BY_ONE: "Saved. A second person is asked to confirm. It stays open until then.",
    Reason.CLOSING_CONFIRMED: "Confirmed and closed. Everyone who was paged is being told.",
    Reason.CLOSING_REJECTED: "It stays open and is now yours.",
    Reason.SILENT_OPENED: "Opened.",
    Reason.SILENT_AGAIN: "Added.",
}

NOTHING_TO_DO: Final[dict[Reason, str]] = {
    Reason.NOT_DUE: "Nothing is due right now.",
    Reason.ALREADY_PLANNED: "This plan was sent before. There is nothing more to do.",
    Reason.ALREADY_CONFIRMED: "This plan is confirmed already.",
    Reason.ALREADY_CLOSED: "This is closed already. If you need help now, tap a *Help* button.",
    Reason.ALREADY_YOURS: "You have it already.",
    Reason.ALREADY_LEAVING: "You are leaving already. Tap *I'm clear* when you are away and safe.",
    Reason.ALREADY_SEPARATED: "Belay knows that you are apart. Each of you checks in.",
}

PLAN_REFUSED: Final[dict[Reason, str]] = {
    Reason.NO_COVER: (
        "No one is on duty for all of this visit, so nobody could answer you. Pick another "
        "time, or ask your coordinator to find cover."
    ),
    Reason.START_IN_PAST: "The start time has passed. Pick a later time.",
    Reason.START_TOO_FAR: "The start is too far ahead. Plan it closer to the day.",
    Reason.TOO_LONG: ("One visit can't be this long. Pick a shorter time, or plan two visits."),
    Reason.NO_STOPS: "The plan needs a place. Pick one, or type a new one.",
    Reason.TOO_MANY_STOPS: ("One trip can have eight stops. Plan a second trip for the rest."),
    Reason.PLACE_GONE: "This place is no longer on the list. Pick another, or type it as new.",
    Reason.PARTNER_IS_WORKER: "Your partner must be someone else. Pick another person.",
    Reason.VISIT_PROHIBITED: (
        "No visits while there is active violence. Meet in a neutral place, phone, or pick "
        "another day."
    ),
    Reason.NO_ENTRY: (
        "This place is marked *no entry*. Meet in a neutral place, phone, or pick another day."
    ),
    Reason.NEEDS_PAIR: (
        "A visit with a high rating needs a partner or a backup on site. Open the rest of the"
        " form and name one."
    ),
    Reason.SOLO_TRANSPORT: (
        "Nobody drives a person alone here. Take a partner along, or plan another ride."
    ),
    Reason.CARRYING_CASH: ("No cash on visits. Leave the cash at the office, or use vouchers."),
    Reason.TRAINING_MISSING: (
        "Your field safety training is missing or out of date. Go with a trained partner, or "
        "ask your supervisor for a date."
    ),
}

REFUSED: Final[dict[Reason, str]] = {
    Reason.NO_OPEN_VISIT: (
        "You have no open visit. To start the clock, use the visit command with the word "
        "*here*. For help now, use the SOS command."
    ),
    Reason.NOTHING_OPEN: (
        "Nothing is open here any more. If you need people now, tap a *Help* button."
    ),
    Reason.NOT_YOUR_VISIT: (
        "Only the people on this visit can do that. If you spoke to the worker, use the "
        "buttons on the page."
    ),
    Reason.OWN_PLAN: "Nobody confirms their own plan. Someone else who approves can do it.",
    Reason.NOT_AN_APPROVER: (
        "Only coordinators and peer supervisors confirm plans. Ask one of them."
    ),
    Reason.INTERVAL_TOO_SHORT: (
        "Check-ins can be five minutes apart at the closest. Pick a longer interval."
    ),
    Reason.PLAN_CHANGED: (
        "The plan changed after you opened it. Close this, look at the new plan, and answer "
        "that one."
    ),
    Reason.NEVER_LOWERED: (
        "Active violence and a no-entry place are never rated lower. Meet in a neutral place, "
        "phone, or pick another day."
    ),
    Reason.NOT_ONE_STEP: (
        "A rating goes down by one step, once, and never below low. Ask the worker to change the "
        "plan if more has changed."
    ),
    Reason.LOWERED_TOO_LATE: (
        "The start has come, so the rating stays as it is. The worker is watched all the same."
    ),
    Reason.ALREADY_PROPOSED: (
        "Someone has asked for a lower rating already. A second approver can agree to it."
    ),
    Reason.NOTHING_PROPOSED: (
        "No lower rating is asked for any more. Look at the plan as it is now, and answer that."
    ),
    Reason.PROPOSED_BY_YOU: "You asked for it, so someone else agrees. They have been asked.",
    Reason.NOT_STARTED: "The visit has not started. Tap *I'm here* first.",
    Reason.ALREADY_STARTED: (
        "The visit has started, so the plan can't change. Use *More* on your card: you can "
        "extend or end early."
    ),
    Reason.LATE_TOO_LONG: (
        "A start can move by an hour at most. Call the visit off and plan a new one."
    ),
    Reason.NO_NEXT_STOP: "This was the last stop. Tap *Leaving* when you go.",
    Reason.WINDOW_TOO_LONG: (
        "That is too long without a signal for this rating. Pick a shorter time, or go where "
        "there is signal to check in."
    ),
    Reason.WINDOW_NEEDS_BACKUP: (
        "On a high visit, no-signal time needs a partner or a backup. Check in where there is"
        " signal, or end the visit early."
    ),
    Reason.WINDOW_IN_PAST: "That time has passed. Pick a later end for the no-signal time.",
    Reason.NO_MORE_EXTENSIONS: (
        "You can extend a visit twice, and this one was. Keep tapping *OK*, or tap *Leaving*."
        " You are still being watched."
    ),
    Reason.EXTENSION_TOO_LONG: "A visit can grow by half of its time. Pick less time. Or just keep"
    " tapping *OK*: you are still being watched.",
    Reason.PEOPLE_ALREADY_PAGED: (
        "People were paged, so you can't extend now. Tap *OK* and take their call."
    ),
    Reason.NOT_A_PAIR: "You are on this visit alone. Tap *OK* for yourself.",
    Reason.ABOUT_YOURSELF: (
        "This is about your own visit, so someone else takes it. If you are safe, tap *OK* on"
        " your card."
    ),
    Reason.TAKEN_BY_ANOTHER: "Someone else has it. Their name is on the page. Call them if you know"
    " more.",
    Reason.NOT_THE_OWNER: "Only the person who has it can do that. Tap *I have it* first.",
    Reason.NOT_PAGED: "You were not paged for this. Tap *I have it* if you can take it on.",
    Reason.CHANGED_SINCE: (
        "Something changed after you opened this. Close it, read the page again, then answer."
    ),
    Reason.WITNESS_MISSING: (
        "Write who saw the worker, or which service has them. A close needs a name."
    ),
    Reason.NOT_A_DRILL: "This did not start as a drill. Pick what it was. *Other* is fine.",
    Reason.ONE_TAP_NOT_ENOUGH: (
        "One tap is not enough for this one. Speak with the worker, ask for the challenge, "
        "then use *Accounted for*."
    ),
    Reason.CHALLENGE_MISSING: (
        "Without the right challenge this can't close. Ask again, or go on with the list on "
        "the page."
    ),
    Reason.PROXY_NOT_ENOUGH: "You can't check in for the worker on this one. Use *Accounted for*; a"
    " second person may have to confirm.",
    Reason.SECOND_IS_FIRST: "You closed it, so someone else confirms. They have been asked.",
    Reason.NOTHING_TO_CONFIRM: (
        "There is nothing to confirm any more. The page shows how it stands now."
    ),
    Reason.NOT_A_RESPONDER: (
        "Only people who answer pages can do that. If you know something, call the coordinator."
    ),
}

# The same rules when an approver meets them: it is not they who are there already.
TO_APPROVER: Final[dict[Reason, str]] = {
    Reason.NO_COVER: "No one is on duty for all of this visit. Find cover, or ask for another"
    " time. The worker is watched all the same.",
    Reason.PLACE_GONE: "This place is no longer on the list. Ask the worker to pick another.",
}

_APPROVERS: Final = (*(Form.CONFIRM_PLAN, Form.ASK_CHANGES, Form.DECLINE_PLAN, Form.LOWER_RATING),)

WORDS: Final[dict[Reason, str]] = {
    **DONE,
    **NOTHING_TO_DO,
    **{reason: f"{words} {OFFER}" for reason, words in PLAN_REFUSED.items()},
    **REFUSED,
}


def in_form(reason: Reason, form: Form) -> str:
    """What is said under a question of a form; there Slack shows no bold type."""
    if form in _APPROVERS:
        words = TO_APPROVER.get(reason, WORDS[reason])
    elif form is Form.REVISE and reason in PLAN_REFUSED:
        words = f"{PLAN_REFUSED[reason]} {OFFER_ON_CARD}"
    else:
        words = WORDS[reason]
    return words.replace("*", "")
