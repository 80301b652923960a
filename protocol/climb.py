"""One climb of a ladder: which rung fires, whom it reaches, when the next one is due.

A climb cannot end in silence: a rung that resolves to nobody is skipped at once, past the top every
rung reaches everyone on duty and an executive, and if the rota is empty, whoever holds a role.
"""

from dataclasses import replace
from datetime import datetime

from protocol.effects import (
    Effect,
    Noted,
    OpenThread,
    Page,
    PostPage,
    Said,
    Surface,
)
from protocol.ids import PersonId
from protocol.incident import earlier
from protocol.people import RESPONDER_ROLES, Role
from protocol.policy import ChannelRole, Rung
from protocol.records import NEEDS_SECOND, Escalation, EscalationKind, EscalationState, Matter
from protocol.situation import Situation
from protocol.telling import note, refresh, tell

# Past the top of the ladder every rung is this one.
_EVERYONE = Rung.model_validate(
    {"after": 0, "everyone": True, "channels": [ChannelRole.CLINICAL], "decide_on_help": True}
)


def open_climb(matter: Matter, escalation: Escalation, at: datetime, s: Situation) -> "Climbed":
    """Start the first climb of a new escalation: its first rung fires now."""
    return fire_next(matter, escalation, at, s)


def climb_anew(matter: Matter, escalation: Escalation, at: datetime, s: Situation) -> "Climbed":
    """Start another climb from the first rung, which fires now; nobody owns it until they say so.

    The base moves back by the first rung's offset, so that the spacing of the rungs stays the same.
    """
    anew = replace(
        escalation,
        state=EscalationState.CLIMBING,
        cycle=escalation.cycle + 1,
        base_at=at - escalation.ladder.rungs[0].after,
        rung=-1,
        fired_at=None,
        waiting=(),
        owner=None,
        owned_at=None,
        until_at=None,
        asked=False,
        closing=None,
    )
    return fire_next(matter, anew, at, s)


Climbed = tuple[Escalation, tuple[Effect, ...]]


def fire_next(matter: Matter, escalation: Escalation, at: datetime, s: Situation) -> Climbed:
    """Fire the next rung that reaches somebody; rungs that reach nobody are passed on the way.

    Rung k is due at max(base + offset k, when k-1 fired + offset k - offset k-1): after an outage
    the rungs do not fall together, and nobody gets less time to answer than the ladder gives.
    """
    climbing = replace(
        escalation,
        state=EscalationState.CLIMBING,
        owner=None,
        owned_at=None,
        until_at=None,
        closing=None,
    )
    empty = False
    while True:
        climbing = replace(climbing, rung=climbing.rung + 1, fired_at=at)
        people = _reach(matter, climbing, at, s)
        past_top = climbing.rung >= len(climbing.ladder.rungs)
        if people or past_top:
            break
        empty = True
    people = (*people, *_besides(matter, climbing, people))
    rung = _rung(matter, climbing)
    posted = tuple(dict.fromkeys((*climbing.posted, *rung.channels)))
    climbing = replace(
        climbing,
        due_at=_next_due(climbing, at),
        waiting=people,
        paged=tuple(dict.fromkeys((*climbing.paged, *people))),
        posted=posted,
        asked=False,
    )
    climbing, thread = _with_thread(matter, climbing, at)
    effects = (
        *_pages(matter, climbing, people),
        *(_nobody_told(matter, at, s) if empty else ()),
        *_chooser_told(matter, climbing, at),
        *thread,
        *note(matter, climbing, Noted.CLIMBED, at, text=_counted(climbing, people)),
        *(refresh(matter, Surface.PAGES) if _reads_anew(matter, climbing) else ()),
    )
    return climbing, effects


def page_besides(matter: Matter, escalation: Escalation, people: tuple[PersonId, ...]) -> "Climbed":
    """Page these at once besides whom the rungs reach; before the first rung, together with it."""
    named = replace(escalation, also=tuple(dict.fromkeys((*escalation.also, *people))))
    new = _besides(matter, named, ())
    if escalation.rung < 0:
        return named, ()  # it fires at the next sweep
    climbing = escalation.state is EscalationState.CLIMBING
    waiting = (*escalation.waiting, *new) if climbing else escalation.waiting
    paged = replace(named, paged=(*escalation.paged, *new), waiting=waiting)
    return paged, _to_people(matter, named, new)


def page_one(matter: Matter, escalation: Escalation, person: PersonId) -> "Climbed":
    """Give the page to one person who was not paged yet; nobody waits for their answer."""
    if person in escalation.paged:
        return escalation, ()
    paged = replace(escalation, paged=(*escalation.paged, person))
    return paged, _to_people(matter, escalation, (person,))


def _to_people(
    matter: Matter, escalation: Escalation, people: tuple[PersonId, ...]
) -> tuple[Effect, ...]:
    return tuple(one for one in _pages(matter, escalation, people) if isinstance(one, Page))


def _besides(
    matter: Matter, escalation: Escalation, people: tuple[PersonId, ...]
) -> tuple[PersonId, ...]:
    """Whoever is still to be reached besides; they never stand for a rung that reaches nobody."""
    left_out = {*people, *escalation.paged, *kept_from(matter, escalation)}
    return tuple(p for p in escalation.also if p not in left_out)


def _counted(escalation: Escalation, people: tuple[PersonId, ...]) -> str:
    return f"{escalation.rung + 1}/{len(people)}/{len(escalation.paged)}"


