"""This is what stands in the App Home and on the live board."""

from typing import Final

from bot.slack.words.speech import N_
from protocol.people import Role
from protocol.policy import ChannelRole
from protocol.records import Expecting, VisitState

STRANGER: Final = N_(
    "Belay does not know you yet. Ask your coordinator to add you. In danger? Call."
)
AS_OF: Final = N_("This is how it was at {at}. Open this tab anew to be sure of the newest.")
CUT_OFF: Final = N_("There is more than fits here.")

NOW: Final = N_("*Now*")
NOT_OUT: Final = N_("You are not on a visit.")
ON_THE_CARD: Final = N_("The buttons for it are on your card in Messages.")
NO_VISIT: Final = N_("no visit")
# Of somebody else, on the board; one's own visit speaks as its card does.
DUE: Final[dict[Expecting, str]] = {
    Expecting.ARRIVAL: N_("arrival due at *{at}*"),
    Expecting.CHECK_IN: N_("check-in due at *{at}*"),
    Expecting.EXIT: N_("check-in or leaving due at *{at}*"),
    Expecting.CLEAR: N_("*I'm clear* due at *{at}*"),
}
WAS_DUE: Final[dict[Expecting, str]] = {
    Expecting.ARRIVAL: N_("arrival was due at *{at}*"),
    Expecting.CHECK_IN: N_("check-in was due at *{at}*"),
    Expecting.EXIT: N_("check-in or leaving was due at *{at}*"),
    Expecting.CLEAR: N_("*I'm clear* was due at *{at}*"),
}
PLAN_VISIT: Final = N_("Plan a visit")
HERE_NOW: Final = N_("Start a visit now")
REPEAT_VISIT: Final = N_("Repeat the last one")
PAIR: Final = N_("{one} and {other}")
PLANS: Final = N_("*Your plans*")
STARTS: Final = N_("{at} · {place}")
CAN_CONFIRM: Final = N_("It waits for a yes. On duty for that: {names}")
NOBODY_CAN_CONFIRM: Final = N_("It waits for a yes. Nobody is on duty for that now.")
PLANS_ON_CARD: Final = N_("To change a plan or call it off, use its card in Messages.")

DUTY: Final = N_("*On duty now*")
DUTY_OF: Final = N_("*On duty now* · {program}")
ON_DUTY: Final = N_("{role}: {names}")
NOBODY_ON_DUTY: Final = N_("{role}: nobody is on duty. Call the coordinator line.")
ROLE: Final[dict[Role, str]] = {
    Role.COORDINATOR: N_("Coordinator"),
    Role.PEER_SUPERVISOR: N_("Peer supervisor"),
    Role.CLINICAL_LEAD: N_("Clinical lead"),
    Role.PEER: N_("Peer"),
    Role.EXECUTIVE: N_("Executive"),
    Role.PROGRAM_MANAGER: N_("Program manager"),
    Role.PRIVACY_OFFICER: N_("Privacy officer"),
    Role.OVERSIGHT: N_("Oversight"),
}
LINE: Final = N_("Coordinator line: *{line}*")
COUNTY: Final = N_("County emergency number: *{number}*. Belay never calls it for you.")

BOARD: Final = N_("*Who is out*")
NOBODY_OUT: Final = N_("Nobody is out.")
NOBODY_ELSE_OUT: Final = N_("Nobody else is out.")
BOARD_TITLE: Final = N_("Who is out")
NO_BOARD: Final = N_("This list is for those who look after a team.")
STATE: Final[dict[VisitState, str]] = {
    VisitState.PLANNED: N_("on the way"),
    VisitState.CONFIRMED: N_("on the way"),
    VisitState.UNDERWAY: N_("there"),
    VisitState.LEAVING: N_("leaving"),
    VisitState.OVERDUE: N_("overdue"),
    VisitState.ESCALATED: N_("overdue, people told"),
    VisitState.CLOSED: N_("closed"),
}
CONFIRMED_BY: Final = N_("confirmed by {who}")
NOT_CONFIRMED: Final = N_("not confirmed")
DRILL: Final = N_("drill")
CALL_HEAD: Final = N_("{kind}: *{who}*")
HAS_IT: Final = N_("{who} has it")
SINCE: Final = N_("since {at}")
NEXT_LOOK: Final = N_("next look at {at}")
NEXT_STEP: Final = N_("next people at {at}")
CALLS: Final = N_("*Open now*")
NO_CALLS: Final = N_("No escalation is open.")
THREAD: Final = N_("Open the thread")
THREAD_IN: Final = N_("Thread {number} in {channel}")

WAITING: Final = N_("*Plans that wait for a yes*")
OPEN: Final = N_("Open")

CHANNELS: Final = N_("*Where things are*")
CHANNEL: Final[dict[ChannelRole, str]] = {
    ChannelRole.FIELD_SAFETY: N_("Plans to confirm: {channel}"),
    ChannelRole.CLINICAL: N_("Pages for the clinical lead: {channel}"),
    ChannelRole.INCIDENTS: N_("Incident threads: {channel}"),
    ChannelRole.HUDDLE: N_("The huddle: {channel}"),
}
