"""What must be true of every life, whatever failed. Each check returns what it found wrong.

The letters are those of the invariants: S for what must never happen, L for what must come.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from protocol import events as e
from protocol.calls import MayCall
from protocol.effects import Page
from protocol.ids import MatterId
from protocol.matter import next_deadline
from protocol.offers import TakeHandover
from protocol.records import HELD, NEEDS_SECOND, EscalationState, Matter
from tests.simulation.record import Decided
from tests.simulation.run import Ran

# A loop looks again after this long, and a call to Slack takes so long at most.
POLL = timedelta(seconds=6)
CALL = timedelta(seconds=12)
ASKED_FOR = (
    *(e.CannotTake, e.Escalate, e.Undeliverable, e.Help, e.OpenSilent),
    *(TakeHandover, MayCall),
)


def violations(ran: Ran) -> list[str]:
    """Everything that is wrong with a run; an empty list is what it must be."""
    checks = (
        open_means_due,
        history_has_no_gap,
        deadlines_are_met,
        rungs_are_climbed_in_order,
        rungs_keep_their_distance,
        an_acknowledged_climb_is_quiet,
        nothing_pages_after_the_end,
        what_is_sent_was_accepted,
        every_page_arrives,
        every_row_ends,
        every_matter_ends,
        closed_means_accounted_for,
    )
    return [f"{check.__name__}: {found}" for check in checks for found in check(ran)]


def open_means_due(ran: Ran) -> Iterator[str]:
    """S1: what is open has a deadline, and the stored one is the one that the rules give."""
    for row in ran.rows("matter"):
        due_at = next_deadline(ran.matter(row.id))
        if row.due_at != due_at:
            yield f"{row.id} is due at {due_at}, stored is {row.due_at}"
        if (row.closed_at is None) != (due_at is not None):
            yield f"{row.id} is open without a deadline"


def history_has_no_gap(ran: Ran) -> Iterator[str]:
    """S2: versions are 1, 2, 3 ..., each with one line; every message has its transition."""
    lines = defaultdict(list)
    for line in ran.rows("audit_line"):
        lines[line.chain].append(line.seq)
    for row in ran.rows("matter"):
        if sorted(lines[row.id]) != list(range(1, row.version + 1)):
            yield f"{row.id} is at version {row.version} with lines {sorted(lines[row.id])}"
        if len(ran.lives().get(row.id, ())) != row.version:
            yield f"{row.id} is at version {row.version}, and not every decision was seen"
    stored = {row.key for row in ran.rows("outbox")}
    for life in ran.lives().values():
        for step in life:
            for effect in step.decision.effects:
                if type(effect).__name__ == "Refresh":
                    continue
                if f"county/{effect.key}" not in stored:
                    yield f"{effect.key} was decided and is not in the outbox"


def deadlines_are_met(ran: Ran) -> Iterator[str]:
    """S4, L1: no deadline is done early, and none later than a look plus what was out of order."""
    for step in ran.steps():
        due_at = next_deadline(step.before)
        if not isinstance(step.event, e.DeadlinePassed) or due_at is None:
            continue
        if step.at < due_at:
            yield f"{step.before.id} v{step.before.version} {due_at - step.at} early"
        late = step.at - max(due_at, ran.changed_at(step))
        if late > POLL + ran.out_of_order(due_at, step.at):
            yield f"{step.before.id} v{step.before.version} {late} late"


def rungs_are_climbed_in_order(ran: Ran) -> Iterator[str]:
    """S3: within a climb the rungs are 0, 1, 2 ...: none left out, none twice."""
    for matter, life in ran.lives().items():
        rungs: dict[str, list[int]] = defaultdict(list)
        for step in life:
            for escalation in step.decision.matter.escalations[-1:]:
                seen = rungs[escalation.episode]
                if escalation.rung >= 0 and (not seen or seen[-1] != escalation.rung):
                    seen.append(escalation.rung)
        for episode, seen in rungs.items():
            if seen != list(range(len(seen))):
                yield f"{matter}/{episode} climbed {seen}"


def rungs_keep_their_distance(ran: Ran) -> Iterator[str]:
    """S10: two rungs are as far apart as the ladder says, also after an outage."""
    for step in ran.steps():
        before, after = step.before.open_escalation, step.decision.matter.open_escalation
        if before is None or after is None or before.episode != after.episode:
            continue
        if not isinstance(step.event, e.DeadlinePassed) or after.rung != before.rung + 1:
            continue
        rungs = after.ladder.rungs
        if before.rung < 0:
            continue
        if after.rung < len(rungs):
            apart = rungs[after.rung].after - rungs[before.rung].after
        else:
            apart = after.ladder.repeat_every
        assert before.fired_at is not None
        assert after.fired_at is not None
        if after.fired_at - before.fired_at < apart:
            yield f"{step.before.id}/{after.episode} rung {after.rung} came too soon"


def an_acknowledged_climb_is_quiet(ran: Ran) -> Iterator[str]:
    """S6: while somebody has it nobody is paged, unless a person asks or the hold has ended."""
    for step in ran.steps():
        before = step.before.open_escalation
        if before is None or before.state not in HELD or isinstance(step.event, ASKED_FOR):
            continue
        pages = any(isinstance(effect, Page) for effect in step.decision.effects)
        if pages and (before.until_at is None or step.at < before.until_at):
            yield f"{step.before.id} was paged at {step.at} while it was held"


def _ended(ran: Ran) -> dict[str, float]:
    """When each climb ended (loop seconds), by what its pages' keys begin with.

    A climb that starts anew because the worker asked for more has not ended: whoever an earlier
    page still reaches is one more person who knows.
    """
    ended: dict[str, float] = {}
    for step in ran.steps():
        before, after = step.before.open_escalation, step.decision.matter.escalations[-1:]
        if before is None or before.state is not EscalationState.CLIMBING or not after:
            continue
        if after[0].state is not EscalationState.CLIMBING:
            for cycle in range(1, before.cycle + 1):
                stem = f"county/{step.before.id}/{before.no}.{cycle}/page/"
                ended[stem] = max(ended.get(stem, 0.0), ran.loop_time(step.at))
    return ended


def _stem(key: str) -> str:
    return key[: key.find("/page/") + len("/page/")] if "/page/" in key else ""


def nothing_pages_after_the_end(ran: Ran) -> Iterator[str]:
    """S5: no page starts after the transition that ends its climb; one under way may land.

    Whoever may be calling the worker must hear not to, also where somebody else has it.
    """
    ended = _ended(ran)
    besides = {f"{one.id}/{p}" for one in ran.matters() for c in one.escalations for p in c.also}
    for at, _, key in ran.slack.accepted:
        named = f"{key.split('/')[1]}/{key.rpartition('/')[2]}" if "/page/" in key else ""
        if named in besides:
            continue
        if _stem(key) in ended and at > ended[_stem(key)] + CALL.total_seconds():
            yield f"{key} landed {at - ended[_stem(key)]:.0f} s after its climb had ended"


def what_is_sent_was_accepted(ran: Ran) -> Iterator[str]:
    """S7: sent means that Slack has it, once; and Slack has nothing that was not decided."""
    rows = {row.key: row for row in ran.rows("outbox")}
    times = ran.slack.times
    for row in rows.values():
        if row.outcome == "sent" and row.kind != "Refresh" and not times[row.key]:
            yield f"{row.key} counts as sent, and Slack never had it"
        if times[row.key] > max(1, row.attempts):
            yield f"{row.key} was accepted {times[row.key]} times in {row.attempts} tries"
    for key in times:
        if key not in rows and not key.startswith("county/") and "card" not in key:
            yield f"{key} was never decided"


def every_page_arrives(ran: Ran) -> Iterator[str]:
    """No page is lost: Slack has it, or its climb had ended, or that person can never get one."""
    ended, gone = _ended(ran), {f"U_{person.upper()}" for person in ran.shape.gone}
    for row in ran.rows("outbox"):
        if row.kind not in ("Page", "PostPage"):
            continue
        if row.outcome == "void" and _stem(row.key) not in ended:
            yield f"{row.key} was dropped while its climb went on"
        if row.outcome == "undeliverable" and f"U_{str(row.to_person).upper()}" not in gone:
            yield f"{row.key} was given up: {row.error}"


def every_row_ends(ran: Ran) -> Iterator[str]:
    """L3: once nothing fails, every row of the outbox is sent, void or known to be impossible."""
    for row in ran.rows("outbox"):
        if row.outcome is None:
            yield f"{row.key} is still open after {row.attempts} tries: {row.error}"


def every_matter_ends(ran: Ran) -> Iterator[str]:
    """Once people do their part, every matter can be brought to its end, and is stored so."""
    for row in ran.rows("matter"):
        if row.closed_at is None:
            yield f"{row.id} is still open"


def closed_means_accounted_for(ran: Ran) -> Iterator[str]:
    """Never 1: no escalation closes without a named person's word, nor a call without a second."""
    for matter in ran.matters():
        for escalation in matter.escalations:
            if escalation.state is EscalationState.CLOSED:
                yield from _accounted(matter, escalation)


def _accounted(matter: Matter, escalation) -> Iterator[str]:
    closing = escalation.closing
    if closing is None or closing.by in matter.members:
        yield f"{matter.id} was closed by nobody who could"
    needs_second = escalation.kind in NEEDS_SECOND
    if needs_second and escalation.second in (None, closing and closing.by, *matter.members):
        yield f"{matter.id} was closed without a second person"


def by_matter(steps: list[Decided]) -> dict[MatterId, list[Decided]]:
    """The steps of each matter, in order."""
    lives: dict[MatterId, list[Decided]] = defaultdict(list)
    for step in steps:
        lives[step.before.id].append(step)
    return dict(lives)
