"""This runs `belay demo` in a process of its own, and opens its page."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import APIRequestContext, Page

ROOT = Path(__file__).parents[2]
ADDRESS = "Open this page:"
STOPS_WITHIN = 30  # s
FULFILLED_WITHIN = 60  # s; starting the bot anew takes three on an idle machine
SHOTS = Path(os.environ.get("BELAY_SHOTS") or ROOT / "var" / "shots")


@contextmanager
def running(matcher: str = "off") -> Iterator[str]:
    """The product as `make demo` starts it, bot and all; the address of its page."""
    program = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--matcher", matcher],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield _address(program)
    finally:
        program.terminate()
        program.communicate(timeout=STOPS_WITHIN)


def _address(program: "subprocess.Popen[str]") -> str:
    said: list[str] = []
    for line in program.stdout:
        said.append(line)
        if ADDRESS in line:
            return line.partition(ADDRESS)[2].strip()
    pytest.fail("the demo did not start:\n" + "".join(said))


def wish(http: APIRequestContext, address: str, name: str) -> str:
    """Wish for something, and wait until it is fulfilled; what became of it."""
    end = time.monotonic() + FULFILLED_WITHIN
    # The address is told a moment before anybody listens for wishes.
    asked = http.post(f"{address}_control/wishes", data={"wish": name})
    while not asked.ok and asked.json()["error"] == "not_offered" and time.monotonic() < end:
        time.sleep(0.05)
        asked = http.post(f"{address}_control/wishes", data={"wish": name})
    number = _ok(asked)["n"]
    while time.monotonic() < end:
        found = _ok(http.get(f"{address}_control/wishes?since={number - 1}"))["wishes"]
        if found and found[0]["done"]:
            return str(found[0]["said"])
        time.sleep(0.05)
    pytest.fail(f"nobody fulfilled the wish {name}")


def act(http: APIRequestContext, address: str, name: str, **body: object) -> dict:
    """Let somebody do something behind the page."""
    return _ok(http.post(f"{address}_control/act/{name}", data=body))


def _ok(answer) -> dict:
    told = answer.json()
    assert answer.ok, told
    return told


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page, by its width and language, for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    language = page.locator("html").get_attribute("lang")
    width = page.evaluate("innerWidth")
    page.screenshot(path=SHOTS / f"{name}-{language}-{width}.png", animations="disabled")
