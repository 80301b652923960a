"""This is what a person is told about what they just did: done, nothing to do, or refused.

A refusal names the rule and the way out. A refused plan ends with the offer to watch all the same.
"""

from typing import Final

from bot.slack.ids import Form
from bot.slack.words.speech import N_, _
from protocol.decision import Reason

WATCH_ME: Final = N_("I'm already there: watch me")
OFFER: Final = N_("Are you there now? Tick *I'm already there: watch me*.")
OFFER_ON_CARD: Final = N_("Are you there now? Tap *I'm here* on your card.")

DONE: Final[dict[Reason, str]] = {
    Reason.PLANNED: N_("Plan sent. You get a message when it is confirmed."),
    Reason.WATCHING: N_("Belay is watching your clock. Look for the next check-in on your card."),
    Reason.REVISED: N_("New plan sent. You get a message when it is confirmed."),
    Reason.CONFIRMED: N_("Confirmed. The worker has been told."),
    Reason.RATING_ROSE: N_(
        "Not confirmed yet: a new flag raised the rating. Look at the plan again and confirm "
        "the new one."
    ),
    Reason.RAISED: N_("Paged. You get a message when somebody has it."),
    Reason.CONSULT_WRITTEN: N_("Sent. Whoever paged you is asked if it is sorted."),
    Reason.UNTIL_MORNING: N_("Noted for the night. Please write back by ten in the morning."),
    Reason.SORTED: N_("Sorted. Thank you."),
    Reason.REOPENED: N_("It is open again, and people are paged now."),
    Reason.ASKED_SORTED: N_("Asked again if it is sorted."),
    Reason.RATING_PROPOSED: N_(
        "Sent. A second approver is asked. Until they agree, the rating stays."
    ),
    Reason.RATING_LOWERED: N_("The rating is one step lower now. The plan still needs a yes."),
    Reason.CHANGES_ASKED: N_("Sent. The worker can change the plan and send it again."),
    Reason.DECLINED: N_("Declined. Your reason went to the worker and to nobody else."),
    Reason.DECLINED_WHILE_OUT: N_(
        "Declined. The worker is out now, so the clock goes on until they are clear."
    ),
    Reason.CALLED_OFF: N_("Called off. That is always fine. No reason is needed."),
    Reason.START_MOVED: N_("New start time saved."),
    Reason.ARRIVED: N_("Got it: you are there."),
    Reason.CHECKED_IN: N_("Got it."),
    Reason.HEARD_ONE_OF_TWO: N_("Got it. Now your partner checks in too."),
    Reason.MOVED_ON: N_("Got it. Tap *I'm here* at the next stop."),
    Reason.NO_SIGNAL_SET: N_("Got it. Belay waits until your no-signal time ends. Then check in."),
    Reason.EXTENDED: N_("You have more time. Your approver knows."),
    Reason.LEAVING: N_("Got it: you are leaving. Tap *I'm clear* when you are away and safe."),
    Reason.ENDED_EARLY: N_(
        "Got it. Leaving early is a good call. Tap *I'm clear* when you are away."
    ),
    Reason.CLEARED: N_("Got it: you are clear. Thank you for closing the loop."),
    Reason.PLACE_FLAGGED: N_("The people who go there were told of the flag."),
    Reason.SEPARATED: N_("Got it. From now on, each of you checks in."),
    Reason.UNEASY: N_("Got it. Belay is asking someone to call you within five minutes."),
    Reason.HELP: N_("Received. Your team is being paged now. You see here who has seen it."),
    Reason.HELP_RAISED: N_("Received. Your team is being paged again, now to call you."),
    Reason.HELP_AGAIN: N_("Received again. Your team is being told."),
    Reason.TAPPED_WHILE_OPEN: N_(
        "Got it. People are looking out for you, so someone will also speak with you."
    ),
    Reason.REMINDED: N_("The worker was reminded."),
    Reason.APPROVER_ASKED_AGAIN: N_("The plan went to the backup approver."),
    Reason.ANSWERS_READ: N_("Answers were read."),
    Reason.MISSED: N_("A check-in was missed. People are being paged."),
    Reason.CLIMBED: N_("The next people were paged."),
    Reason.ASKED_OWNER: N_("The owner was asked if they are still on it."),
    Reason.HOLD_EXPIRED: N_("Nobody said they are still on it. People are being paged again."),
    Reason.ASKED_SECOND: N_("A second person was asked to confirm."),
    Reason.PAGE_UNDELIVERABLE: N_("A page could not reach one person. The next people were paged."),
    Reason.ACKNOWLEDGED: N_("It is yours. The next step is on the page."),
    Reason.STILL_ON_IT: N_("Thank you. It stays with you."),
    Reason.CANNOT_TAKE: N_("Thank you for saying so. It goes on to the next person."),
    Reason.ESCALATED: N_("The next people are being paged now."),
    Reason.ATTEMPT_LOGGED: N_("Saved. What is the next step on the list?"),
    Reason.SUPPORT_SENT: N_("Saved. This stays open until the worker is accounted for."),
    Reason.EMERGENCY_CALLED: N_("Saved. This stays open until the worker is accounted for."),
    Reason.TAP_CONFIRMED: N_("Confirmed. The visit goes on."),
    Reason.PROXY_CHECKED_IN: N_("Checked in for the worker."),
    Reason.CLOSED: N_("Closed. Everyone who was paged is told that the worker is accounted for."),
    Reason.CLOSED_BY_ONE: N_(
        "Saved. A second person is asked to confirm. It stays open until then."
    ),
    Reason.CLOSING_CONFIRMED: N_("Confirmed and closed. Everyone who was paged is being told."),
    Reason.CLOSING_REJECTED: N_("It stays open and is now yours."),
    Reason.SILENT_OPENED: N_("Opened."),
    Reason.SILENT_AGAIN: N_("Added."),
    Reason.WARNED: N_("Told."),
    Reason.HANDOVER_OFFERED: N_("Asked. It stays with whoever has it until the answer is yes."),
    Reason.HANDOVER_TAKEN: N_("It is yours now. Everyone who needs to know is told."),
    Reason.HANDOVER_DECLINED: N_("Thank you for saying so. It stays where it is."),
    Reason.HANDOVER_UNANSWERED: N_("Nobody answered in time. It stays where it is."),
    Reason.ROLL_CALLED: N_("Everyone who is out is being asked. You get a message that counts."),
    Reason.ASKED_TO_ACCOUNT: N_("Asked to check in now."),
    Reason.ON_THE_WAY: N_("Got it: you are OK and on your way."),
    Reason.ROLL_CALL_LOOKED: N_("The roll call goes on."),
    Reason.ROLL_CALL_OVER: N_("The roll call is over."),
}

