"""This is what stands on a page for a trigger, in its forms, and in the Home."""

from typing import Final

from bot.slack.words.speech import N_
from protocol.events import ContactMethod
from protocol.people import Role
from protocol.trigger import Tier, UntilMorning

TIER: Final[dict[Tier, str]] = {
    Tier.U0: N_("A life may be at risk now"),
    Tier.U1: N_("Needs somebody at once"),
    Tier.U2: N_("Needs somebody within the hour"),
    Tier.U3: N_("Needs somebody today"),
    Tier.U4: N_("Can wait for the next supervision"),
}
HEAD: Final = N_("*{title}* · {tier}")
PRIVATE: Final = N_("*Private.* This is about the worker's own life. Please tell nobody else.")
ASKED_BY: Final = N_("{who} asks. Heard at {heard}, paged at {at}.")
ASKED_BY_AT_ONCE: Final = N_("{who} asks. Heard and paged at {at}.")
CALL_BACK: Final = N_("Call back: *{number}*")
CALL_LINE: Final = N_("No number was left. Write to {who}, or call {line}.")
HEARD: Final = N_("*What was seen or heard*")
ASK_IN_PERSON: Final = N_("What was seen or heard is not shown here. Ask {who} in person.")
DO_FIRST: Final = N_("*What the row tells {who} to do first*")
ROW: Final = N_("Row {key}, version {version}")
NOBODY_YET: Final = N_("*Nobody has it yet.* Can you take it? Tap *I have it*.")
HAS_IT: Final = N_("*{who} has it* since {at}. {who}, please call {asker}, then write back.")
WRITTEN: Final = N_("*{who} wrote back* at {at}:")
OWNER: Final = N_("Who does it: *{owner}*")
BY_WHEN: Final = N_("By when: *{at}*")
WRITE_UP: Final = N_("To be written up by *{at}*.")
OPEN_UNTIL_SORTED: Final = N_("It stays open until {asker} says that it is sorted.")
NOT_SORTED: Final = N_("*{asker} said that it was not sorted.*")
SORTED: Final = N_("*Sorted.* {who} closed it at {at}.")
SORTED_ALSO: Final = N_("*Sorted.* {who} closed it at {at}. Thank you.")
WRONG_ANSWER: Final = N_("Not sorted? Tap *Not sorted*. That is always fine.")
GONE: Final = N_("This was settled meanwhile. Nothing is left to do.")

TRIED: Final = N_("Tried at {at}, {who}: {how}. {outcome}.")
METHOD: Final[dict[ContactMethod, str]] = {
    ContactMethod.CALL: N_("Called them"),
    ContactMethod.TEXT: N_("Wrote to them"),
    ContactMethod.PLACE: N_("Asked at the place"),
    ContactMethod.EMERGENCY_CONTACT: N_("Called the emergency contact"),
    ContactMethod.COLLEAGUE: N_("A colleague looked"),
}

UNTIL_MORNING: Final[dict[UntilMorning, str]] = {
    UntilMorning.CALM: N_("They are safe tonight"),
    UntilMorning.IN_CARE: N_("A service has them tonight"),
    UntilMorning.SOMEBODY_THERE: N_("Somebody stays with them"),
    UntilMorning.CALLING: N_("I stay in touch by phone"),
}
ROLE: Final[dict[Role, str]] = {
    Role.PEER: N_("Peer"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.PEER_SUPERVISOR: N_("Peer supervisor"),
    Role.CLINICAL_LEAD: N_("Clinical lead"),
    Role.EXECUTIVE: N_("Executive"),
    Role.PROGRAM_MANAGER: N_("Program manager"),
    Role.PRIVACY_OFFICER: N_("Privacy officer"),
    Role.OVERSIGHT: N_("Oversight"),
    Role.MAT_COORDINATOR: N_("MAT coordinator"),
    Role.CASE_MANAGER: N_("Case manager"),
    Role.HUMAN_RESOURCES: N_("Human resources"),
}

# The forms.
FIELD_HEARD: Final = N_("What did you see or hear?")
HINT_HEARD: Final = N_(
    "Your own words are enough. You rate nothing. No names: phone numbers, dates of birth and long"
    " numbers are taken out."
)
FIELD_HEARD_AT: Final = N_("When?")
JUST_NOW: Final = N_("Just now")
AGO: Final = N_("{length} ago")
FIELD_CALL_BACK: Final = N_("Where can they call you back?")
HINT_CALL_BACK: Final = N_("Only those who are paged read it.")
FIELD_TELL_WHOM: Final = N_("Whom do you want to tell?")
ANOTHER: Final = N_("Another supervisor, picked below")
FIELD_SUPERVISOR: Final = N_("Another supervisor")
FIELD_DANGER: Final = N_("Are you in danger?")
IN_DANGER: Final = N_("I am in danger now: reach whoever is on call")
ONLY_THEM: Final = N_(
    "*This is yours.* It goes by message to whom you choose. No channel, no thread, no count."
)
ON_CALL: Final = N_(
    "*This reaches whoever is on call now,* by message. No channel, no thread, no count."
)
FIELD_DECISION: Final = N_("What was decided?")
HINT_DECISION: Final = N_("Goes to whoever paged, at once. No client names.")
FIELD_OWNER: Final = N_("Who does it?")
FIELD_BY_WHEN: Final = N_("By when?")
NOT_YOURS: Final = N_("Only people who were paged can do that.")

# Above what the row tells whoever asks: this is read by whom they page.
WAS_TOLD: Final = N_("*{who} was told this first. Make sure that it is done:*")

# The row that is there without any matrix.
MANUAL_EN: Final = N_("Page the clinical lead")

# The Home.
OPEN_PAGES: Final = N_("*Open pages*")
YOUR_PAGES: Final = N_("*What you paged for*")
A_PRIVATE_PAGE: Final = N_("Your private page")
ROW_ASKED_BY: Final = N_("{who} asks")
ROW_HAS_IT: Final = N_("{who} has it")
SOMEBODY_HAS_IT: Final = N_("somebody has it")
ROW_NOBODY: Final = N_("nobody has it yet")
ROW_DUE: Final = N_("due {at}")
ROW_WAS_DUE: Final = N_("*was due {at}*")
