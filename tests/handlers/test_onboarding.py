"""Getting ready by tap and form: stored before it is answered, and told to nobody; both engines."""

import json

import pytest
from structlog.testing import capture_logs

from bot import runner
from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.modals.onboarding import NOBODYS
from bot.slack.words import onboarding as words
from protocol.people import Language
from protocol.sending import Send
from storage import onboarding, people, places
from storage.database import Unavailable
from storage.onboarding_tables import State, Step
from tests.protocol.world import JO, SHELTER
from tests.slack.payloads import submission, tap
from tests.slack.readable import assert_slack_opens, elements, readable

TEXT = {"type": "plain_text", "text": "x"}
PHRASE = "the heron stands by the pond"


def button(action, value):
    return {"type": "button", "text": TEXT, "action_id": action.value, "value": value}


def step_button(step):
    return button(Action.READY_STEP, pack(NOBODYS, step.value))


def shown(workplace, method="views.open"):
    called, given = workplace.slack.calls[-1]
    assert called == method
    form = json.loads(given["view"]) if isinstance(given["view"], str) else given["view"]
    assert_slack_opens(form)
    return form


def read(workplace, fn, *args):
    return workplace.door.ctx.database.run_sync(fn, *args)


def progress(workplace):
    return read(workplace, onboarding.progress, JO)


def choice(workplace):
    return read(workplace, people.duress_choices, workplace.door.ctx.sealer, [JO])[JO]


async def opens(workplace, step, user="U_JO"):
    await workplace.gets(tap(step_button(step), user=user, trigger=f"open-{step}"))
    return shown(workplace)


async def fills(workplace, step, typed, trigger="send"):
    form = await opens(workplace, step)
    return await workplace.gets(submission(form, typed, trigger=trigger))


async def test_a_private_choice_is_sealed_before_the_form_closes(real_workplace):
    typed = {"which_button": "a", "phrase": PHRASE}
    answer = await fills(real_workplace, Step.ANSWERS, typed)
    assert answer == {"response_action": "clear"}
    assert choice(real_workplace).button == "a"
    assert choice(real_workplace).matches(f"ok {PHRASE}")
    assert progress(real_workplace) == {Step.ANSWERS: State.DONE}
    assert real_workplace.said == []


async def test_a_weak_phrase_changes_nothing(real_workplace):
    typed = {"which_button": "a", "phrase": "all good here"}
    answer = await fills(real_workplace, Step.ANSWERS, typed)
    assert list(answer["errors"]) == ["phrase"]
    assert choice(real_workplace).button == "b", "as it was"
    assert progress(real_workplace) == {}


async def test_a_choice_can_be_changed_at_any_time(real_workplace):
    await fills(real_workplace, Step.ANSWERS, {"which_button": "a", "phrase": PHRASE}, "s1")
    form = await opens(real_workplace, Step.ANSWERS)
    assert PHRASE not in json.dumps(form)
    typed = {"which_button": "b", "phrase": "crows on the wire again"}
    await real_workplace.gets(submission(form, typed, trigger="s2"))
    assert choice(real_workplace).button == "b"
    assert not choice(real_workplace).matches(PHRASE)


def practice_tap(form, which, trigger):
    one = [e for e in elements(form["blocks"]) if e["action_id"] == which[0]][which[1]]
    body = tap(one, trigger=trigger)
    body["view"] = {**form, "id": "V1"}
    body["container"] = {"type": "view", "view_id": "V1"}
    return body


@pytest.mark.parametrize(
    ("which", "meaning"),
    [
        (("practice_ok", 0), words.READ_AS_OK),
        (("practice_ok", 1), words.READ_AS_UNSAFE),  # Jo's choice is the lower one
        (("practice_leave", 0), words.READ_AS_LEAVING),
        (("practice_help_call", 0), words.READ_AS_HELP),
        (("practice_help_quiet", 0), words.READ_AS_HELP),
    ],
)
async def test_practice_says_in_the_form_alone_what_a_button_means(real_workplace, which, meaning):
    form = await opens(real_workplace, Step.PRACTICE)
    assert await real_workplace.gets(practice_tap(form, which, "p1")) == ""
    assert meaning in readable(shown(real_workplace, "views.update")["blocks"])
    assert real_workplace.said == []
    assert real_workplace.matters() == []


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("ok all good here", words.READ_AS_UNSAFE),  # Jo's phrase in this county
        ("OK all fine", words.READ_AS_OK),
        ("hello", words.READ_AS_NOTHING),
        ("", words.READ_AS_NOTHING),
        ("help", words.READ_AS_HELP),
    ],
)
async def test_practice_reads_words_as_a_message_would_be_read(real_workplace, typed, meaning):
    form = await opens(real_workplace, Step.PRACTICE)
    answer = await real_workplace.gets(submission(form, {"typed": typed}, trigger="p1"))
    assert answer["response_action"] == "update"
    assert_slack_opens(answer["view"])
    assert meaning in readable(answer["view"]["blocks"])
    assert real_workplace.matters() == []


