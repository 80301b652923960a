"""The catalogue: current, compiled, complete in every language, and nothing goes past it."""

import ast
import gettext
import re
from io import BytesIO
from string import Formatter

import pytest

from bot.slack import faults
from bot.slack.ids import Action, Form
from bot.slack.modals.parts import TITLE_MAX
from bot.slack.render.blocks import BUTTON_MAX
from bot.slack.words import labels
from bot.slack.words.speech import _, n_, speaking, spoken
from tests import catalogue
from tests.catalogue import ROOT, TRANSLATED
from tests.slack.pseudo import found

MAKE = "Run `make words`, and translate what is new."

# Where sentences for people are written down. What an operator reads is English.
SPOKEN = (
    "bot/handlers/**/*.py",
    "bot/scheduler/compose.py",
    "bot/scheduler/gap.py",
    "bot/scheduler/plain.py",
    "bot/slack/fallback.py",
    "bot/slack/modals/*.py",
    "bot/slack/read/*.py",
    "bot/slack/render/[!t]*.py",  # times.py has CLDR's patterns
    "bot/slack/words/*.py",
)
SENTENCE = re.compile(r"^[^\w|]*[A-Z][\w']*,? [a-z]")
MARKED = ("_", "N_", "n_")
FOR_OPERATORS = re.compile(r"(Error|warning|error|exception|critical|info|compile)$")


def messages(language):
    """Each sentence with its translation, as tuples of their plural forms."""
    for message in catalogue.brought_up_to_date(language):
        if message.id:
            source = message.id if isinstance(message.id, tuple) else (message.id,)
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            yield source, said


def shape(text):
    """The named places, the lines, whether bold type is closed, and the spaces at the ends."""
    named = {name for _text, name, _spec, _as in Formatter().parse(text) if name is not None}
    ends = (text[:1].isspace(), text[-1:].isspace())
    return named, text.count("\n"), text.count("*") % 2, ends


def test_the_template_has_the_sentences_of_the_code_and_no_others():
    assert catalogue.TEMPLATE.read_bytes() == catalogue.as_text(catalogue.extracted()), MAKE


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_people_translate_and_what_is_read_are_up_to_date(language):
    current = catalogue.brought_up_to_date(language)
    assert catalogue.po_of(language).read_bytes() == catalogue.as_text(current), MAKE
    assert catalogue.mo_of(language).read_bytes() == catalogue.compiled(current), MAKE


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_no_translation_is_a_guess(language):
    missing = [source[0] for source, said in messages(language) if not all(said)]
    guessed = [message.id for message in catalogue.translations(language) if message.fuzzy]
    assert not missing
    assert not guessed


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_lines_and_stars_of_its_sentence(language):
    different = [
        (one, other)
        for source, said in messages(language)
        for one, other in zip(source, said, strict=True)
        if other and shape(one) != shape(other)
    ]
    assert not different


@pytest.mark.parametrize("language", TRANSLATED)
def test_titles_and_buttons_are_shown_whole(language):
    with speaking(language):
        titles = [_(words) for form in Form for words in (labels.TITLE[form], labels.SUBMIT[form])]
        buttons = [_(labels.BUTTON[action]) for action in Action]
    assert not [title for title in (*titles, _(labels.BACK)) if len(title) > TITLE_MAX]
    assert not [words for words in buttons if len(words) > BUTTON_MAX]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_says_what_was_translated(language):
    read = gettext.GNUTranslations(BytesIO(catalogue.mo_of(language).read_bytes()))
    for source, said in messages(language):
        if len(source) == 1 and all(said):
            assert read.gettext(*source) == said[0]
        elif all(said):
            one, many = source
            assert tuple(read.ngettext(one, many, count) for count in (1, 2)) == said
    with speaking(language):
        assert _(labels.YES) == read.gettext(labels.YES)


def test_the_language_holds_inside_and_not_after():
    assert (spoken(), _(labels.NO_TICK_NO_LINE)[:8]) == ("en", "No tick?")
    with speaking("es"):
        assert (spoken(), _(labels.YES)) == ("es", "Sí")
        with speaking("en"):
            assert _(labels.YES) == "Yes"
        assert labels.flags(1) == "1 advertencia en el lugar"
        assert labels.flags(3) == "3 advertencias"
    assert spoken() == "en"


def test_a_sentence_without_a_translation_is_said_in_english():
    with speaking("es"):
        assert _("{who} is a stranger to the catalogue", who="Jo").startswith("Jo is a stranger")
        assert n_("one stranger", "{count} strangers", 2) == "2 strangers"


def test_what_somebody_typed_is_never_taken_for_a_place():
    assert _("{who} has seen this", who="{text}") == "{text} has seen this"


def test_every_sentence_of_a_fault_for_people_is_in_the_catalogue():
    assert {fault.user for fault in faults.FAULTS.values()} <= found()


def test_no_sentence_for_people_is_written_past_the_catalogue():
    unmarked = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for pattern in SPOKEN
        for path in sorted(ROOT.glob(pattern))
        for line, text in sentences(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not unmarked, "\n".join(unmarked)


def test_what_a_form_is_refused_with_is_said_in_the_readers_language():
    unsaid = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(ROOT.glob("bot/slack/**/*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("Unreadable", "BadInput")
        and any(isinstance(one, ast.Attribute) and one.attr.isupper() for one in node.args[:1])
    ]
    assert not unsaid, "\n".join(unsaid)


def sentences(tree):
    """The texts that read like a sentence and that no `_`, `N_` or `n_` holds."""
    exempt: set[ast.AST] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            exempt.add(body[0].value)
        if getattr(node, "name", "") == "document":
            exempt.update(ast.walk(node))  # a page of the documentation, in English
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MARKED or FOR_OPERATORS.search(name):
                exempt.update(ast.walk(node))
    for node in ast.walk(tree):
        text = getattr(node, "value", None)
        if isinstance(node, ast.Constant) and isinstance(text, str) and node not in exempt:
            yield from [(node.lineno, text)] if SENTENCE.search(text) else []
