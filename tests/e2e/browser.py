"""This opens pages in a real Chromium, and fails a test whose page complained.

Nothing is fetched from anywhere: the files of a folder are handed to the browser as they are, under
an address that exists only there, with the policy that the sandbox's own server sends.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Playwright,
    Route,
    ViewportSize,
    WebError,
)

PAGE = Path(__file__).parents[2] / "sandbox" / "page"
ADDRESS = "http://page.test"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
TYPES = {".html": "text/html", ".css": "text/css", ".json": "application/json"}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


def chromium() -> str:
    """The program to run: BELAY_CHROMIUM, or one of the usual names on the PATH.

    Without one the test is skipped and says so; where CI is set it fails, so that nobody believes
    the page was looked at.
    """
    named = os.environ.get("BELAY_CHROMIUM", "")
    found = next((path for name in (named, *NAMES) if name and (path := shutil.which(name))), None)
    if found is not None:
        return found
    words = "no Chromium found: install it (Debian: apt install chromium) or set BELAY_CHROMIUM"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


def launched(playwright: Playwright, program: str) -> Browser:
    """One browser, for as many pages as wanted."""
    # The browser's own sandbox needs rights that build machines do not give; these pages are ours.
    flags = [*FLAGS, "--no-sandbox"]
    return playwright.chromium.launch(executable_path=program, args=flags)


@contextmanager
def watched(context: BrowserContext) -> Iterator[None]:
    """What pages complain about meanwhile, in their console or by an error, fails the test."""
    complaints: list[str] = []

    def said(told: ConsoleMessage) -> None:
        if told.type in ("error", "warning"):
            complaints.append(told.text)

    def failed(told: WebError) -> None:
        complaints.append(str(told.error))

    context.on("console", said)
    context.on("weberror", failed)
    try:
        yield
    finally:
        context.remove_listener("console", said)
        context.remove_listener("weberror", failed)
    assert complaints == []


@contextmanager
def opened(browser: Browser, **settings: Any) -> Iterator[BrowserContext]:
    """A fresh window, of a phone's size if `settings` do not say another, and watched."""
    context = browser.new_context(**{"viewport": PHONE, **settings})
    context.set_default_timeout(20_000)
    try:
        with watched(context):
            yield context
    finally:
        context.close()


def serve_files(context: BrowserContext, folder: Path = PAGE) -> None:
    """This hands the folder's files to the browser at ADDRESS, and lets nothing else out."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS).partition("?")[0].lstrip("/")
        file = folder / path
        if not route.request.url.startswith(ADDRESS) or not file.is_file():
            route.fulfill(status=404)
            return
        kind = TYPES.get(file.suffix, "text/javascript")
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Security-Policy": POLICY}
        route.fulfill(body=file.read_bytes(), headers=headers)

    context.route("**/*", answer)
