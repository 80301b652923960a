"""A change of the matrix: applied, found between two, stored, and refused where it does not fit."""

import json

import pytest

from bot.matrix import body, change
from bot.matrix.change import DropRow, Outside, Phrase, PutRow
from bot.matrix.export import export
from bot.matrix.load import load
from bot.matrix.model import TierKey
from protocol.people import Language
from tests.matrix import small

GRANDMA = Phrase(row="ride", language=Language.EN, text="wheel grandma to dialysis")


def through_storage(changes):
    return change.parse(json.loads(json.dumps(change.dump(changes))))


def retiered(row, tier):
    return row.model_copy(update={"tier": tier})


def edited():
    """The small matrix, changed in every way in which a file can differ."""
    whole = small.matrix()
    rows = small.ROWS.replace("title: {en: A ride", "title: {en: A lift")
    packs = {
        "packs/ride.yml": small.PACKS["packs/ride.yml"].replace("who pays for a bus pass,", ""),
        "packs/background.yml": small.PACKS["packs/background.yml"].replace("thanks a lot,", ""),
        "packs/slang.yml": "slang: {en: {hosp: hospital, w/: with, doc: doctor}}",
    }
    made = small.matrix(**{"matrix.yml": rows.replace("after: 0", "after: 1"), **packs})
    return whole, made


def test_a_phrasing_goes_to_its_row_and_an_outside_one_to_the_background():
    whole = small.matrix()
    outside = Outside(language=Language.ES, text="me muero de risa")
    made = change.apply(whole, [GRANDMA, outside])
    texts = [phrase.text for _, phrase in made.packs["ride"].live["ride"].all()]
    assert GRANDMA.text in texts
    assert [phrase.text for phrase in made.background["huddle"].es] == [outside.text]
    assert made.version != whole.version


def test_a_phrasing_of_a_narrower_row_goes_to_the_pack_of_its_wide_row():
    said = Phrase(row="smoke", language=Language.EN, text="burnt toast smell on floor two")
    made = change.apply(small.matrix(), [said])
    assert said.text in [one.text for one in made.packs["fire"].live["smoke"].en]


def test_words_that_the_row_knows_are_no_change():
    with pytest.raises(change.KnownError, match="knows these words already"):
        change.apply(
            small.matrix(),
            [Phrase(row="ride", language=Language.EN, text="Needs a LIFT, to the clinic!")],
        )


def test_words_of_another_row_are_refused_with_both_named():
    said = Phrase(row="fire", language=Language.EN, text="needs a lift to the clinic")
    with pytest.raises(change.UnfitError, match=r"stands under .*fire.* under ride|under ride"):
        change.apply(small.matrix(), [said])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Phrase(row="water", language=Language.EN, text="a flood"), "no row water"),
        (DropRow(key="water"), "no row water"),
        (DropRow(key="fire"), "smoke: there is no row with this key"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence_that_names_the_row(asked, said):
    with pytest.raises(change.UnfitError, match=said):
        change.apply(small.matrix(), [asked])


def test_an_urgent_row_without_a_first_call_is_refused_as_in_a_file():
    row = small.matrix().by_key["fire"].model_copy(update={"call_first": ()})
    with pytest.raises(change.UnfitError, match="fire: an urgent row has no call_first"):
        change.apply(small.matrix(), [PutRow(row=row)])


def test_a_row_that_goes_takes_along_what_led_to_it():
    whole = small.matrix()
    made = change.apply(whole, [DropRow(key="ride")])
    assert "ride" not in made.by_key
    assert "ride" not in made.packs
    assert made.packs["fire"].denied == ()
    made = change.apply(whole, [DropRow(key="smoke")])
    assert "smoke" not in made.packs["fire"].live


def test_the_difference_between_two_makes_the_one_of_the_other_both_ways():
    whole, made = edited()
    for before, after in ((whole, made), (made, whole)):
        changes = through_storage(change.difference(before, after))
        assert {one.kind for one in changes} >= {"tiers", "slang", "row", "pack", "background"}
        assert change.apply(before, changes).version == after.version


def test_dropping_and_adding_rows_is_found_as_a_difference():
    whole = small.matrix()
    for key in ("ride", "smoke"):
        less = change.apply(whole, [DropRow(key=key)])
        for before, after in ((whole, less), (less, whole)):
            changes = through_storage(change.difference(before, after))
            assert change.apply(before, changes).version == after.version


def test_importing_the_export_changes_nothing():
    whole = change.apply(small.matrix(), [GRANDMA])
    assert change.difference(whole, load({"matrix.yml": export(whole)})) == ()


def test_a_body_read_again_is_the_same_matrix_and_any_reader_of_yaml_reads_it():
    whole = change.apply(small.matrix(), [GRANDMA])
    text = body.written(whole)
    assert body.read(text).version == whole.version
    assert load({"matrix.yml": text}).version == whole.version


def test_what_another_version_wrote_is_refused():
    with pytest.raises(change.UnfitError):
        change.parse([{"kind": "from_the_future"}])


def test_rows_that_are_touched_are_named():
    row = small.matrix().by_key["fire"]
    changes: list[change.Change] = [
        GRANDMA,
        PutRow(row=row),
        DropRow(key="smoke"),
        Outside(language="en", text="hm"),
    ]
    assert change.touched(changes) == {"ride", "fire", "smoke"}


def test_words_that_others_added_meanwhile_do_not_move_the_ground_and_a_changed_row_does():
    whole = small.matrix()
    more = change.apply(whole, [GRANDMA])
    other = Phrase(row="ride", language=Language.EN, text="tow the wheelchair van")
    assert not change.moved(whole, more, [other])
    calmer = change.apply(whole, [PutRow(row=retiered(whole.by_key["smoke"], TierKey.U4))])
    assert change.moved(whole, calmer, [DropRow(key="smoke")])
    assert not change.moved(whole, calmer, [other])