NOTHING_TO_DO: Final[dict[Reason, str]] = {
    Reason.NOT_DUE: N_("Nothing is due right now."),
    Reason.ALREADY_PLANNED: N_("This plan was sent before. There is nothing more to do."),
    Reason.ALREADY_CONFIRMED: N_("This plan is confirmed already."),
    Reason.ALREADY_CLOSED: N_("This is closed already. If you need help now, tap a *Help* button."),
    Reason.ALREADY_YOURS: N_("You have it already."),
    Reason.ALREADY_LEAVING: N_(
        "You are leaving already. Tap *I'm clear* when you are away and safe."
    ),
    Reason.ALREADY_SEPARATED: N_("Belay knows that you are apart. Each of you checks in."),
    Reason.ALREADY_OFFERED: N_("They were asked already. You hear from Belay when they answer."),
    Reason.THEIRS_ALREADY: N_("They have it already."),
    Reason.ALREADY_RAISED: N_("This was paged already. You get a message when somebody has it."),
    Reason.ALREADY_TAKEN: N_("Somebody else has it. There is nothing for you to do."),
    Reason.ALREADY_CALLED: N_(
        "Everyone was asked already, and that is still open. Whoever asked sees who has answered."
    ),
}

PLAN_REFUSED: Final[dict[Reason, str]] = {
    Reason.NO_COVER: N_(
        "No one is on duty for all of this visit, so nobody could answer you. Pick another "
        "time, or ask your coordinator to find cover."
    ),
    Reason.START_IN_PAST: N_("The start time has passed. Pick a later time."),
    Reason.START_TOO_FAR: N_("The start is too far ahead. Plan it closer to the day."),
    Reason.TOO_LONG: N_("One visit can't be this long. Pick a shorter time, or plan two visits."),
    Reason.NO_STOPS: N_("The plan needs a place. Pick one, or type a new one."),
    Reason.TOO_MANY_STOPS: N_("One trip can have eight stops. Plan a second trip for the rest."),
    Reason.PLACE_GONE: N_("This place is no longer on the list. Pick another, or type it as new."),
    Reason.PARTNER_IS_WORKER: N_("Your partner must be someone else. Pick another person."),
    Reason.VISIT_PROHIBITED: N_(
        "No visits while there is active violence. Meet in a neutral place, phone, or pick "
        "another day."
    ),
    Reason.NO_ENTRY: N_(
        "This place is marked *no entry*. Meet in a neutral place, phone, or pick another day."
    ),
    Reason.NEEDS_PAIR: N_(
        "A visit with a high rating needs a partner or a backup on site. Name one under"
        " *More details*."
    ),
    Reason.SOLO_TRANSPORT: N_(
        "Nobody drives a person alone here. Take a partner along, or plan another ride."
    ),
    Reason.CARRYING_CASH: N_("No cash on visits. Leave the cash at the office, or use vouchers."),
    Reason.TRAINING_MISSING: N_(
        "Your field safety training is missing or out of date. Go with a trained partner, or "
        "ask your supervisor for a date."
    ),
}

