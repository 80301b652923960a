"""This is what a responder reads: first what not to do, then what to do, in order."""

from typing import Final

from bot.slack.words.speech import N_
from protocol.records import EscalationKind as K

WARNING: Final[dict[K, str]] = {
    K.DURESS: N_("*Do not call or message them.*"),
    K.HELP_QUIET: N_("*Do not ring them.* Do not message them."),
}
QUIET_STEPS: Final = (
    N_("Nothing that rings, buzzes or shows on their phone."),
    N_("Do not call the companion or the place."),
    N_("Decide with the clinical lead whom to send. Send nobody alone."),
    N_("If a life is in danger, call emergency services. Use the card below."),
)
SCRIPT: Final[dict[K, tuple[str, ...]]] = {
    K.MISSED: (
        N_(
            "Call the worker. Ask for the challenge: the question you agreed on. The right answer"
            " shows that they speak freely."
        ),
        N_("Call the companion."),
        N_('Call the place. Say "a county worker", never our name.'),
        N_("Call the worker again."),
        N_("Call the emergency contact, only if the worker agreed to that before."),
        N_("Send a colleague, as a pair with a watched visit."),
        N_("Then decide whom to send."),
    ),
    K.UNEASY: (
        N_("Call the worker now. Let them talk, or just stay on the line."),
        N_("Ask: shall I stay on, come, or send someone?"),
        N_("No answer? Call again, then tap *Escalate*."),
    ),
    K.HELP_CALL: (
        N_(
            "Call the worker now. Ask for the challenge: the question you agreed on. The right"
            " answer shows that they speak freely."
        ),
        N_("No answer? Call again once. Then decide whom to send."),
        N_("If a life is in danger, call emergency services. Use the card below."),
    ),
    K.HELP_QUIET: QUIET_STEPS,
    K.DURESS: QUIET_STEPS,
}
DECIDE: Final = N_("*Decide now:* is help from outside needed? Say what you decided.")
SEND: Final = N_("Whom to send here: {send}")
SEND_UNKNOWN: Final = N_(
    "Whom to send: partner on site, a pair, mobile crisis, EMS or police. You decide."
)
COUNTY: Final = N_("County emergency number: *{number}*. Belay never calls it for you.")
READ_OUT: Final = N_(
    'Read out: "I am calling about a county field worker who may need help. Place: {place}. Last'
    ' heard: {last}. They are {alone}. I am {who_calls}, and you can call me back at ..."'
)
ALONE: Final = N_("alone, as far as we know")
PAIR: Final = N_("with one colleague")
ADDRESSES: Final = N_("Exact addresses are kept outside Slack. Open them there.")
NOBODY_YET: Final = N_("Nobody has it yet.")
TAKE_IT: Final = N_("Can you take it? Tap *I have it*. Then everybody sees that it is yours.")
CALL_NOW: Final = N_("*{who}, please call {worker} now.*")
DECIDE_NOW: Final = N_("*{who}, please decide now whom to send.*")
WHEN_KNOWN: Final = N_("When you know where they are, tap *Accounted for...*")
INCIDENT: Final = N_("Incident {number}")
INCIDENT_IN: Final = N_("Incident {number}, in {channel}")
INCIDENT_THREAD: Final = N_("Incident {number}: {thread}")
HAS_IT: Final = N_("*{who} has it.*")
SAID_SO: Final = N_("*{who} has it.* Said so at {at}.")
NEXT_LOOK: Final = N_("Next look at {at}.")
STAYS_OPEN: Final = N_("This is not an all-clear. It stays open until the worker is accounted for.")
SECOND: Final = N_("*{who} says that the worker is accounted for.* A second person confirms.")
CLOSED: Final = N_("*The worker is accounted for.* {who} closed it at {at}.")
TAPPED: Final = N_("A tap came at {at}. It does not close this by itself.")
DRILL: Final = N_("*This is a drill.*")
NO_LABEL: Final = N_("a place without a name")
WHERE: Final = N_("Where: *{place}*")
NO_VISIT: Final = N_("Where: not known. They are not on a visit.")
SINCE: Final = N_("Since: {at}")
LAST_HEARD: Final = N_("Last heard: {at}")
NOT_HEARD: Final = N_("Last heard: not yet on this visit")
PLANNED_END: Final = N_("Planned end: {at}")
RATED: Final = N_("Rating: {rating}")
PARTNER: Final = N_("Partner: {who}")
ALONE_THERE: Final = N_("Alone")
BACKUP: Final = N_("Backup: {who}")
ATTEMPTS: Final = N_("Contact attempts logged: {count}")
WHAT_TO_DO: Final = N_("*What to do*")
NOT_KNOWN: Final = N_("not known")

# What is said when a page cannot be drawn, or the rules cannot be worked out.
UNDRAWN: Final = N_(
    "Belay could not draw this page. Somebody may be missing or need help. Open Belay's Home, or"
    " call the coordinator line {line}."
)
UNDRAWN_NO_LINE: Final = N_(
    "Belay could not draw this page. Somebody may be missing or need help. Open Belay's Home, or"
    " call the coordinator line."
)
TREAT_AS_MISSED: Final = N_(
    "Belay cannot work out what is due for {who}. *Treat it as a missed check-in:* call them now"
    " and ask for the challenge. No answer? Go on as your plan says. Belay keeps trying, and its"
    " operators know."
)
TREAT_AS_MISSED_QUIETLY: Final = N_(
    "*Do not call or message them.* Belay cannot work out what is due in an escalation about {who}."
    " *Treat it as unanswered:* decide now, by phone among yourselves, whom to send. Belay keeps"
    " trying, and its operators know."
)
TREAT_AS_OPEN: Final = N_(
    "Belay cannot work out what is due for a page from {who}. *Treat it as open:* call them now and"
    " ask what they saw or heard. Belay keeps trying, and its operators know."
)
YOURS_IS_STUCK: Final = N_(
    "Belay cannot go on with your private page. Nobody else was told. Please call somebody whom you"
    " trust. In danger now? Call 911 or 988. Belay keeps trying, and its operators know."
)
ONE_OF_YOURS: Final = N_("one of your workers")
