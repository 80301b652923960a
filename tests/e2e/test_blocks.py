"""The page's own renderer of Block Kit: everything is drawn, and what tells the app at once."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.e2e.browser import ADDRESS, DESK, PHONE, opened, serve_files
from tests.e2e.gallery import OK, acts, answer, hold, push, release, sent, undrawn

# --- everything is drawn ------------------------------------------------------------------------


@pytest.fixture(params=[(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"])
def whole(browser, request):
    """The whole gallery at once, in a window of its own."""
    size, scheme = request.param
    with opened(browser, viewport=size, color_scheme=scheme) as context:
        serve_files(context)
        page = context.new_page()
        page.goto(f"{ADDRESS}/gallery.html")
        page.wait_for_selector("body[data-ready]")
        yield page


def test_the_gallery_draws_everything_in_the_registry_and_nobody_is_left_out_by_axe(whole):
    drawn = whole.evaluate("gallery.drawn")
    registry = whole.evaluate(
        "({blocks: gallery.registry.BLOCKS, elements: gallery.registry.ELEMENTS})"
    )
    assert sorted(drawn["blocks"]) == registry["blocks"]
    assert sorted(drawn["elements"]) == registry["elements"]
    shown = whole.evaluate(
        """() => {
          const types = new Set();
          JSON.stringify(gallery.cases, (key, value) => {
            if (value && typeof value === "object" && value.type) types.add(value.type);
            return value;
          });
          return [...types];
        }"""
    )
    assert set(drawn["blocks"]) | set(drawn["elements"]) <= set(shown)
    boxes = undrawn(whole)
    assert sorted(set(boxes)) == ["?", "context", "hologram", "section", "video", "workflow_button"]
    assert whole.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(whole)
    assert found.violations_count == 0, found.generate_report()


def test_open_lists_menus_and_dialogs_are_accessible_too(show, window):
    card = show("card")
    card.get_by_role("button", name="More choices").click()
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()
    card.get_by_role("menuitem", name="Extend").press("Escape")
    card.get_by_role("button", name="Help: call me").click()
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()
    form = show("choices")
    form.get_by_role("combobox", name="Many grouped").click()
    found = Axe().run(window)
    assert found.violations_count == 0, found.generate_report()


def test_what_cannot_be_drawn_is_a_named_box_and_the_rest_goes_on(show, window):
    case = show("undrawn")
    assert case.get_by_text("This page cannot show “video” yet. In Slack it is shown.").is_visible()
    assert case.get_by_text("Still here").is_visible()
    case.get_by_role("button", name="Works").click()
    assert sent(window, "click")["action_id"] == "works"


def test_a_block_that_broke_is_drawn_again_when_it_is_mended(show, window):
    case = show("undrawn")
    mended = {
        "type": "context",
        "block_id": "broken2",
        "elements": [{"type": "mrkdwn", "text": "ok now"}],
    }
    push(window, "undrawn", {"blocks": [mended]})
    case.get_by_text("ok now").wait_for()
    assert undrawn(window) == []


# --- words --------------------------------------------------------------------------------------


def test_mrkdwn_is_drawn_as_slack_draws_it(show):
    case = show("mrkdwn")
    drawn = case.locator(".bk-mrkdwn").inner_html()
    drawn = re.sub(r' (class|target|rel|datetime)="[^"]*"', "", drawn)
    for wanted in (
        "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code *not bold*</code>",
        "<strong>bold <em>and italic</em></strong>",
        "<blockquote>quoted <em>line</em>\nsecond line</blockquote>",
        "<ul><li>first</li><li>second</li></ul>",
        '<ol start="1"><li>one</li><li>two</li></ol>',
        "snake_case_name and 2*3*4 stay",
        "<pre>pre *raw*\n  &lt;kept&gt;</pre>",
        "A &amp; B &lt;tag&gt; ",
        '<a href="https://example.org/a_b_c">a link</a>',
        '<a href="mailto:a@example.org">mail</a> <a href="tel:+15550100">+15550100</a>',
        "<span>bad</span> <span>@here</span> <span>@channel</span> 👋 :nonesuch:",
        "<time>today at 5:00 AM</time>",
        '<a href="https://example.org/d"><time>2026-11-18</time></a>',
    ):
        assert wanted in drawn


def test_markdown_is_drawn_with_its_lists_tables_and_code(show):
    drawn = show("markdown").locator(".bk-mrkdwn").inner_html()
    for wanted in (
        'aria-level="3">Title</p>',
        "A <strong>bold</strong> and <em>italic</em> <s>gone</s> <code>code</code> <a href=",
        "<ul><li>one</li><li>two</li></ul>",
        '<ol start="1"><li>first</li><li>second</li></ol>',
        "<thead><tr><th>Who</th><th>When</th></tr></thead>",
        "<tbody><tr><td>Ana</td><td>3 PM</td></tr></tbody>",
        "<hr>",
        "<pre>raw **text**</pre>",
    ):
        assert wanted in drawn


def test_what_slacks_own_toolbar_writes_is_drawn(show):
    drawn = show("rich text").locator(".bk-mrkdwn").first.inner_html()
    for wanted in (
        "<em><strong>bold</strong></em>",
        "@Léa Supervisor",
        "#safety",
        "🎉",
        "Monday, November 30, 2026",
        '<ol class="bk-indent-1" start="1"><li>nested</li></ol>',
        "<pre>let x = 1;</pre>",
    ):
        assert wanted in drawn


def test_people_and_channels_are_called_by_their_names(show):
    words = show("card").get_by_text("River camp · low").inner_text()
    assert "@Ana Peer with @Léa Supervisor in #field" in words


def test_dates_and_our_own_words_are_spanish_on_a_spanish_page(show):
    assert "hoy at 5:00" in show("mrkdwn", "es").inner_text()
    form = show("texts", "es")
    form.get_by_role("button", name="Send").click()
    assert form.get_by_text("Completa este campo, por favor.").is_visible()


# --- buttons and menus --------------------------------------------------------------------------


def test_a_button_tells_where_it_stands_and_shows_that_it_was_pressed(show, window):
    card = show("card")
    hold(window, "click")
    ok = card.get_by_role("button", name="OK", exact=True)
    ok.evaluate("(button) => (button.click(), button.click())")
    assert ok.get_attribute("aria-busy") == "true"
    ok.click(force=True)
    ok.press("Enter")
    assert sent(window, "click") == {
        "channel": "CFIELD",
        "ts": "card.0",
        "block_id": "a",
        "action_id": "ok",
        "value": "ok",
    }
    release(window, OK)
    card.locator("[aria-busy]").wait_for(state="detached")
    assert card.get_by_role("alert").count() == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"error": "dispatch_failed", "delivered": False}, "It did not arrive. Try again."),
        ({"error": "operation_timeout", "delivered": False}, "It did not arrive. Try again."),
        ({"error": "operation_timeout", "delivered": True}, "No answer came in time."),
        ({"error": "no_signal"}, "No signal, so nothing was sent."),
        ({"error": "message_not_found"}, "This is not here any more."),
        ({"error": "surprise"}, "That did not work. Try again."),
    ],
)
def test_a_press_that_did_not_work_says_so_in_words_and_can_be_repeated(show, window, given, words):
    card = show("card")
    answer(window, "click", {"ok": False, **given})
    card.get_by_role("button", name="Leaving").click()
    assert words in card.get_by_role("alert").inner_text()
    answer(window, "click", OK)
    card.get_by_role("button", name="Leaving").click()
    card.get_by_role("alert").wait_for(state="detached")
    sent(window, "click", 2)


def test_a_confirmation_is_asked_in_the_phone_and_only_yes_sends(show, window):
    card = show("card")
    call = card.get_by_role("button", name="Help: call me")
    call.focus()
    call.press("Enter")
    dialog = card.get_by_role("alertdialog", name="Are you sure?")
    assert dialog.get_by_text("This pages everybody on duty.").is_visible()
    assert dialog.get_by_role("button", name="Go back").evaluate(
        "(n) => n === document.activeElement"
    )
    assert call.evaluate("(button) => button.closest('[inert]') !== null")
    window.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    window.wait_for_function("() => document.activeElement.textContent.includes('Help: call me')")
    assert acts(window) == []
    call.click()
    dialog.get_by_role("button", name="Page them").click()
    assert sent(window, "click")["action_id"] == "help"
    assert card.locator("[inert]").count() == 0


def test_the_menu_behind_the_dots_is_used_with_the_keyboard(show, window):
    card = show("card")
    dots = card.get_by_role("button", name="More choices")
    dots.press("ArrowDown")
    assert dots.get_attribute("aria-expanded") == "true"
    for key, now in [
        ("ArrowDown", "End early"),
        ("End", "Uneasy call me"),
        ("ArrowDown", "Extend"),
        ("ArrowUp", "Uneasy call me"),
        ("Home", "Extend"),
        ("n", "No signal until"),
    ]:
        window.keyboard.press(key)
        assert window.evaluate("document.activeElement.textContent.trim()") == now
    window.keyboard.press("Escape")
    assert dots.evaluate("(node) => node === document.activeElement")
    assert dots.get_attribute("aria-expanded") == "false"
    dots.press("ArrowUp")
    window.keyboard.press("Enter")
    assert sent(window, "choose") == {
        "channel": "CFIELD",
        "ts": "card.0",
        "block_id": "a",
        "action_id": "more",
        "value": "uneasy_call_me",
    }


def test_the_menu_closes_when_something_else_is_pressed(show, window):
    case = show("card")
    case.get_by_role("button", name="More choices").click()
    case.get_by_text("Due").click()
    case.get_by_role("menu").wait_for(state="detached")
    assert acts(window) == []


@pytest.mark.parametrize("case_name", ["card", "sections"])
def test_the_menu_stays_inside_the_phone(show, case_name):
    case = show(case_name)
    case.get_by_role("button", name="More choices").click()
    menu, phone = case.get_by_role("menu").bounding_box(), case.bounding_box()
    assert menu["x"] >= phone["x"]
    assert menu["x"] + menu["width"] <= phone["x"] + phone["width"]


def test_a_button_with_a_link_opens_it_and_tells_the_app(show, window):
    case = show("sections")
    window.evaluate("window.open = (...given) => (window.opened = given)")
    case.get_by_role("button", name="Open").click()
    assert sent(window, "click")["action_id"] == "open"
    assert window.evaluate("opened[0]") == "https://example.org/help"
    assert case.get_by_role("button", name="Mark as done").is_visible()


# --- what tells the app at once -----------------------------------------------------------------


def test_choosing_beside_text_tells_the_app_at_once(show, window):
    case = show("actions")
    at = {"channel": "CFIELD", "ts": "actions.0", "block_id": "all"}
    case.get_by_label("Choose a length").select_option("30 min")
    assert sent(window, "choose") == {**at, "action_id": "one", "value": "30_min"}
    who = case.get_by_role("combobox", name="Choose a person")
    who.fill("lea")
    who.press("Enter")
    assert sent(window, "choose", 2) == {**at, "action_id": "who", "value": "ULEA"}
    case.get_by_label("Dogs").check()
    assert sent(window, "choose", 3) == {**at, "action_id": "ticks", "values": ["dogs"]}
    case.get_by_label("Armed people").check()
    assert sent(window, "choose", 4) == {**at, "action_id": "ticks", "values": ["dogs", "armed"]}
    case.get_by_label("Yes").check()
    assert sent(window, "choose", 5) == {**at, "action_id": "radio", "value": "yes"}
    case.get_by_label("Choose a day").fill("2026-12-01")
    assert sent(window, "choose", 6) == {**at, "action_id": "on", "value": "2026-12-01"}
    case.get_by_label("Choose a time").fill("14:45")
    assert sent(window, "choose", 7) == {**at, "action_id": "at", "value": "14:45"}


def test_a_choice_that_is_not_confirmed_is_taken_back(show, window):
    case = show("actions")
    menu = case.get_by_label("Choose a rating")
    menu.select_option("High")
    case.get_by_role("button", name="Leave it").click()
    case.get_by_role("alertdialog").wait_for(state="detached")
    assert menu.input_value() == ""
    assert acts(window) == []
    menu.select_option("High")
    case.get_by_role("button", name="Change").click()
    assert sent(window, "choose")["value"] == "high"
    assert menu.input_value() == "high"


def test_a_choice_that_did_not_arrive_stands_and_can_be_sent_again(show, window):
    case = show("actions")
    answer(window, "choose", {"ok": False, "error": "no_signal"})
    menu = case.get_by_label("Choose a length")
    menu.select_option("30 min")
    assert "No signal" in case.get_by_role("alert").inner_text()
    assert menu.input_value() == "30_min"
    answer(window, "choose", OK)
    case.get_by_role("button", name="Try again").click()
    case.get_by_role("alert").wait_for(state="detached")
    assert sent(window, "choose", 2)["value"] == "30_min"


def test_an_input_in_a_message_is_kept_by_the_workspace(show, window):
    case = show("message inputs")
    case.get_by_label("Anything to add?").fill("two dogs")
    assert sent(window, "choose") == {
        "channel": "CFIELD",
        "ts": "message inputs.0",
        "block_id": "add",
        "action_id": "add",
        "value": "two dogs",
    }


def test_who_types_already_keeps_the_focus_when_a_form_has_just_opened(window):
    """The focus that an app asks for is set before anybody can act, not a frame or two later."""
    stays = window.evaluate(
        """async () => {
          gallery.show("texts", "en");
          const find = document.querySelector('[data-block-id="find"] input');
          find.focus();
          for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
          await new Promise((done) => setTimeout(done));
          return document.activeElement === find;
        }"""
    )
    assert stays


def test_inputs_that_tell_the_app_do_so_on_enter_or_while_one_types(show, window):
    form = show("texts")
    find = form.get_by_label("Search")
    find.fill("riv")
    find.press("Enter")
    at = {"view_id": "V-texts"}
    assert sent(window, "choose") == {**at, "block_id": "find", "action_id": "find", "value": "riv"}
    form.get_by_label("Suggest").fill("ab")
    assert sent(window, "choose", 2) == {
        **at,
        "block_id": "each",
        "action_id": "each",
        "value": "ab",
    }
    assert acts(window, "submit") == []
