"""This is a pytest plugin that seeds one defect, and writes down what became of each test.

`-p tests.seeded.plugin --seeded-fault NAME --seeded-report FILE`; nothing reads the environment.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.seeded.fault import DoesNotFit, install
from tests.seeded.faults import named


def pytest_addoption(parser: pytest.Parser) -> None:
    """This adds the options."""
    group = parser.getgroup("seeded faults")
    group.addoption("--seeded-fault", metavar="NAME", help="the defect to put in")
    group.addoption("--seeded-report", metavar="FILE", type=Path, help="where outcomes go")


def pytest_configure(config: pytest.Config) -> None:
    """This puts the defect in, before any test is collected."""
    report = config.getoption("--seeded-report")
    if report is not None:
        config.pluginmanager.register(Reporter(report))
    name = config.getoption("--seeded-fault")
    if name is None:
        return
    try:
        install(named(name))
    except (DoesNotFit, KeyError) as problem:
        raise pytest.UsageError(f"{name}: {problem}") from problem


class Reporter:
    """This writes which tests were collected, and how each phase of each ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._collected: list[str] = []
        self._ended: list[dict[str, Any]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """This notes what there is to run."""
        self._collected = [item.nodeid for item in session.items]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """This notes how a test's setup, call or teardown ended."""
        self._ended.append({"test": report.nodeid, "phase": report.when, "outcome": report.outcome})

    def pytest_sessionfinish(self) -> None:
        """This writes it all down."""
        known = {"collected": self._collected, "ended": self._ended}
        self._path.write_text(json.dumps(known), encoding="utf-8")