REFUSED: Final[dict[Reason, str]] = {
    Reason.NO_OPEN_VISIT: N_(
        "You have no open visit. To start the clock, use the visit command with the word "
        "*here*. For help now, use the SOS command."
    ),
    Reason.NOTHING_OPEN: N_(
        "Nothing is open here any more. If you need people now, tap a *Help* button."
    ),
    Reason.NOT_YOUR_VISIT: N_(
        "Only the people on this visit can do that. If you spoke to the worker, use the "
        "buttons on the page."
    ),
    Reason.OWN_PLAN: N_("Nobody confirms their own plan. Someone else who approves can do it."),
    Reason.NOT_AN_APPROVER: N_(
        "Only coordinators and peer supervisors confirm plans. Ask one of them."
    ),
    Reason.INTERVAL_TOO_SHORT: N_(
        "Check-ins can be five minutes apart at the closest. Pick a longer interval."
    ),
    Reason.NOT_TOGETHER: N_(
        "This plan is not one of the low plans that wait for you. Open it and answer it by itself."
    ),
    Reason.PLAN_CHANGED: N_(
        "The plan changed after you opened it. Close this, look at the new plan, and answer "
        "that one."
    ),
    Reason.NEVER_LOWERED: N_(
        "Active violence and a no-entry place are never rated lower. Meet in a neutral place, "
        "phone, or pick another day."
    ),
    Reason.NOT_ONE_STEP: N_(
        "A rating goes down by one step, once, and never below low. Ask the worker to change the "
        "plan if more has changed."
    ),
    Reason.LOWERED_TOO_LATE: N_(
        "The start has come, so the rating stays as it is. The worker is watched all the same."
    ),
    Reason.ALREADY_PROPOSED: N_(
        "Someone has asked for a lower rating already. A second approver can agree to it."
    ),
    Reason.NOTHING_PROPOSED: N_(
        "No lower rating is asked for any more. Look at the plan as it is now, and answer that."
    ),
    Reason.PROPOSED_BY_YOU: N_("You asked for it, so someone else agrees. They have been asked."),
    Reason.NOT_STARTED: N_("The visit has not started. Tap *I'm here* first."),
    Reason.ALREADY_STARTED: N_(
        "The visit has started, so the plan can't change. Use *More* on your card: you can "
        "extend or end early."
    ),
    Reason.LATE_TOO_LONG: N_(
        "A start can move by an hour at most. Call the visit off and plan a new one."
    ),
    Reason.NO_NEXT_STOP: N_("This was the last stop. Tap *Leaving* when you go."),
    Reason.WINDOW_TOO_LONG: N_(
        "That is too long without a signal for this rating. Pick a shorter time, or go where "
        "there is signal to check in."
    ),
    Reason.WINDOW_NEEDS_BACKUP: N_(
        "On a high visit, no-signal time needs a partner or a backup. Check in where there is"
        " signal, or end the visit early."
    ),
    Reason.WINDOW_IN_PAST: N_("That time has passed. Pick a later end for the no-signal time."),
    Reason.NO_MORE_EXTENSIONS: N_(
        "You can extend a visit twice, and this one was. Keep tapping *OK*, or tap *Leaving*."
        " You are still being watched."
    ),
    Reason.EXTENSION_TOO_LONG: N_(
        "A visit can grow by half of its time. Pick less time. Or just keep"
        " tapping *OK*: you are still being watched."
    ),
    Reason.PEOPLE_ALREADY_PAGED: N_(
        "People were paged, so you can't extend now. Tap *OK* and take their call."
    ),
    Reason.NOT_A_PAIR: N_("You are on this visit alone. Tap *OK* for yourself."),
    Reason.ABOUT_YOURSELF: N_(
        "This is about your own visit, so someone else takes it. If you are safe, tap *OK* on"
        " your card."
    ),
    Reason.TAKEN_BY_ANOTHER: N_(
        "Someone else has it. Their name is on the page. Call them if you know more."
    ),
    Reason.NOT_THE_OWNER: N_("Only the person who has it can do that. Tap *I have it* first."),
    Reason.NOT_PAGED: N_("You were not paged for this. Tap *I have it* if you can take it on."),
    Reason.CHANGED_SINCE: N_(
        "Something changed after you opened this. Close it, read the page again, then answer."
    ),
    Reason.WITNESS_MISSING: N_(
        "Write who saw the worker, or which service has them. A close needs a name."
    ),
    Reason.NOT_A_DRILL: N_("This did not start as a drill. Pick what it was. *Other* is fine."),
    Reason.ONE_TAP_NOT_ENOUGH: N_(
        "One tap is not enough for this one. Speak with the worker, ask for the challenge, "
        "then use *Accounted for*."
    ),
    Reason.CHALLENGE_MISSING: N_(
        "Without the right challenge this can't close. Ask again, or go on with the list on "
        "the page."
    ),
    Reason.PROXY_NOT_ENOUGH: N_(
        "You can't check in for the worker on this one. Use *Accounted for*; a"
        " second person may have to confirm."
    ),
    Reason.SECOND_IS_FIRST: N_("You closed it, so someone else confirms. They have been asked."),
    Reason.NOTHING_TO_CONFIRM: N_(
        "There is nothing to confirm any more. The page shows how it stands now."
    ),
    Reason.NOBODY_HAS_IT: N_("Nobody has it yet. Tap *I have it* first, then hand it over."),
    Reason.NOBODY_WATCHES: N_(
        "Nobody has confirmed this plan yet, so there is nothing to hand over. Confirm it first."
    ),
    Reason.NOT_THE_WATCHER: N_(
        "Someone else answers for this visit. Only they can hand it over. The plan has the name."
    ),
    Reason.CANNOT_BE_ASKED: N_(
        "This person can't take it right now, or is part of it. Pick someone who is on duty and"
        " not out."
    ),
    Reason.OFFER_OVER: N_(
        "This is not offered to you any more. Whoever has it stays on it. Call them if you can"
        " help."
    ),
    Reason.NOBODY_OUT: N_("Nobody is out right now. There is no one to ask."),
    Reason.NOT_CALLED: N_("That question is over. Your card shows what is due now."),
    Reason.NO_PAGE_FOR_THIS: N_(
        "Nobody is paged for this. Bring it to your next supervision. Can it not wait? Page the"
        " clinical lead."
    ),
    Reason.NEEDS_CHOICE: N_("Please choose whom to tell. It goes to nobody else."),
    Reason.NOBODY_CHOSEN: N_("Nobody can be reached there right now. Please choose somebody else."),
    Reason.RAISED_BY_YOU: N_("You asked for this, so somebody else takes it. You hear who has it."),
    Reason.NOT_ABOUT_A_VISIT: N_("This page is not about a visit. Use *Write back* to answer it."),
    Reason.PRIVATE: N_("This is private. It stays with those whom the worker chose."),
    Reason.NEEDS_DECISION: N_("The answer needs a decision. Please write a few words."),
    Reason.BY_WHEN_WRONG: N_(
        "That time has passed or is too far off. Pick one within the next 30 days."
    ),
    Reason.NOTHING_WRITTEN: N_(
        "Nobody has written back yet. You get a message when somebody does. Can it not wait? Page"
        " again."
    ),
    Reason.ASKER_FIRST: N_("Whoever paged says first if it is sorted. They were asked."),
    Reason.NOT_A_RESPONDER: N_(
        "Only people who answer pages can do that. If you know something, call the coordinator."
    ),
}

