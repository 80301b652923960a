"""Every sentence Belay says: there is one for everything, it is plain, and it blames nobody."""

import re

import pytest

from bot.matrix.reading import count_spanish_syllables, ease_in_spanish, grade
from bot.slack.ids import Action, ApproverMore, Form, More, ResponderMore
from bot.slack.words import home, labels, names, news, pages, reasons
from protocol.decision import Reason
from protocol.effects import Asked, Noted, Said
from protocol.events import ContactMethod, ContactOutcome
from protocol.identifiers import Identifier
from protocol.plan import Purpose, Transport
from protocol.rating import Factor, Rating
from protocol.records import (
    ABOUT_A_WORKER,
    SILENT,
    Accounted,
    Approval,
    EscalationKind,
    EscalationState,
    Expecting,
    Finding,
    Unplanned,
    VisitOutcome,
)
from tests import catalogue

BLAME = """fail failed failure fault mistake forgot forget wrong violate violation late-again
careless ignore ignored should've must've blame late again offender noncompliant illegal error
invalid abort addict abuser""".split()
CULPA = set(
    """fallo fallaste falla culpa culpable error equivocado equivocaste olvidaste olvidó descuido
    descuidaste ignoraste ignoró incumplió incumpliste negligente infracción infractor inválido
    ilegal debiste adicto adicta drogadicto drogadicta toxicómano abusador""".split()
)
# What a person may say of things and of themselves, not of others.
ALLOWED = {"late", "again", "wrong"}

CATALOGUES = [
    (reasons.WORDS, Reason),
    (news.SAID, Said),
    (news.ASKED, Asked),
    (news.NOTED, Noted),
    (news.REMINDER, Expecting),
    (names.RATING, Rating),
    (names.FACTOR, Factor),
    (names.RULE, reasons.PLAN_REFUSED),
    (names.PURPOSE, Purpose),
    (names.TRANSPORT, Transport),
    (labels.DUE, Expecting),
    (labels.WAS_DUE, Expecting),
    (home.DUE, Expecting),
    (home.WAS_DUE, Expecting),
    (names.APPROVAL, Approval),
    (names.UNPLANNED, Unplanned),
    (names.VISIT_OUTCOME, VisitOutcome),
    (names.ESCALATION, EscalationKind),
    (names.RECEIVED, EscalationKind),
    (names.STATE, EscalationState),
    (names.ACCOUNTED, Accounted),
    (names.FINDING, Finding),
    (names.METHOD, ContactMethod),
    (names.OUTCOME, ContactOutcome),
    (names.IDENTIFIER, Identifier),
    (pages.SCRIPT, ABOUT_A_WORKER),
    (labels.BUTTON, Action),
    (labels.MORE, More),
    (labels.APPROVER_MORE, ApproverMore),
    (labels.RESPONDER_MORE, ResponderMore),
    (labels.TITLE, Form),
    (labels.SUBMIT, Form),
]


def everything(language="en"):
    """Every sentence that people can read, in this language."""
    for message in catalogue.brought_up_to_date(language):
        said = message.id if language == "en" else message.string
        yield from filter(None, said if isinstance(said, tuple) else (said,))


def plain(text):
    """The sentence as it is read: a name in each place, and no marks for bold type."""
    return re.sub(r"[{}*<>•]", "", re.sub(r"\{\w+\}", "Jo", text))


@pytest.mark.parametrize(("words", "kind"), CATALOGUES, ids=lambda p: getattr(p, "__name__", "-"))
def test_everything_that_can_happen_has_words(words, kind):
    assert set(words) == set(kind)
    assert all(words.values())


@pytest.mark.parametrize(("language", "blaming"), [("en", set(BLAME) - ALLOWED), ("es", CULPA)])
def test_nobody_is_blamed(language, blaming):
    said = [(text, set(re.findall(r"[\w'-]+", text.lower()))) for text in everything(language)]
    assert not [text for text, words in said if blaming & words]


def test_every_sentence_can_be_read_in_eighth_grade():
    # The measure means nothing for a few words.
    sentences = [plain(text) for text in everything() if len(text.split()) >= 8]
    assert not [text for text in sentences if grade(text) > 8.0]


def test_all_of_it_together_is_easier_than_sixth_grade():
    assert grade(" \n".join(everything())) < 6.0


def test_every_spanish_sentence_can_be_read_in_eighth_grade():
    sentences = [plain(text) for text in everything("es") if len(text.split()) >= 8]
    assert not [text for text in sentences if ease_in_spanish(text) < 60]


def test_spanish_all_of_it_together_is_easy():
    assert ease_in_spanish(" \n".join(map(plain, everything("es")))) > 80


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("quién", 1), ("muy", 1), ("ciudad", 2), ("día", 2), ("bien", 1), ("poeta", 3), ("aviso", 3)],
)
def test_spanish_syllables_are_counted_as_they_are_said(word, syllables):
    assert count_spanish_syllables(word) == syllables


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sentence_fits_where_it_stands(language):
    assert max(map(len, everything(language))) <= 500


@pytest.mark.parametrize("reason", sorted(reasons.PLAN_REFUSED))
def test_a_refused_plan_always_offers_to_watch_all_the_same(reason):
    assert reasons.in_form(reason, Form.PLAN).endswith("Tick I'm already there: watch me.")


@pytest.mark.parametrize("reason", sorted([*reasons.PLAN_REFUSED, *reasons.REFUSED]))
def test_a_refusal_names_the_rule_and_the_way_out(reason):
    words = reasons.PLAN_REFUSED.get(reason) or reasons.REFUSED[reason]
    assert len(re.findall(r"[^.!?]+[.!?]", words)) >= 2, words


def test_under_a_question_there_are_no_stars():
    answers = [reasons.in_form(reason, form) for reason in Reason for form in Form]
    assert not [answer for answer in answers if "*" in answer]


def test_help_is_on_the_way_is_never_said():
    coming = re.compile(
        r"help is (coming|on (the|its) way)|(is|are) (coming|on their way)", re.IGNORECASE
    )
    assert not [text for text in everything() if coming.search(text)]


def test_lock_screens_say_only_what_was_agreed():
    assert news.LOCK_REMINDER == "Belay: reminder"
    assert news.LOCK_PAGE == "Belay: URGENT page, open now"
    locks = [value for name, value in vars(news).items() if name.startswith("LOCK_")]
    assert all(lock.startswith("Belay: ") and "{" not in lock for lock in locks)


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_the_first_line_about_a_quiet_call_is_what_not_to_do(kind):
    assert re.match(r"\*Do not (call|ring)", pages.WARNING[kind])
    assert not any(
        re.search(r"\b(call|ring|message) (the worker|them)", step, re.IGNORECASE)
        for step in pages.SCRIPT[kind]
    )


def test_the_program_is_not_named_at_a_place():
    assert any('"a county worker"' in step for step in pages.SCRIPT[EscalationKind.MISSED])
