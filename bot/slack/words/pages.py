"""This is what a responder reads: first what not to do, then what to do, in order."""

from typing import Final

from protocol.records import EscalationKind as K

WARNING: Final[dict[K, str]] = {
    K.DURESS: "*Do not call or message them.*",
    K.HELP_QUIET: "*Do not ring them.* Do not message them.",
}
QUIET_STEPS: Final = (
    "Nothing that rings, buzzes or shows on their phone.",
    "Do not call the companion or the place.",
    "Decide with the clinical lead whom to send. Send nobody alone.",
    "If a life is in danger, call emergency services. Use the card below.",
)
SCRIPT: Final[dict[K, tuple[str, ...]]] = {
    K.MISSED: (
        "Call the worker. Ask for the challenge.",
        "Call the companion.",
        'Call the place. Say "a county worker", never our name.',
        "Call the worker again.",
        "Call the emergency contact, only if the worker agreed to that before.",
        "Send a colleague, as a pair with a watched visit.",
        "Then decide whom to send.",
    ),
    K.UNEASY: (
        "Call the worker now. Let them talk, or just stay on the line.",
        "Ask: shall I stay on, come, or send someone?",
        "No answer? Call again, then tap *Escalate*.",
    ),
    K.HELP_CALL: (
        "Call the worker now. Ask for the challenge.",
        "No answer? Call again once. Then decide whom to send.",
        "If a life is in danger, call emergency services. Use the card below.",
    ),
    K.HELP_QUIET: QUIET_STEPS,
    K.DURESS: QUIET_STEPS,
}
DECIDE: Final = "*Decide now:* is help from outside needed? Say what you decided."
SEND: Final = "Whom to send here: {send}"
SEND_UNKNOWN: Final = (
    "Whom to send: partner on site, a pair, mobile crisis, EMS or police. You decide."
)
COUNTY: Final = "County emergency number: *{number}*. Belay never calls it for you."
READ_OUT: Final = (
    'Read out: "I am calling about a county field worker who may need help. Place: {place}. Last'
    ' heard: {last}. They are {alone}. I am {who_calls}, and you can call me back at ..."'
)
ALONE: Final = "alone, as far as we know"
PAIR: Final = "with one colleague"
PRIVATE_PLACE: Final = "The exact address of a private home is kept outside Slack. Open it there."
NOBODY_YET: Final = "Nobody has it yet."
HAS_IT: Final = "*{who} has it.*"
SAID_SO: Final = "*{who} has it.* Said so at {at}."
NEXT_LOOK: Final = "Next look at {at}."
STAYS_OPEN: Final = "This is not an all-clear. It stays open until the worker is accounted for."
SECOND: Final = "*{who} says that the worker is accounted for.* A second person confirms."
CLOSED: Final = "*The worker is accounted for.* {who} closed it at {at}."
TAPPED: Final = "A tap came at {at}. It does not close this by itself."
DRILL: Final = "*This is a drill.*"
NO_LABEL: Final = "a place without a name"
