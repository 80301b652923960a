"""Lock screens: fixed texts that tell kinds apart, and tell nobody beside the worker anything.

A companion may read a worker's screen. A call for help looks like any other news there, a miss like
any reminder, and about a silent matter nothing comes at all.
"""

import pytest

from bot.slack import render
from bot.slack.words import news
from bot.slack.words.speech import LANGUAGES, _, speaking
from protocol import events as e
from protocol.effects import Ask, Remind, Reply, Said, Surface, Tell
from protocol.records import SILENT, Accounted, Expecting, Finding
from tests.protocol.world import JO, LIN, NOON, ROSA, confirmed, missed, underway
from tests.slack.examples import calling, silent, taken, view

ORDINARY = {
    "Belay: reminder",
    "Belay: update",
    "Belay: plan answered",
    "Belay: thank you",
    "Belay: your check-in card",
}
# What a worker may get while people look for them, or after they called for help.
UNUSUAL = (
    Said.PEOPLE_TOLD,
    Said.HELP_RAISED,
    Said.SEEN,
    Said.SUPPORT_SENT,
    Said.EMERGENCY_CALLED,
    Said.TAPPED_WHILE_OPEN,
    Said.HAS_IT_NOW,
    Said.ACCOUNTED_FOR,
)
TELLING = {
    "en": "help danger duress sos 911 emergency missed silent urgent page incident people call",
    "es": "ayuda peligro coacción sos 911 emergencia silencio urgente aviso incidente llama gente",
}
LOCKS = [value for name, value in vars(news).items() if name.startswith("LOCK_")]


def lock(effect, life):
    return render.message(effect, view(life)).text


def closed(life, second=None):
    mark = life.matter.open_escalation.mark
    life.do(e.Close(life.now, ROSA, mark, Accounted.SPOKEN, Finding.OTHER, continues=True))
    if second:
        life.do(e.ConfirmClosing(life.now, second, life.matter.open_escalation.mark))
    return life


def to_worker(life):
    return [one for one in life.effects if isinstance(one, Tell | Remind | Ask) and one.to == JO]


def test_a_worker_reads_what_kind_it_is():
    life = confirmed()
    assert lock(Remind("k", JO, Expecting.CHECK_IN, NOON, 1), life) == "Belay: reminder"
    assert lock(Tell("k", JO, Said.PEOPLE_TOLD, NOON), missed()) == "Belay: reminder"
    assert lock(Tell("k", JO, Said.PLAN_CONFIRMED, NOON, about=ROSA), life) == (
        "Belay: plan answered"
    )
    assert lock(Tell("k", JO, Said.SEEN, NOON, about=ROSA), missed()) == "Belay: update"
    assert lock(Tell("k", JO, Said.ACCOUNTED_FOR, NOON), missed()) == "Belay: thank you"
    assert lock(Reply("k", JO, "no_open_visit", NOON), missed()) == "Belay: update"


def test_the_texts_are_fixed_and_no_two_are_alike():
    for language in LANGUAGES:
        with speaking(language):
            texts = [_(text) for text in LOCKS]
        assert len(set(texts)) == len(texts)
        assert all(text.startswith("Belay: ") and "{" not in text for text in texts)


def test_whoever_is_paged_reads_at_once_that_something_urgent_changed():
    for said in (Said.HELP_AGAIN, Said.HELP_STAY_QUIET, Said.UNEASY):
        assert news.lock(said) == "Belay: URGENT page, open now"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", UNUSUAL)
def test_nothing_on_a_workers_screen_tells_of_danger_or_of_help(said, language):
    assert news.lock(said) in ORDINARY
    with speaking(language):
        shown = _(news.lock(said)).lower()
    assert not [word for word in TELLING[language].split() if word in shown]


def test_a_call_for_help_reads_like_any_update():
    # Also what comes on an ordinary day: an answer to a tap, a partner's word, a changed plan.
    daily = {news.lock(said) for said in (Said.PARTNER_WAITING, Said.TAKEN_OFF, Said.WATCHES_NOW)}
    assert daily == {"Belay: update"}
    helped = closed(taken(calling(e.HelpForm.CALL)), second=LIN)
    since = len(to_worker(underway()))
    texts = [lock(one, helped) for one in to_worker(helped)[since:]]
    assert texts == ["Belay: update", "Belay: update", "Belay: thank you"]
    # Whoever was only missed reads the same at the end.
    missing = closed(taken(missed()))
    assert [lock(one, missing) for one in to_worker(missing)][-2:] == texts[1:]


def test_cards_of_all_kinds_read_alike():
    helped = calling(e.HelpForm.QUIET)
    shown = {render.surface(Surface.WORKER_CARD, view(life)).text for life in (helped, underway())}
    assert shown == {"Belay: your check-in card"}


def test_about_a_quiet_call_or_duress_nothing_new_comes_to_the_worker():
    quiet = calling(e.HelpForm.QUIET)
    since = len(to_worker(quiet))
    duress, _visit = silent()
    duress.sweep(duress.now)
    for life, before in ((quiet, since), (duress, 0)):
        assert life.matter.open_escalation.kind in SILENT
        taken(life)
        life.do(e.LogAttempt(life.now, ROSA, e.ContactMethod.PLACE, e.ContactOutcome.NOT_THERE))
        life.do(e.SendSupport(life.now, ROSA, "mobile crisis"))
        life.do(e.CallEmergency(life.now, ROSA))
        closed(life, second=LIN)
        assert life.matter.open_escalation is None
        assert len(to_worker(life)) == before