def _reads_anew(matter: Matter, after: Escalation) -> bool:
    """Whether the pages that stand already say something else than before this event.

    On a plain climb they say, as they did, that nobody has it yet: a ladder that edits every page
    at every rung would keep Slack busy when it must carry pages.
    """
    before = matter.open_escalation
    if before is None or not before.paged:
        return False
    same = before.mark == after.mark and to_decide(before) == to_decide(after)
    return before.state is not EscalationState.CLIMBING or not same


def to_decide(escalation: Escalation) -> bool:
    """Whether the climb has reached the rung that asks for a decision on outside help."""
    rungs = escalation.ladder.rungs
    return escalation.rung >= 0 and rungs[min(escalation.rung, len(rungs) - 1)].decide_on_help


def kept_from(matter: Matter, escalation: Escalation) -> tuple[PersonId, ...]:
    """Who must never be paged about this or read it: the worker, a partner, whom they excluded."""
    if not matter.silent:
        return matter.members
    return tuple(dict.fromkeys((*matter.members, *escalation.excluded)))


def chosen_people(matter: Matter, at: datetime, s: Situation) -> tuple[PersonId, ...]:
    """Whom the worker chose for what is about their own life: nobody else is ever reached."""
    chosen = matter.trigger.chosen if matter.trigger else None
    if chosen is None:
        return ()
    people: tuple[PersonId, ...] = ()
    if chosen.person is not None and s.cover.serves(chosen.person):
        people = (chosen.person,)
    elif chosen.role is not None:
        people = s.cover.on_duty(chosen.role, at) or s.cover.holding(chosen.role)
    return tuple(p for p in people if p not in matter.members)


def _rung(matter: Matter, escalation: Escalation) -> Rung:
    rungs, trigger = escalation.ladder.rungs, matter.trigger
    if escalation.rung < len(rungs):
        return rungs[escalation.rung]
    if trigger is None:
        return _EVERYONE
    channels = (trigger.channel,) if trigger.channel else ()
    return _EVERYONE.model_copy(update={"channels": channels, "decide_on_help": False})


def _of_role(role: Role, at: datetime, s: Situation) -> tuple[PersonId, ...]:
    """Who is reached in a role: whoever is on duty; for a role without a rota, whoever holds it."""
    on_duty = s.cover.on_duty(role, at)
    return on_duty if on_duty or role in RESPONDER_ROLES else s.cover.holding(role)


def _reach(
    matter: Matter, escalation: Escalation, at: datetime, s: Situation
) -> tuple[PersonId, ...]:
    rung, kept = _rung(matter, escalation), kept_from(matter, escalation)
    if matter.trigger is not None and matter.trigger.chosen is not None:
        return chosen_people(matter, at, s)
    if rung.everyone:
        people = s.cover.everyone(at, kept)
    else:
        reach = _of_role if matter.trigger is not None else _on_duty
        people = tuple(p for role in rung.roles for p in reach(role, at, s))
    reached = tuple(p for p in dict.fromkeys(people) if p not in kept)
    if reached or escalation.rung < len(escalation.ladder.rungs) - 1:
        return reached
    return tuple(p for p in s.cover.anyone() if p not in kept)


def _on_duty(role: Role, at: datetime, s: Situation) -> tuple[PersonId, ...]:
    return s.cover.on_duty(role, at)


def _next_due(escalation: Escalation, at: datetime) -> datetime:
    rungs, following = escalation.ladder.rungs, escalation.rung + 1
    if following >= len(rungs):
        return at + escalation.ladder.repeat_every
    after = rungs[following].after
    return max(escalation.base_at + after, at + after - rungs[escalation.rung].after)


def _pages(
    matter: Matter, escalation: Escalation, people: tuple[PersonId, ...]
) -> tuple[Effect, ...]:
    rung, number = _rung(matter, escalation), escalation.rung
    stem = f"{matter.id}/{escalation.episode}/page/{number}"
    avoid = kept_from(matter, escalation) if matter.silent else ()
    kind, decide, episode = escalation.kind, rung.decide_on_help, escalation.episode
    return (
        *(Page(f"{stem}/{p}", p, episode, number, kind, decide) for p in people),
        *(
            PostPage(f"{stem}/{channel}", channel, episode, number, kind, avoid, decide)
            for channel in rung.channels
        ),
    )


def _nobody_told(matter: Matter, at: datetime, s: Situation) -> tuple[Effect, ...]:
    # The rota has a hole. Those who keep the rota hear of it while the climb goes on without them.
    keepers = [p for p in s.cover.holding(Role.PROGRAM_MANAGER) if p not in matter.members]
    private = matter.trigger is not None and matter.trigger.private
    return () if matter.silent or private else tell(matter, Said.NOBODY_ON_RUNG, keepers, at)


def _chooser_told(matter: Matter, escalation: Escalation, at: datetime) -> tuple[Effect, ...]:
    """Whom the worker chose has not answered: nobody else is asked, so the worker hears of it."""
    trigger = matter.trigger
    if trigger is None or trigger.chosen is None or escalation.rung < 1:
        return ()
    return tell(matter, Said.CHOSEN_SILENT, (trigger.by,), at)


def _with_thread(matter: Matter, escalation: Escalation, at: datetime) -> Climbed:
    """Open the incident thread for help and duress, and for a miss at its second rung.

    What was before it is told in it first.
    """
    wanted = escalation.kind in NEEDS_SECOND or escalation.rung >= 1
    if escalation.incident or not wanted or escalation.kind is EscalationKind.TRIGGER:
        return escalation, ()
    avoid = kept_from(matter, escalation) if matter.silent else ()
    key = f"{matter.id}/{escalation.no}/thread"
    opened = OpenThread(key, escalation.no, escalation.kind, at, avoid)
    return replace(escalation, incident=True), (opened, *earlier(matter))
