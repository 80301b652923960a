"""The guided tour, and what may happen to a page while people use it; with the real bot."""

import re
import statistics
import sys

import pytest
from playwright.sync_api import expect

from bot.demo.story import STORY
from bot.slack.ids import Action
from bot.slack.words import home, labels, names, news
from protocol.effects import Asked
from protocol.plan import Purpose
from protocol.records import Accounted, Approval, Finding
from tests.e2e import demo
from tests.e2e.browser import DESK, PHONE, opened
from tests.e2e.demo import shoot
from tests.e2e.hands import WITHIN, Person, nobody_is_left_out

pytestmark = pytest.mark.xdist_group("tour")

SHELTER = "Main St shelter"
STEPS = [step for scene in STORY for step in scene.steps if not step.aside]
IS_DUE = 6  # the first step in which Jo is silent
TOUR_WITHIN = 200_000  # ms; some 28 s on an idle machine
TAPS = 20
MESSAGES = 500
# What is aimed at (ms), and what fails the test: ten times as much, for the machine may be busy.
TAP_TARGET, MESSAGE_TARGET, SLACK = 150, 200, 10

# How long a press takes until what it brings is drawn, in ms, as the page itself sees it.
UNTIL_DRAWN = """
async ([press, drawn]) => {
  const there = () => document.querySelector(drawn);
  const begun = performance.now();
  document.querySelector(press).click();
  while (!there()) await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}
"""
UNTIL_ON_BOTH = """
async ([user, channel, text]) => {
  const begun = performance.now();
  fetch("./_control/act/message", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user, channel, text }),
  });
  const there = (phone) => phone.querySelector(".talk").innerText.includes(text);
  while (![...document.querySelectorAll(".phone")].slice(0, 2).every(there)) {
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - begun;
}
"""


@pytest.fixture(scope="module")
def address(browser):
    """The page of a demo of this module's own."""
    expect.set_options(timeout=WITHIN)
    with demo.running() as found:
        yield found


@pytest.fixture
def desk(browser, address):
    """The page at the beginning of the story, on a desk."""
    with opened(browser, viewport=DESK) as context:
        demo.wish(context.request, address, "start_over")
        page = context.new_page()
        page.goto(f"{address}?people=U_JO,U_ROSA")
        expect(page.locator("[data-tour]")).to_be_visible()
        yield page


def step_is(page, number):
    """What is still to come is not told as if it had happened."""
    kind = "If you like" if STEPS[number].leave_out else "Next"
    expect(page.locator(".tour-step")).to_have_text(f"{kind}: {STEPS[number].name}")


def number_of(action):
    """The step in which somebody presses this for the first time."""
    label = labels.BUTTON[action]
    return next(n for n, step in enumerate(STEPS) if getattr(step.act, "label", "") == label)


def does(page, what):
    page.locator(f'[data-tour-do="{what}"]').click()


