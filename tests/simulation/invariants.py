"""What must be true of every life, whatever failed. Each check says what it found wrong.

The letters are those of docs/guarantee.md: S for what must never happen, L for what must come. A
check yields "" for what it found in order, so that it is known how often it looked.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from protocol import events as e
from protocol.calls import MayCall
from protocol.effects import Page
from protocol.matter import next_deadline
from protocol.offers import TakeHandover
from protocol.records import HELD, NEEDS_SECOND, EscalationState, Matter
from storage.outbox import PATIENCE
from tests.simulation.record import Decided
from tests.simulation.run import Ran

# A loop looks again after this long, and a call to Slack takes so long at most.
POLL = timedelta(seconds=6)
CALL = timedelta(seconds=12)
# docs/decisions/0016: the message stands ten minutes ahead and is renewed every two.
DEAD_MAN_WITHIN = 12 * 60.0
ASKED_FOR = (
    *(e.CannotTake, e.Escalate, e.Undeliverable, e.Help, e.OpenSilent),
    *(TakeHandover, MayCall),
)
Check = Callable[[Ran], Iterator[str]]


def _wrong(is_wrong: bool, words: str) -> str:
    return words if is_wrong else ""


def open_means_due(ran: Ran) -> Iterator[str]:
    """S1: what is open has a deadline, and the stored one is the one that the rules give."""
    for row in ran.rows("matter"):
        due_at = next_deadline(ran.matter(row.id))
        yield _wrong(row.due_at != due_at, f"{row.id} is due at {due_at}, stored is {row.due_at}")
        undue = (row.closed_at is None) != (due_at is not None)
        yield _wrong(undue, f"{row.id} is open without a deadline")


def history_has_no_gap(ran: Ran) -> Iterator[str]:
    """S2: versions are 1, 2, 3 ..., each with one line."""
    lines = defaultdict(list)
    for line in ran.rows("audit_line"):
        lines[line.chain].append(line.seq)
    for row in ran.rows("matter"):
        seqs = sorted(lines[row.id])
        gap = seqs != list(range(1, row.version + 1))
        yield _wrong(gap, f"{row.id} is at version {row.version} with lines {seqs}")
        unseen = len(ran.lives().get(row.id, ())) != row.version
        yield _wrong(unseen, f"{row.id} is at version {row.version}, not every decision was seen")


def every_transition_has_its_messages(ran: Ran) -> Iterator[str]:
    """S2: whatever a transition asks of the world stands in the outbox."""
    stored = {row.key for row in ran.rows("outbox")}
    for step in ran.steps():
        for effect in step.decision.effects:
            if type(effect).__name__ == "Refresh":
                continue
            lost = f"county/{effect.key}" not in stored
            yield _wrong(lost, f"{effect.key} was decided and is not in the outbox")


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
            yield _wrong(seen != list(range(len(seen))), f"{matter}/{episode} climbed {seen}")


def nothing_is_early(ran: Ran) -> Iterator[str]:
    """S4: no deadline is done before it is due, and none twice in one version."""
    fired: Counter[tuple[str, int]] = Counter()
    for step, due_at in _deadlines(ran):
        which = f"{step.before.id} v{step.before.version}"
        yield _wrong(step.at < due_at, f"{which} {due_at - step.at} early")
        fired[step.before.id, step.before.version] += 1
    for version, times in fired.items():
        yield _wrong(times > 1, f"{version} passed {times} times")


def deadlines_are_met(ran: Ran) -> Iterator[str]:
    """L1: no deadline is done later than a look plus what was out of order."""
    for step, _ in _deadlines(ran):
        if step.before.open_escalation is None:
            yield _late(ran, step)


def rungs_are_not_late(ran: Ran) -> Iterator[str]:
    """L2: the next rung, the question to an owner, the end of a hold: no later than that either."""
    for step, _ in _deadlines(ran):
        if step.before.open_escalation is not None:
            yield _late(ran, step)


def _deadlines(ran: Ran) -> Iterator[tuple[Decided, datetime]]:
    for step in ran.steps():
        due_at = next_deadline(step.before)
        if isinstance(step.event, e.DeadlinePassed) and due_at is not None:
            yield step, due_at


def _late(ran: Ran, step: Decided) -> str:
    due_at = next_deadline(step.before)
    assert due_at is not None
    late = step.at - max(due_at, ran.changed_at(step)) - ran.out_of_order(due_at, step.at)
    ran.worst_late = max(ran.worst_late, late)
    return _wrong(late > POLL, f"{step.before.id} v{step.before.version} {late} late")


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
        soon = after.fired_at - before.fired_at < apart
        yield _wrong(soon, f"{step.before.id}/{after.episode} rung {after.rung} came too soon")


def an_acknowledged_climb_is_quiet(ran: Ran) -> Iterator[str]:
    """S6: while somebody has it nobody is paged, unless a person asks or the hold has ended."""
    for step in ran.steps():
        before = step.before.open_escalation
        if before is None or before.state not in HELD or isinstance(step.event, ASKED_FOR):
            continue
        pages = any(isinstance(effect, Page) for effect in step.decision.effects)
        held = before.until_at is None or step.at < before.until_at
        yield _wrong(pages and held, f"{step.before.id} was paged at {step.at} while it was held")


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
                ended[stem] = max(ended.get(stem, 0.0), step.second)
    return ended


def _asked_while_held(ran: Ran) -> set[str]:
    """The keys of pages that a decision asked for though its climb had ended before."""
    return {
        f"county/{effect.key}"
        for step in ran.steps()
        for effect in step.decision.effects
        if isinstance(effect, Page)
        and (after := step.decision.matter.open_escalation) is not None
        and after.state is not EscalationState.CLIMBING
    }


def _stem(key: str) -> str:
    return key[: key.find("/page/") + len("/page/")] if "/page/" in key else ""


def nothing_pages_after_the_end(ran: Ran) -> Iterator[str]:
    """S5: no page starts after the transition that ends its climb; one under way may land.

    Whoever may be calling the worker must hear not to, also where somebody else has it; and whoever
    takes something over gets the page that they never had.
    """
    ended = _ended(ran)
    besides = {f"{one.id}/{p}" for one in ran.matters() for c in one.escalations for p in c.also}
    later = _asked_while_held(ran)
    for at, _, key in ran.slack.accepted:
        named = f"{key.split('/')[1]}/{key.rpartition('/')[2]}" if "/page/" in key else ""
        if not named or named in besides or key in later:
            continue
        late = at - ended.get(_stem(key), at) - CALL.total_seconds()
        yield _wrong(late > 0, f"{key} landed {late:.0f} s after its climb had ended")


def what_is_sent_was_accepted(ran: Ran) -> Iterator[str]:
    """S7: sent means that Slack has it, once; and Slack has nothing that was not decided."""
    rows = {row.key: row for row in ran.rows("outbox")}
    times = ran.slack.times
    for row in rows.values():
        unheard = row.outcome == "sent" and row.kind != "Refresh" and not times[row.key]
        yield _wrong(unheard, f"{row.key} counts as sent, and Slack never had it")
        often = times[row.key] > max(1, row.attempts)
        yield _wrong(often, f"{row.key} was accepted {times[row.key]}x in {row.attempts} tries")
    for key in times:
        unasked = key not in rows and not key.startswith("county/") and "card" not in key
        yield _wrong(unasked, f"{key} was never decided")


def what_was_told_is_stored(ran: Ran) -> Iterator[str]:
    """S8: whoever was answered that it is recorded has it in the history."""
    lines = {(line.chain, line.seq): line.event for line in ran.rows("audit_line")}
    for matter, version, event in ran.record.told:
        lost = lines.get((matter, version)) != event
        yield _wrong(lost, f"{matter} v{version} {event} was shown as stored and is not")


def lanes_keep_their_order(ran: Ran) -> Iterator[str]:
    """S9: messages of one lane arrive in order, but past one that failed again and again.

    Nor is one held to it that was asked for again while its lease was over.
    """
    arrived: dict[str, float] = {}
    for at, _, key in ran.slack.accepted:
        arrived.setdefault(key, at)
    lanes = defaultdict(list)
    for row in sorted(ran.rows("outbox"), key=lambda row: row.id):
        waits = row.attempts >= PATIENCE or row.kind == "ThreadNote"
        if row.lane is not None and row.key in arrived and not waits:
            lanes[row.lane].append(row.key)
    for keys in lanes.values():
        for first, second in pairwise(keys):
            late = arrived[first] - arrived[second]
            yield _wrong(late > 0, f"{second} overtook {first} by {late:.1f} s")


def every_page_arrives(ran: Ran) -> Iterator[str]:
    """L3: no page is lost: Slack has it, or its climb had ended, or that person can get none."""
    ended, gone = _ended(ran), {f"U_{person.upper()}" for person in ran.shape.gone}
    for row in ran.rows("outbox"):
        if row.kind not in ("Page", "PostPage"):
            continue
        dropped = row.outcome == "void" and _stem(row.key) not in ended
        yield _wrong(dropped, f"{row.key} was dropped while its climb went on")
        given_up = row.outcome == "undeliverable"
        given_up &= f"U_{str(row.to_person).upper()}" not in gone
        yield _wrong(given_up, f"{row.key} was given up: {row.error}")


def every_row_ends(ran: Ran) -> Iterator[str]:
    """L3: once nothing fails, every row of the outbox is sent, void or known to be impossible."""
    for row in ran.rows("outbox"):
        still = row.outcome is None
        yield _wrong(still, f"{row.key} is still open after {row.attempts} tries: {row.error}")


def every_matter_ends(ran: Ran) -> Iterator[str]:
    """L3: once people do their part, every matter can be brought to its end, and is stored so."""
    for row in ran.rows("matter"):
        yield _wrong(row.closed_at is None, f"{row.id} is still open")


def a_dead_senders_rows_are_retried(ran: Ran) -> Iterator[str]:
    """L4: a row whose sender died is claimed again when its lease ends, unless it became void."""
    for key, claims in ran.record.claims.items():
        for first, second in pairwise(claims):
            if first.settled:
                continue
            late = second.at - first.until - ran.away_between(first.until, second.at)
            # Those with free slots come first; a page waits for none.
            allowed = POLL.total_seconds() if "/page/" in key else 60.0
            yield _wrong(late > allowed, f"{key} was taken over {late:.1f} s after its lease")


def the_dead_are_noticed(ran: Ran) -> Iterator[str]:
    """L5: with no replica up while somebody is out, Slack's own message comes within 12 minutes.

    And only then: it never comes while somebody was watching and Slack could be reached.
    """
    if not ran.shape.whole:
        return
    for start, end in ran.fleet.dead:
        if end - start <= DEAD_MAN_WITHIN or not ran.out_at(start):
            continue
        told = any(start <= at <= start + DEAD_MAN_WITHIN + 30 for at, _ in ran.slack.posted)
        yield _wrong(not told, f"nobody was told of {end - start:.0f} s from {start:.0f} on")
    for at, _ in ran.slack.posted:
        explained = ran.away_between(at - DEAD_MAN_WITHIN, at) or ran.jumped_near(at)
        yield _wrong(not explained, f"the dead man's message came at {at:.0f} without a cause")


def health_sees_what_is_late(ran: Ran) -> Iterator[str]:
    """L6: what health reads from the database says lateness as the rules would."""
    for seen, true in ran.lateness:
        yield _wrong(seen != true, f"health read {seen} where {true} was right")


def production_found_nothing(ran: Ran) -> Iterator[str]:
    """The same as SQL, asked by production's own loop all along: nothing that must never be."""
    for _ in range(ran.record.asked.total() - len(ran.record.broken)):
        yield ""
    yield from ran.record.broken


