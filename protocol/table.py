"""Every move of a visit and of an escalation, as one table.

The rules are code; this is what they add up to. A test walks through lives of a matter and fails on
a move that is not here, and on a move here that no life takes. `docs/protocol.md` is drawn from it.
An event that is not listed for a state leaves it where it is: it is refused, or already said, or it
changes something other than the state.
"""

from enum import StrEnum
from typing import Final

from protocol.records import EscalationState as E
from protocol.records import VisitState as V

# The start of a record, before its first event.
NEW: Final = "new"

VisitMoves = dict[str, dict[str, tuple[V, ...]]]
EscalationMoves = dict[str, dict[str, tuple[E, ...]]]


class Calling(StrEnum):
    """This is where a roll call stands: OPEN while somebody has still to answer."""

    OPEN = "open"
    OVER = "over"


_GOES_ON = (V.PLANNED, V.CONFIRMED, V.UNDERWAY, V.LEAVING)

VISIT: Final[VisitMoves] = {
    NEW: {"PlanVisit": (V.PLANNED, V.CONFIRMED, V.UNDERWAY)},
    V.PLANNED: {
        "ConfirmPlan": (V.CONFIRMED,),
        "DeclinePlan": (V.CLOSED,),
        "CallOff": (V.CLOSED,),
        "Arrive": (V.UNDERWAY,),
        "CheckIn": (V.UNDERWAY,),
        "Uneasy": (V.ESCALATED,),
        "Help": (V.ESCALATED,),
        "DeadlinePassed": (V.OVERDUE, V.ESCALATED),
        "AskAccount": (V.OVERDUE,),
    },
    V.CONFIRMED: {
        "RevisePlan": (V.PLANNED,),
        "AskChanges": (V.PLANNED,),
        "DeclinePlan": (V.CLOSED, V.PLANNED),
        "CallOff": (V.CLOSED,),
        "Arrive": (V.UNDERWAY,),
        "CheckIn": (V.UNDERWAY,),
        "Uneasy": (V.ESCALATED,),
        "Help": (V.ESCALATED,),
        "DeadlinePassed": (V.OVERDUE, V.ESCALATED),
        "AskAccount": (V.OVERDUE,),
    },
    V.UNDERWAY: {
        "Leave": (V.LEAVING,),
        "Clear": (V.LEAVING,),
        "Uneasy": (V.ESCALATED,),
        "Help": (V.ESCALATED,),
        "DeadlinePassed": (V.OVERDUE, V.ESCALATED),
        "AskAccount": (V.OVERDUE,),
    },
    V.LEAVING: {
        "MoveOn": (V.UNDERWAY,),
        "Clear": (V.CLOSED,),
        "Uneasy": (V.ESCALATED,),
        "Help": (V.ESCALATED,),
        "DeadlinePassed": (V.OVERDUE, V.ESCALATED),
        "AskAccount": (V.OVERDUE,),
    },
    V.OVERDUE: {
        "Arrive": (V.UNDERWAY, V.LEAVING),
        "CheckIn": (V.UNDERWAY, V.LEAVING),
        "MoveOn": (V.UNDERWAY,),
        "Extend": (V.UNDERWAY,),
        "NoSignal": (V.UNDERWAY,),
        "OnTheWay": (V.PLANNED, V.CONFIRMED, V.UNDERWAY, V.LEAVING),
        "RunningLate": (V.PLANNED, V.CONFIRMED),
        "Leave": (V.LEAVING,),
        "Clear": (V.LEAVING, V.CLOSED),
        "CallOff": (V.CLOSED,),
        "ProxyCheckIn": _GOES_ON,
        "Uneasy": (V.ESCALATED,),
        "Help": (V.ESCALATED,),
        "DeadlinePassed": (V.ESCALATED,),
    },
    V.ESCALATED: {
        "Close": (*_GOES_ON, V.CLOSED),
        "ConfirmClosing": (*_GOES_ON, V.CLOSED),
        "ConfirmTap": (*_GOES_ON, V.CLOSED),
        "ProxyCheckIn": (*_GOES_ON, V.CLOSED),
    },
    V.CLOSED: {},
}

ESCALATION: Final[EscalationMoves] = {
    NEW: {
        "DeadlinePassed": (E.CLIMBING,),
        "Uneasy": (E.CLIMBING,),
        "Help": (E.CLIMBING,),
        "OpenSilent": (E.CLIMBING,),
        "RaiseTrigger": (E.CLIMBING,),
    },
    E.CLIMBING: {
        "Acknowledge": (E.ACKNOWLEDGED,),
        "TakeHandover": (E.ACKNOWLEDGED,),
        "SendSupport": (E.SUPPORT_SENT,),
        "CallEmergency": (E.EMERGENCY_CALLED,),
        "Close": (E.AWAITING_SECOND, E.CLOSED),
        "ConfirmTap": (E.CLOSED,),
        "ProxyCheckIn": (E.CLOSED,),
        "WriteConsult": (E.CONSULTED,),
        "NightClose": (E.CONSULTED,),
        "Sorted": (E.CLOSED,),
    },
    E.ACKNOWLEDGED: {
        "DeadlinePassed": (E.CLIMBING,),
        "CannotTake": (E.CLIMBING,),
        "Escalate": (E.CLIMBING,),
        "Help": (E.CLIMBING,),
        "SendSupport": (E.SUPPORT_SENT,),
        "CallEmergency": (E.EMERGENCY_CALLED,),
        "Close": (E.AWAITING_SECOND, E.CLOSED),
        "ProxyCheckIn": (E.CLOSED,),
        "WriteConsult": (E.CONSULTED,),
        "NightClose": (E.CONSULTED,),
        "Sorted": (E.CLOSED,),
    },
    E.SUPPORT_SENT: {
        "DeadlinePassed": (E.CLIMBING,),
        "CannotTake": (E.CLIMBING,),
        "Escalate": (E.CLIMBING,),
        "Help": (E.CLIMBING,),
        "CallEmergency": (E.EMERGENCY_CALLED,),
        "Close": (E.AWAITING_SECOND, E.CLOSED),
        "ProxyCheckIn": (E.CLOSED,),
    },
    E.EMERGENCY_CALLED: {
        "DeadlinePassed": (E.CLIMBING,),
        "CannotTake": (E.CLIMBING,),
        "Escalate": (E.CLIMBING,),
        "Help": (E.CLIMBING,),
        "SendSupport": (E.SUPPORT_SENT,),
        "Close": (E.AWAITING_SECOND, E.CLOSED),
        "ProxyCheckIn": (E.CLOSED,),
    },
    E.AWAITING_SECOND: {
        "ConfirmClosing": (E.CLOSED,),
        "RejectClosing": (E.ACKNOWLEDGED,),
        "OpenSilent": (E.CLIMBING,),
        "Escalate": (E.CLIMBING,),
        "Help": (E.CLIMBING,),
        "SendSupport": (E.SUPPORT_SENT,),
        "CallEmergency": (E.EMERGENCY_CALLED,),
    },
    E.CONSULTED: {
        "CannotTake": (E.CLIMBING,),
        "Escalate": (E.CLIMBING,),
        "NotSorted": (E.CLIMBING,),
        "Sorted": (E.CLOSED,),
    },
    E.CLOSED: {},
}

ROLL_CALL: Final[dict[str, dict[str, tuple[Calling, ...]]]] = {
    NEW: {"CallRoll": (Calling.OPEN,)},
    Calling.OPEN: {"DeadlinePassed": (Calling.OVER,)},
    Calling.OVER: {},
}
