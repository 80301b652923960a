"""The list of defects holds, and whoever judges it was seen to say no."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.seeded.fault import DoesNotFit, Edit, Fault, Origin, codes_of
from tests.seeded.faults import FAULTS, named
from tests.seeded.proof import AT_ONCE, Proof, Ran, Sound, Verdict, collect, missing, prove, run
from tests.seeded.table import WIDTH, line, page

AT_LEAST = 30
PAGE = 50  # lines
# The rules, the rows and the loops: one of each is really seeded here; `make seeded` does them all.
REALLY_RUN = (
    "page-key-without-the-episode",
    "claim-without-a-lease",
    "undeliverable-does-not-climb",
)

NAMED = ("protocol/test_climb", "test_an_exhausted_ladder_never_stops_by_itself")
TEST = "tests/protocol/test_climb.py::test_an_exhausted_ladder_never_stops_by_itself"
ONE = Fault("one", "nowhere", Origin.PROMISE, (), *NAMED)
PASSING = Sound(there=frozenset({TEST}))


def test_three_of_the_defects_are_caught():
    faults = [named(name) for name in REALLY_RUN]
    sound = Sound(there=frozenset(fault.caught_by for fault in faults))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        proofs = list(pool.map(lambda fault: prove(fault, sound), faults))
    assert [proof.verdict for proof in proofs] == [Verdict.CAUGHT] * len(faults), proofs


def test_every_defect_names_a_test_that_exists():
    collected = collect(FAULTS)
    assert not collected.broken
    assert not missing([fault.caught_by for fault in FAULTS], collected.collected)


def test_every_defect_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= AT_LEAST


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_defect_changes_code_that_is_there(fault):
    assert fault.drawn_from
    assert codes_of(fault)


@pytest.mark.parametrize(
    ("sound", "ran", "verdict"),
    [
        (PASSING, Ran(failed=(TEST,)), Verdict.CAUGHT),
        (PASSING, Ran(passed=(TEST,)), Verdict.UNNOTICED),
        (PASSING, Ran(), Verdict.UNNOTICED),
        (PASSING, Ran(broken="setup"), Verdict.BROKEN),
        (Sound(), Ran(failed=(TEST,)), Verdict.NO_SUCH_TEST),
        (Sound(frozenset({TEST}), frozenset({f"{TEST}[x]"})), Ran(), Verdict.FAILS_ANYWAY),
        (Sound(frozenset({TEST}), broken="hung"), Ran(failed=(TEST,)), Verdict.BROKEN),
    ],
)
def test_only_a_test_that_passes_without_and_fails_with_it_has_caught_a_defect(sound, ran, verdict):
    proof = prove(ONE, sound, lambda tests, fault: ran)
    assert proof.verdict is verdict
    assert line(proof, 1, 1).splitlines()[0].endswith(" one")
    caught = verdict is Verdict.CAUGHT
    assert ("1 of 1" in page([proof], 1.0)) is caught
    assert (f"{verdict}: one" in page([proof], 1.0)) is not caught


def test_without_a_defect_the_same_process_passes():
    ran = run([TEST])
    assert (ran.passed, ran.failed, ran.broken) == ((TEST,), (), "")


@pytest.mark.parametrize(
    "edit",
    [
        Edit("tests.seeded.table:lines", "what stands nowhere", "x"),
        Edit("tests.seeded.table:nothing", "x", "y"),
        Edit("tests.seeded.table:NAME_WIDTH", "x", "y"),
    ],
)
def test_a_defect_whose_code_is_gone_is_said_and_not_passed_by(edit):
    with pytest.raises(DoesNotFit):
        codes_of(Fault("one", "nowhere", Origin.PROMISE, (edit,), *NAMED))


def test_what_was_not_caught_is_named_below_the_table():
    proof = Proof(ONE, Verdict.UNNOTICED, TEST)
    assert page([proof], 1.0).splitlines()[-2:] == ["NOT NOTICED: one", f"    {TEST}"]


def test_the_table_fits_a_page():
    proofs = [Proof(fault, Verdict.CAUGHT, fault.caught_by, 9.9) for fault in FAULTS]
    shown = page(proofs, 100.0).splitlines()
    shown += "\n".join(line(proof, 1, 1) for proof in proofs).splitlines()
    assert max(map(len, shown)) <= WIDTH
    assert len(page(proofs, 100.0).splitlines()) <= PAGE


def test_most_are_defects_that_somebody_really_had():
    of = Counter(fault.origin for fault in FAULTS)
    assert of[Origin.ELSEWHERE] + of[Origin.HISTORY] > of[Origin.PROMISE]
    assert of[Origin.ELSEWHERE] >= AT_LEAST
