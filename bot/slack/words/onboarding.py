"""This is what workers read while they get ready: steps, forms, and the practice.

The Home may be read over a shoulder, so it never says what a button or a phrase can mean. Only the
forms do, and they ask to be opened alone.
"""

from typing import Final

from bot.slack.words.speech import N_
from protocol.people import Language
from protocol.phrase import Weakness
from protocol.sending import Send
from storage.onboarding_tables import Step

GET_READY: Final = N_(
    "*Get ready*\nStep by step, in any order. You can do everything without them."
)
SETTINGS: Final = N_("*My safety settings*")
STEP: Final[dict[Step, str]] = {
    Step.ANSWERS: N_("The two OK buttons"),
    Step.PRACTICE: N_("Practice with a card"),
    Step.CONTACTS: N_("Contacts"),
    Step.SEND: N_("Whom to send"),
    Step.RECORDS: N_("What Belay records about you"),
    Step.LANGUAGE: N_("Language"),
}
WHAT: Final[dict[Step, str]] = {
    Step.ANSWERS: N_("Why there are two, and which is yours. Open this when you are alone."),
    Step.PRACTICE: N_("Try the card. Nothing reaches anybody. Open this when you are alone."),
    Step.CONTACTS: N_("Your phone, whom to call for you, and whom not to tell."),
    Step.SEND: N_("Who should come if you do not answer."),
    Step.RECORDS: N_("What is stored, who reads it, and for how long."),
    Step.LANGUAGE: N_("English or Spanish."),
}
ROW: Final = N_("*{step}*\n{what}")
ROW_DONE: Final = N_("✓ *{step}*\n{what}")
ROW_LATER: Final = N_("*{step}* (later)\n{what}")
CHANGE: Final = N_("Open")
SKIP: Final = N_("Skip for now: {step}")

ALONE: Final = N_("*Are you alone?* If anybody can see this screen, close it and come back later.")
TWO_BUTTONS: Final = N_(
    "Your card has two OK buttons that look the same. One of them can mean: *I am not safe.* You"
    " choose which. Nobody who sees you tap can tell. Your team is told at once, quietly. They do"
    " not call or message you."
)
FIELD_BUTTON: Final = N_("Which one means: I am not safe?")
BUTTON: Final[dict[str, str]] = {
    "a": N_("The upper OK button"),
    "b": N_("The lower OK button"),
}
FIELD_PHRASE: Final = N_("And which words mean the same?")
HINT_PHRASE: Final = N_(
    "For texts and calls: begin with OK, then these words. Three words or more that you would"
    " never write by chance, and that sound like nothing."
)
NEVER_SHOWN: Final = N_(
    "It is sealed as soon as you save it, and shown to nobody again, not to you either. You can"
    " choose anew at any time. Write it down nowhere."
)
WEAK: Final[dict[Weakness, str]] = {
    Weakness.TOO_SHORT: N_("Use three words or more, with twelve letters in all."),
    Weakness.TOO_LONG: N_("Use fewer words, so that you can say them under stress."),
    Weakness.ORDINARY: N_(
        "People write words like these on a normal day. Use at least two words that are your own."
    ),
    Weakness.SOUNDS_LIKE_DANGER: N_("These words sound like danger. Pick some that do not."),
}

PRACTICE_HEAD: Final = N_(
    "*Practice.* Nothing here reaches anybody, and nothing is kept. The card is as in the field."
)
PRACTICE_CARD: Final = N_("*Practice place*\nToday, 1 h · Outreach · Low\n✓ I'm here")
FIELD_TYPED: Final = N_("Or what would you write?")
HINT_TYPED: Final = N_("A message counts as an answer when it begins with OK.")
FIRST_CHOOSE: Final = N_("First choose your two OK buttons. Then you can try them here.")
READ_AS_UNSAFE: Final = N_(
    "*This means: I am not safe.* In the field your team would be told now, quietly."
)
READ_AS_OK: Final = N_("*This means: I am OK.*")
READ_AS_HELP: Final = N_("*This calls for help.* In the field your team would be paged now.")
READ_AS_NOTHING: Final = N_(
    "*This is no answer yet.* Begin with OK or OUT, and Belay takes it as one."
)
READ_AS_LEAVING: Final = N_("*This means: I am leaving.*")

FIELD_PHONE: Final = N_("Your phone number")
HINT_PHONE_STORED: Final = N_("A number is stored, sealed. Leave this empty to keep it.")
HINT_PHONE_NONE: Final = N_("Sealed. Opened only to reach you, and you see each time.")
FIELD_CONTACT: Final = N_("Emergency contact: name and number")
HINT_CONTACT_STORED: Final = N_("One is stored, sealed. Leave this empty to keep it.")
HINT_CONTACT_NONE: Final = N_("Sealed. Called only if you are missing, and only if you agree.")
FIELD_CONSENT: Final = N_("May your team call this contact?")
CONSENT_YES: Final = N_("Yes, if I am missing")
CONSENT_FORGET: Final = N_("Take back the contact that is stored")
NEEDS_CONSENT: Final = N_("Tick yes, or leave the contact empty.")
BAD_PHONE: Final = N_("This does not look like a phone number. Use digits, such as 555-010-0199.")
FIELD_EXCLUDES: Final = N_("Who should not be told of your call for help?")
HINT_EXCLUDES: Final = N_("Somebody you do not feel safe with, for example. They are not told.")
NOBODY_LEFT: Final = N_("Then nobody on the team could answer you. Leave at least one person.")

SEND: Final[dict[Send, str]] = {
    Send.PARTNER: N_("Partner on site"),
    Send.PAIR: N_("A pair from the team"),
    Send.MOBILE_CRISIS: N_("Mobile crisis"),
    Send.EMS: N_("Ambulance"),
    Send.POLICE: N_("Police"),
}
FIELD_SEND: Final = N_("Who should come, in this order?")
HINT_SEND: Final = N_("Police is never picked for you. Leave it empty to take your choice back.")
FIELD_SEND_PLACE: Final = N_("Only at this place?")
HINT_SEND_PLACE: Final = N_("Leave it empty for everywhere.")
AGREED: Final = N_("Whom to send, as the worker wants it: {send}")

FIELD_LANGUAGE: Final = N_("Which language?")
# Each in itself, so that whoever reads only one of them finds it.
LANGUAGE: Final[dict[Language, str]] = {Language.EN: "English", Language.ES: "Español"}
