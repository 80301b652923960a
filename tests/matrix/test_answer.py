"""A question is answered with its rows, most urgent first, and left alone where it is outside."""

import io
import logging
from dataclasses import replace

import numpy as np
import pytest

from bot.matrix import answer, lexical, weigh, words
from bot.matrix.clauses import clauses, without_denials
from bot.matrix.model import TierKey
from tests.matrix import small


@pytest.fixture(scope="module")
def engine():
    return small.made(small.matrix(), [small.Hashed()])


@pytest.fixture(scope="module")
def lexical_only():
    return small.made(small.matrix())


def test_an_urgent_question_has_its_row_in_front_with_its_tier(engine):
    hit = engine.ask("the roof is in flames and the house is burning").rows[0]
    assert (hit.key, hit.tier) == ("fire", TierKey.U0)
    assert hit.why.example in {one.text for one in engine.examples}


def test_a_narrower_row_gives_its_own_tier(engine):
    hit = engine.ask("smell of smoke under the door in the hallway").rows[0]
    assert (hit.key, hit.narrower, hit.tier) == ("fire", "smoke", TierKey.U2)


def test_spanish_is_answered(engine):
    assert engine.ask("hay llamas en la casa, se esta quemando").rows[0].key == "fire"


def test_letters_and_words_go_on_alone(lexical_only):
    assert lexical_only.ask("the house is burning, flames on the roof").rows[0].key == "fire"


def test_what_is_outside_is_left_alone(engine):
    assert engine.ask("the printer is out of paper, thanks a lot").outside


@pytest.mark.parametrize(("danger", "outside"), [(0.14, True), (0.16, False)])
def test_a_small_chance_of_danger_keeps_what_looks_like_small_talk_inside(engine, danger, outside):
    found = weigh.weigh(
        engine.learned.scores(engine._alike(["fire"])[0]), engine.layout, engine.scale
    )
    chance = np.where(np.arange(len(found.chance)) == found.chance.argmax(), danger, 0.0)
    talk = replace(found, chance=chance, urgent=chance, outside=0.8)
    assert answer.decide(talk, (), engine.matrix, engine.layout)[0] is outside


def test_the_same_question_has_the_same_answer(engine):
    text = "there is smoke and he needs a lift"
    assert engine.ask(text) == engine.ask(text)


@pytest.mark.parametrize("text", ["", "   ", "🔥🔥🔥", "?!...", "12345", "\x00\x01", "\u200b"])
def test_what_has_no_words_is_outside(engine, text):
    answer = engine.ask(text)
    assert answer.outside
    assert answer.rows == ()


@pytest.mark.parametrize(
    "text", ["пожар в доме", "房子着火了", "البيت يحترق", "a" * 3000, "fire " * 600]
)
def test_other_alphabets_and_long_texts_have_an_answer(engine, text):
    assert engine.ask(text).version == engine.matrix.version


def test_nothing_of_a_pasted_note_is_kept_or_logged(engine, capsys):
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        before = set(vars(type(engine)))
        engine.ask("Pt J. Doe DOB 01/02/1980 MRN 555-12 reports house burning, tel 555 0100")
        assert set(vars(type(engine))) == before
    finally:
        logging.getLogger().removeHandler(handler)
    assert not heard.getvalue()
    assert not any(capsys.readouterr())


def test_a_credible_denial_answers_what_is_asked(engine):
    answer = engine.ask("denies any fire or flames, needs a lift to the clinic")
    assert answer.rows[0].key == "ride"


def test_what_was_denied_stays_at_the_end_of_the_list_if_it_is_urgent(engine):
    answer = engine.ask("denying the house is burning with flames on the roof, needs a lift")
    assert answer.denied == ("fire",)
    assert answer.rows[-1].key == "fire"


def test_a_denial_that_the_facts_contradict_does_not_silence_them(engine):
    answer = engine.ask("denies any fire. the roof is in flames and the house is burning down")
    assert answer.rows[0].key == "fire"


