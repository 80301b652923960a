"""The page's second story, played once by the page itself; with the real bot, and words alone."""

import pytest
from playwright.sync_api import expect

from tests.e2e import demo
from tests.e2e.browser import PHONE, opened
from tests.e2e.demo import shoot
from tests.e2e.hands import WITHIN

pytestmark = pytest.mark.xdist_group("tour")

PLAYED_WITHIN = 240_000  # ms; most of it is the learning of the words, which is most of a minute
# A menu beside another: one that had a row of its own would make the panel higher.
IN_ONE_ROW = "(menus) => new Set(menus.map((one) => one.getBoundingClientRect().top)).size"


def test_the_tour_plays_from_a_question_without_an_answer_to_one_that_has_it(browser):
    expect.set_options(timeout=WITHIN)
    with (
        demo.running("words") as address,
        opened(browser, viewport=PHONE, reduced_motion="reduce") as context,
    ):
        page = context.new_page()
        page.goto(address)
        choice = page.get_by_label("Which story")
        expect(choice).to_have_value("visit")
        assert page.locator(".tour-pace").evaluate_all(IN_ONE_ROW) == 1
        choice.select_option("matrix")
        expect(page.locator(".tour-step")).to_have_text("Next: Jo asks who decides")
        page.get_by_label("Pace").select_option("quick")
        page.locator('[data-tour-do="play"]').click()
        expect(page.locator(".tour-step")).to_have_text(
            "That was the story.", timeout=PLAYED_WITHIN
        )
        shoot(page, "8-the-second-story")
        expect(page.locator(".tour-unfit")).to_have_count(0)
        expect(page.locator('[data-phone="U_JO"] .talk')).to_contain_text(
            "boundary_dual_relationship"
        )
