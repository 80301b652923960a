"""The whole story by clicks on the page of `make demo`: wide and narrow, in both languages."""

import pytest
from playwright.sync_api import expect

from bot.slack.ids import Action
from bot.slack.words import home, labels, names, news, pages
from protocol.effects import Asked, Noted, Said
from protocol.plan import Purpose
from protocol.records import Accounted, Approval, EscalationKind, EscalationState, Finding
from tests.e2e import demo
from tests.e2e.browser import DESK, PHONE, opened
from tests.e2e.demo import shoot
from tests.e2e.hands import WITHIN, AtKeyboard, Person, nobody_is_left_out

pytestmark = pytest.mark.xdist_group("story")

SHELTER = "Main St shelter"
WAYS = [
    pytest.param(DESK, "en", id="wide-en"),
    pytest.param(PHONE, "en", id="narrow-en"),
    pytest.param(DESK, "es", id="wide-es"),
    pytest.param(PHONE, "es", id="narrow-es"),
]


@pytest.fixture(scope="module")
def address(browser):
    """The page of a demo of this module's own."""
    expect.set_options(timeout=WITHIN)
    with demo.running() as found:
        yield found


@pytest.fixture
def anew(address):
    """This opens the page at the beginning of the story, whatever was done before."""

    def opens(context, language="en"):
        demo.wish(context.request, address, "start_over")
        page = context.new_page()
        page.goto(f"{address}?lang={language}")
        expect(page.locator(f'[data-tour-language="{language}"]')).to_be_visible()
        return page

    return opens


def plans(person):
    """Jo plans a visit, where somebody finds it who was told of no command."""
    person.press_at(person.opens_home("jo").get_by_role("button", name=person.say(home.PLAN_VISIT)))
    person.picks("jo", labels.FIELD_PLACE, SHELTER)
    person.picks("jo", labels.FIELD_PURPOSE, person.say(names.PURPOSE[Purpose.OUTREACH]))


def confirms(person):
    """Rosa reads the plan and confirms it."""
    person.opens("rosa")
    person.sees("rosa", news.ASKED[Asked.APPROVE])
    person.presses("rosa", labels.BUTTON[Action.CONFIRM_PLAN])
    person.picks("rosa", labels.FIELD_EVERY, person.say(labels.MINUTES, minutes=30))


def arrives(person):
    """Jo is there, and says so."""
    person.waits(15)
    person.presses("jo", labels.BUTTON[Action.ARRIVE])
    person.sees("jo", labels.TICK_HEARD)


def is_missed(person):
    """Jo is not heard of any more, until the clinical lead is paged."""
    for _quarter in range(3):
        person.waits(15)
    person.opens("lin")
    person.sees("lin", names.ESCALATION[EscalationKind.MISSED])


def closes(person):
    """Dr. Lin has it, and accounts for Jo."""
    person.presses("lin", labels.BUTTON[Action.ACKNOWLEDGE])
    person.sees("lin", pages.HAS_IT, who="Dr. Lin")
    person.presses("lin", labels.BUTTON[Action.CLOSE])
    person.ticks("lin", names.ACCOUNTED[Accounted.SPOKEN])
    person.ticks("lin", labels.CONTINUES)
    person.picks("lin", labels.FIELD_FINDING, person.say(names.FINDING[Finding.FORGOT]))


def finds_the_thread(person):
    """The incident, told without names. The page that is closed leads there."""
    phone = person.phone("lin")
    person.press_at(phone.get_by_role("button", name=person.say(home.THREAD)).last)
    person.sees("lin", news.NOTED[Noted.CLOSED])
    expect(phone.locator(".talk")).not_to_contain_text("Jo Alvarez")


def f6_leads_to(button):
    """From the people above, one F6 leads to what their phone asks for: six Tabs less."""
    button.page.locator("[data-part=people] [tabindex='0']").focus()
    button.page.keyboard.press("F6")
    expect(button).to_be_focused()
    expect(button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("size", "language"), WAYS)
def test_the_story_by_clicks(browser, anew, size, language):
    with opened(browser, viewport=size) as context:
        page = anew(context, language)
        person = Person(page, language)
        shoot(page, "1-the-page")
        nobody_is_left_out(page)
        plans(person)
        shoot(page, "2-a-plan")
        nobody_is_left_out(page)
        person.sends("jo")
        # What Belay says comes to whoever stands in Home, too, and covers nothing there.
        tab = person.phone("jo").locator("[data-tab=messages]")
        expect(tab).to_contain_text("1")
        person.press_at(person.phone("jo").locator(".banner"))
        person.sees("jo", names.APPROVAL[Approval.ASKED])
        confirms(person)
        shoot(page, "3-confirming")
        # Whoever is in a conversation is not told by a banner that there is something in it.
        expect(person.phone("rosa").locator(".banner")).to_have_count(0)
        person.sends("rosa")
        person.opens("jo")
        person.sees("jo", news.SAID[Said.PLAN_CONFIRMED], who="Rosa Delgado")
        shoot(page, "4-a-card")
        arrives(person)
        is_missed(person)
        # However long a page is, what it asks for stands on the screen.
        expect(person.button("lin", labels.BUTTON[Action.ACKNOWLEDGE])).to_be_in_viewport()
        shoot(page, "5-a-page")
        nobody_is_left_out(page)
        closes(person)
        shoot(page, "6-closing")
        person.sends("lin")
        person.sees("lin", names.STATE[EscalationState.CLOSED])
        finds_the_thread(person)
        shoot(page, "7-the-thread")
        nobody_is_left_out(page)


def test_the_story_by_keyboard_alone_in_spanish_on_a_phone(browser, anew):
    with opened(browser, viewport=PHONE) as context:
        person = AtKeyboard(anew(context, "es"), "es")
        plans(person)
        person.sends("jo")
        confirms(person)
        person.sends("rosa")
        person.opens("jo")
        arrives(person)
        # The card has other buttons now, and the focus is on one of them.
        focused = person.phone("jo").locator(".talk .bk-button:focus")
        expect(focused).to_have_attribute("data-action", Action.OK.value)
        expect(focused).to_be_in_viewport(ratio=1)
        is_missed(person)
        f6_leads_to(person.button("lin", labels.BUTTON[Action.ACKNOWLEDGE]))
        closes(person)
        person.sends("lin")
        person.sees("lin", names.STATE[EscalationState.CLOSED])
        finds_the_thread(person)


def test_a_form_with_more_to_read_than_fits_opens_at_its_beginning(browser, anew):
    """Nobody is led past what they say yes to."""
    with opened(browser, viewport={"width": 390, "height": 560}) as context:
        person = Person(anew(context), "en")
        plans(person)
        person.sends("jo")
        person.opens("rosa")
        person.presses("rosa", labels.BUTTON[Action.CONFIRM_PLAN])
        form = person.form("rosa")
        expect(form.get_by_text("Jo Alvarez")).to_be_in_viewport()
        expect(form).to_be_focused()
        expect(form.locator("select").first).not_to_be_in_viewport()
