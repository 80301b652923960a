"""Reads the OKs that came in, and finds the one that means duress.

Every OK is kept sealed and read by the next sweep in the same way, so that no reply, timing or log
line tells one from another. What a duress answer opens is a matter of its own that no view of the
worker's joins; its first line to responders is not to call or message them.
"""

from dataclasses import replace
from datetime import datetime

from protocol.decision import Decision, Follow, Reason, idle
from protocol.events import OpenSilent
from protocol.ids import MatterId, PersonId
from protocol.records import Matter
from protocol.situation import Situation


def silent_id(matter: Matter, worker: PersonId) -> MatterId:
    """The id of the silent matter about this worker on this visit: one, however often said."""
    return MatterId(f"{matter.id}.{worker}")


def read_answers(matter: Matter, at: datetime, s: Situation) -> Decision:
    """Read the OKs that came in since the last sweep; the same writes whatever they said."""
    visit = matter.visit
    if visit is None or visit.answers_due_at is None or at < visit.answers_due_at:
        return idle(matter, Reason.NOT_DUE)
    read = replace(matter, visit=replace(visit, answers=(), answers_due_at=None))
    follow: tuple[Follow, ...] = ()
    for answer in visit.answers:
        worker = s.workers.get(answer.by)
        if worker is None or worker.duress is None or not worker.duress.matches(answer.said):
            continue
        companions = (*matter.members, visit.plan.backup)
        kept = tuple(p for p in (*companions, *worker.excludes) if p and p != answer.by)
        silent = OpenSilent(
            answer.at, answer.by, matter.id, tuple(dict.fromkeys(kept)), visit.stop, visit.rating
        )
        follow = (*follow, Follow(silent_id(matter, answer.by), silent))
    return Decision(read, Reason.ANSWERS_READ, follow=follow)
