"""The soak: whole days of a whole county, one seed each, and what they add up to."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.scheduler import checks
from tests.report import Row
from tests.simulation.invariants import LETTERS, looked
from tests.simulation.run import Ran, Shape, simulate

# Of each kind so many in a day; a shorter run has its share, rounded up.
TROUBLES_A_DAY = {
    "kills": 80,
    "database_outages": 12,
    "slack_outages": 12,
    "jumps": 2,
    "crashes": 16,
    "steps_back": 4,
    "sleeps": 4,
    "scalings": 12,
    "upgrades": 2,
    "long_outages": 2,
}
GONE = ("theo",)
LOST, LATE = "accepted, answer lost", "hung, accepted late"
CUT_OFF = "database cut off by a crash"
OUTAGES = ("database_away", "slack_away", "slack_long_away", "all_down")
# Production asks every minute; a virtual one is so short that asking would be most of the work.
CHECKS_EVERY = timedelta(minutes=5)
# One line each in the table: what is counted, and the counts that stand in it.
FAULTS = (
    (
        "database away; failed before the commit",
        ("database away", "database failed before the commit"),
    ),
    ("database silent after the commit", ("database silent after the commit",)),
    ("PostgreSQL crashes; transactions cut off", ("crash", CUT_OFF)),
    ("Slack 429; 500; away", ("Slack 429", "Slack 500", "Slack away")),
    ("Slack accepted: no answer; late", (f"Slack {LOST}", f"Slack {LATE}")),
    ("outages: database; Slack; Slack long; all", OUTAGES),
    ("clock forward; back; machine asleep", ("jump", "step_back", "sleep")),
    ("replicas changed (1 to 4); upgrades", ("scale", "upgrade")),
)
# What each letter is about, as in docs/guarantee.md.
NAMES = {
    "S1": "open has a deadline",
    "S2": "history without a gap",
    "S3": "rungs in order",
    "S4": "nothing early, nothing twice",
    "S5": "no page after the end",
    "S6": "quiet while somebody has it",
    "S7": "sent is what Slack has",
    "S8": "a tick is stored",
    "S9": "lanes in order",
    "S10": "rungs keep their distance",
    "L1": "deadlines are met",
    "L2": "rungs are met",
    "L3": "every row and matter ends",
    "L4": "a dead sender's rows go on",
    "L5": "Slack says that Belay is dead",
    "L6": "health says how late",
    "SQL": "production's own questions",
}
HOURS_AN_HOUR = 500  # wanted, on two cores
WRONG_SHOWN = 8
TOLD_EVERY = 4.0  # simulated hours


def say(line: str) -> None:
    """Show a line now, whatever else is still running."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def shape_of(hours: float, workers: int) -> Shape:
    """A county for so long, with its share of everything that goes wrong."""
    share = hours / 24
    troubles: dict[str, int] = {
        name: max(1, round(count * share)) for name, count in TROUBLES_A_DAY.items()
    }
    quiet = Shape(hours=hours, lives=0, gone=GONE, whole=True, workers=workers)
    return replace(quiet, **troubles)  # type: ignore[arg-type]


@dataclass
class Result:
    """This is what one seed came to."""

    seed: int
    hours: float
    workers: int
    seconds: float = 0.0
    fingerprint: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    violated: Counter[str] = field(default_factory=Counter)
    worst_late: timedelta = timedelta(0)


def run(
    seed: int, hours: float, workers: int, tell: Callable[[float], None] = lambda hours: None
) -> Result:
    """Run one seed and hold it to every invariant. Its seconds are the processor's."""
    result, began = Result(seed, hours, workers), time.process_time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "EVERY", CHECKS_EVERY)
        try:
            ran = simulate(seed, shape_of(hours, workers), patch, tell)
        except Exception as fault:  # a run that cannot come to its end is a violation too
            result.wrong.append(f"L3: it did not end: {type(fault).__name__}: {fault}")
            result.violated["L3"] += 1
        else:
            _judge(result, ran)
            ran.database.dispose()
    result.seconds = time.process_time() - began
    return result


def run_aloud(seed: int, hours: float, workers: int) -> Result:
    """The same, and show on the way how far it has come."""
    next_at = TOLD_EVERY

    def tell(passed: float) -> None:
        nonlocal next_at
        if passed >= next_at:
            next_at += TOLD_EVERY
            say(f"  seed {seed}: {passed:.0f} h")

    return run(seed, hours, workers, tell)


