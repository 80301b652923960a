"""Everything that is drawn for people comes out of the catalogue, whatever happened."""

from dataclasses import replace

import pytest

from bot.request import Outcome, Problem
from bot.scheduler.rolling import Notice
from bot.slack import render
from bot.slack.ids import Form
from bot.slack.modals import approver, responder, worker
from bot.slack.read.payload import strict, user_of
from bot.slack.render import ack
from bot.slack.render.view import Directory, MatterView
from bot.slack.words import reasons, speech
from protocol.decision import Decision, Reason
from protocol.effects import (
    Ask,
    Asked,
    Effect,
    Noted,
    OpenThread,
    PostStandDown,
    Refresh,
    Remind,
    Reply,
    Said,
    StandDown,
    Surface,
    Tell,
    ThreadNote,
)
from protocol.ids import MatterId, PersonId
from protocol.override import LowerRating
from protocol.plan import Place
from protocol.policy import ChannelRole
from protocol.rating import Rating
from protocol.records import EscalationKind, Expecting
from protocol.trigger import Both
from tests.protocol.world import JO, NOON, ROSA, SHELTER, ZONE, missed, planned, underway
from tests.slack.pseudo import Pseudo, escaped, texts
from tests.slack.test_limits import PEOPLE, life_of

# A name, a place and whatever somebody typed: without letters, so that only Belay's are found.
TYPED = "07"
NEWS = [
    *(
        Tell("k", JO, said, NOON, about=ROSA, text=TYPED)
        for said in Said
        if not said.name.startswith("ROLL_CALL")  # these are drawn from a roll call alone
    ),
    *(Tell("k", ROSA, Said.WATCHED_UNPLANNED, NOON, text=rule.value) for rule in Reason),
    *(ThreadNote("k", 1, noted, NOON, by=ROSA, text=TYPED) for noted in Noted),
    *(ThreadNote("k", 1, Noted.CLIMBED, NOON, text=t) for t in ("1/0/0", "2/1/4", "3/2/2")),
    ThreadNote("k", 1, Noted.ATTEMPT, NOON, by=ROSA, text="call: no_answer"),
    *(Remind("k", JO, expecting, NOON, no) for expecting in Expecting for no in (0, 1, 2)),
    *(OpenThread("k", 1, kind, NOON) for kind in EscalationKind),
    *(Reply("k", JO, reason.value, NOON) for reason in Reason),
    StandDown("k", JO, NOON, ROSA),
    PostStandDown("k", ChannelRole.CLINICAL, NOON, ROSA),
]


@pytest.fixture(autouse=True)
def pseudo(monkeypatch):
    monkeypatch.setattr(speech, "catalogue", lambda _language: Pseudo())


def seen(life):
    """The life as a program sees it that writes the names of people and places in digits."""
    directory = Directory(ZONE, TYPED, TYPED, dict.fromkeys(PEOPLE, TYPED))
    matter = life.matter
    if matter.visit is not None:
        stops = tuple(replace(stop, label=TYPED) for stop in matter.visit.plan.stops)
        plan = replace(matter.visit.plan, stops=stops)
        matter = replace(matter, visit=replace(matter.visit, plan=plan))
    if matter.trigger is not None:
        # The words of a row are the matrix's own, in both languages; the rest was typed.
        words = Both(TYPED, TYPED)
        row = replace(matter.trigger.row, title=words, call_first=(words,))
        said = tuple(replace(one, decision=TYPED) for one in matter.trigger.consults)
        trigger = replace(matter.trigger, row=row, heard=TYPED, consults=said)
        matter = replace(matter, trigger=trigger)
    return MatterView(matter, directory, None, {SHELTER.id: Place(SHELTER.id, TYPED)})


def assert_from_the_catalogue(drawn):
    text = drawn.text if isinstance(drawn, render.Rendered) else ""
    blocks = drawn.blocks if isinstance(drawn, render.Rendered) else drawn
    past = [(shown, words) for shown in (text, *texts(blocks)) if (words := escaped(shown))]
    assert not past


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_on_a_visit_is_told_in_words_of_the_catalogue(seed):
    life = life_of(seed, TYPED)
    for effect in life.effects:
        if not isinstance(effect, Refresh):
            assert_from_the_catalogue(render.message(without_letters(effect), seen(life)))
    surfaces = [Surface.WORKER_CARD]
    surfaces += [Surface.APPROVAL] if life.matter.visit else []
    surfaces += [Surface.PAGES, Surface.THREAD] if life.matter.escalations else []
    for surface in surfaces:
        assert_from_the_catalogue(render.surface(surface, seen(life)))


def without_letters(effect: Effect) -> Effect:
    return replace(effect, text=TYPED) if isinstance(effect, Tell | ThreadNote) else effect


@pytest.mark.parametrize("effect", NEWS, ids=lambda effect: type(effect).__name__)
def test_every_piece_of_news_is_told_in_words_of_the_catalogue(effect):
    assert_from_the_catalogue(render.message(effect, seen(missed())))


@pytest.mark.parametrize("asked", sorted(Asked))
def test_every_question_is_asked_in_words_of_the_catalogue(asked):
    life = planned(raised=Rating.ELEVATED)
    if asked not in (Asked.APPROVE, Asked.AGREE_LOWERING):
        life = missed()
    life.do(LowerRating(NOON, ROSA, 1, Rating.LOW, TYPED))
    assert_from_the_catalogue(render.message(Ask("k", ROSA, asked, NOON, 1, JO), seen(life)))


def test_every_form_asks_in_words_of_the_catalogue():
    matter = MatterId("m1")
    people = [(PersonId("p1"), TYPED)]
    forms = [
        worker.running_late_form(matter),
        worker.extend_form(matter),
        worker.no_signal_form(matter),
        approver.confirm_form(seen(planned())),
        approver.ask_changes_form(matter, 3),
        approver.decline_form(matter, 3),
        approver.lower_form(seen(planned(raised=Rating.ELEVATED))),
        responder.attempt_form(matter),
        responder.support_form(matter, people),
        responder.emergency_form(matter),
        responder.proxy_form(matter),
        responder.close_form(matter, 1, drill=True),
    ]
    assert None not in forms
    for form in forms:
        assert_from_the_catalogue(form)


def test_every_answer_is_given_in_words_of_the_catalogue():
    matter = underway().matter
    outcomes = [Outcome(Decision(matter, reason), matter, JO) for reason in Reason]
    outcomes += [Outcome(problem=problem) for problem in Problem]
    answers = [ack.words(outcome) for outcome in outcomes]
    answers += [reasons.in_form(reason, form) for reason in Reason for form in Form]
    answers += [ack.unknown(TYPED), ack.unknown(""), ack.no_form(TYPED), ack.no_form("")]
    answers.append(strict(user_of)({}).sentence)
    assert not [words for words in answers if escaped(words)]


def test_the_note_that_slack_posts_when_belay_stops_is_in_words_of_the_catalogue():
    for names in ((), (TYPED, TYPED)):
        assert not escaped(Notice("C1", ZONE, TYPED, names).text(NOON))


def test_the_pseudo_language_finds_what_escapes():
    assert escaped("⟦Where: ⟦the⟧ 07⟧ and 1:32 PM") == ["and"]
    assert speech._("This sentence is not in the code, or is it?").startswith("This")