def closed_means_accounted_for(ran: Ran) -> Iterator[str]:
    """Never 1: no escalation closes without a named person's word, nor a call without a second."""
    for matter in ran.matters():
        for escalation in matter.escalations:
            if escalation.state is EscalationState.CLOSED:
                yield _accounted(matter, escalation)


def _accounted(matter: Matter, escalation) -> str:
    closing = escalation.closing
    if closing is None or closing.by in matter.members:
        return f"{matter.id} was closed by nobody who could"
    needs_second = escalation.kind in NEEDS_SECOND
    alone = escalation.second in (None, closing.by, *matter.members)
    return _wrong(needs_second and alone, f"{matter.id} was closed without a second person")


LETTERS: dict[str, tuple[Check, ...]] = {
    "S1": (open_means_due,),
    "S2": (history_has_no_gap, every_transition_has_its_messages),
    "S3": (rungs_are_climbed_in_order,),
    "S4": (nothing_is_early,),
    "S5": (nothing_pages_after_the_end,),
    "S6": (an_acknowledged_climb_is_quiet, closed_means_accounted_for),
    "S7": (what_is_sent_was_accepted,),
    "S8": (what_was_told_is_stored,),
    "S9": (lanes_keep_their_order,),
    "S10": (rungs_keep_their_distance,),
    "L1": (deadlines_are_met,),
    "L2": (rungs_are_not_late,),
    "L3": (every_page_arrives, every_row_ends, every_matter_ends),
    "L4": (a_dead_senders_rows_are_retried,),
    "L5": (the_dead_are_noticed,),
    "L6": (health_sees_what_is_late,),
    "SQL": (production_found_nothing,),
}


def looked(ran: Ran) -> dict[str, tuple[int, list[str]]]:
    """By letter, how often it was checked and everything that was wrong."""
    found: dict[str, tuple[int, list[str]]] = {}
    for letter, checks in LETTERS.items():
        each = [(check.__name__, word) for check in checks for word in check(ran)]
        wrong = [f"{name}: {word}" for name, word in each if word]
        found[letter] = (len(each), wrong)
    return found


def violations(ran: Ran) -> list[str]:
    """Everything that is wrong with a run; an empty list is what it must be."""
    return [word for _, wrong in looked(ran).values() for word in wrong]
