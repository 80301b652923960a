"""Whether anybody was lost, told from the two truths: what the workspace accepted, what is stored.

Pure. All instants are Unix seconds. What the county did meanwhile is only known for taps: what was
answered "stored" must be stored.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.slack.send import metadata_key
from tests.kills.moments import Span, gaps, joined, overlap

PAGES = ("Page", "PostPage", "PlainPage")
# An edit makes no message.
NOT_POSTED = ("Refresh",)
# Two clocks and a transaction lie between what the bot calls now and what is written beside it.
SLACK = 0.25


@dataclass(frozen=True)
class Stored:
    """One version of a matter as it was stored: when it is due next, and what led to it."""

    matter: str
    version: int
    due_at: float | None
    at: float
    event: str


@dataclass(frozen=True)
class Fired:
    """One look at where a climb stands, in the order in which they were stored."""

    climb: str
    rung: int
    at: float


@dataclass(frozen=True)
class Row:
    """One row of the outbox at the end."""

    key: str
    kind: str
    outcome: str | None
    attempts: int
    queued_at: float
    claim_no: int = 0
    error: str | None = None


@dataclass(frozen=True)
class Line:
    """One line of the history, where a person did something."""

    actor: str
    event: str
    at: float


@dataclass(frozen=True)
class Tap:
    """What somebody did, and whether they were told that it is stored."""

    actor: str
    event: str
    sent_at: float
    answered_at: float
    ticked: bool


@dataclass(frozen=True)
class Kill:
    """One kill: what it was aimed at, and what stood in the database at that moment.

    `writing`: it held the right to write. `claimed`: rows under way, by key, with their claim.
    """

    at: float
    aim: str
    starting: bool = False
    writing: bool = False
    due: bool = False
    claimed: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0


@dataclass
class Truth:
    """Everything that is known of one batch.

    `accepted` is by the key's digest, as the workspace has it. `kept` are the keys of messages that
    are kept up to date, such as cards, which have no row of their own. `ups` are the stretches in
    which a process that came to be ready was alive, of all replicas; `outages` those in which the
    database could not be written, `silences` those in which nothing reached the workspace.
    """

    began: float
    ended: float
    stored: Sequence[Stored] = ()
    fired: Sequence[Fired] = ()
    rows: Sequence[Row] = ()
    lines: Sequence[Line] = ()
    taps: Sequence[Tap] = ()
    kills: Sequence[Kill] = ()
    accepted: Mapping[str, Sequence[float]] = field(default_factory=dict)
    kept: Collection[str] = ()
    ups: Sequence[Span] = ()
    outages: Sequence[Span] = ()
    silences: Sequence[Span] = ()
    broken: Sequence[str] = ()


@dataclass
class Verdict:
    """What a batch came to. Each loss, double and wrong rung is a sentence."""

    events: int = 0
    deadlines: int = 0
    pages: int = 0
    ticks: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    next_page: list[float] = field(default_factory=list)
    cut_off: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    moments: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Verdict") -> None:
        """Take another batch of the same kind into account."""
        self.events += other.events
        self.deadlines += other.deadlines
        self.pages += other.pages
        self.ticks += other.ticks
        for name in ("lost", "doubled", "more", "wrong", "late", "next_page", "cut_off", "starts"):
            getattr(self, name).extend(getattr(other, name))
        self.moments.update(other.moments)


def judge(truth: Truth, grace: float = 2.0) -> Verdict:
    """Everything that can be told of a batch; whatever is overdue by `grace` at its end is lost."""
    away = _away(truth)
    pages = [row for row in truth.rows if row.kind in PAGES]
    verdict = Verdict(
        events=len(truth.kills),
        deadlines=sum(one.event == "DeadlinePassed" for one in truth.stored),
        pages=sum(bool(_times(truth, row)) for row in pages),
        ticks=sum(tap.ticked for tap in truth.taps),
        lost=[*_deadlines_lost(truth, grace), *_messages_lost(truth), *_taps_lost(truth)],
        doubled=list(_accepted_twice(truth)),
        more=list(_accepted_too_often(truth)),
        wrong=[*_rungs_wrong(truth), *truth.broken],
        late=list(_lateness(truth)),
        next_page=list(_to_the_next_page(truth, pages, joined([*away, *truth.silences]))),
        cut_off=list(_cut_off(truth, pages, away)),
        starts=list(_to_the_first_sweep(truth)),
    )
    for kill in truth.kills:
        verdict.moments.update(_moments(truth, kill))
    return verdict


def _away(truth: Truth) -> list[Span]:
    """When nothing could be decided: no process was there, or it could not write."""
    return joined([*gaps(truth.ups, truth.began, truth.ended), *truth.outages])


def _times(truth: Truth, row: Row) -> Sequence[float]:
    return truth.accepted.get(metadata_key(row.key), ())


def _lives(truth: Truth) -> dict[str, list[Stored]]:
    lives: dict[str, list[Stored]] = defaultdict(list)
    for one in truth.stored:
        lives[one.matter].append(one)
    for life in lives.values():
        life.sort(key=lambda one: one.version)
    return lives


# --- lost ---------------------------------------------------------------------------------------


def _deadlines_lost(truth: Truth, grace: float) -> Iterator[str]:
    for matter, life in _lives(truth).items():
        versions = [one.version for one in life]
        if versions != list(range(1, len(life) + 1)):
            yield f"{matter} has the versions {versions}"
        last = life[-1]
        if last.due_at is not None and last.due_at < truth.ended - grace:
            over = truth.ended - last.due_at
            yield f"{matter} v{last.version} was due {over:.1f} s ago and was not decided"


def _messages_lost(truth: Truth) -> Iterator[str]:
    """Whatever was decided ends, and what counts as sent was accepted; nobody here is gone."""
    for row in truth.rows:
        if row.kind in NOT_POSTED or row.outcome == "void":
            continue
        if row.outcome is None:
            yield f"{row.key} is open after {row.attempts} tries: {row.error}"
        elif row.outcome == "undeliverable":
            yield f"{row.key} was given up: {row.error}"
        elif not _times(truth, row):
            yield f"{row.key} counts as sent and was never accepted"


def _taps_lost(truth: Truth) -> Iterator[str]:
    """A tap that was ticked stands in the history, once for each tick."""
    left = list(truth.lines)
    for tap in truth.taps:
        if not tap.ticked:
            continue
        begins, ends = tap.sent_at - SLACK, tap.answered_at + SLACK
        found = next(
            (
                line
                for line in left
                if (line.actor, line.event) == (tap.actor, tap.event) and begins <= line.at <= ends
            ),
            None,
        )
        if found is None:
            yield f"{tap.actor} was told at {tap.answered_at:.3f} that {tap.event} is stored"
        else:
            left.remove(found)


# --- doubled ------------------------------------------------------------------------------------


def _accepted_twice(truth: Truth) -> Iterator[str]:
    for row in truth.rows:
        if len(times := _times(truth, row)) > 1:
            yield f"{row.key} was accepted {len(times)} times in {row.attempts} tries"
    for key in truth.kept:
        if len(times := truth.accepted.get(metadata_key(key), ())) > 1:
            yield f"{key} was accepted {len(times)} times"


def _accepted_too_often(truth: Truth) -> Iterator[str]:
    """More often than it was tried, or what nobody decided: no fault of the world explains that."""
    known = {metadata_key(row.key): row for row in truth.rows}
    kept = {metadata_key(key) for key in truth.kept}
    for digest, times in truth.accepted.items():
        row = known.get(digest)
        if row is None and digest in kept:
            continue
        if row is None:
            yield f"the message {digest} at {times[0]:.3f} was never decided"
        elif len(times) > max(1, row.attempts):
            yield f"{row.key} was accepted {len(times)} times in {row.attempts} tries"


def _rungs_wrong(truth: Truth) -> Iterator[str]:
    climbs: dict[str, list[int]] = defaultdict(list)
    for one in truth.fired:
        seen = climbs[one.climb]
        if one.rung >= 0 and (not seen or seen[-1] != one.rung):
            seen.append(one.rung)
    for climb, seen in climbs.items():
        if seen != list(range(len(seen))):
            yield f"{climb} climbed {seen}"


# --- how long -----------------------------------------------------------------------------------


def _lateness(truth: Truth) -> Iterator[float]:
    """From due to stored: the longest that any one living process left it undone.

    Its start counts. A process that was killed before it came to it has done what it could, and
    the next one begins anew; time in which nothing could be written is nobody's.
    """
    outages = joined(truth.outages)
    for life in _lives(truth).values():
        for before, after in pairwise(life):
            if before.due_at is None or after.at <= before.due_at:
                continue
            due = (max(before.due_at, before.at), after.at)
            alive = [(max(due[0], begins), min(due[1], ends)) for begins, ends in truth.ups]
            waits = [end - begin - overlap((begin, end), outages) for begin, end in alive]
            yield max((wait for wait in waits if wait > 0), default=0.0)


def _to_the_next_page(truth: Truth, pages: Sequence[Row], away: Sequence[Span]) -> Iterator[float]:
    """From each kill to the first page that was accepted after it, without the time away.

    Where another kill came first, the time counts from that one.
    """
    times = sorted(at for row in pages for at in _times(truth, row))
    kills = sorted(kill.at for kill in truth.kills)
    for at, following in zip(kills, [*kills[1:], truth.ended], strict=True):
        first = next((time for time in times if time > at), None)
        if first is not None and first <= following:
            yield first - at - overlap((at, first), away)


def _cut_off(truth: Truth, pages: Sequence[Row], away: Sequence[Span]) -> Iterator[float]:
    """Of each page that a kill found under way: from the last such kill until it was accepted."""
    for row in pages:
        times = _times(truth, row)
        if not times:
            continue
        by = [
            kill.at
            for kill in truth.kills
            if kill.claimed.get(row.key, row.claim_no) < row.claim_no
        ]
        last = max((at for at in by if at < times[0]), default=None)
        if last is not None:
            again = max(
                (kill.at for kill in truth.kills if last <= kill.at < times[0]), default=last
            )
            yield times[0] - again - overlap((again, times[0]), away)


def _to_the_first_sweep(truth: Truth) -> Iterator[float]:
    """From the start of a process to its first decision, where something was due by then."""
    if len(joined(truth.ups)) < len(truth.ups):
        return  # with replicas nobody can tell whose decision it was
    decided = sorted(one.at for one in truth.stored if one.event == "DeadlinePassed")
    for begins, ends in truth.ups:
        due = any(
            before.due_at is not None and before.due_at <= begins and before.at <= begins < after.at
            for life in _lives(truth).values()
            for before, after in pairwise(life)
        )
        first = next((at for at in decided if begins < at <= ends), None)
        if due and first is not None:
            yield first - begins


def _moments(truth: Truth, kill: Kill) -> Iterator[str]:
    """What this kill fell into; several at once may be true."""
    rows = {row.key: row for row in truth.rows}
    died = [key for key, claim in kill.claimed.items() if rows[key].claim_no > claim]
    accepted = [key for key in died if any(at <= kill.at for at in _times(truth, rows[key]))]
    if kill.starting:
        yield "during start"
    if kill.writing:
        yield "in a transaction"
    if kill.due:
        yield "due, undecided"
    if kill.waiting:
        yield "decided, unclaimed"
    if len(died) > len(accepted):
        yield "claim to accept"
    if accepted:
        yield "accept to record"
