"""`make soak` in small: seeds that once failed, the table, and the upgrade in the middle."""

import json
from pathlib import Path

import pytest

from storage import codec
from tests.report import WIDTH, table
from tests.simulation import soak, upgrade
from tests.simulation.invariants import LETTERS
from tests.simulation.known_seeds import KNOWN

GOLDEN = Path(__file__).parents[1] / "storage" / "golden"
LINES_MAX = 50


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"seed{known.seed}")
def test_a_seed_that_once_failed_holds(known):
    result = soak.run(known.seed, known.hours, known.workers)
    assert result.wrong == []
    assert result.counts["lost"] == result.counts["doubled"] == 0
    assert result.counts["transitions"] > 0
    assert result.checked["SQL"] > 0


def test_the_table_fits_on_a_page_and_shows_every_letter():
    many = soak.Result(10_000, 24, 200, 345.6)
    for counter in (many.counts, many.faults, many.checked):
        kinds = (*LETTERS, *(kind for _, kinds in soak.FAULTS for kind in kinds), "matters")
        counter.update(dict.fromkeys((*kinds, "transitions", "transactions"), 12_345_678))
    lines = table("The soak", soak.rows_of([many], 2)).splitlines()
    assert len(lines) <= LINES_MAX
    assert max(map(len, lines)) <= WIDTH
    shown = [line.split()[0] for line in lines if line]
    assert [letter for letter in LETTERS if letter not in shown] == []


def test_a_failing_seed_is_told_with_how_to_repeat_it_and_how_to_keep_it():
    result = soak.Result(7, 24, 200, wrong=["S3: rungs_are_climbed_in_order: m1 climbed [0, 2]"])
    said = soak.told(result)
    assert "make soak SEED=7 SOAK_HOURS=24 SOAK_WORKERS=200" in said
    assert 'Known(7, 24, 200, "' in said
    assert "climbed [0, 2]" in said


@pytest.mark.parametrize("name", upgrade.ADDED)
def test_what_the_last_release_would_have_written_is_its_golden_file(name):
    last, now = codec.schema_of(name) - 1, codec.schema_of(name)
    body = json.loads((GOLDEN / f"v{now}" / f"{name}.json").read_text())
    older = json.loads((GOLDEN / f"v{last}" / f"{name}.json").read_text())
    unused = {**body, **upgrade.ADDED[name]}
    assert upgrade.before(name, unused) == older
    assert codec.upcast(name, older, last) == unused


def test_a_record_that_the_last_release_could_not_have_written_is_left():
    used = {**upgrade.ADDED["Visit"], "watcher": "rosa", "state": "underway"}
    assert upgrade.before("Visit", used) is None
