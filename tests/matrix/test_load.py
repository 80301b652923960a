"""The matrix is read from YAML; what is wrong is said with file, line, row and remedy."""

import pytest

from bot.matrix import shipped
from bot.matrix.export import export
from bot.matrix.load import load
from bot.matrix.problems import BadMatrixError
from storage import program_yaml
from tests.matrix import small


def problems(**replaced):
    with pytest.raises(BadMatrixError) as caught:
        small.matrix(**replaced)
    return caught.value.problems


def test_the_shipped_matrix_can_be_read_and_holds_every_wide_row_with_phrasings():
    matrix = shipped.matrix()
    assert {row.key for row in matrix.wide_rows()} == set(matrix.packs)
    assert len(matrix.rows) >= 100


def test_an_export_read_again_is_the_same_matrix():
    matrix = small.matrix()
    again = load({"export.yml": export(matrix)})
    assert again == matrix
    assert again.version == matrix.version


def test_the_version_changes_with_a_word_and_not_with_the_order_of_the_rows():
    matrix = small.matrix()
    other = small.matrix(**{"matrix.yml": small.ROWS.replace("Stay.", "Go.")})
    first, *rest = small.ROWS.partition("rows:")[2].split("\n  - ")[1:]
    turned = small.HEAD + "".join(f"\n  - {row}" for row in [*rest, first])
    assert other.version != matrix.version
    assert small.matrix(**{"matrix.yml": turned}).version == matrix.version


@pytest.mark.parametrize(
    ("before", "after", "row", "what"),
    [
        ("key: ride\n", "key: ride\n    key: again\n", "", "the same name stands here twice"),
        ("key: ride", "key: smoke", "smoke", "a row with this key stands here already"),
        ("role: clinical_lead, backup", "role: chief, backup", "fire", "this word is not one"),
        ("owner: clinical_lead", "owner: nobody", "fire", "this owner is not known"),
        ("call_first: [911]", "call_first: [912]", "fire", "this line is not known"),
        ("call_first: [911]", "call_first: []", "fire", "an urgent row has no call_first"),
        ("[Wait., Promise.]", "[Wait.]", "fire", "fewer than two do-nots"),
        ("es: [Quédate.]", "es: [Quédate., Y más.]", "fire", "do not have the same number"),
        ("review_by: 2027", "review_by: 2025", "fire", "the next review is not after"),
        ("reviewed_on: 2026-01-01", "reviewed_on: soon", "fire", "this is not a day"),
        ("under: fire", "under: water", "smoke", "there is no row with this key"),
        ("backup: coordinator", "backup: clinical_lead", "fire", "the backup is the role itself"),
        ("tier: U4", "tierr: U4", "ride", "this name is not known here"),
        ("answer: 1", "answer: 4", "fire", "this value does not fit"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_line(before, after, row, what):
    found = problems(**{"matrix.yml": small.ROWS.replace(before, after, 1)})
    hit = [one for one in found if what in one.what]
    assert hit, found
    assert hit[0].row in (row, "")
    assert hit[0].file == "matrix.yml"
    assert hit[0].line > 1
    assert hit[0].remedy


def test_rows_that_stand_under_each_other_in_a_circle_are_refused():
    turned = small.ROWS.replace("key: fire\n", "key: fire\n    under: smoke\n")
    assert any("circle" in one.what for one in problems(**{"matrix.yml": turned}))


def test_the_same_words_in_two_rows_are_refused():
    ride = small.PACKS["packs/ride.yml"].replace("may i use", "Smoke comes UNDER the door!")
    ride = ride.replace(" the van for a client", "")
    found = problems(**{"packs/ride.yml": ride})
    assert any("stands under" in one.what for one in found)


@pytest.mark.parametrize("text", ["", "- a list", "key: [", "a: *b", "\x00"])
def test_what_is_no_matrix_is_refused_with_a_sentence(text):
    assert problems(**{"matrix.yml": text})[0].remedy


def test_a_pack_for_a_row_that_is_not_there_is_refused():
    pack = "row: water\nlive: {water: {en: [wet], es: []}}"
    assert any("wide row" in one.what for one in problems(**{"packs/water.yml": pack}))


def test_both_parsers_make_the_same_of_a_file():
    text = (
        small.ROWS.replace("?", "") + "\nnull_value: null\nplain: 911\nquoted: '911'\nno_value:\n"
    )
    slow, quick = (program_yaml.read(text, quick=one) for one in (False, True))
    assert slow.data == quick.data
    assert slow.lines == quick.lines
