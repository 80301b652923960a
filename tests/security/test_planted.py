"""Five hundred made-up identifiers: what people type by mistake comes out nowhere.

`make security` types every one of them into every input; here each input gets a few, and each
identifier is looked for by the rules alone.
"""

from collections import Counter

import pytest

from protocol.identifiers import find, mask
from tests.security.corpus import SIZE, corpus
from tests.security.inputs import INPUTS
from tests.security.planting import REPEATS, plant

CORPUS = corpus()
NAMES = [one for one in CORPUS if one.kind == "name"]
OTHERS = [one for one in CORPUS if one.kind != "name"]
# These are sealed, so only opening and drawing them would show them: a name is tried in each.
SEALED = {
    "plan: note",
    "watch me: note",
    "flag: what was seen",
    "dispute: reason",
    "review: reason",
    "emergency contact",
    "private words",
    "OK and more",
}


def test_there_are_five_hundred_of_seven_kinds():
    assert len(CORPUS) == SIZE
    assert set(Counter(one.kind for one in CORPUS).values()) == {70, 80}
    assert corpus() == CORPUS


@pytest.mark.parametrize("words", ["{}", "he is at {}, call", "ok {}.", "({})"])
def test_every_identifier_but_a_name_is_found_and_taken_out_whole(words):
    missed = [
        one.text
        for one in OTHERS
        if not find(words.format(one.text)) or one.found_in(mask(words.format(one.text)))
    ]
    assert not missed


async def test_what_can_be_told_to_be_an_identifier_comes_out_nowhere(tmp_path):
    tried = {one.name: OTHERS[number * 17 % len(OTHERS)] for number, one in enumerate(INPUTS)}
    assert await plant(tmp_path, lambda one: [tried[one.name]], whole=False) == []


async def test_a_name_comes_out_only_where_people_work_with_what_was_typed(tmp_path):
    place = "here now: place"
    tried = {*SEALED, place}
    found = await plant(tmp_path, lambda one: NAMES[:1] if one.name in tried else [])
    assert {one.into for one in found} == {place}
    assert {one.where for one in found} == REPEATS[place], "where it is, it is found"
