"""This is a person before the page: it presses, types and reads what anybody would.

Labels are the catalogue's, in the language that the page speaks.
"""

from dataclasses import dataclass
from typing import Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from bot.slack.words.speech import _, speaking

WITHIN: Final = 30_000  # ms; generous: other tests share the machine
STOPS_MOST: Final = 40  # of the Tab key, to anything: nobody presses it more often than that
PARTS_MOST: Final = 8  # of the page, for the F6 key
# Whether the focus is in the part of the page in which something stands, which F6 leads to.
SAME_PART: Final = """
(node) => {
  const part = node.closest("[data-part]");
  return !part || part.contains(document.activeElement);
}
"""


@dataclass
class Person:
    """This sits before the page and uses a mouse. `language` is what Belay speaks."""

    page: Page
    language: str

    @property
    def narrow(self) -> bool:
        """Whether one phone is shown at a time."""
        return bool(self.page.evaluate("innerWidth < 720"))

    def say(self, text: str, /, **named: object) -> str:
        """A sentence of the catalogue, without its stars."""
        with speaking(self.language):
            return _(text, **named).replace("*", "")

    def phone(self, who: str) -> Locator:
        """Somebody's phone, brought to the front."""
        phone = self.page.locator(f'[data-phone="U_{who.upper()}"]')
        if not phone.is_visible():
            self.press_at(self.page.locator(f'[data-person="U_{who.upper()}"]'))
        expect(phone).to_be_visible()
        return phone

    def opens(self, who: str, room: str = "") -> Locator:
        """A conversation on somebody's phone: the app's, or a channel."""
        phone = self.phone(who)
        back = phone.locator(".room .screen-head button").first
        while back.is_visible():
            self.press_at(back)
        lines = phone.locator("[data-channel]")
        self.press_at(lines.filter(has_text=room).first if room else lines.first)
        messages = phone.locator("[data-tab=messages][aria-pressed=false]")
        expect(messages.or_(phone.locator(".composer input"))).to_be_visible()
        # Before its first message Belay opens on its Home.
        if messages.is_visible():
            self.press_at(messages)
        expect(phone.locator(".composer input")).to_be_visible()
        return phone

    def opens_home(self, who: str) -> Locator:
        """Belay's Home on somebody's phone, which is what it opens on while nothing was said."""
        phone = self.phone(who)
        home, tab = phone.locator("[data-home]"), phone.locator("[data-tab=home]")
        expect(tab).to_be_visible()
        if not home.is_visible():
            self.press_at(tab)
        expect(home).to_be_visible()
        return home

    def writes(self, who: str, text: str) -> None:
        """Something in the open conversation; a command, too."""
        box = self.phone(who).locator(".composer input")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    def presses(self, who: str, label: str) -> None:
        """The newest button with this label of the catalogue."""
        self.press_at(self.button(who, label))

    def button(self, who: str, label: str) -> Locator:
        """Where that button is."""
        talk = self.phone(who).locator(".talk")
        return talk.get_by_role("button", name=self.say(label)).last

    def form(self, who: str) -> Locator:
        """The form in front of somebody."""
        form = self.phone(who).locator(".modal:not([hidden])")
        expect(form).to_be_visible()
        return form

    def picks(self, who: str, question: str, line: str) -> None:
        """One line of a list."""
        asked = self.form(who).get_by_label(self.say(question), exact=True)
        if asked.evaluate("(node) => node.tagName") == "SELECT":
            asked.select_option(label=line)
            return
        self.press_at(asked)
        self.press_at(self.form(who).get_by_role("option", name=line, exact=True))

    def ticks(self, who: str, choice: str) -> None:
        """One of a few."""
        self.form(who).get_by_label(self.say(choice)).check()

    def sends(self, who: str) -> None:
        """The form; it must be taken."""
        form = self.form(who)
        self.press_at(form.locator("[data-submit]"))
        expect(form).to_be_hidden()

    def sees(self, phone: str, text: str, /, **named: object) -> Locator:
        """Wait until a sentence of the catalogue stands on somebody's phone."""
        found = self.phone(phone).get_by_text(self.say(text, **named)).last
        expect(found).to_be_visible()
        return found

    def waits(self, minutes: int) -> None:
        """Let a quarter of an hour, or so, go by."""
        self._with_clock(lambda clock: self._walk(clock, minutes))

    def _walk(self, clock: Locator, minutes: int) -> None:
        button = clock.get_by_role("button", name=f"+{minutes} min")
        before = clock.locator("time").inner_text()
        self.press_at(button)
        expect(clock.locator("time")).not_to_have_text(before)
        expect(button).to_have_attribute("aria-disabled", "false")

    def _with_clock(self, use) -> None:
        if not self.narrow:
            use(self.page.locator(".clock"))
            return
        opener = self.page.locator("[data-opens=clock]")
        self.press_at(opener)
        use(self.page.locator("[data-panel=clock]"))
        self.press_at(opener)
        expect(self.page.locator("[data-panel=clock]")).to_be_hidden()

    def press_at(self, what: Locator) -> None:
        """Press something with the mouse."""
        what.click()


@dataclass
class AtKeyboard(Person):
    """This has no mouse: F6 leads to a part of the page, the Tab key from control to control."""

    def press_at(self, what: Locator) -> None:
        self.goes_to(what)
        self.page.keyboard.press("Enter")

    def goes_to(self, what: Locator) -> None:
        """Go on until the focus is there; fails where it can't be reached, or not soon."""
        expect(what).to_be_visible()
        for _part in range(PARTS_MOST):
            if what.evaluate(SAME_PART):
                break
            self.page.keyboard.press("F6")
        key = "ArrowRight" if what.get_attribute("data-person") else "Tab"
        for _step in range(STOPS_MOST):
            if what.evaluate("(node) => node === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"no way to {what} by keyboard")

    def writes(self, who: str, text: str) -> None:
        box = self.phone(who).locator(".composer input")
        self.goes_to(box)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(box).to_have_value("")

    def picks(self, who: str, question: str, line: str) -> None:
        asked = self.form(who).get_by_label(self.say(question), exact=True)
        self.goes_to(asked)
        self.page.keyboard.type(line)
        if asked.get_attribute("role") == "combobox":
            expect(self.form(who).get_by_role("option", name=line, exact=True)).to_be_visible()
            self.page.keyboard.press("Enter")
            expect(asked).to_have_value(line)

    def ticks(self, who: str, choice: str) -> None:
        wanted = self.form(who).get_by_label(self.say(choice))
        # The first of a group of radio buttons has the Tab key's place; arrows choose.
        name = wanted.get_attribute("name")
        self.goes_to(self.form(who).locator(f'input[name="{name}"]').first)
        self.page.keyboard.press("Space")
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowDown")


def nobody_is_left_out(page: Page) -> None:
    """axe-core finds nothing on the page as it stands."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
