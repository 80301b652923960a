"""Never 1: an escalation closes while the worker is not accounted for, or without a name."""

import pytest
from sqlalchemy import update

from protocol import events as e
from protocol.decision import Reason
from protocol.records import Accounted, Finding, VisitState
from storage import tables
from storage.database import Forbidden
from tests.never.life import acts, calls_help, leaps, missed, open_one
from tests.protocol.world import INES, JO, LIN, NOON, ROSA

SPOKEN, SEEN = Accounted.SPOKEN, Accounted.SEEN
CLOSED = {"state": "closed", "due_at": None, "closed_at": NOON}


async def test_it_does_not_close_by_the_worker_nor_without_a_witness_nor_unread(office):
    await missed(office)
    mark = open_one(office).mark
    for by, seen_mark, how, refused in (
        (JO, mark, SPOKEN, Reason.ABOUT_YOURSELF),
        (ROSA, mark, SEEN, Reason.WITNESS_MISSING),
        (ROSA, mark, Accounted.IN_CARE, Reason.WITNESS_MISSING),
        (ROSA, mark - 1, SPOKEN, Reason.CHANGED_SINCE),
    ):
        outcome = await acts(office, by, e.Close, seen_mark, how, Finding.LATE)
        assert outcome.decision.reason is refused
        assert open_one(office).closing is None


async def test_a_call_for_help_does_not_close_by_one_name(office):
    outcome = await calls_help(office)
    matter = outcome.matter.id
    await acts(office, ROSA, e.Close, 1, SPOKEN, Finding.LATE, matter=matter)
    again = await acts(office, ROSA, e.ConfirmClosing, 1, matter=matter)
    assert again.decision.reason is Reason.SECOND_IS_FIRST
    assert open_one(office, matter).second is None
    await acts(office, LIN, e.ConfirmClosing, open_one(office, matter).mark, matter=matter)
    assert office.matter(matter).open_escalation is None


@pytest.mark.parametrize("taken", [False, True])
async def test_nothing_resolves_itself_after_days(office, taken):
    await missed(office)
    if taken:
        await acts(office, ROSA, e.Acknowledge)
    for _ in range(12):
        await leaps(office, 6 * 60)
    assert open_one(office).due_at is not None
    assert office.matter().visit.state is VisitState.ESCALATED


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({}, "closed_means_accounted_for_by_a_named_person"),
        ({"closed_by": "rosa"}, "closed_means_accounted_for_by_a_named_person"),
        ({"accounted": SPOKEN.value}, "closed_means_accounted_for_by_a_named_person"),
        ({"accounted": SPOKEN.value, "closed_by": "jo"}, "nobody_accounts_for_themselves"),
        ({"accounted": "a feeling", "closed_by": "rosa"}, "how_somebody_is_accounted_for_is_known"),
    ],
)
async def test_the_database_refuses_the_row(office, values, rule):
    await missed(office)
    with pytest.raises(Forbidden, match=rule):
        write(office, {**CLOSED, **values})


@pytest.mark.parametrize("second", [None, "rosa", "jo"])
async def test_the_database_refuses_a_call_for_help_without_a_second(office, second):
    await calls_help(office)
    named = {"accounted": SPOKEN.value, "closed_by": "rosa", "second_by": second}
    with pytest.raises(Forbidden, match=r"closed_by_two|nobody_accounts"):
        write(office, {**CLOSED, **named})
    write(office, {**CLOSED, **named, "second_by": INES})


def write(c, values):
    c.ctx.database.run_sync(lambda conn: conn.execute(update(tables.escalation).values(values)))
