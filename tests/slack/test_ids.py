"""Ids: what a button carries comes back as it was packed, and garbage comes back as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import ids
from bot.slack.carried import Carried, pack, unpack
from bot.slack.ids import BUILT_IN_COMMANDS, Command, command_problem
from protocol.ids import MatterId

MATTERS = st.from_regex(r"[A-Za-z0-9._:/-]{1,110}", fullmatch=True)


@given(MATTERS, st.from_regex(r"[a-z_]{0,20}", fullmatch=True), st.integers(0, 999_999_999))
def test_what_was_packed_is_unpacked(matter, said, number):
    packed = pack(MatterId(matter), said, number)
    assert unpack(packed) == Carried(MatterId(matter), said, number)
    assert len(packed) <= 150  # a menu's option takes no more


@given(st.one_of(st.text(), st.none(), st.integers(), st.binary(), st.lists(st.text())))
def test_garbage_is_nothing(value):
    found = unpack(value)
    assert found is None or isinstance(found, Carried)


@pytest.mark.parametrize("value", ["", "||", "m|a", "m|a|x", "m|a|-1", "m|A|1", "m|a|1|2", "ü|a|1"])
def test_what_pack_never_wrote_is_nothing(value):
    assert unpack(value) is None


@pytest.mark.parametrize("name", sorted(BUILT_IN_COMMANDS))
def test_slacks_own_commands_are_refused(name):
    assert "Slack's own" in (command_problem(name) or "")


@pytest.mark.parametrize("name", ["visit", "/Visit", "/vi sit", "/", "/" + "a" * 32, "/é"])
def test_names_that_slack_does_not_take_are_refused(name):
    assert command_problem(name)


@pytest.mark.parametrize("command", list(Command))
def test_our_own_names_are_fine(command):
    assert command_problem(f"/{command.value}") is None


def test_the_two_answers_are_told_apart_by_nothing_but_a_letter():
    first, second = (pack(MatterId("m1"), said) for said in ids.ANSWERS)
    assert len(first) == len(second)
    assert sum(one != other for one, other in zip(first, second, strict=True)) == 1
