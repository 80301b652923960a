"""Getting ready on the screen: what each form asks, and what none of them ever shows."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.matrix.reading import grade
from bot.slack.ids import ANSWERS
from bot.slack.modals import onboarding as forms
from bot.slack.read.payload import BadInput
from bot.slack.render import ready, records
from bot.slack.render.answers import answer_rows, help_row
from bot.slack.render.card import card
from bot.slack.render.page import latest, page
from bot.slack.words import flags, onboarding
from bot.slack.words import records as record_words
from bot.slack.words.records import NOBODY, RECORDS, Group
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.people import Language
from protocol.phrase import Weakness
from protocol.rating import FlagKind
from protocol.records import Expecting
from protocol.sending import Send
from storage import tables
from storage.onboarding import Own
from storage.onboarding_tables import State, Step
from tests.protocol.world import LIN, NOON, ROSA, ZONE, missed, underway
from tests.slack.examples import view
from tests.slack.payloads import submission
from tests.slack.readable import assert_slack_opens, assert_slack_takes, elements, labels, readable

PHRASE = "the heron stands by the pond"
PEOPLE = [(PersonId("rosa"), "Rosa"), (PersonId("theo"), "Theo")]
PLACES = [(PlaceId("county/gate"), "Gate")]
# What a Home that is read over a shoulder must not say.
TELLING = re.compile(r"duress|not safe|unsafe|secret|threat|danger|signal|private", re.IGNORECASE)


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)


def all_words():
    for module in (onboarding, flags, record_words):
        for name, value in vars(module).items():
            if name.isupper() and name not in ("RECORDS", "NOBODY", "DOC_HEAD"):
                yield from texts(value)
    yield from (text for _group, text in RECORDS.values())
    for about in record_words.GROUPS.values():
        yield from (about.title, about.readers, about.kept)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (onboarding.STEP, Step),
        (onboarding.WHAT, Step),
        (onboarding.WEAK, Weakness),
        (onboarding.SEND, Send),
        (onboarding.LANGUAGE, Language),
        (onboarding.BUTTON, ANSWERS),
        (record_words.GROUPS, Group),
        (flags.KIND, FlagKind),
        (flags.KEEP, FlagKind),
    ],
)
def test_there_are_words_for_everything(words, kind):
    assert set(words) == set(kind)


def test_every_sentence_can_be_read_in_eighth_grade():
    plain = [re.sub(r"[{}*<>•✓]", "", text) for text in all_words() if len(text.split()) >= 8]
    assert not [text for text in plain if grade(text) > 8.0]


@pytest.mark.parametrize(
    "form",
    [
        forms.answers_form(),
        forms.practice_form(),
        forms.practice_form(onboarding.READ_AS_UNSAFE),
        forms.contacts_form(PEOPLE, [], has_phone=False, has_contact=False),
        forms.contacts_form(PEOPLE * 60, PEOPLE[0][:1], has_phone=True, has_contact=True),
        forms.send_form(list(Send), PLACES),
        forms.send_form([], []),
        forms.language_form(Language.ES),
    ],
)
def test_every_form_is_opened_by_slack(form):
    assert_slack_opens(form)


def test_a_choice_is_asked_for_alone_and_nothing_is_preset():
    form = forms.answers_form()
    assert "Are you alone?" in readable(form["blocks"][:1])
    assert "initial" not in json.dumps(form)


@pytest.mark.parametrize("phrase", ["ok", "all good here ok", "send the police to the pond"])
def test_a_weak_phrase_comes_back_without_being_repeated(phrase):
    typed = {"which_button": "b", "phrase": phrase}
    found = forms.read_answers(submission(forms.answers_form(), typed))
    assert isinstance(found, BadInput)
    assert found.field == "phrase"
    assert phrase not in found.sentence


def test_a_choice_is_read_and_never_printed():
    typed = {"which_button": "b", "phrase": PHRASE}
    found = forms.read_answers(submission(forms.answers_form(), typed))
    assert (found.button, found.phrase) == ("b", PHRASE)
    assert PHRASE not in repr(found)
    assert "'b'" not in repr(found)


def test_the_practice_card_has_the_rows_of_the_real_one():
    """Same labels, styles and order; only ids and values differ."""
    real = [block for block in card(view(underway())).blocks if block["type"] == "actions"]
    practised = [b for b in forms.practice_form()["blocks"] if b["type"] == "actions"]

    def looks(rows):
        return [
            [
                (
                    e["type"],
                    e.get("text"),
                    e.get("style"),
                    [o["text"] for o in e.get("options", [])],
                )
                for e in row["elements"]
            ]
            for row in rows
        ]

    assert looks(practised) == looks(real)


def test_no_button_of_the_practice_card_is_a_real_one():
    shown = [e for e in elements(forms.practice_form()["blocks"]) if "action_id" in e]
    rows = [*answer_rows(MatterId("m"), Expecting.EXIT, beside=None), *help_row(MatterId("m"))]
    real = {e["action_id"] for e in elements(rows)}
    assert real
    assert not real & {e["action_id"] for e in shown}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone": "call me"}, "phone"),
        ({"contact": "Ana, 555-0188"}, "consent"),
        ({"contact": "Ana, 555-0188", "consent": ["forget"]}, "consent"),
    ],
)
def test_contacts_need_a_number_and_consent(typed, field):
    form = forms.contacts_form(PEOPLE, [], has_phone=False, has_contact=True)
    found = forms.read_contacts(submission(form, typed))
    assert isinstance(found, BadInput)
    assert found.field == field


def test_contacts_are_read_and_never_printed():
    form = forms.contacts_form(PEOPLE, [], has_phone=False, has_contact=False)
    typed = {
        "phone": "(555) 010-0777",
        "contact": "Ana, 555-0188",
        "consent": ["yes"],
        "excludes": ["theo"],
    }
    found = forms.read_contacts(submission(form, typed))
    assert (found.phone, found.contact, found.excludes) == (
        "5550100777",
        "Ana, 555-0188",
        ("theo",),
    )
    assert "Ana" not in repr(found)
    assert "0777" not in repr(found)


def test_police_is_never_preset_even_where_it_was_chosen():
    form = forms.send_form([Send.POLICE, Send.PAIR], PLACES)
    found = forms.read_send(submission(form))
    assert found.send == (Send.PAIR,)
    assert forms.read_send(submission(forms.send_form([], PLACES))).send == ()


def test_a_page_says_whom_the_worker_wants_to_be_sent():
    from dataclasses import replace

    seen = replace(view(missed()), agreed=(Send.PAIR, Send.MOBILE_CRISIS))
    shown = readable(page(seen, latest(seen)).blocks)
    assert "Whom to send, as the worker wants it: A pair from the team, Mobile crisis" in shown


@pytest.mark.parametrize(
    "progress",
    [
        {},
        {Step.ANSWERS: State.DONE, Step.PRACTICE: State.SKIPPED},
        dict.fromkeys(Step, State.DONE),
    ],
)
def test_the_home_names_steps_and_tells_nothing_over_a_shoulder(progress):
    blocks = ready.part(ready.ReadyView(progress))
    assert_slack_takes(blocks)
    assert not TELLING.search(readable(blocks))


def test_the_home_says_get_ready_until_nothing_is_ahead_and_settings_after():
    ahead = ready.part(ready.ReadyView({Step.ANSWERS: State.DONE}))
    assert "*Get ready*" in readable(ahead)
    assert labels(ahead)[-1] == "Skip for now: Practice with a card"
    done = ready.part(ready.ReadyView(dict.fromkeys(Step, State.SKIPPED)))
    assert "*My safety settings*" in readable(done)
    assert len(labels(done)) == len(Step)


# --- what Belay records ----------------------------------------------------------------------


def test_every_column_says_what_it_records_about_a_person_or_that_it_does_not():
    whole = {name.removesuffix(".*") for name in NOBODY if name.endswith(".*")}
    silent = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.c
        if table.name not in whole
        and f"{table.name}.{column.name}" not in RECORDS
        and f"{table.name}.{column.name}" not in NOBODY
    ]
    assert not silent, "say so in bot/slack/words/records.py"


def test_no_text_is_about_a_column_that_is_no_more_or_about_nobody():
    known = {f"{t.name}.{c.name}" for t in tables.metadata.sorted_tables for c in t.c}
    assert set(RECORDS) <= known
    named = {name for name in NOBODY if not name.endswith(".*")}
    assert named <= known
    assert not named & set(RECORDS)


def test_every_column_that_names_a_person_has_a_text():
    people = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.c
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    ]
    assert len(people) > 15
    assert not [name for name in people if name not in RECORDS]


def test_every_sealed_column_is_marked():
    page_of = "\n".join(readable(blocks) for blocks in records.pages())
    assert "Your phone number (sealed)" in page_of
    assert "Whom to call, with your standing consent (sealed)" in page_of
    assert "Your name, as your team knows it (sealed)" not in page_of


def test_every_page_of_records_is_opened_by_slack():
    own = Own(True, True, (ROSA,), (Send.PAIR,), 3, 1, ((NOON, LIN, "phone"),) * 40)
    pages = [records.mine(own, {ROSA: "Rosa", LIN: "Lin"}, ZONE), *records.pages()]
    for number in range(len(pages)):
        assert_slack_opens(forms.records_form(pages, number))
    assert forms.records_form(pages, len(pages) - 1)["submit"]["text"] == "Done"
    assert forms.records_form(pages, 0)["submit"]["text"] == "Next page"


def test_ones_own_page_shows_reads_newest_first_and_no_private_answer():
    reads = ((NOON, LIN, "phone"), (NOON + timedelta(hours=1), ROSA, "contact"))
    own = Own(True, False, (ROSA,), (), 1, 0, reads)
    shown = readable(records.mine(own, {ROSA: "Rosa", LIN: "Lin"}, ZONE))
    assert shown.index("Rosa, your emergency contact") < shown.index("Lin, your phone number")
    assert "No emergency contact" in shown
    assert "1 visit\n" in shown
    assert not TELLING.search(shown)


def test_the_page_about_records_is_what_the_schema_says():
    said = Path("docs/records.md").read_text(encoding="utf-8")
    assert said == records.document(), "run: belay records > docs/records.md"
