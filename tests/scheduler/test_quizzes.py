"""Questions are offered again when a row that mattered has changed: once, and by day."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.matcher import Matcher
from bot.matrix import body, quizzing
from bot.matrix.change import DropRow, apply
from bot.scheduler.quizzes import EVERY, Quizzes
from protocol import events as e
from protocol import quiz as rules
from protocol.people import Language
from protocol.quiz import Quiz
from storage import matrix_versions, people, quizzes
from storage.matrix_versions import Version
from tests.answering import FakeEngine, matrix
from tests.county import PROGRAM, County
from tests.protocol.world import JO, LIN, NOON, SAM, minutes, plan

DAY = datetime(2026, 3, 11, 17, 0, tzinfo=UTC)  # ten in the morning there
NIGHT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    made.clock.at = DAY
    engine = FakeEngine()
    made.ctx.matcher.engine, made.ctx.matcher.state = engine, Matcher(engine).state
    yield made
    made.ctx.database.dispose()


def passed(county, who, *, changed=(), wrong=(), which="q"):
    """This person has passed; the rows at `changed` were others then."""
    chosen = rules.as_asked(rules.choose("seed", quizzing.items(matrix())))
    rows = tuple(
        replace(row, digest="before") if number in changed else row
        for number, row in enumerate(chosen)
    )
    at = county.clock.now()
    one = Quiz(f"{which}-{who}", PROGRAM, who, "v", rows, at)

    def store(conn):
        quizzes.add(conn, one)
        after = one
        for number, row in enumerate(rows):
            choice = row.answer % 3 + 1 if number in wrong else row.answer
            after = rules.answered(after, choice, at)
        quizzes.save(conn, after)

    county.ctx.database.run_sync(store)
    return rows


def offers(county):
    rows = [row for row in county.rows("outbox") if "/quiz/" in row.key]
    return {row.to_person: row.body["text"] for row in rows}


async def test_whoever_is_due_is_asked_once_in_their_language_and_nobody_else(county):
    rows = passed(county, JO, changed=(0,))
    passed(county, SAM, changed=(1,))
    passed(county, LIN)
    county.ctx.database.run_sync(people.set_language, SAM, Language.ES)
    loop, other = Quizzes(county.ctx), Quizzes(county.ctx)
    assert [await loop.work(), await other.work(), await loop.work()] == [2, 0, 0]
    told = offers(county)
    assert set(told) == {JO, SAM}
    assert matrix().by_key[rows[0].key].title.en in told[JO]
    assert "Try the questions" in told[JO]
    assert matrix().by_key[rows[1].key].title.es in told[SAM]
    assert "Probar las preguntas" in told[SAM]


async def test_another_change_is_offered_again(county):
    passed(county, JO, changed=(0,))
    loop = Quizzes(county.ctx)
    assert await loop.work() == 1
    passed(county, JO, changed=(0, 1), which="r")
    assert await loop.work() == 1


async def test_at_night_nobody_is_asked_and_in_the_morning_they_are(county):
    passed(county, JO, changed=(0,))
    county.clock.at = NIGHT
    assert await Quizzes(county.ctx).work() == 0
    county.clock.at = DAY
    assert await Quizzes(county.ctx).work() == 1


async def test_without_a_matrix_nobody_is_told_that_it_changed(county):
    passed(county, JO, changed=(0,))
    county.ctx.matcher.engine = None
    assert await Quizzes(county.ctx).work() == 0


async def test_a_row_that_did_not_matter_is_no_reason(county):
    passed(county, JO, changed=(9,))
    assert await Quizzes(county.ctx).work() == 0


async def test_it_is_looked_at_once_an_hour(county):
    loop = Quizzes(county.ctx)
    await loop.work()
    assert await loop.until_due() == EVERY


async def test_whoever_is_out_is_asked_after_the_visit(county):
    passed(county, JO, changed=(0,))
    passed(county, SAM, changed=(0,))
    county.clock.at = NOON
    await county.plans(JO, plan(start_in=10))
    county.clock.at = NOON + minutes(10)
    loop = Quizzes(county.ctx)
    assert await loop.work() == 1
    assert set(offers(county)) == {SAM}
    now = county.clock.now()
    for event in (e.Arrive, e.Leave, e.Clear):
        await county.does(JO, lambda by, event=event: event(now, by))
    assert await loop.work() == 1
    assert set(offers(county)) == {JO, SAM}


def has_version(county, of, number=1):
    """The program has had this matrix as a version of its own."""
    version = Version(
        f"v{number}",
        PROGRAM,
        number,
        of.version,
        "base",
        matrix_versions.deflated(body.written(of)),
        "p",
        "why",
        SAM,
        JO,
        LIN,
        DAY,
    )
    county.ctx.database.run_sync(matrix_versions.add, version)


def passed_then(county, who, was):
    """This person has passed the questions about this former matrix, without one wrong answer."""
    chosen = rules.as_asked(rules.choose("seed", quizzing.items(was)))
    at = county.clock.now()

    def store(conn):
        after = quizzes.add(conn, Quiz(f"q-{who}", PROGRAM, who, was.version, chosen, at))
        for row in chosen:
            after = rules.answered(after, row.answer, at)
        quizzes.save(conn, after)

    county.ctx.database.run_sync(store)
    return {one.key for one in chosen}


async def test_an_urgent_row_that_is_new_is_offered_to_whoever_passed_before_it_was_there(county):
    new = next(one for one in matrix().wide_rows() if one.urgent and not one.private)
    was = apply(matrix(), [DropRow(key=new.key), *drops_under(new.key)])
    has_version(county, was)
    asked = passed_then(county, JO, was)
    assert new.key not in asked
    loop = Quizzes(county.ctx)
    assert [await loop.work(), await loop.work()] == [1, 0]
    assert new.title.en in offers(county)[JO]


async def test_a_row_that_is_new_and_not_urgent_is_no_reason(county):
    new = next(one for one in matrix().wide_rows() if not one.urgent and not one.private)
    was = apply(matrix(), [DropRow(key=new.key), *drops_under(new.key)])
    has_version(county, was)
    passed_then(county, JO, was)
    assert await Quizzes(county.ctx).work() == 0


def drops_under(key):
    return [DropRow(key=one.key) for one in matrix().narrower(key)]
