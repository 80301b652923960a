"""Of a change every line is told, so that nobody signs what they could not read."""

from bot.matrix import change, told
from bot.matrix.change import Change, DropRow, Phrase, PutNames, PutSlang
from protocol.people import Language
from tests.matrix import small


def lines(one: Change) -> list[str]:
    return list(told.whole(small.matrix(), one))


def test_a_row_that_goes_is_told_with_all_that_it_says_and_what_led_to_it():
    row = small.matrix().by_key["ride"]
    said = lines(DropRow(key="ride"))
    assert f"− row.title.en: {row.title.en}" in said
    assert any(line.startswith("− phrasings.live.ride.en: ") for line in said)
    assert not any(line.startswith("+") for line in said)


def test_names_are_told_by_line_and_what_stays_is_not():
    one = small.matrix()
    key = next(iter(one.owners))
    owner = one.owners[key]
    title = owner.title.model_copy(update={"en": "Somebody else"})
    owners = {**one.owners, key: owner.model_copy(update={"title": title})}
    said = lines(PutNames(roles=one.roles, owners=owners, lines=one.lines))
    assert said == [
        f"− owners.{key}.title.en: {owner.title.en}",
        f"+ owners.{key}.title.en: Somebody else",
    ]


def test_slang_that_comes_is_told():
    more = {**small.matrix().slang, Language.EN: {"zz": "zebra"}}
    assert "+ en.zz: zebra" in lines(PutSlang(slang=more))


def test_what_makes_one_matrix_of_another_leaves_nothing_out():
    before = small.matrix()
    after = change.apply(before, [Phrase(row="ride", language=Language.EN, text="i need wheels")])
    [only] = change.difference(before, after)
    assert lines(only) == ["+ live.ride.en: i need wheels"]