def _judge(result: Result, ran: Ran) -> None:
    for letter, (checked, wrong) in looked(ran).items():
        result.checked[letter] += checked
        result.violated[letter] += len(wrong)
        result.wrong += [f"{letter} {word}" for word in wrong]
    rows, times = ran.rows("outbox"), ran.slack.times
    unheard = [row for row in rows if row.outcome == "sent" and row.kind != "Refresh"]
    result.fingerprint, result.worst_late = ran.fingerprint, ran.worst_late
    result.counts.update(
        matters=len(ran.rows("matter")),
        transitions=sum(1 for _ in ran.steps()),
        messages=len(ran.slack.accepted),
        lost=sum(not times[row.key] for row in unheard) + sum(row.outcome is None for row in rows),
        doubled=sum(count > 1 for count in times.values()),
        kills=ran.fleet.kills,
        starts=ran.fleet.starts,
        rewritten=ran.troubles.rewritten,
        taps=ran.lost_taps,
        transactions=ran.fleet.database.steps,
    )
    result.faults.update({f"database {kind}": n for kind, n in ran.fleet.database.kinds.items()})
    result.faults.update({f"Slack {kind}": n for kind, n in ran.slack.kinds.items()})
    result.faults.update(ran.troubles.kinds)
    cut = [n for kind, n in ran.fleet.database.kinds.items() if kind.startswith("crashed")]
    result.faults[CUT_OFF] = sum(cut)


def rows_of(results: Iterable[Result], cores: int) -> list[Row]:
    """The table's rows: what was run, what went wrong, what came of it, letter by letter."""
    each = list(results)
    counts = sum((one.counts for one in each), Counter())
    faults = sum((one.faults for one in each), Counter())
    checked = sum((one.checked for one in each), Counter())
    violated = sum((one.violated for one in each), Counter())
    hours, spent = sum(one.hours for one in each), sum(one.seconds for one in each)
    pace = hours / (spent / 3600 / 2) if spent else 0.0
    late = max((one.worst_late for one in each), default=timedelta(0)).total_seconds()
    failed = [one.seed for one in each if one.wrong]
    seeds = f"{each[0].seed} to {each[-1].seed}" if each else ""
    wide = str(each[0].workers) if each else ""
    return [
        Row("simulated hours", f"{hours:,.0f} ({hours / 24 / 7:.1f} weeks)"),
        Row("workers of the county; visits and calls", f"{wide}; {counts['matters']:,}"),
        Row(
            "simulated hours in an hour of two cores",
            f"{pace:,.0f}",
            f"{HOURS_AN_HOUR}",
            pace >= HOURS_AN_HOUR,
        ),
        Row("transitions; database transactions", _two(counts, "transitions", "transactions")),
        Row("messages accepted; taps that were lost", _two(counts, "messages", "taps")),
        Row("kills; starts of a replica", _two(counts, "kills", "starts")),
        Row("records rewritten as one release before", f"{counts['rewritten']:,}"),
        *_faults(faults),
        Row("messages lost", f"{counts['lost']}", "0", counts["lost"] == 0),
        Row("messages doubled", f"{counts['doubled']}", "0", counts["doubled"] == 0),
        Row("worst lateness that no fault explains", f"{late:.1f} s", "6 s", late <= 6),
        *_letters(checked, violated),
        Row(f"seeds {seeds}: failed", f"{_listed(failed)}", "none", not failed),
    ]


def _two(counts: Counter[str], first: str, second: str) -> str:
    return f"{counts[first]:,}; {counts[second]:,}"


def _faults(faults: Counter[str]) -> list[Row]:
    return [Row(what, "; ".join(f"{faults[kind]:,}" for kind in kinds)) for what, kinds in FAULTS]


def _letters(checked: Counter[str], violated: Counter[str]) -> list[Row]:
    return [
        Row(
            f"{letter} {NAMES[letter]}",
            f"{checked[letter]:,} checks, {violated[letter]:,} bad",
            "0 bad",
            violated[letter] == 0,
        )
        for letter in LETTERS
    ]


def _listed(seeds: list[int]) -> str:
    return ", ".join(map(str, seeds)) or "none"


def told(result: Result) -> str:
    """One line for one seed; below it what is wrong, how it is repeated, how it becomes a test."""
    how = "all held" if not result.wrong else f"{len(result.wrong)} VIOLATIONS"
    line = (
        f"seed {result.seed}: {how}; {result.counts['transitions']} transitions, "
        f"{result.counts['messages']} messages, {result.seconds:.0f} s [{result.fingerprint}]"
    )
    if not result.wrong:
        return line
    shown = [f"  {word}" for word in result.wrong[:WRONG_SHOWN]]
    again = (
        f"make soak SEED={result.seed} SOAK_HOURS={result.hours:g} SOAK_WORKERS={result.workers}"
    )
    known = f'Known({result.seed}, {result.hours:g}, {result.workers}, "what it found"),'
    return "\n".join(
        [
            line,
            *shown,
            f"  again: {again}",
            f"  as a test, in tests/simulation/known_seeds.py: {known}",
        ]
    )
