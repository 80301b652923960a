"""This makes the pictures in docs/pictures from the page itself. `make pictures`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.e2e import browser as browsers
from tests.e2e import demo, test_story
from tests.e2e.browser import opened
from tests.e2e.hands import WITHIN, Person

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = {"width": 1280, "height": 800}
TALL = {"width": 390, "height": 960}
BYTES_MOST = 250_000
HIDE = "(all) => all.forEach((one) => { one.style.display = 'none' })"


def main() -> None:
    """Play the story once, and take the pictures on the way."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=WITHIN)
    with demo.running() as address, sync_playwright() as playwright:
        running = browsers.launched(playwright, browsers.chromium())
        with _page(running, address, TALL) as page:
            _story(Person(page, "en"))
        with _page(running, address, WIDE) as page:
            demo.wish(page.request, address, "start_over")
            _tour(page)
        running.close()


@contextmanager
def _page(running: Browser, address: str, size) -> Iterator[Page]:
    with opened(running, viewport=size, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{address}?people=U_JO,U_ROSA,U_LIN")
        yield page


def _tour(page: Page) -> None:
    """The tour at the moment at which it points at what the clinical lead is to press."""
    expect(page.locator(".tour-step")).to_have_text("Next: Jo plans a visit")
    page.get_by_label("Pace").select_option("quick")
    step = page.locator(".tour-step")
    while (name := step.inner_text()) != "Next: Dr. Lin takes it on":
        page.locator("[data-tour-do=show]").click()
        expect(step).not_to_have_text(name)
    page.locator("[data-tour-do=self]").click()
    Person(page, "en").opens("lin")
    expect(page.locator("[data-pointed][data-action=acknowledge]")).to_be_visible()
    for name in ("U_JO", "U_ROSA", "U_LIN"):
        _to_top(page.locator(f'[data-phone="{name}"]'), holding=".bk-button")
    _take(page, "page-wide")


def _story(person: Person) -> None:
    test_story.plans(person)
    _take(person.phone("jo"), "phone-plan")
    person.sends("jo")
    test_story.confirms(person)
    person.sends("rosa")
    person.opens("jo")
    test_story.arrives(person)
    _to_top(person.phone("jo"), holding="[data-action=ok]")
    _take(person.phone("jo"), "phone-card")
    phone = person.opens("maya")
    person.press_at(phone.locator("[data-tab=home]"))
    expect(phone.locator("[data-home]")).to_contain_text("Jo Alvarez")
    _take(phone, "home-supervisor")
    test_story.is_missed(person)
    phone = person.opens("rosa")
    _to_top(phone)
    _take(phone, "phone-page")
    person.opens("lin")
    test_story.closes(person)
    person.sends("lin")
    test_story.finds_the_thread(person)
    _take(person.phone("lin"), "thread")


def _to_top(phone: Locator, holding: str = ".said") -> None:
    """Show the beginning of the newest message with such a thing in it, not its end."""
    newest = phone.locator(".message", has=phone.page.locator(holding)).last
    newest.evaluate("(node) => node.scrollIntoView({ block: 'start' })")


def _take(what: Locator | Page, name: str) -> None:
    page = what if isinstance(what, Page) else what.page
    # What slid in a moment ago would cover what the picture is about.
    page.locator(".banner-place").evaluate_all(HIDE)
    path = FOLDER / f"{name}.png"
    what.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    assert size < BYTES_MOST, f"{path.name} has {size} bytes"


if __name__ == "__main__":
    main()
