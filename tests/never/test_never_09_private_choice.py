"""Never 9, while getting ready: a phrase or a contact is nowhere but sealed."""

from pathlib import Path

from prometheus_client import generate_latest
from sqlalchemy.engine import make_url

from bot import observe
from protocol.ids import PersonId
from storage import people
from storage.database import Database
from storage.onboarding_tables import Step
from storage.sealing import Sealer
from tests.never.life import everything, listening, log_lines
from tests.never.test_never_09_identity_leaks import stored
from tests.ready import home_of, opens_step
from tests.scenarios.backstage import KEY

JO = PersonId("jo")
PHRASE = "the heron stands by the pond"
WEAK = "all good here Marcus"
CONTACT, PHONE = "Ana Bellweather 555-010-0188", "555-010-0777"
PLANTED = ("heron", "Marcus", "Bellweather", "0100188", "010-0188", "0100777", "010-0777")


def found_in(text):
    return [planted for planted in PLANTED if planted.casefold() in text.casefold()]


async def getting_ready(c):
    asked = {
        "Which one means: I am not safe?": "The upper OK button",
        "And which words mean the same?": WEAK,
    }
    await opens_step(c.jo, Step.ANSWERS)
    refused = await c.jo.submits(asked)
    assert refused["errors"]
    assert not found_in(str(refused["errors"]))
    assert (await c.jo.submits({**asked, "And which words mean the same?": PHRASE}))["errors"] == {}
    await opens_step(c.jo, Step.PRACTICE)
    await c.jo.submits({"Or what would you write?": f"ok {PHRASE}"})
    shown = str((await c.jo.form())["blocks"])
    await c.jo.closes()
    await opens_step(c.jo, Step.CONTACTS)
    given = {
        "Your phone number": PHONE,
        "Emergency contact: name and number": CONTACT,
        "May your team call this contact?": ["Yes, if I am missing"],
    }
    assert (await c.jo.submits(given))["errors"] == {}
    await opens_step(c.jo, Step.ANSWERS)
    shown += str(await c.jo.form())
    await c.jo.closes()
    await opens_step(c.jo, Step.CONTACTS)
    shown += str(await c.jo.form())
    await c.jo.closes()
    return shown + str(await home_of(c.jo))


async def test_what_was_chosen_is_nowhere_but_sealed(whole_county):
    async with whole_county() as c:
        with listening() as stream:
            shown = await getting_ready(c)
            said = [news.whole for news in await everything(c)]
            database = Database.open(c.database_url, threads=1)
            rows = stored(database)
            kept = database.run_sync(people.duress_choices, Sealer.from_text(KEY), [JO])[JO]
            database.dispose()
        logged, metrics = stream.getvalue(), generate_latest(observe.registry).decode()
        file = Path(make_url(c.database_url).database or "")
        bytes_of = [path.read_bytes() for path in file.parent.glob(f"{file.name}*")]
    assert (kept.button, kept.phrase) == ("a", PHRASE), "it was there to be found"
    assert not [line for line in log_lines(stream) if line["level"] in ("error", "critical")]
    for words in (shown, *said, logged, metrics, rows):
        assert not found_in(words)
    for content in bytes_of:
        assert not [one for one in PLANTED if one.encode() in content]
