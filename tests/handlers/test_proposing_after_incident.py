"""A change of the matrix is proposed after an incident that is over: it names it, and nobody."""

import pytest

from bot.request import HelpTarget, OfMatter, Request
from bot.slack.carried import NO_MATTER, pack
from bot.slack.ids import Action
from protocol import events as e
from protocol.ids import MatterId, ProgramId
from protocol.records import Accounted, Finding
from storage import incidents
from storage.matrix_versions import Version
from storage.revision_tables import Source
from tests.county import PROGRAM, also_serves
from tests.handlers.test_proposals import (
    ROW,
    TYPED,
    button,
    form_of,
    give_a_matrix,
    inputs_of,
    kept,
    proposes,
    run,
)
from tests.protocol.world import JO, LIN, MAYA, NOON
from tests.slack.payloads import submission, tap


@pytest.fixture(autouse=True)
def _a_matrix(real_workplace):
    give_a_matrix(real_workplace)


async def closed_help(workplace, *, closes=True, form=e.HelpForm.CALL):
    """Jo calls for help, Rosa answers, and two people close it."""
    run = workplace.run
    ctx, call = workplace.door.ctx, HelpTarget(None, MatterId("h1"))
    told = iter(range(9))

    async def does(user, event, target):
        await run(ctx, Request(f"d{next(told)}", user, target, event, False))

    now = ctx.clock.now()
    await does("U_JO", lambda by: e.Help(now, by, form), call)
    if closes:
        at = OfMatter(MatterId("h1"))
        await does("U_ROSA", lambda by: e.Acknowledge(now, by), at)
        mark = workplace.matters()[0].escalations[-1].mark
        how = (Accounted.SPOKEN, Finding.OTHER)
        await does("U_ROSA", lambda by: e.Close(now, by, mark, *how), at)
        mark = workplace.matters()[0].escalations[-1].mark
        await does("U_LIN", lambda by: e.ConfirmClosing(now, by, mark), at)


def after_incident(matter="h1", number=1):
    return button(Action.PROPOSE_CHANGE, pack(MatterId(matter), "incident", number))


async def test_after_an_incident_a_change_is_proposed_that_names_it_and_nobody(real_workplace):
    await closed_help(real_workplace)
    view = await form_of(real_workplace, after_incident())
    assert "source" not in [one["block_id"] for one in inputs_of(view)]
    await proposes(real_workplace, {**TYPED, "row": ROW}, element=after_incident())
    [found] = kept(real_workplace)
    assert (found.source, found.source_id) == (Source.INCIDENT, "h1#1")
    version = Version("v1", PROGRAM, 1, "b", "a", b"", found.id, "why", JO, MAYA, LIN, NOON)
    assert run(real_workplace, incidents.before, version) == real_workplace.door.ctx.clock.now()


async def test_a_change_after_an_incident_goes_where_the_incident_was(real_workplace):
    await closed_help(real_workplace)
    real_workplace.door.ctx.database.run_sync(also_serves, ProgramId("alpine"))
    await proposes(real_workplace, {**TYPED, "row": ROW}, element=after_incident())
    [found] = kept(real_workplace)
    assert found.program == PROGRAM


@pytest.mark.parametrize("which", [("h1", 2), ("h2", 1)])
async def test_no_form_opens_about_an_incident_that_is_none(real_workplace, which):
    await closed_help(real_workplace)
    await real_workplace.gets(tap(after_incident(*which)))
    assert real_workplace.slack.calls == []
    assert "none that a change can name" in real_workplace.said[-1]["text"]


async def test_an_incident_that_is_open_is_no_source_even_of_a_form_that_was_made_up(
    real_workplace,
):
    await closed_help(real_workplace, closes=False)
    view = await form_of(real_workplace, button(Action.PROPOSE_CHANGE, pack(NO_MATTER)))
    made_up = {**view, "private_metadata": pack(MatterId("h1"), "incident", 1)}
    back = await real_workplace.gets(submission(made_up, {**TYPED, "row": ROW}))
    assert back["response_action"] == "errors"
    assert kept(real_workplace) == []
