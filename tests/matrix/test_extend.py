"""A changed matrix answers at once, from what was learnt before; what did not change stays."""

import numpy as np
import pytest

from bot.matrix import change, extend, learn
from bot.matrix.change import DropRow, Phrase, PutRow, PutSlang
from bot.matrix.model import TierKey
from protocol.people import Language
from tests.matrix import small

GRANDMA = Phrase(row="ride", language=Language.EN, text="gotta wheel grandma over to dialysis")
NEAR = "wheel grandma to dialysis please"


@pytest.fixture(params=["words", "models"], scope="module")
def base(request):
    encoders = () if request.param == "words" else (small.Hashed(),)
    return small.made(small.matrix(), encoders)


def grown(base, *changes):
    return base.grown(change.apply(base.matrix, changes))


def first(answer):
    return answer.rows[0].row if answer.rows else None


def test_a_question_near_a_new_phrasing_finds_its_row_and_says_why(base):
    assert first(base.ask(NEAR)) != "ride"
    [hit, *_] = grown(base, GRANDMA).ask(NEAR).rows
    assert hit.row == "ride"
    assert hit.why.example == GRANDMA.text


def test_other_answers_stay_as_they_were(base):
    made = grown(base, GRANDMA)
    texts = [one.text for one in learn.all_examples(base.matrix) if one.kind not in learn.NAMES]
    other = [one for one in texts if first(base.ask(one)) != first(made.ask(one))]
    assert other == []


def test_the_base_is_not_touched(base):
    before = base.ask(NEAR)
    grown(base, GRANDMA, DropRow(key="smoke"))
    assert base.ask(NEAR) == before


def test_an_answer_names_the_version_of_the_changed_matrix(base):
    made = grown(base, GRANDMA)
    assert made.ask(NEAR).version == made.matrix.version != base.matrix.version


def test_another_tier_needs_nothing_learnt(base):
    row = base.matrix.by_key["smoke"].model_copy(update={"tier": TierKey.U1})
    made = grown(base, PutRow(row=row))
    assert made.learned.added.alpha.shape[0] == 0
    [hit, *_] = made.ask("smoke comes under the door").rows
    assert (hit.row, hit.tier) == ("smoke", TierKey.U1)


def test_a_row_that_is_gone_is_never_an_answer_nor_a_reason(base):
    made = grown(base, DropRow(key="smoke"))
    for text in ("smoke comes under the door", "huele a humo en el pasillo"):
        answer = made.ask(text)
        assert all(hit.row != "smoke" for hit in answer.rows)
        assert all("smoke" not in hit.why.example for hit in answer.rows if hit.why)


def test_a_new_row_answers(base):
    ride = base.matrix.by_key["ride"]
    title = ride.title.model_copy(update={"en": "Lost keys", "es": "Llaves perdidas"})
    keys = ride.model_copy(update={"key": "keys", "title": title})
    said = [
        Phrase(row="keys", language=Language.EN, text=text)
        for text in ("i lost the office keys", "the keys to the shed are gone")
    ]
    made = grown(base, PutRow(row=keys), *said)
    assert first(made.ask("lost keys to the office")) == "keys"


def test_slang_is_read_as_the_changed_matrix_says(base):
    slang = {Language.EN: {"zoomer": "lift"}}
    made = grown(base, PutSlang(slang=slang))
    assert made.ask("needs a zoomer").read.changes == (("zoomer", "lift"),)


def test_growing_back_gives_the_same_scores(base):
    back = grown(base, GRANDMA).grown(base.matrix)
    for text in ("the house is burning down", "needs a lift to the clinic", "what is for lunch"):
        one, other = base.ask(text), back.ask(text)
        assert [hit.row for hit in one.rows] == [hit.row for hit in other.rows]
        assert np.allclose([h.score for h in one.rows], [h.score for h in other.rows], atol=1e-5)


def test_a_matrix_that_is_too_different_is_left_to_learning(base, monkeypatch):
    monkeypatch.setattr(extend, "MOST", 0)
    with pytest.raises(extend.TooMuchError):
        grown(base, GRANDMA)


def test_encoders_may_stand_in_while_it_is_made():
    base = small.made(small.matrix(), (small.Hashed(),))
    stand_in = small.Hashed()
    base.grown(change.apply(base.matrix, [GRANDMA]), [stand_in])
    assert stand_in.asked == [GRANDMA.text]
