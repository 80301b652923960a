"""This is the word for each kind of thing: what stands in forms, cards, pages and threads."""

from typing import Final

from protocol.decision import Reason
from protocol.events import ContactMethod, ContactOutcome
from protocol.identifiers import Identifier
from protocol.plan import Purpose, Transport
from protocol.rating import Factor, Rating
from protocol.records import (
    Accounted,
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    Finding,
    Unplanned,
    VisitOutcome,
)

RATING: Final[dict[Rating, str]] = {
    Rating.LOW: "Low",
    Rating.ELEVATED: "Elevated",
    Rating.HIGH: "High",
    Rating.PROHIBITED: "Prohibited",
}
FACTOR: Final[dict[Factor, str]] = {
    Factor.RECENT_VIOLENCE: "Recent violence",
    Factor.WEAPONS: "Weapons",
    Factor.ACTIVE_VIOLENCE: "Violence going on now",
    Factor.DRUG_MARKET: "Drug market nearby",
    Factor.UNSAFE_HOUSING: "Unsafe housing",
    Factor.ISOLATED: "Isolated",
    Factor.NO_SIGNAL: "No phone signal",
    Factor.ENCAMPMENT: "Encampment",
    Factor.UNKNOWN_HOME: "Home of someone new to us",
    Factor.RELEASE_DAY: "Release day",
    Factor.POLICE_PRESENT: "Police present",
    Factor.KNOWS_PERSON: "You know the person privately",
    Factor.EVENING: "Evening or night",
}
# The rules that stop a plan, as a supervisor hears of one who was there already.
RULE: Final[dict[Reason, str]] = {
    Reason.NO_COVER: "no cover",
    Reason.START_IN_PAST: "start has passed",
    Reason.START_TOO_FAR: "start too far ahead",
    Reason.TOO_LONG: "too long",
    Reason.NO_STOPS: "no place",
    Reason.TOO_MANY_STOPS: "more than eight stops",
    Reason.PLACE_GONE: "place not on the list",
    Reason.PARTNER_IS_WORKER: "needs another partner",
    Reason.VISIT_PROHIBITED: "active violence",
    Reason.NO_ENTRY: "no-entry place",
    Reason.NEEDS_PAIR: "needs a pair or a backup",
    Reason.SOLO_TRANSPORT: "drives somebody alone",
    Reason.CARRYING_CASH: "carries cash",
    Reason.TRAINING_MISSING: "field safety training",
}
PURPOSE: Final[dict[Purpose, str]] = {
    Purpose.OUTREACH: "Outreach",
    Purpose.ENGAGEMENT: "Getting to know someone",
    Purpose.ACCOMPANIMENT: "Going along with someone",
    Purpose.RELEASE_DAY: "Release day",
    Purpose.EMERGENCY_DEPARTMENT: "Emergency department",
    Purpose.FOLLOW_UP: "Follow-up",
    Purpose.SUPPLIES: "Bringing supplies",
    Purpose.SENT_TO_LOOK: "Looking in on a colleague",
    Purpose.OTHER: "Something else",
}
TRANSPORT: Final[dict[Transport, str]] = {
    Transport.WALK: "Walking",
    Transport.BUS: "Bus",
    Transport.AGENCY_CAR: "Agency car",
    Transport.OWN_CAR: "Own car",
    Transport.RIDE: "A ride",
}
EXPECTING: Final[dict[Expecting, str]] = {
    Expecting.ARRIVAL: "I'm here",
    Expecting.CHECK_IN: "Check-in",
    Expecting.EXIT: "Check-in or leaving",
    Expecting.CLEAR: "I'm clear",
}
APPROVAL: Final[dict[Approval, str]] = {
    Approval.ASKED: "Plan sent, not confirmed yet",
    Approval.CHANGES_ASKED: "Changes asked for",
    Approval.CONFIRMED: "Plan confirmed",
    Approval.DECLINED: "Plan declined",
}
UNPLANNED: Final[dict[Unplanned, str]] = {
    Unplanned.HERE_NOW: "Not planned ahead: already there",
    Unplanned.WATCH_ME: "Not planned ahead: asked to be watched",
    Unplanned.SENT_TO_LOOK: "Sent to look in on a colleague",
}
VISIT_OUTCOME: Final[dict[VisitOutcome, str]] = {
    VisitOutcome.COMPLETED: "Visit done. You are clear.",
    VisitOutcome.ENDED_EARLY: "Visit ended early. You are clear.",
    VisitOutcome.CALLED_OFF: "Visit called off. That is always fine.",
    VisitOutcome.DECLINED: "Visit not confirmed. It will not take place.",
    VisitOutcome.ACCOUNTED_FOR: "Visit closed. You are accounted for.",
}
ESCALATION: Final[dict[EscalationKind, str]] = {
    EscalationKind.MISSED: "Missed check-in",
    EscalationKind.UNEASY: "Uneasy: wants a call",
    EscalationKind.HELP_CALL: "Help: call me",
    EscalationKind.HELP_QUIET: "Help: stay quiet",
    EscalationKind.DURESS: "Duress",
}
# The same on the worker's own card, where it may be read over a shoulder.
RECEIVED: Final[dict[EscalationKind, str]] = {
    EscalationKind.MISSED: "No check-in came, so people were told",
    EscalationKind.UNEASY: "You asked for a call",
    EscalationKind.HELP_CALL: "You asked for help",
    EscalationKind.HELP_QUIET: "Received",
    EscalationKind.DURESS: "Received",
}
STATE_TO_WORKER: Final = "You are accounted for"
STATE: Final[dict[EscalationState, str]] = {
    EscalationState.CLIMBING: "Nobody has it yet",
    EscalationState.ACKNOWLEDGED: "Someone has it",
    EscalationState.SUPPORT_SENT: "Support was sent",
    EscalationState.EMERGENCY_CALLED: "Emergency services were called",
    EscalationState.AWAITING_SECOND: "A second person confirms",
    EscalationState.CLOSED: "The worker is accounted for",
}
ACCOUNTED: Final[dict[Accounted, str]] = {
    Accounted.SPOKEN: "I spoke with them; the challenge was right",
    Accounted.SEEN: "A named person saw them",
    Accounted.CONFIRMED_TAP: "They tapped late, and one tap confirmed it",
    Accounted.IN_CARE: "A named service has them and said so",
}
FINDING: Final[dict[Finding, str]] = {
    Finding.LATE: "Visit took longer",
    Finding.NO_SIGNAL: "No signal",
    Finding.FORGOT: "Busy with the person",
    Finding.DEVICE: "Phone or app trouble",
    Finding.REAL: "Real danger or harm",
    Finding.DRILL: "Drill",
    Finding.OTHER: "Other",
}
METHOD: Final[dict[ContactMethod, str]] = {
    ContactMethod.CALL: "Called the worker",
    ContactMethod.TEXT: "Texted the worker",
    ContactMethod.COMPANION: "Asked the companion",
    ContactMethod.PLACE: "Asked at the place",
    ContactMethod.EMERGENCY_CONTACT: "Called the emergency contact",
    ContactMethod.COLLEAGUE: "A colleague looked",
}
OUTCOME: Final[dict[ContactOutcome, str]] = {
    ContactOutcome.SPOKE: "Spoke with them",
    ContactOutcome.NO_ANSWER: "No answer",
    ContactOutcome.VOICEMAIL: "Left a voicemail",
    ContactOutcome.WORRYING: "Something was wrong",
    ContactOutcome.NOT_THERE: "They are not there",
}
IDENTIFIER: Final[dict[Identifier, str]] = {
    Identifier.URL: "a web link",
    Identifier.EMAIL: "an e-mail address",
    Identifier.SSN: "a social security number",
    Identifier.BIRTH_DATE: "a date of birth",
    Identifier.PHONE: "a phone number",
    Identifier.RECORD_NUMBER: "a record number",
    Identifier.ADDRESS: "a street address",
}
