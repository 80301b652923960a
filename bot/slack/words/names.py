"""This is the word for each kind of thing: what stands in forms, cards, pages and threads."""

from typing import Final

from bot.slack.words.speech import N_
from protocol.decision import Reason
from protocol.events import ContactMethod, ContactOutcome
from protocol.identifiers import Identifier
from protocol.plan import Purpose, Transport, VisitKind
from protocol.rating import Factor, Rating
from protocol.records import (
    Accounted,
    Approval,
    EscalationKind,
    EscalationState,
    Finding,
    Unplanned,
    VisitOutcome,
)

RATING: Final[dict[Rating, str]] = {
    Rating.LOW: N_("Low"),
    Rating.ELEVATED: N_("Elevated"),
    Rating.HIGH: N_("High"),
    Rating.PROHIBITED: N_("Prohibited"),
}
FACTOR: Final[dict[Factor, str]] = {
    Factor.RECENT_VIOLENCE: N_("Recent violence"),
    Factor.WEAPONS: N_("Weapons"),
    Factor.ACTIVE_VIOLENCE: N_("Violence going on now"),
    Factor.DRUG_MARKET: N_("Drug market nearby"),
    Factor.UNSAFE_HOUSING: N_("Unsafe housing"),
    Factor.ISOLATED: N_("Isolated"),
    Factor.NO_SIGNAL: N_("No phone signal"),
    Factor.ENCAMPMENT: N_("Encampment"),
    Factor.UNKNOWN_HOME: N_("Home of someone new to us"),
    Factor.RELEASE_DAY: N_("Release day"),
    Factor.POLICE_PRESENT: N_("Police present"),
    Factor.KNOWS_PERSON: N_("You know the person privately"),
    Factor.EVENING: N_("Evening or night"),
}
# The rules that stop a plan, as a supervisor hears of one who was there already.
RULE: Final[dict[Reason, str]] = {
    Reason.NO_COVER: N_("no cover"),
    Reason.START_IN_PAST: N_("start has passed"),
    Reason.START_TOO_FAR: N_("start too far ahead"),
    Reason.TOO_LONG: N_("too long"),
    Reason.NO_STOPS: N_("no place"),
    Reason.TOO_MANY_STOPS: N_("more than eight stops"),
    Reason.PLACE_GONE: N_("place not on the list"),
    Reason.PARTNER_IS_WORKER: N_("needs another partner"),
    Reason.VISIT_PROHIBITED: N_("active violence"),
    Reason.NO_ENTRY: N_("no-entry place"),
    Reason.NEEDS_PAIR: N_("needs a pair or a backup"),
    Reason.SOLO_TRANSPORT: N_("drives somebody alone"),
    Reason.CARRYING_CASH: N_("carries cash"),
    Reason.TRAINING_MISSING: N_("field safety training"),
}
PURPOSE: Final[dict[Purpose, str]] = {
    Purpose.OUTREACH: N_("Outreach"),
    Purpose.ENGAGEMENT: N_("Getting to know someone"),
    Purpose.ACCOMPANIMENT: N_("Going along with someone"),
    Purpose.RELEASE_DAY: N_("Release day"),
    Purpose.EMERGENCY_DEPARTMENT: N_("Emergency department"),
    Purpose.FOLLOW_UP: N_("Follow-up"),
    Purpose.SUPPLIES: N_("Bringing supplies"),
    Purpose.SENT_TO_LOOK: N_("Looking in on a colleague"),
    Purpose.OTHER: N_("Something else"),
}
VISIT_KIND: Final[dict[VisitKind, str]] = {
    VisitKind.SHELTER: N_("Shelter"),
    VisitKind.ENCAMPMENT: N_("Encampment"),
    VisitKind.EMERGENCY_DEPARTMENT: N_("Emergency dept."),
    VisitKind.GATE: N_("Release gate"),
    VisitKind.HOME: N_("Home visit"),
}
TRANSPORT: Final[dict[Transport, str]] = {
    Transport.WALK: N_("Walking"),
    Transport.BUS: N_("Bus"),
    Transport.AGENCY_CAR: N_("Agency car"),
    Transport.OWN_CAR: N_("Own car"),
    Transport.RIDE: N_("A ride"),
}
APPROVAL: Final[dict[Approval, str]] = {
    Approval.ASKED: N_("Plan sent, not confirmed yet"),
    Approval.CHANGES_ASKED: N_("Changes asked for"),
    Approval.CONFIRMED: N_("Plan confirmed"),
    Approval.DECLINED: N_("Plan declined"),
}
UNPLANNED: Final[dict[Unplanned, str]] = {
    Unplanned.HERE_NOW: N_("Not planned ahead: already there"),
    Unplanned.WATCH_ME: N_("Not planned ahead: asked to be watched"),
    Unplanned.SENT_TO_LOOK: N_("Sent to look in on a colleague"),
}
VISIT_OUTCOME: Final[dict[VisitOutcome, str]] = {
    VisitOutcome.COMPLETED: N_("Visit done. You are clear."),
    VisitOutcome.ENDED_EARLY: N_("Visit ended early. You are clear."),
    VisitOutcome.CALLED_OFF: N_("Visit called off. That is always fine."),
    VisitOutcome.DECLINED: N_("Visit not confirmed. It will not take place."),
    VisitOutcome.ACCOUNTED_FOR: N_("Visit closed. You are accounted for."),
}
ESCALATION: Final[dict[EscalationKind, str]] = {
    EscalationKind.MISSED: N_("Missed check-in"),
    EscalationKind.UNEASY: N_("Uneasy: wants a call"),
    EscalationKind.HELP_CALL: N_("Help: call me"),
    EscalationKind.HELP_QUIET: N_("Help: stay quiet"),
    EscalationKind.DURESS: N_("Duress"),
    EscalationKind.TRIGGER: N_("Page"),
}
# The same on the worker's own card, where it may be read over a shoulder.
RECEIVED: Final[dict[EscalationKind, str]] = {
    EscalationKind.MISSED: N_("No check-in came, so people were told"),
    EscalationKind.UNEASY: N_("You asked for a call"),
    EscalationKind.HELP_CALL: N_("You asked for help"),
    EscalationKind.HELP_QUIET: N_("Received"),
    EscalationKind.DURESS: N_("Received"),
    EscalationKind.TRIGGER: N_("You paged somebody"),
}
STATE_TO_WORKER: Final = N_("You are accounted for")
STATE: Final[dict[EscalationState, str]] = {
    EscalationState.CLIMBING: N_("Nobody has it yet"),
    EscalationState.ACKNOWLEDGED: N_("Someone has it"),
    EscalationState.SUPPORT_SENT: N_("Support was sent"),
    EscalationState.EMERGENCY_CALLED: N_("Emergency services were called"),
    EscalationState.AWAITING_SECOND: N_("A second person confirms"),
    EscalationState.CONSULTED: N_("There is a written answer"),
    EscalationState.CLOSED: N_("The worker is accounted for"),
}
ACCOUNTED: Final[dict[Accounted, str]] = {
    Accounted.SPOKEN: N_("I spoke with them; the challenge was right"),
    Accounted.SEEN: N_("A named person saw them"),
    Accounted.CONFIRMED_TAP: N_("They tapped late, and one tap confirmed it"),
    Accounted.IN_CARE: N_("A named service has them and said so"),
}
# The same for everybody else, and without a name.
ACCOUNTED_SAID: Final[dict[Accounted, str]] = {
    Accounted.SPOKEN: N_("A responder spoke with them. The challenge was right."),
    Accounted.SEEN: N_("A named person saw them."),
    Accounted.CONFIRMED_TAP: N_("They tapped late, and a responder confirmed it."),
    Accounted.IN_CARE: N_("A named service has them and said so."),
}
FINDING: Final[dict[Finding, str]] = {
    Finding.LATE: N_("Visit took longer"),
    Finding.NO_SIGNAL: N_("No signal"),
    Finding.FORGOT: N_("Busy with the person"),
    Finding.DEVICE: N_("Phone or app trouble"),
    Finding.REAL: N_("Real danger or harm"),
    Finding.DRILL: N_("Drill"),
    Finding.OTHER: N_("Other"),
    Finding.NOT_SAID: N_("not written down"),
}
METHOD: Final[dict[ContactMethod, str]] = {
    ContactMethod.CALL: N_("Called the worker"),
    ContactMethod.TEXT: N_("Texted the worker"),
    ContactMethod.COMPANION: N_("Asked the companion"),
    ContactMethod.PLACE: N_("Asked at the place"),
    ContactMethod.EMERGENCY_CONTACT: N_("Called the emergency contact"),
    ContactMethod.COLLEAGUE: N_("A colleague looked"),
}
OUTCOME: Final[dict[ContactOutcome, str]] = {
    ContactOutcome.SPOKE: N_("Spoke with them"),
    ContactOutcome.NO_ANSWER: N_("No answer"),
    ContactOutcome.VOICEMAIL: N_("Left a voicemail"),
    ContactOutcome.WORRYING: N_("Something was wrong"),
    ContactOutcome.NOT_THERE: N_("They are not there"),
}
IDENTIFIER: Final[dict[Identifier, str]] = {
    Identifier.URL: N_("a web link"),
    Identifier.EMAIL: N_("an e-mail address"),
    Identifier.SSN: N_("a social security number"),
    Identifier.BIRTH_DATE: N_("a date of birth"),
    Identifier.PHONE: N_("a phone number"),
    Identifier.RECORD_NUMBER: N_("a record number"),
    Identifier.ADDRESS: N_("a street address"),
}
