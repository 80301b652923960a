"""This is what stands on standing plans besides news, buttons and reasons."""

from typing import Final

from bot.slack.words.speech import N_, n_
from protocol.standing import No, Why

EVERY_WEEK: Final = N_("Every {days} at {at}, {length}")
BEFORE_LAST: Final = N_("{first} and {last}")
UNTIL: Final = N_("Until {until}")
WOULD_LAST: Final = N_("For {days}, from the yes on")
NEXT: Final = N_("Next: {at}")
WAITS: Final = N_("Waits for a yes. Until then, plan each visit as before.")
THE_VISIT: Final = N_("The visit: {at}")

HOW: Final = N_(
    "Same place, people and hours each time. Somebody else has to confirm it. Each visit gets its"
    " own card and clock. Change or call off any of them."
)
ENDS_WITH: Final = N_(
    "It ends by itself with a new flag, a new factor or a gap in cover. Then you both hear why."
)
FIELD_WEEKDAYS: Final = N_("On which days?")
FIELD_DAYS: Final = N_("For how long?")
HINT_DAYS: Final = N_("Thirty days at most. You can ask again before it ends.")
LASTS: Final = N_("{days}, until {until}")
NEEDS_DAY: Final = N_("Pick one day or more.")

HEAD: Final = N_("*Standing plans*")
SKIP: Final = N_("Skip {at}")
DECLINE: Final = N_("Decline")
YES_MEANS: Final = N_(
    "Your yes counts for each of these visits while it still rates low, has cover and nothing new"
    " is known. A plan that needs more comes to you by itself."
)

# Why it ended, as the worker and whoever confirmed it read it.
WHY: Final[dict[Why, str]] = {
    Why.DECLINED: N_("It was not confirmed. You can plan each visit as before."),
    Why.UNANSWERED: N_("Nobody answered in three days. You can ask again."),
    Why.BY_WORKER: N_("The peer ended it. No reason is needed."),
    Why.BY_APPROVER: N_("An approver ended it. You can plan each visit as before."),
    Why.EXPIRED: N_("Its time is up. You can ask for it again."),
    Why.PERSON_GONE: N_("Somebody on the plan is no longer in the program."),
    Why.APPROVER_GONE: N_("Whoever confirmed it no longer approves plans."),
    Why.PLACE_GONE: N_("The place is no longer on the list."),
    Why.NEW_FLAG: N_("There is a new flag on the place."),
    Why.NEW_FACTOR: N_("A visit turned out to have something that the plan does not say."),
    Why.NOT_LOW: N_("The visit does not rate low any more."),
    Why.RULE: N_("A hard rule for plans stops it now, such as training that has run out."),
    Why.NO_COVER: N_("No one is on duty for all of the visit."),
    Why.FAULT: N_("Belay could not make the visit."),
}
ASKED_INSTEAD: Final = N_("The next visit waits for an answer, like any plan.")
NONE_MADE: Final = N_(
    "*The next visit is not planned, and no clock runs for it.* Plan it anew. If you are there"
    " already, tap *Start a visit now*."
)
MADE_STAYS: Final = N_("A visit that has a card already stays. Call it off on its card.")

NO: Final[dict[No, str]] = {
    No.OVER: N_("This standing plan was answered or has ended."),
    No.YOUR_OWN: N_("You are on these visits. Somebody else has to confirm them."),
    No.NOT_AN_APPROVER: N_("Only people who approve plans can do that."),
    No.TOO_OFTEN: N_("Check-ins can be five minutes apart at the closest."),
    No.TOO_LONG: N_("Thirty days is the longest, and no longer than was asked for."),
    No.NO_DAYS: NEEDS_DAY,
    No.NOT_LIKE_THIS: N_("Only a low visit to a place on the list can be planned every week."),
}
# The same when somebody would confirm it now.
WHY_NOT: Final[dict[Why, str]] = {
    **WHY,
    Why.NO_COVER: N_("No one is on duty for all of the first visit. Find cover, or decline."),
    Why.NEW_FLAG: N_("There is a flag on the place now, so each visit is answered by itself."),
    Why.NOT_LOW: N_("The visit does not rate low now, so each visit is answered by itself."),
}


def days(count: int) -> str:
    """A length of time in days."""
    return n_("{count} day", "{count} days", count)