# The same rules when an approver meets them: it is not they who are there already.
TO_APPROVER: Final[dict[Reason, str]] = {
    Reason.NO_COVER: N_(
        "No one is on duty for all of this visit. Find cover, or ask for another"
        " time. The worker is watched all the same."
    ),
    Reason.PLACE_GONE: N_("This place is no longer on the list. Ask the worker to pick another."),
}

_APPROVERS: Final = (Form.CONFIRM_PLAN, Form.ASK_CHANGES, Form.DECLINE_PLAN, Form.LOWER_RATING)

WORDS: Final[dict[Reason, str]] = {**DONE, **NOTHING_TO_DO, **PLAN_REFUSED, **REFUSED}


def words(reason: Reason) -> str:
    """What is said about what somebody did, in the language now spoken."""
    return _offering(reason, OFFER)


def in_form(reason: Reason, form: Form) -> str:
    """What is said under a question of a form; there Slack shows no bold type."""
    if form in _APPROVERS and reason in TO_APPROVER:
        said = _(TO_APPROVER[reason])
    else:
        said = _offering(reason, OFFER_ON_CARD if form is Form.REVISE else OFFER)
    return said.replace("*", "")


def _offering(reason: Reason, offer: str) -> str:
    said = _(WORDS[reason])
    return f"{said} {_(offer)}" if reason in PLAN_REFUSED else said
