"""The page's forms: by keyboard and mouse, checked, sent once, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests.e2e.gallery import OK, acts, answer, hold, push, release, sent, typed_text

# --- forms --------------------------------------------------------------------------------------


def test_what_is_typed_in_a_form_is_sent_a_moment_later_and_when_it_is_left(show, window):
    form = show("texts")
    expect(form.get_by_label("Your name")).to_be_focused()
    form.get_by_label("Your name").fill("Ana")
    assert sent(window, "fill") == {"view_id": "V-texts", "values": {"name": "Ana"}}
    form.get_by_label("A note").fill("line\nline")
    form.get_by_label("A note").blur()
    assert sent(window, "fill", 2)["values"] == {"note": "line\nline"}


def test_a_form_is_filled_and_sent_with_the_keyboard_alone(show, window):
    form = show("choices")
    for name, letters in [("Place", "gate"), ("Further stops", "camp"), ("Tell", "ana")]:
        form.get_by_role("combobox", name=name, exact=True).focus()
        window.keyboard.type(letters)
        window.keyboard.press("Enter")
    form.get_by_label("Grouped", exact=True).focus()
    window.keyboard.type("Lib")
    form.get_by_label("Dogs").press("Space")
    form.get_by_label("On foot").press("ArrowDown")
    form.get_by_role("button", name="Send").press("Enter")
    assert sent(window, "submit") == {
        "view_id": "V-choices",
        "values": {
            "place": "county_gate",
            "grouped": "library",
            "manygrouped": "bus_station",
            "stops": ["river_camp"],
            "mate": "ULEA",
            "tell": ["UGUS", "UANA"],
            "room": None,
            "convs": [],
            "chan": None,
            "known": ["dogs"],
            "how": "by_car",
        },
    }


def test_a_question_below_what_is_seen_is_named_at_the_bottom_and_led_to(show, window):
    form = show("choices")
    below = form.locator("[data-below]")
    expect(below).to_contain_text("1 more question below: How")
    below.press("Enter")
    expect(form.get_by_label("On foot")).to_be_focused()
    expect(below).to_have_count(0)
    assert acts(window, "submit") == []


def test_control_and_enter_send_a_form_from_wherever_one_is_in_it(show, window):
    form = show("texts")
    form.get_by_label("Your name").fill("Ana")
    form.get_by_label("A note").fill("a line")
    expect(form.locator(".bk-keys")).to_contain_text("Enter")
    form.get_by_label("A note").press("Control+Enter")
    values = sent(window, "submit")["values"]
    assert (values["name"], values["note"]) == ("Ana", "a line")


def test_who_lets_a_button_fill_in_answers_goes_on_at_what_is_still_open(show, window):
    form = show("times")
    usual = {"type": "plain_text", "text": "The usual"}
    button = {"type": "button", "action_id": "usual", "text": usual}
    fills = {"type": "actions", "block_id": "fills", "elements": [button]}
    blocks = window.evaluate("gallery.cases[0].view.blocks")
    push(window, "times", {"view": {"blocks": [fills, *blocks]}})
    form.get_by_role("button", name="The usual").focus()
    filled = [{**one, "block_id": f"{one['block_id']}~1"} for one in blocks]
    push(window, "times", {"view": {"blocks": [fills, *filled]}})
    expect(form.locator('[data-block-id="day~1"] :focus')).to_have_count(1)


def test_a_list_to_search_in_is_used_with_the_mouse(show, window):
    form = show("choices")
    stops = form.get_by_role("combobox", name="Further stops")
    stops.click()
    offered = form.get_by_role("listbox", name="Further stops")
    offered.get_by_role("option", name="Library").click()
    offered.get_by_role("option", name="Día center").click()
    offered.get_by_role("option", name="Park").click(force=True)
    assert form.get_by_text("You can choose 2 at most.").is_visible()
    form.get_by_role("button", name="Remove Library").click()
    assert form.get_by_text("You can choose 2 at most.").count() == 0
    stops.press("Backspace")
    assert form.get_by_role("button", name="Remove Día center").count() == 0
    mate = form.get_by_role("combobox", name="Colleague")
    assert mate.input_value() == "Léa Supervisor"
    form.get_by_role("button", name="Clear Colleague").click()
    assert mate.input_value() == ""
    window.wait_for_function("() => gallery.acts.at(-1)?.values?.mate === null")


def test_letters_that_match_nothing_leave_the_choice_alone(show, window):
    form = show("choices")
    place = form.get_by_role("combobox", name="Many grouped")
    place.fill("zzz")
    assert form.get_by_text("Nothing found.").is_visible()
    place.press("Enter")
    place.press("Escape")
    assert place.input_value() == "Bus station"
    assert acts(window) == []
    place.fill("dia")
    assert [o.strip() for o in form.locator("[role=option]").all_inner_texts()] == ["Día center"]


def test_days_and_times_are_the_worlds_and_the_persons(show, window):
    form = show("times")
    form.get_by_role("button", name="Today").click()
    form.get_by_label("Start").fill("14:45")
    form.get_by_role("button", name="Now").click()
    assert form.get_by_label("Day").input_value() == "2026-11-30"
    day = form.get_by_role("combobox", name="Until", exact=True)
    clock = form.get_by_role("combobox", name="Until Time")
    assert (day.input_value(), clock.input_value()) == ("2026-11-30", "05:00")
    clock.select_option("6:30 AM")
    form.get_by_role("button", name="Send").click()
    values = sent(window, "submit")["values"]
    assert values == {"day": "2026-11-30", "start": "14:45", "until": 1_796_040_000 + 5400}


def test_enter_in_a_line_sends_the_form_once_and_the_button_says_so(show, window):
    form = show("texts")
    hold(window, "submit")
    form.get_by_label("Your name").fill("Ana")
    form.get_by_label("Your name").press("Enter")
    button = form.get_by_role("button", name="Sending…")
    button.click(force=True)
    button.press("Enter")
    values = sent(window, "submit")["values"]
    assert values == {"name": "Ana", "note": None, "many": "2", "email": None, "web": None}
    release(window, OK)
    form.get_by_role("button", name="Send", exact=True).wait_for()


def test_what_slack_would_not_send_is_named_at_its_question_and_nothing_is_lost(show, window):
    form = show("texts")
    form.get_by_label("Your name").fill("A")
    form.get_by_label("How many").fill("nine")
    form.get_by_label("Email").fill("ana at example")
    form.get_by_label("Web address").fill("example")
    form.get_by_role("button", name="Send").click()
    for label, words in [
        ("Your name", "Must be at least 2 characters."),
        ("How many", "Enter a number."),
        ("Email", "Enter a valid email address."),
        ("Web address", "Enter a valid URL."),
    ]:
        control = form.get_by_label(label)
        assert control.get_attribute("aria-invalid") == "true"
        described = control.get_attribute("aria-describedby").split()
        assert words in [window.locator(f'[id="{one}"]').inner_text() for one in described]
    name = form.get_by_label("Your name")
    assert name.evaluate("(node) => node === document.activeElement")
    assert acts(window, "submit") == []
    name.fill("Ana")
    assert form.get_by_text("Must be at least 2 characters.").count() == 0
    assert form.get_by_label("How many").input_value() == "nine"


def test_too_long_a_text_is_counted_and_never_cut(show):
    form = show("texts")
    name = form.get_by_label("Your name")
    name.fill("x" * 25)
    assert name.input_value() == "x" * 25
    assert form.get_by_text("25 of 20 characters").is_visible()
    form.get_by_role("button", name="Send").click()
    assert form.get_by_text("Must be 20 characters or less.").is_visible()


def test_errors_of_the_app_stand_at_their_questions_and_the_first_gets_the_focus(show, window):
    form = show("texts")
    wrong = {"ok": False, "delivered": True, "acked": True}
    answer(window, "submit", {**wrong, "errors": {"note": "Please use a case code."}})
    form.get_by_label("Your name").fill("Ana")
    form.get_by_label("A note").fill("client dob")
    form.get_by_role("button", name="Send").click()
    note = form.get_by_label("A note")
    window.wait_for_function("() => document.activeElement.tagName === 'TEXTAREA'")
    assert note.get_attribute("aria-invalid") == "true"
    assert form.get_by_text("Please use a case code.").is_visible()
    assert note.input_value() == "client dob"
    assert form.get_by_role("alert").count() == 0


@pytest.mark.parametrize("error", ["no_signal", "operation_timeout", "bad_response", "unreachable"])
def test_a_form_that_did_not_arrive_keeps_everything_and_says_what_to_do(show, window, error):
    form = show("texts")
    answer(window, "fill", {"ok": False, "error": error})
    answer(window, "submit", {"ok": False, "error": error})
    form.get_by_label("Your name").fill("Ana")
    form.get_by_role("button", name="Send").click()
    assert "ry again" in form.get_by_role("alert").inner_text()
    assert form.get_by_label("Your name").input_value() == "Ana"
    answer(window, "submit", OK)
    form.get_by_role("button", name="Send").click()
    form.get_by_role("alert").wait_for(state="detached")
    assert sent(window, "submit", 2)["values"]["name"] == "Ana"


def test_escape_closes_an_open_list_first_and_then_the_form(show, window):
    form = show("choices")
    place = form.get_by_role("combobox", name="Place", exact=True)
    place.click()
    place.press("Escape")
    form.get_by_role("listbox").wait_for(state="detached")
    assert acts(window) == []
    place.press("Escape")
    assert sent(window, "close") == {"view_id": "V-choices"}


# --- pushes -------------------------------------------------------------------------------------


def test_a_push_changes_nothing_in_a_field_that_somebody_types_in(show, window):
    form = show("texts")
    answer(window, "fill", {"ok": False, "error": "no_signal"})
    name = form.get_by_label("Your name")
    expect(name).to_be_focused()
    window.keyboard.type("An")
    push(window, "texts", {"view": {"values": typed_text("name", "Somebody else")}})
    window.keyboard.type("a")
    assert name.input_value() == "Ana"
    name.blur()
    push(window, "texts", {"view": {"values": typed_text("name", "Another")}})
    assert name.input_value() == "Ana"
    form.get_by_role("button", name="Send").click()
    assert sent(window, "submit")["values"]["name"] == "Ana"


def test_a_push_changes_nothing_in_a_field_that_only_has_the_focus(show, window):
    form = show("texts")
    name = form.get_by_label("Your name")
    expect(name).to_be_focused()
    push(window, "texts", {"view": {"values": typed_text("name", "Lea")}})
    assert name.input_value() == ""
    name.blur()
    expect(name).to_have_value("Lea")


def test_what_another_tab_typed_is_shown_where_nobody_types(show, window):
    form = show("texts")
    push(window, "texts", {"view": {"values": typed_text("note", "from the other tab")}})
    expect(form.get_by_label("A note")).to_have_value("from the other tab")
    form.get_by_label("Your name").fill("Ana")
    form.get_by_role("button", name="Send").click()
    assert sent(window, "submit")["values"]["note"] == "from the other tab"


def test_the_late_echo_of_what_was_typed_first_does_not_undo_what_was_typed_since(show, window):
    form = show("texts")
    name = form.get_by_label("Your name")
    name.fill("An")
    sent(window, "fill")
    name.fill("Ana")
    name.blur()
    sent(window, "fill", 2)
    push(window, "texts", {"view": {"values": typed_text("name", "An")}})
    assert name.input_value() == "Ana"
    push(window, "texts", {"view": {"values": typed_text("name", "Ana")}})
    push(window, "texts", {"view": {"values": typed_text("name", "Ann")}})
    expect(name).to_have_value("Ann")


def test_a_change_that_was_taken_back_is_taken_back_in_the_workspace_too(show, window):
    form = show("texts")
    many = form.get_by_label("How many")
    many.fill("23")
    assert sent(window, "fill")["values"] == {"many": "23"}
    many.fill("2")
    many.blur()
    assert sent(window, "fill", 2)["values"] == {"many": "2"}
    late = {"many": {"many": {"type": "number_input", "value": "23"}}}
    push(window, "texts", {"view": {"values": late}})
    assert many.input_value() == "2"


def test_a_changed_form_keeps_what_was_typed_where_the_ids_stay_and_forgets_the_rest(show, window):
    form = show("texts")
    form.get_by_label("Your name").fill("Ana")
    form.get_by_label("A note").fill("gone")
    blocks = window.evaluate("gallery.cases[0].view.blocks")
    note = {**blocks[1], "block_id": "note2"}
    other = {**note, "element": {**note["element"], "action_id": "note2"}}
    push(window, "texts", {"view": {"blocks": [other, blocks[0]]}})
    assert form.get_by_label("Your name").input_value() == "Ana"
    assert form.get_by_label("A note").input_value() == ""


def test_what_was_typed_is_sent_when_the_phone_is_put_away(show, window):
    form = show("texts")
    form.get_by_label("Your name").fill("Ana")
    push(window, "texts", {"gone": True})
    window.wait_for_function(
        "() => gallery.acts.some((act) => act.name === 'fill' && act.values.name === 'Ana')"
    )
