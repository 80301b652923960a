"""How effects leave: how urgent each is, what keeps its order, and what makes it void. Pure."""

from typing import NamedTuple

from protocol.decision import Decision
from protocol.effects import (
    Ask,
    Asked,
    Effect,
    OpenThread,
    Page,
    PostApproval,
    PostPage,
    PostStandDown,
    Refresh,
    Remind,
    Reply,
    StandDown,
    Tell,
    ThreadNote,
)
from protocol.events import Event, WorkerEvent
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.policy import ChannelRole
from protocol.records import NEEDS_SECOND, Escalation, EscalationState, Matter, Visit, VisitState

# What names many pages; pages and questions about an open escalation; reminders and approvals;
# news; edits.
FIRST, URGENT, DUE, NEWS, EDIT = range(-1, 4)

PAGE_KINDS = (Page.__name__, PostPage.__name__)
_ABOUT_A_PLAN = (Asked.APPROVE, Asked.AGREE_LOWERING, Asked.TAKE_VISIT)
# In these nobody is reminded: others are looking for the worker, or it is over.
_UNREMINDED = (VisitState.ESCALATED, VisitState.CLOSED)


class Void(NamedTuple):
    """This names rows that no longer apply: one kind of a matter's, to one person or to all."""

    matter: MatterId
    kind: str
    to: PersonId | None = None


def voided(before: Matter, decision: Decision, event: Event) -> tuple[Void, ...]:
    """Say which unsent rows a decision makes void; the decision's own effects come after.

    Pages are void when the climb that asked for them ends: somebody took it on, or it closed. All
    that wait are of this escalation, for a matter has one that is open. A page about a call for
    help or duress is never void because of something the worker said. Reminders are void when what
    was due is answered, moved or over, and for those of a pair who have answered.
    """
    return (*_pages_void(before, decision.matter, event), *_reminders_void(before, decision.matter))


def _pages_void(before: Matter, after: Matter, event: Event) -> tuple[Void, ...]:
    was = before.open_escalation
    if was is None or was.state is not EscalationState.CLIMBING:
        return ()
    now = after.escalations[was.no - 1]
    if now.state is EscalationState.CLIMBING or _worker_spoke(now, event):
        return ()
    if not now.also or now.state is EscalationState.CLOSED:
        return tuple(Void(before.id, kind) for kind in PAGE_KINDS)
    # Whoever might be calling the worker must hear not to, also where somebody else has it.
    others = (person for person in now.paged if person not in now.also)
    posts = Void(before.id, PostPage.__name__)
    return (posts, *(Void(before.id, Page.__name__, person) for person in others))


def _worker_spoke(escalation: Escalation, event: Event) -> bool:
    return escalation.kind in NEEDS_SECOND and isinstance(event, WorkerEvent)


def _reminders_void(before: Matter, after: Matter) -> tuple[Void, ...]:
    was, now = before.visit, after.visit
    if was is None or now is None or was.state in _UNREMINDED:
        return ()
    kind = Remind.__name__
    if was.due_no != now.due_no or now.state in _UNREMINDED:
        return (Void(before.id, kind),)
    return tuple(Void(before.id, kind, person) for person in _newly_heard(was, now))


def _newly_heard(was: Visit, now: Visit) -> tuple[PersonId, ...]:
    return tuple(person for person in now.heard if person not in was.heard)


def key_of(program: ProgramId, matter: MatterId | None, effect: Effect) -> str:
    """This is the unique key of an effect's row; a surface of a matter has one row for ever."""
    if isinstance(effect, Refresh):
        return f"{program}/{matter}/refresh/{effect.surface}"
    return f"{program}/{effect.key}"


def priority_of(effect: Effect) -> int:
    """Say how urgent an effect is; 0 leaves before everything but what names many pages at once."""
    match effect:
        case Page() | PostPage():
            return URGENT
        case Ask():
            return DUE if effect.asked in _ABOUT_A_PLAN else URGENT
        case Remind() | PostApproval():
            return DUE
        case Refresh():
            return EDIT
        case Tell() | Reply() | StandDown() | PostStandDown() | OpenThread() | ThreadNote():
            return NEWS


def person_of(effect: Effect) -> PersonId | None:
    """Say whom an effect reaches; None for a channel or an edit."""
    match effect:
        case Remind() | Page() | Ask() | Tell() | Reply() | StandDown():
            return effect.to
        case (
            PostPage() | PostApproval() | PostStandDown() | OpenThread() | ThreadNote() | Refresh()
        ):
            return None


def channel_of(effect: Effect) -> ChannelRole | None:
    """Say which of the program's channels an effect is for; None for a person or an edit."""
    match effect:
        case PostPage() | PostStandDown():
            return effect.channel
        case PostApproval():
            return ChannelRole.FIELD_SAFETY
        case OpenThread() | ThreadNote():
            return ChannelRole.INCIDENTS
        case Remind() | Page() | Ask() | Tell() | Reply() | StandDown() | Refresh():
            return None


def lane_of(program: ProgramId, matter: MatterId | None, effect: Effect) -> str | None:
    """Name the lane in which an effect keeps its order: one matter and one recipient.

    Pages, questions and edits are in none: the first two wait for nothing, and an edit shows what
    is true when it is made.
    """
    if isinstance(effect, Page | PostPage | Ask | Refresh):
        return None
    recipient = person_of(effect) or f"#{channel_of(effect)}"
    return f"{program}/{matter}/{recipient}"