def test_every_trigger_of_a_question_with_parts_is_on_the_list(engine):
    answer = engine.ask("the kitchen is on fire now. who pays for a bus pass to court?")
    assert {"fire", "ride"} <= {hit.key for hit in answer.rows}
    assert answer.rows[0].key == "fire"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("denies si today, needs a ride", ", needs a ride"),
        ("niega ideas suicidas, necesita un aventon", ", necesita un aventon"),
        ("she is not suicidal but her tent burned down", "she but her tent burned down"),
        ("nobody's in crisis, he needs a form", ", he needs a form"),
        ("she is in danger and needs a ride", None),
        ("he is hurt and in trouble, come now", None),
        ("she's not in danger, who drives her", "she , who drives her"),
        ("nadie está en peligro, pide un aventon", ", pide un aventon"),
        ("he wants to die", None),
        ("denies si", None),
    ],
)
def test_what_is_denied_is_taken_out(text, rest):
    assert without_denials(text) == rest


def test_a_point_inside_a_number_parts_nothing():
    assert clauses("nearly fainted at the pump, 6.19 a gallon today") == ()


def test_a_text_of_one_part_has_no_clauses():
    assert clauses("he needs a ride to the clinic") == ()
    assert len(clauses("his lips are blue. who do i call? also the van is broken")) == 3


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("TAKE him to the HOSP", "take him to the hospital"),
        ("nooooo flames", "noo flames"),
        ("what frist w/ a ride", "what first with a ride"),
    ],
)
def test_slang_is_written_out_and_slips_are_mended_towards_the_matrix(engine, typed, read):
    assert engine.reader.read(typed).text == read


def test_a_form_of_a_known_word_is_not_mended():
    reader = words.reader(
        ["nails nails nails", "he mailed a recent letter"], {}, frozenset(["mail"])
    )
    assert reader.read("his sister mails him").text == "his sister mails him"


def test_of_two_words_as_near_the_commoner_is_meant():
    said = ["she passed"] * 5 + ["i paged them"] * 3
    reader = words.reader(said, {}, frozenset())
    assert reader.read("she pased away").text == "she passed away"


def test_a_word_that_anybody_uses_is_not_mended(engine):
    assert engine.reader.mended("house") == "house"


def test_a_text_is_most_like_itself():
    texts = ["the house is burning", "needs a ride to court", "se quema la casa"]
    index = lexical.index(texts, lexical.runs)
    for number, text in enumerate(texts):
        scores = index.against(text)
        assert scores.argmax() == number
        assert np.isclose(scores[number], 1, atol=1e-5)


def test_scores_as_if_not_seen_are_those_of_learning_without_the_example():
    whole = small.matrix()
    full = small.made(whole)
    text = full.examples[3]
    from bot.matrix import kernel, learn

    texts = [full.reader.read(one.text).text for one in full.examples]
    gram = np.stack(full.learned.alike([learn.Features(one, {}) for one in texts]))
    wanted = learn.wanted(whole, full.examples, full.learned.columns)
    kept = [no for no in range(len(texts)) if no != 3]
    alpha = kernel.solve(gram[np.ix_(kept, kept)].copy(), wanted[kept]).alpha
    assert text is full.examples[3]
    assert np.allclose(gram[3, kept] @ alpha, full.learned.unseen[3], atol=1e-3)


def test_where_only_words_are_compared_a_page_is_rather_offered_than_not(engine):
    assert answer.BY_WORDS.live < answer.LIMITS.live
    asked = "the house is burning, flames on the roof"
    strict = replace(engine, limits=replace(answer.LIMITS, live=1.0))
    assert strict.ask(asked).rows[0].tier is None
    assert replace(strict, degraded="no models here").ask(asked).rows[0].tier is not None


def test_the_reason_is_a_live_example_and_names_only_words_that_tell(engine):
    hit = engine.ask("there is smoke and the house is burning with flames").rows[0]
    of_it = next(one for one in engine.examples if one.text == hit.why.example)
    assert of_it.live
    assert not {"the", "and", "with"} & set(hit.why.words)


def test_what_is_outside_is_never_the_reason_for_a_row(engine):
    outside = {one.text for one in engine.examples if one.row is None}
    for text in (
        "huele a humo en el pasillo",
        "who drives",
        "thanks for the paper, is there smoke",
    ):
        assert not {hit.why.example for hit in engine.ask(text).rows} & outside