async def test_practice_leaves_the_same_rows_and_lines_whatever_was_answered(real_workplace):
    form = await opens(real_workplace, Step.PRACTICE)
    left = []
    for number in (0, 1):
        with capture_logs() as logged:
            await real_workplace.gets(practice_tap(form, ("practice_ok", number), f"p{number}"))
        rows = [len(found) for found in stored(real_workplace).values()]
        left.append((rows, logged, progress(real_workplace)))
    assert left[0] == left[1]


def stored(workplace):
    from sqlalchemy import select

    from storage import tables

    def dump(conn):
        return {t.name: conn.execute(select(t)).all() for t in tables.metadata.sorted_tables}

    return read(workplace, dump)


async def test_without_a_choice_practice_says_what_to_do_first(real_workplace):
    await real_workplace.gets(tap(step_button(Step.PRACTICE), user="U_SAM", trigger="o1"))
    form = shown(real_workplace)
    body = submission(form, {"typed": "ok"}, user="U_SAM", trigger="p1")
    answer = await real_workplace.gets(body)
    assert words.FIRST_CHOOSE in readable(answer["view"]["blocks"])


async def test_contacts_are_kept_and_shown_only_as_being_there(real_workplace):
    typed = {"phone": "555-010-0777", "contact": "Ana", "consent": ["yes"], "excludes": ["theo"]}
    assert await fills(real_workplace, Step.CONTACTS, typed) == {"response_action": "clear"}
    assert read(real_workplace, people.by_id, JO).excludes == ("theo",)
    form = json.dumps(await opens(real_workplace, Step.CONTACTS))
    assert "0777" not in form
    assert "Ana" not in form
    assert words.HINT_PHONE_STORED in form


async def test_nobody_can_exclude_everybody_who_could_answer(real_workplace):
    everybody = ["rosa", "theo", "maya", "lin", "omar"]
    answer = await fills(real_workplace, Step.CONTACTS, {"excludes": everybody})
    assert answer["errors"] == {"excludes": words.NOBODY_LEFT}
    assert read(real_workplace, people.by_id, JO).excludes == ("theo",), "as it was"
    answer = await fills(real_workplace, Step.CONTACTS, {"excludes": everybody[1:]}, "again")
    assert answer == {"response_action": "clear"}


async def test_whom_to_send_is_kept_for_one_place_or_all(real_workplace):
    await fills(real_workplace, Step.SEND, {"send": ["mobile_crisis"], "place": SHELTER.id}, "s1")
    await fills(real_workplace, Step.SEND, {"send": ["pair", "ems"]}, "s2")
    assert read(real_workplace, onboarding.whom_to_send, JO, SHELTER.id) == (Send.MOBILE_CRISIS,)
    assert read(real_workplace, onboarding.whom_to_send, JO, None) == (Send.PAIR, Send.EMS)
    assert read(real_workplace, places.place, SHELTER.id).send is None


async def test_what_is_recorded_is_read_page_by_page_to_its_end(real_workplace):
    form = await opens(real_workplace, Step.RECORDS)
    assert "What is stored about you now" in readable(form["blocks"])
    for number in range(20):
        assert progress(real_workplace) == {}
        answer = await real_workplace.gets(submission(form, trigger=f"n{number}"))
        if answer == {"response_action": "clear"}:
            break
        form = answer["view"]
        assert_slack_opens(form)
    assert progress(real_workplace) == {Step.RECORDS: State.DONE}


async def test_a_language_is_kept_and_spoken_from_then_on(real_workplace):
    answer = await fills(real_workplace, Step.LANGUAGE, {"language": "es"})
    assert answer == {"response_action": "clear"}
    assert read(real_workplace, people.by_id, JO).language is Language.ES
    assert progress(real_workplace) == {Step.LANGUAGE: State.DONE}


async def test_a_step_can_be_put_off_and_done_later(real_workplace):
    skip = button(Action.READY_SKIP, pack(NOBODYS, Step.LANGUAGE.value))
    assert await real_workplace.gets(tap(skip, trigger="k1")) == ""
    assert progress(real_workplace) == {Step.LANGUAGE: State.SKIPPED}
    await fills(real_workplace, Step.LANGUAGE, {"language": "en"})
    assert progress(real_workplace) == {Step.LANGUAGE: State.DONE}


async def test_what_could_not_be_stored_is_said_beside_the_tap(real_workplace, monkeypatch):
    async def away(*_):
        raise Unavailable("away")

    monkeypatch.setattr(runner, "write", away)
    skip = button(Action.READY_SKIP, pack(NOBODYS, Step.LANGUAGE.value))
    assert await real_workplace.gets(tap(skip, trigger="k1")) == ""
    assert "We do not know if this arrived." in real_workplace.said[-1]["text"]
    assert progress(real_workplace) == {}


async def test_garbage_on_a_button_opens_and_stores_nothing(real_workplace):
    for value in ("garbage", pack(NOBODYS, "dance")):
        await real_workplace.gets(tap(button(Action.READY_SKIP, value), trigger=value[:3]))
        await real_workplace.gets(tap(button(Action.READY_STEP, value), trigger=value[:4]))
    assert progress(real_workplace) == {}
    assert real_workplace.slack.calls == []
