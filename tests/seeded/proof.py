"""This proves that the test named for a defect passes without it and fails with it.

Every run is a pytest process of its own, so that a defect lives no longer than its proof.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import monotonic

from tests.seeded.fault import Fault

ROOT = Path(__file__).resolve().parents[2]
# The continuous integration has two cores, and so have most laptops to spare.
AT_ONCE = 2
# The slowest takes a tenth of this; a defect that makes a test hang is not caught by it.
SECONDS_MAX = 120
TAIL_LINES = 12


class Verdict(StrEnum):
    """This is what came of one defect; the values are what the table says."""

    CAUGHT = "caught"
    UNNOTICED = "NOT NOTICED"
    NO_SUCH_TEST = "NO SUCH TEST"
    FAILS_ANYWAY = "FAILS WITHOUT IT"
    BROKEN = "NOT RUN"


@dataclass(frozen=True, slots=True)
class Ran:
    """This is one pytest process: what it collected, passed and failed, and how long it took (s).

    `failed` counts failures of the test itself; `broken` tells of set-up, tear-down and hanging.
    """

    collected: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    broken: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Proof:
    """This is one defect's verdict; `by` is the test that noticed it, or what is wrong."""

    fault: Fault
    verdict: Verdict
    by: str = ""
    seconds: float = 0.0


Run = Callable[..., Ran]


@dataclass(frozen=True, slots=True)
class Sound:
    """This is how the named tests do without any defect."""

    there: frozenset[str] = frozenset()
    failing: frozenset[str] = field(default_factory=frozenset)
    broken: str = ""


def run(tests: Sequence[str], *, fault: str | None = None, only_collect: bool = False) -> Ran:
    """This runs these tests in a process of their own, with a defect or without."""
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="belay-seeded-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.seeded.plugin"]
        command += ["-p", "no:cacheprovider", "--seeded-report", str(report)]
        command += ["--seeded-fault", fault] if fault else []
        command += ["--collect-only"] if only_collect else []
        try:
            done = subprocess.run(
                [*command, *tests],
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=SECONDS_MAX,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(broken=f"no end after {SECONDS_MAX} s", seconds=monotonic() - began)
        seconds = monotonic() - began
        if not report.exists() or done.returncode not in (0, 1):
            said = (done.stdout + done.stderr).strip().splitlines()
            return Ran(broken="\n".join(said[-TAIL_LINES:]), seconds=seconds)
        return _read(json.loads(report.read_text(encoding="utf-8")), seconds)


def missing(tests: Iterable[str], collected: Iterable[str]) -> list[str]:
    """These tests are not there; a name without brackets stands for all its parameters."""
    known = set(collected)
    known |= {name.partition("[")[0] for name in known}
    return sorted(set(tests) - known)


def collect(faults: Iterable[Fault]) -> Ran:
    """This collects every file that a defect names a test of."""
    files = sorted({fault.caught_by.partition("::")[0] for fault in faults})
    return run([name for name in files if (ROOT / name).is_file()], only_collect=True)


def prove_all(
    faults: Sequence[Fault], pool: Executor, show: Callable[[Proof], None] = lambda _proof: None
) -> list[Proof]:
    """This proves each of these defects, in their order; `show` hears of each as it is proved."""
    collected = collect(faults)
    named = sorted({fault.caught_by for fault in faults})
    absent = set(missing(named, collected.collected))
    there = [test for test in named if test not in absent]
    halves = [there[start::AT_ONCE] for start in range(AT_ONCE) if there[start::AT_ONCE]]
    runs = list(pool.map(run, halves))
    sound = Sound(
        frozenset(there),
        frozenset(test for ran in runs for test in ran.failed),
        "\n".join(filter(None, [collected.broken, *(ran.broken for ran in runs)])),
    )
    proofs = []
    for proof in pool.map(lambda fault: prove(fault, sound), faults):
        show(proof)
        proofs.append(proof)
    return proofs


def prove(fault: Fault, sound: Sound, run_tests: Run = run) -> Proof:
    """This seeds one defect, unless its test says nothing even without it."""
    if fault.caught_by not in sound.there:
        return Proof(fault, Verdict.NO_SUCH_TEST, fault.caught_by)
    if sound.broken:
        return Proof(fault, Verdict.BROKEN, sound.broken)
    failing = [test for test in sorted(sound.failing) if belongs(test, fault.caught_by)]
    if failing:
        return Proof(fault, Verdict.FAILS_ANYWAY, "; ".join(failing))
    ran = run_tests([fault.caught_by], fault=fault.name)
    if ran.broken:
        return Proof(fault, Verdict.BROKEN, ran.broken, ran.seconds)
    if not ran.failed:
        return Proof(fault, Verdict.UNNOTICED, fault.caught_by, ran.seconds)
    return Proof(fault, Verdict.CAUGHT, ran.failed[0], ran.seconds)


def belongs(test: str, name: str) -> bool:
    """Whether a collected test is the one of this name, which may leave its parameters out."""
    return name in (test, test.partition("[")[0])


def _read(report: dict[str, list], seconds: float) -> Ran:
    ended = report["ended"]
    calls = [one for one in ended if one["phase"] == "call"]
    around = [one for one in ended if one["phase"] != "call" and one["outcome"] == "failed"]
    failed = tuple(one["test"] for one in calls if one["outcome"] == "failed")
    return Ran(
        collected=tuple(report["collected"]),
        passed=tuple(one["test"] for one in calls if one["outcome"] == "passed"),
        failed=failed,
        # What a failed test leaves behind may well break its tear-down.
        broken="" if failed else "; ".join(f"{one['phase']} of {one['test']}" for one in around),
        seconds=seconds,
    )
