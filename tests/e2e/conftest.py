"""This is the browser that all tests of the page share, and the gallery of blocks in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e import browser as browsers
from tests.e2e.browser import ADDRESS, opened, serve_files, watched


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests in this folder; every one of them opens its own window in it.

    It ends with the folder, not with the run: while Playwright is at work its event loop counts as
    running, and no asynchronous test could have one. So tests in here are synchronous.
    """
    program = browsers.chromium()
    with sync_playwright() as playwright:
        running = browsers.launched(playwright, program)
        yield running
        running.close()


@pytest.fixture(scope="module")
def gallery(browser):
    """The gallery, opened once; `show` begins anew in it."""
    with opened(browser, timezone_id="UTC", locale="en-US") as context:
        serve_files(context)
        page = context.new_page()
        page.goto(f"{ADDRESS}/gallery.html")
        page.wait_for_selector("body[data-ready]")
        yield page


@pytest.fixture
def window(gallery):
    """The gallery's window; what it complains about fails the test that made it."""
    with watched(gallery.context):
        yield gallery


@pytest.fixture
def show(window):
    """This shows one case of the gallery, as if just opened, and hands out its phone."""

    def show_case(name, language="en"):
        window.evaluate("(given) => gallery.show(...given)", [name, language])
        return window.locator(f'[data-phone="U {name}"]')

    return show_case
