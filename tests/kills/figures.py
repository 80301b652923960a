"""The figures of the scenarios, beside what is wanted of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.kills.judge import Verdict
from tests.kills.moments import percentile
from tests.report import Row

# The issue: a start to its first sweep within two seconds, and one second to look again.
START = 2.0
LOOK = 1.0
LEASE = 15.0
NEXT_PAGE = LEASE + START + LOOK


@dataclass(frozen=True)
class Wanted:
    """What is wanted of one scenario. `doubled` is None where each try may be accepted."""

    title: str
    events: str
    late: float
    doubled: int | None = 0
    next_page: float = NEXT_PAGE


MOMENTS = (
    ("claim to accept", "accept to record"),
    ("in a transaction", "due, undecided"),
    ("decided, unclaimed", "during start"),
)

WANTED: Mapping[str, Wanted] = {
    "sqlite": Wanted("SQLite, one bot", "kill -9", START + LOOK),
    "postgresql": Wanted("PostgreSQL, two replicas", "kill -9", START + LOOK),
    "crash": Wanted("PostgreSQL crashed under load", "-m immediate", 2 * LOOK),
    "disk": Wanted("The disk full, SQLite", "times full", 2 * LOOK),
    "wedge": Wanted("The line to Slack wedged", "wedges", LOOK, None),
    "sleep": Wanted("Machine suspended beyond the lease", "sleeps", LOOK),
    "pause": Wanted("One of two replicas suspended", "sleeps", LOOK),
}


def rows_of(name: str, verdict: Verdict) -> list[Row]:
    """One scenario as rows of the table."""
    wanted = WANTED[name]
    late, page = verdict.late, verdict.next_page
    worst, slowest = max(late, default=0.0), percentile(page, 0.99)
    judged = verdict.deadlines + verdict.pages + verdict.ticks
    broken = len(verdict.lost), len(verdict.wrong) + len(verdict.more)
    allowed = "as often as tried" if wanted.doubled is None else str(wanted.doubled)
    return [
        Row(wanted.title, f"{verdict.events:,} {wanted.events}"),
        Row(
            "  lost; wrong, of deadlines, pages, ticks",
            "{}; {} of {:,}".format(*broken, judged),
            "0; 0",
            not any(broken),
        ),
        Row("  accepted twice", str(len(verdict.doubled)), allowed, _within(wanted, verdict)),
        Row(
            "  longest that a living bot left a deadline",
            _s(worst),
            _s(wanted.late),
            worst <= wanted.late,
        ),
        Row(
            "  to the next page: median, p99",
            f"{_s(percentile(page, 0.5))}, {_s(slowest)}",
            _s(wanted.next_page),
            slowest <= wanted.next_page,
        ),
    ]


def is_safe(name: str, verdict: Verdict) -> bool:
    """Whether nobody was lost, and nothing came more often than the scenario allows."""
    wrong = verdict.lost or verdict.wrong or verdict.more
    return not wrong and _within(WANTED[name], verdict)


def _within(wanted: Wanted, verdict: Verdict) -> bool:
    if wanted.doubled is None:
        return not verdict.more
    return len(verdict.doubled) <= wanted.doubled


def beside(verdicts: Mapping[str, Verdict]) -> list[Row]:
    """What only kills tell: what they fell into, what one cut off, and how long a start is."""
    both = Verdict()
    for name in ("sqlite", "postgresql"):
        if name in verdicts:
            both.add(verdicts[name])
    if not both.events:
        return []
    cut, starts = both.cut_off, both.starts
    rows = [Row("What the kills fell into (several at once may be true)")]
    for these in MOMENTS:
        seen = ", ".join(f"{both.moments[moment]:,}" for moment in these)
        rows.append(Row(f"  {', '.join(these)}", seen))
    if cut:
        worst = max(cut)
        what = f"a page that a kill cut off: worst of {len(cut):,}"
        rows.append(Row(what, _s(worst), _s(NEXT_PAGE), worst <= NEXT_PAGE))
    if starts:
        seen = f"{_s(percentile(starts, 0.5))}, {_s(percentile(starts, 0.99))}"
        what = "from start to the first sweep: median, p99"
        rows.append(Row(what, seen, _s(START), percentile(starts, 0.5) <= START))
    return rows


def findings(name: str, verdict: Verdict) -> list[str]:
    """Everything that is wrong, in sentences."""
    found = [("lost", verdict.lost), ("wrong", verdict.wrong), ("doubled", verdict.doubled)]
    found.append(("too often", verdict.more))
    return [f"{name}: {kind}: {one}" for kind, those in found for one in those]


def _s(seconds: float) -> str:
    return f"{max(0.0, seconds):.1f} s"
