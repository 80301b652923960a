"""Who handles this? Asked by command, on a message and in the Home; and declined with citation."""

from functools import partial

import pytest
from sqlalchemy import create_engine, text

from bot.slack.ids import Shortcut
from tests.answering import SECRET, FakeEngine, hit, matrix
from tests.harness import UPDATE
from tests.scenarios.backstage import on_both_engines
from tests.scenarios.test_app_home import opens_home, presses_home

TOLD = {
    "goodbye": (hit("suicidal_intent"),),
    "lift": (hit("transport_request"),),
    "maybe": (hit("overdose_risk", 0.4), hit("transport_request", 0.3)),
    "assess": (hit("clinical_assessment"),),
}
RISK, RIDE = (matrix().by_key[key] for key in ("overdose_risk", "transport_request"))


@pytest.fixture
def answering(county):
    """A county whose matcher answers as told."""
    return partial(county, engines=(lambda: FakeEngine(dict(TOLD)),))


async def newest(someone, *texts):
    """What somebody reads that holds all these texts."""

    async def found():
        return next((one for one in await someone.reads() if all(t in one for t in texts)), None)

    return await someone.county.until(found, f"{someone.key} to read {texts}")


async def all_of_it_was_expected(c):
    """Answers that only the asker sees were read above, one by one."""
    await c.clock.settle()
    await c.inbox.look()
    assert {c._whose(news) for news in c.inbox.left} <= {"jo", "lin"}
    c.inbox.left.clear()


def stored(c):
    """Everything that the database holds, as text."""
    engine = create_engine(c.database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as conn:
        if engine.dialect.name == "sqlite":
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = [row[0] for row in conn.execute(text(names))]
        rows = [str(conn.execute(text(f'SELECT * FROM "{one}"')).all()) for one in tables]
    engine.dispose()
    return " ".join(rows)


@on_both_engines
async def test_an_urgent_question_is_answered_with_whom_to_call_and_leaves_no_text(answering):
    async with answering() as c:
        await c.jo.commands(f"/whohandles he said goodbye {SECRET}")
        said = await newest(c.jo, "988", "Page them now", "Why this row")
        assert said.index("988") < said.index("Suicidal thoughts")
        assert "[In danger: page the clinical lead]" in said
        assert "Not adopted yet" not in said  # the sandbox is nobody's county
        await c.rosa.expects_nothing()
        await all_of_it_was_expected(c)
        assert SECRET.split()[0] not in stored(c)


async def test_unsure_shows_a_few_and_that_is_not_it_ends_with_whom_to_ask(answering):
    async with answering() as c:
        await c.jo.commands("/whohandles maybe this")
        await newest(c.jo, RISK.title.en, RIDE.title.en)
        await c.jo.presses("Open")
        await newest(c.jo, RISK.first_actions.en[0])
        await c.jo.presses("That is not it")
        await newest(c.jo, "Then maybe one of these", RIDE.title.en)
        await c.jo.presses("None of these")
        await newest(c.jo, "no row for it", "Pause and ask")
        await all_of_it_was_expected(c)


async def test_the_home_asks_by_a_form_and_the_answer_comes_as_a_message(answering):
    async with answering() as c:
        await opens_home(c.jo)
        await presses_home(c, c.jo, "Who handles this?")
        said = await c.jo.submits({"What is it about?": "a lift please"})
        assert said["errors"] == {}
        await c.jo.expects_dm(UPDATE, RIDE.title.en, "[Decline with citation]")


async def test_on_a_message_a_request_is_declined_into_its_thread_and_passed_on(answering):
    async with answering() as c:
        await c.maya.writes("can a peer assess him", c.clinical.channel)
        ts = await stands(c.maya, "can a peer assess him")
        await c.lin.does(
            "shortcut",
            callback_id=Shortcut.WHO_HANDLES.value,
            channel=c.clinical.channel,
            ts=ts,
        )
        await newest(c.lin, matrix().by_key["clinical_assessment"].title.en)
        await c.lin.does(
            "shortcut",
            callback_id=Shortcut.OUTSIDE_ROLE.value,
            channel=c.clinical.channel,
            ts=ts,
        )
        said = await c.lin.submits({"Which team asked?": "Clinical"})
        assert said["errors"] == {}
        await c.lin.expects_dm("Passed on to you", "clinical_assessment")
        await c.clinical.expects("outside what a peer may do", "Matrix row clinical_assessment")
        await all_of_it_was_expected(c)


async def test_named_in_a_channel_it_answers_whoever_asked_and_nobody_else(answering):
    async with answering() as c:
        await c.lin.writes(f"<@{c.inbox.bot_user}> who gives a lift", c.clinical.channel)
        await newest(c.lin, RIDE.title.en, RIDE.first_actions.en[0])
        assert not [one for one in await c.maya.reads() if RIDE.first_actions.en[0] in one]
        await all_of_it_was_expected(c)


async def stands(someone, words):
    return next(one["ts"] for _, one in await someone.messages() if words in str(one))
