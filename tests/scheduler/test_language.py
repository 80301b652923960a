"""Every message is in the language of who reads it, and a channel's in its program's."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.request import OfMatter
from bot.scheduler import gap, plain
from bot.scheduler.rolling import Notice
from bot.slack import render
from protocol import events as e
from protocol.ids import MatterId
from protocol.people import Language
from storage import people, tables
from tests.protocol.world import JO, LIN, NOON, ROSA, ZONE, plan
from tests.scheduler.shift import outcomes
from tests.virtual_time import run

M = MatterId("m1")


def reads(shift, *who, language=Language.ES):
    for one in who:
        shift.database.run_sync(people.set_language, one, language)


def speaks_spanish(conn):
    conn.execute(update(tables.program).values(language="es"))


def shown(message):
    """All that Slack shows of a message, and what a lock screen shows."""
    return message.text + json.dumps(message.blocks, ensure_ascii=False)


def to(shift, channel):
    """All that came to stand in this conversation."""
    said = [message for place, message, _key in shift.slack.said if place.channel == channel]
    return " ".join(map(shown, said))


def texts(shift, kind):
    return {row.to_person or row.channel: row.body["text"] for row in shift.rows(kind)}


def test_a_page_is_in_the_language_of_whom_it_pages(shift):
    reads(shift, ROSA)

    async def main():
        await shift.help_is_called()
        await shift.delivers(5)

    run(main())
    assert "Belay: aviso URGENTE, abre ya" in to(shift, "DU_ROSA")
    assert "Llama ahora a la persona en campo." in to(shift, "DU_ROSA")
    assert "Belay: URGENT page, open now" in to(shift, "DU_LIN")
    assert "Call the worker now." in to(shift, "C_CLINICAL")


def test_channels_and_whoever_chose_nothing_read_the_programs_language(shift):
    shift.database.run_sync(speaks_spanish)
    reads(shift, LIN, language=Language.EN)

    async def main():
        await shift.help_is_called()
        await shift.delivers(5)

    run(main())
    assert "Llama ahora a la persona en campo." in to(shift, "C_CLINICAL")
    assert "Llama ahora a la persona en campo." in to(shift, "DU_ROSA")
    assert "Call the worker now." in to(shift, "DU_LIN")


def test_a_kept_message_is_edited_in_the_language_of_each_who_reads_it(shift):
    reads(shift, ROSA)

    async def main():
        await shift.help_is_called()
        await shift.delivers(5)
        now = shift.clock.now()
        await shift.county.does(ROSA, lambda by: e.Acknowledge(now, by), OfMatter(M))
        await shift.delivers(30)

    run(main())
    edited = {channel: shown(message) for _, channel, _, message in shift.slack.edits}
    assert "Rosa se encarga." in edited["DU_ROSA"]
    assert "Rosa has it." in edited["DU_LIN"]
    assert set(outcomes(shift).values()) == {"sent"}


def test_a_page_that_cannot_be_drawn_says_so_in_the_language_of_whom_it_pages(shift, monkeypatch):
    reads(shift, ROSA)

    def broken(effect, view):
        raise ValueError("not drawn")

    monkeypatch.setattr(render, "message", broken)

    async def main():
        await shift.help_is_called()
        await shift.delivers(1)

    run(main())
    assert "Belay no pudo mostrar este aviso." in to(shift, "DU_ROSA")
    assert "Belay could not draw this page." in to(shift, "DU_LIN")


def test_what_is_said_when_the_rules_fail_is_in_the_language_of_who_reads_it(shift):
    reads(shift, ROSA)
    run(shift.help_is_called())
    with shift.database.engine.begin() as conn:
        plain.page_as_missed(conn, M, 3, at=NOON, transport_now=NOON)
    said = texts(shift, plain.PAGE)
    assert said["rosa"].startswith("Belay no logra saber qué se espera de Jo.")
    assert said["lin"].startswith("Belay cannot work out what is due for Jo.")
    assert said["clinical"].startswith("Belay cannot work out")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("jo", "Monitoring was interrupted from 1:00 PM to 2:00 PM. Belay is back"),
        ("rosa", "Belay no funcionó de la 1:00 p.m. a las 2:00 p.m. Lo que"),
    ],
)
def test_a_gap_is_told_of_in_the_language_of_whom_it_concerns(shift, who, words):
    reads(shift, ROSA)
    run(shift.county.plans(JO, plan()))
    later = NOON + timedelta(hours=2)
    with shift.database.engine.begin() as conn:
        conn.execute(update(tables.program).values(watched_at=later - timedelta(hours=1)))
        seen = gap.guarded(conn)[0]
        gap.watch(conn, seen, at=later, transport_now=later, resumed=True)
    assert texts(shift, plain.NEWS)[who].startswith(words)


def test_the_note_that_slack_posts_when_belay_stops_speaks_the_programs_language():
    notice = Notice("C_FIELD", ZONE, "+15550100", ("Jo",), Language.ES)
    assert notice.text(NOON).startswith("*No se sabe de Belay desde las 12:00 p.m.*\nNadie está")
