"""Everybody is answered in the language they read, whatever they tap, type or open."""

import json
from datetime import timedelta

from bot.handlers.door import LEARN_EVERY
from bot.slack import fallback
from bot.slack.words.speech import speak, spoken
from bot.tasks import Tasks
from protocol.people import Language
from storage import people
from storage.database import Unavailable
from storage.people import Reader
from tests.protocol.world import JO
from tests.slack.payloads import command, message

WORDS = {"type": "plain_text", "text": "x"}


def chooses_spanish(workplace, person=JO):
    workplace.door.ctx.database.run_sync(people.set_language, person, Language.ES)


async def test_what_was_typed_is_answered_in_the_language_of_who_typed_it(workplace):
    chooses_spanish(workplace)
    await workplace.door.learn()
    await workplace.gets(message("no sé qué hacer"))
    await workplace.gets(message("no idea", user="U_SAM"))
    in_spanish, in_english = workplace.said
    assert "SALGO" in in_spanish["blocks"][0]["text"]["text"]
    assert in_spanish["text"] == "Belay: novedad"
    assert in_english["blocks"][0]["text"]["text"].startswith("Here is what you can type:")


async def test_a_command_and_a_fault_are_answered_in_the_language_of_who_sent_it(workplace):
    chooses_spanish(workplace)
    await workplace.door.learn()
    assert (await workplace.gets(command("/checkin")))["text"] == "Recibido."
    workplace.run.fault = Unavailable("away")
    answer = await workplace.gets(command("/checkin"))
    assert answer["text"] == (
        "*No sabemos si esto llegó.* ¿No sale el ✓ en un minuto? Envíalo otra vez, o llama al"
        " +15550100."
    )


async def test_a_form_is_opened_in_the_language_read_with_it_even_at_the_first_contact(workplace):
    chooses_spanish(workplace)
    await workplace.gets(command("/visit"))
    ((_method, given),) = workplace.slack.calls
    view = json.loads(given["view"]) if isinstance(given["view"], str) else given["view"]
    assert view["title"]["text"] == "Planear una visita"


async def test_what_nobody_answers_is_answered_in_the_language_of_who_sent_it(workplace):
    chooses_spanish(workplace)
    await workplace.door.learn()
    fallback.install(workplace.app, Tasks(workplace.door.ctx.clock))
    answer = await workplace.gets(command("/unheard-of"))
    assert str(answer["text"] if isinstance(answer, dict) else answer).startswith("Belay no pudo")


async def test_a_choice_is_heard_of_within_a_minute_and_no_answer_waits_for_the_question(workplace):
    await workplace.gets(command("/checkin"))
    chooses_spanish(workplace)
    assert (await workplace.gets(command("/checkin")))["text"] == "Got it."
    workplace.door.ctx.clock.transported += LEARN_EVERY + timedelta(seconds=1)
    assert (await workplace.gets(command("/checkin")))["text"] == "Got it."
    assert (await workplace.gets(command("/checkin")))["text"] == "Recibido."


async def test_what_was_just_chosen_holds_at_once(workplace):
    await workplace.gets(command("/checkin"))
    workplace.door.remember("U_JO", Reader(Language.ES, "+15550100"))
    assert (await workplace.gets(command("/checkin")))["text"] == "Recibido."


async def test_the_language_of_one_delivery_is_not_that_of_the_next(workplace):
    chooses_spanish(workplace)
    await workplace.door.learn()
    await workplace.gets(command("/checkin"))
    assert (await workplace.gets(command("/checkin", user="U_SAM")))["text"] == "Got it."


async def test_what_is_set_for_a_delivery_holds_in_the_databases_thread_too(workplace):
    speak("es")
    assert await workplace.door.ctx.database.run(lambda conn: spoken()) == "es"