def test_the_tour_plays_the_whole_story_on_a_phone(browser, address):
    with opened(browser, viewport=PHONE, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Pace").select_option("quick")
        does(page, "play")
        expect(page.locator("[data-pointed]")).to_be_visible()
        shoot(page, "8-the-tour")
        expect(page.locator(".tour-step")).to_have_text("That was the story.", timeout=TOUR_WITHIN)
        expect(page.locator(".tour-unfit")).to_have_count(0)


def test_one_takes_over_from_the_tour_and_gives_back(desk):
    person = Person(desk, "en")
    does(desk, "self")
    ringed = desk.locator("[data-pointed]")
    # A phone opens on what the page is about.
    expect(ringed).to_have_text(home.PLAN_VISIT)
    shoot(desk, "8-the-tour-points")
    nobody_is_left_out(desk)
    does(desk, "stop")
    # A command does what the button does; the first message leaves no draft of it behind.
    person.opens("jo")
    plans(person)
    person.sends("jo")
    expect(person.phone("jo").locator(".composer input")).to_have_value("")
    # What was done by hand is seen, and the tour goes on by itself.
    step_is(desk, 1)
    expect(desk.locator(".tour-past")).to_contain_text(STEPS[0].name)
    confirms_every(person, "30 min")
    step_is(desk, 2)
    # The clock may go further than the step asks for.
    person.waits(5)
    expect(desk.locator("[data-tour-do=go]")).to_have_text("Let 10 min go by")
    person.waits(15)
    step_is(desk, 3)
    # Why there are two buttons that look the same.
    expect(desk.locator(".tour-note")).to_contain_text("secret sign")
    desk.get_by_label("Pace").select_option("quick")
    does(desk, "show")
    step_is(desk, 4)
    expect(desk.locator(".tour-unfit")).to_have_count(0)
    until_lin_is_paged(desk)
    leaves_the_story_by_another_way(desk, person)


def test_the_tour_asks_only_for_what_the_form_does_not_hold(desk):
    person = Person(desk, "en")
    asked = desk.locator(".tour-answers dt")
    expect(asked).to_have_text(["Where?"])
    person.opens("jo")
    plans(person)
    # What is asked for is there, and so is the rest: nothing is left to be said.
    person.picks("jo", labels.FIELD_PURPOSE, names.PURPOSE[Purpose.SUPPLIES])
    expect(asked).to_have_text(["Where?", "What for?"])
    person.picks("jo", labels.FIELD_PURPOSE, names.PURPOSE[Purpose.OUTREACH])
    expect(asked).to_have_text(["Where?"])
    expect(desk.locator(".tour-rest")).to_have_text("The rest is filled in.")


def until_lin_is_paged(page):
    """One press from each step in which nobody does anything; by keyboard it is the first stop."""
    does(page, "go")
    step_is(page, 5)
    does(page, "show")
    step_is(page, IS_DUE)
    page.locator("[data-part=people] button").first.focus()
    page.keyboard.press("Shift+F6")
    go = page.locator("[data-tour-do=go]")
    expect(go).to_be_focused()
    expect(go).to_have_text("Go on until Dr. Lin is paged")
    before = page.locator(".clock time").inner_text()
    page.keyboard.press("Enter")
    taken = number_of(Action.ACKNOWLEDGE)
    step_is(page, taken)
    expect(page.locator(".clock time")).not_to_have_text(before)
    # Nothing is skipped on the way, and all of it is told.
    way = page.locator(".tour-way li b")
    expect(way).to_have_text([step.name for step in STEPS[IS_DUE:taken]])
    expect(page.locator(".tour-bring")).to_be_focused()
    # On a phone, folded, what happened pushes nothing off the screen that is to be pressed.
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("[data-fold]").click()
    expect(page.locator(".tour-bring")).to_be_in_viewport(ratio=1)
    shoot(page, "8-the-tour-after-a-walk")
    page.locator("[data-fold]").click()
    page.set_viewport_size(wide)
    # Both phones stand side by side again before anybody goes on.
    expect(page.locator(".phone")).to_have_count(2)


def leaves_the_story_by_another_way(page, person):
    """Rosa takes it, and closes it: the story goes on to where Dr. Lin reads the thread."""
    taken = number_of(Action.ACKNOWLEDGE)
    person.presses("rosa", labels.BUTTON[Action.ACKNOWLEDGE])
    step_is(page, taken + 1)
    person.presses("rosa", labels.BUTTON[Action.CLOSE])
    person.ticks("rosa", names.ACCOUNTED[Accounted.SPOKEN])
    person.ticks("rosa", labels.IS_OVER)
    person.picks("rosa", labels.FIELD_FINDING, names.FINDING[Finding.FORGOT])
    # It is sent from wherever one is in the form.
    page.keyboard.press("Control+Enter")
    step_is(page, taken + 2)
    expect(page.locator(".tour-unfit")).to_contain_text("your own way")
    page.locator(".tour-bring").click()
    # The page that was closed leads to the thread.
    way = person.phone("lin").get_by_role("button", name=home.THREAD).last
    expect(way).to_be_focused()
    page.keyboard.press("Enter")
    expect(person.phone("lin").get_by_role("heading", name="Thread")).to_be_visible()
    expect(page.locator(".tour-step")).to_have_text(f"Next: {STEPS[taken + 3].name}")


def test_a_step_that_is_done_in_another_way_is_not_told_as_if_it_were_the_same(desk):
    person = Person(desk, "en")
    person.opens("jo")
    plans(person)
    person.picks("jo", labels.FIELD_LENGTH, "2 h")
    person.sends("jo")
    expect(desk.locator(".tour-unfit")).to_contain_text("your own way")
    step_is(desk, 1)
    confirms_every(person, "30 min")
    step_is(desk, 2)
    # Steps that somebody passed over are not asked for any more, whatever the clock says.
    person.presses("jo", labels.BUTTON[Action.ARRIVE])
    step_is(desk, 4)


def confirms_every(person, minutes):
    person.opens("rosa")
    person.presses("rosa", labels.BUTTON[Action.CONFIRM_PLAN])
    person.picks("rosa", labels.FIELD_EVERY, minutes)
    person.sends("rosa")


def test_a_tour_that_does_not_fit_any_more_offers_to_start_over(desk):
    does(desk, "next")
    step_is(desk, 1)
    desk.get_by_label("Pace").select_option("quick")
    does(desk, "show")
    expect(desk.locator(".tour-unfit")).to_be_visible()
    shoot(desk, "8-the-tour-does-not-fit")
    does(desk, "over")
    step_is(desk, 0)


def plans(person):
    """Jo writes a plan, all but sending it."""
    person.writes("jo", "/visit")
    person.picks("jo", labels.FIELD_PLACE, SHELTER)
    person.picks("jo", labels.FIELD_PURPOSE, names.PURPOSE[Purpose.OUTREACH])


def test_a_form_outlives_a_reload_and_is_the_same_in_a_second_tab(desk, address):
    person = Person(desk, "en")
    person.opens("jo")
    plans(person)
    expect(purpose(person)).to_have_value(Purpose.OUTREACH.value)
    desk.reload()
    expect(purpose(person)).to_have_value(Purpose.OUTREACH.value)
    other = desk.context.new_page()
    other.goto(f"{address}?people=U_JO")
    second = Person(other, "en")
    expect(purpose(second)).to_have_value(Purpose.OUTREACH.value)
    second.sends("jo")
    expect(desk.locator(".modal")).to_have_count(0)
    person.sees("jo", names.APPROVAL[Approval.ASKED])


def purpose(person):
    return person.form("jo").get_by_label(labels.FIELD_PURPOSE)


def test_what_arrives_while_somebody_types_takes_nothing_from_them(desk, address):
    person = Person(desk, "en")
    person.opens("jo")
    plans(person)
    person.sends("jo")
    person.opens("rosa")
    person.sees("rosa", news.ASKED[Asked.APPROVE])
    box = desk.locator('[data-phone="U_ROSA"] .composer input')
    box.press_sequentially("I am wri")
    demo.act(desk.request, address, "command", user="U_SAM", command="/sos", text="call")
    expect(desk.locator('[data-phone="U_ROSA"] .talk')).to_contain_text("Sam Whitaker")
    expect(box).to_be_focused()
    box.press_sequentially("ting")
    expect(box).to_have_value("I am writing")


def test_the_bot_is_killed_and_started_from_the_page(desk):
    person = Person(desk, "en")
    desk.locator("[data-opens=trouble]").click()
    said = desk.locator("[aria-labelledby=trouble-bot] [role=status]")
    desk.locator("[data-wish=kill_bot]").click()
    expect(said).to_contain_text("was killed")
    person.opens("jo")
    box = desk.locator('[data-phone="U_JO"] .composer input')
    box.fill("/visit")
    box.press("Enter")
    expect(desk.locator('[data-phone="U_JO"] .problem')).to_contain_text(
        re.compile("did not answer|took too long")
    )
    expect(desk.locator('[data-phone="U_JO"] .offered')).to_be_hidden()
    shoot(desk, "9-the-bot-is-dead")
    desk.locator("[data-wish=start_bot]").click()
    expect(said).to_contain_text("runs again")
    box.press("Enter")
    expect(person.form("jo")).to_be_visible()


def test_a_tap_is_answered_and_a_message_shown_in_time(desk, address, capsys):
    person = Person(desk, "en")
    person.opens("jo")
    plans(person)
    person.sends("jo")
    person.opens("rosa")
    person.sees("rosa", news.ASKED[Asked.APPROVE])
    taps = []
    for _tap in range(TAPS):
        drawn = ".modal [data-submit]"
        button = f'[data-phone="U_ROSA"] [data-action="{Action.CONFIRM_PLAN.value}"]'
        taps.append(desk.evaluate(UNTIL_DRAWN, [button, drawn]))
        desk.locator(".modal [data-close]").click()
        expect(desk.locator(".modal")).to_have_count(0)
    for number in range(MESSAGES):
        body = {"user": "U_ROSA", "channel": "C_FIELD", "text": f"message {number}"}
        demo.act(desk.request, address, "message", **body)
    person.opens("jo", "field-safety")
    person.opens("rosa", "field-safety")
    shows = [
        desk.evaluate(UNTIL_ON_BOTH, ["U_JO", "C_FIELD", f"one more: {number}"])
        for number in range(5)
    ]
    tap, show = statistics.median(taps), statistics.median(shows)
    with capsys.disabled():
        sys.stdout.write(
            f"\na tap, until the bot's answer is drawn: {tap:.0f} ms (target {TAP_TARGET})\n"
            f"one more of {MESSAGES} messages on two phones: {show:.0f} ms ({MESSAGE_TARGET})\n"
        )
    assert tap < TAP_TARGET * SLACK
    assert show < MESSAGE_TARGET * SLACK


def test_what_is_due_only_tomorrow_is_said_first_and_gone_to_when_pressed_again(desk):
    clock = desk.locator(".clock")
    step = clock.get_by_role("button", name="Next event")
    before = clock.locator("time").inner_text()
    step.click()
    expect(clock.get_by_role("status")).to_contain_text("Press again to go there")
    expect(clock.locator("time")).to_have_text(before)
    step.click()
    expect(clock.locator("time")).to_contain_text("8:45:00 AM")
