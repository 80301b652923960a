"""The huddle's post: once a day at its local time, late but not too late, and what stands in it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.matcher import Matcher
from bot.matrix.change import Phrase, dump
from bot.request import HelpTarget, NewMatter
from bot.runner import Write
from bot.scheduler import huddle_letters, is_quiet
from bot.scheduler.compose import Edits, Letter
from bot.scheduler.huddle import LATE_MAX, Huddles, next_due
from bot.scheduler.patterns import bring_all
from protocol import events as e
from protocol.ids import MatterId
from protocol.people import Language, Role
from protocol.trigger import RaiseTrigger
from storage import asked, gaps, huddles, outbox, proposals, tables
from storage.gaps import Gap
from storage.proposals import Proposal
from storage.revision_tables import Ended, Source
from tests.answering import FakeEngine, matrix
from tests.county import PROGRAM, County
from tests.protocol.world import JO, MAYA, NOON, SAM, page_of, plan
from tests.slack.readable import readable
from tests.storage.test_huddles import pattern

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SAID = {"at": "08:45", "days": ["mon", "tue", "wed", "thu", "fri"], "managers": {}}
# NOON is a Tuesday, two days after the clocks went forward: 8:45 there is 15:45 UTC.
MORNING = datetime(2026, 3, 11, 15, 45, tzinfo=UTC)
OWN_LIFE = "own_return_to_use"


def listening(county):
    matcher = county.ctx.matcher
    matcher.engine = FakeEngine()
    matcher.state = Matcher(matcher.engine).state


@pytest.fixture
def county(ready_database_url):
    made = County.on(ready_database_url)
    listening(made)
    says(made)
    yield made
    made.ctx.database.dispose()


def says(county, said=SAID, zone=None):
    values = {"huddle": said, "channels": {"huddle": "C_HUDDLE", "clinical": "C_CLINICAL"}}
    values |= {"zone": zone} if zone else {}
    county.ctx.database.run_sync(lambda c: c.execute(update(tables.program).values(**values)))


def due(county, at):
    return county.ctx.database.run_sync(next_due, at)


def queued(county):
    return [row for row in county.rows("outbox") if row.kind == huddles.KIND]


async def holds(county, at=MORNING):
    county.clock.at = at
    return await Huddles(county.ctx).work()


def keep_gap(county, number=1, text="he wants me to hold his wallet", shown=(), at=NOON):
    gap = Gap(f"g{number}", PROGRAM, at, matrix().version, text, tuple(shown))
    county.ctx.database.run_sync(gaps.add, gap)
    return gap


def drawn(county, part, at=MORNING):
    """The message that a row becomes, as it is sent."""
    [row] = [one for one in queued(county) if one.body["part"] == part]
    return county.ctx.database.run_sync(
        lambda conn: huddle_letters.compose(
            conn, outbox._row(row), county.ctx.matcher.matrix_of, at
        )
    )


def told(letter):
    assert isinstance(letter, Letter)
    return readable(letter.message.blocks)


async def test_it_is_posted_at_its_local_time_once(county):
    assert due(county, NOON) == MORNING
    assert await holds(county, MORNING - MINUTE) == 0
    assert await holds(county) == 1
    assert await holds(county) == 0
    assert [(row.key, row.channel) for row in queued(county)] == [
        (f"{PROGRAM}/huddle/2026-03-11", "huddle")
    ]
    assert due(county, MORNING) == MORNING + DAY


async def test_two_replicas_post_once(county):
    county.clock.at = MORNING
    one, other = Huddles(county.ctx), Huddles(county.ctx)
    assert [await one.work(), await other.work()] == [1, 0]
    # As if the other had looked a moment before the first was committed.
    key = queued(county)[0].key
    county.ctx.database.run_sync(
        lambda c: c.execute(tables.matrix_tables.huddle_tables.huddle.delete())
    )
    await other.work()
    assert [row.key for row in queued(county)] == [key]


async def test_no_huddle_is_posted_on_other_days(county):
    friday = MORNING + 2 * DAY
    assert await holds(county, friday) == 1
    assert due(county, friday) == friday + 3 * DAY
    assert await holds(county, friday + DAY) == 0
    assert await holds(county, friday + 2 * DAY) == 0


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        # The clocks go forward on March 8 and back on November 1, both on a Sunday.
        (datetime(2026, 3, 6, 20, tzinfo=UTC), datetime(2026, 3, 9, 15, 45, tzinfo=UTC)),
        (datetime(2026, 10, 30, 20, tzinfo=UTC), datetime(2026, 11, 2, 16, 45, tzinfo=UTC)),
    ],
)
async def test_it_stays_at_the_same_local_time_when_the_clocks_change(county, before, expected):
    assert due(county, before) == expected


async def test_a_time_that_the_clocks_skip_comes_later_and_one_that_comes_twice_comes_once(county):
    says(county, {"at": "02:30", "days": ["sun"], "managers": {}})
    assert due(county, datetime(2026, 3, 7, 20, tzinfo=UTC)) == datetime(
        2026, 3, 8, 10, 30, tzinfo=UTC
    )
    says(county, {"at": "01:30", "days": ["sun"], "managers": {}})
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert due(county, first - DAY) == first
    assert await holds(county, first) == 1
    assert await holds(county, first + timedelta(hours=1)) == 0


async def test_a_bot_that_was_away_posts_late_and_after_three_hours_not_at_all(county):
    assert await holds(county, MORNING + LATE_MAX) == 0
    assert due(county, MORNING + LATE_MAX) == MORNING + DAY
    assert await holds(county, MORNING + DAY + LATE_MAX - MINUTE) == 1


async def test_one_that_was_missed_before_midnight_is_still_posted_after_it(county):
    says(county, {"at": "23:30", "days": ["wed"], "managers": {}})
    late = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)  # one in the morning of Thursday there
    assert await holds(county, late) == 1
    assert [row.key for row in queued(county)] == [f"{PROGRAM}/huddle/2026-03-11"]


async def test_without_a_channel_or_a_time_nothing_is_posted(county):
    says(county, None)
    assert due(county, NOON) is None
    says(county)
    county.ctx.database.run_sync(
        lambda c: c.execute(update(tables.program).values(channels={"clinical": "C_CLINICAL"}))
    )
    assert due(county, NOON) is None
    assert await holds(county) == 0


def test_a_clock_that_leaps_stops_at_the_next_huddle(county):
    quiet, wake = county.ctx.database.run_sync(is_quiet, NOON, county.clock.transport())
    assert quiet
    assert wake == MORNING


async def test_todays_visits_stand_in_it_by_time_place_and_name_and_not_by_state(county):
    hours = (MORNING - NOON) / timedelta(hours=1) + 1
    await county.plans(JO, plan(start_in=60 * hours))
    await holds(county)
    said = told(drawn(county, huddles.POST))
    assert "Visits today: 1" in said
    assert "9:45 AM: Main Street shelter, Jo" in said
    county.clock.at = MORNING + timedelta(hours=1)
    now = county.clock.at
    await county.does(
        JO, lambda by: e.Help(now, by, e.HelpForm.QUIET), HelpTarget(None, MatterId("h"))
    )
    again = told(drawn(county, huddles.POST, MORNING))
    assert again == said


async def test_what_is_silent_or_of_ones_own_life_stands_nowhere(county):
    county.clock.at = NOON
    quiet = HelpTarget(None, MatterId("help"))
    await county.does(SAM, lambda by: e.Help(NOON, by, e.HelpForm.QUIET), quiet)
    private = page_of(private=True, danger=True)
    await county.does(
        JO,
        lambda by: RaiseTrigger(NOON, by, NOON, private, "of my own", danger=True),
        NewMatter(MatterId("own")),
    )
    assert len(county.rows("raised")) == 1
    keep_gap(county, 1, shown=[OWN_LIFE])
    for _ in range(3):
        county.ctx.database.run_sync(asked.count, PROGRAM, OWN_LIFE, NOON)
    await holds(county)
    said = told(drawn(county, huddles.POST))
    assert "*Still open:* nothing" in said
    assert "Sam" not in said
    assert matrix().by_key[OWN_LIFE].title.en not in said
    assert "no gap to settle" in said
    assert len(queued(county)) == 1


async def test_what_is_open_stands_in_it_oldest_first_without_a_workers_name_or_what_was_seen(
    county,
):
    paged, called = MatterId("t1"), HelpTarget(None, MatterId("h1"))
    page = RaiseTrigger(NOON, JO, NOON, page_of(), "she gave away her dog")
    later = NOON + timedelta(hours=2)
    await county.does(SAM, lambda by: e.Help(later, by, e.HelpForm.CALL), called)
    await county.does(JO, lambda by: page, NewMatter(paged))
    await holds(county)
    said = told(drawn(county, huddles.POST, NOON + 2 * DAY))
    assert "Suicidal intent: open for 2 d, nobody has it yet" in said
    assert "Help: call me: open for 1 d, nobody has it yet" in said
    assert said.index("Suicidal intent") < said.index("Help: call me")
    assert not [word for word in ("Sam", "Jo", "dog") if word in said]


async def test_the_row_that_was_asked_most_is_looked_at_and_then_another(county):
    key = next(row.key for row in matrix().rows if not row.private)
    county.ctx.database.run_sync(asked.count, PROGRAM, key, NOON)
    await holds(county)
    row = matrix().by_key[key]
    said = told(drawn(county, huddles.POST))
    assert f"A row to look at again: {row.title.en}" in said
    assert row.do_not.en[0] in said
    await holds(county, MORNING + DAY)
    first, second = county.rows("huddle")
    assert first.row_key == key != second.row_key


async def test_five_gaps_at_most_stand_below_it_the_oldest_first(county):
    for number in range(7):
        keep_gap(county, number, f"question {number}", at=NOON - number * DAY)
    await holds(county)
    letter = drawn(county, huddles.GAPS)
    said = told(letter)
    assert [number for number in range(7) if f"question {number}" in said] == [2, 3, 4, 5, 6]
    assert said.index("question 6") < said.index("question 2")
    rows = [block for block in letter.message.blocks if block["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [3] * 5
    assert letter.channel == "C_HUDDLE"
    assert "question" not in letter.message.text


async def test_the_outbox_holds_no_words_of_a_question(county):
    keep_gap(county, 1, "he wants me to hold his wallet")
    await holds(county)
    assert "wallet" not in str([row.body for row in queued(county)])


async def test_a_pattern_stands_in_it_without_a_peer_and_goes_to_the_manager_once(county):
    row = next(one.key for one in matrix().rows if not one.private)
    pattern(county.ctx.database, row=row)
    await holds(county)
    assert await holds(county, MORNING + DAY) == 1
    post = [one for one in queued(county) if one.body["part"] == huddles.POST]
    assert len(post) == 2
    items = [one for one in queued(county) if one.body["part"] == huddles.PATTERN]
    assert [one.to_person for one in items] == ["pat"]
    said = told(drawn(county, huddles.PATTERN))
    assert "Shelter" in said
    assert "asked of peers 5 times" in said
    assert not {"Jo", "Sam", "Rosa"} & set(said.replace(",", " ").split())


async def test_the_requesters_manager_hears_of_it_where_the_program_names_one(county):
    says(county, {**SAID, "managers": {"shelter": "theo"}})
    pattern(county.ctx.database)
    write = Write.of(county.ctx)
    work = county.ctx.database.run_sync
    assert work(bring_all, write, county.ctx.matcher.matrix_of) == 1
    assert work(bring_all, write, county.ctx.matcher.matrix_of) == 0
    assert [one.to_person for one in queued(county)] == ["theo"]


async def test_until_the_matrix_is_read_no_row_stands_there_and_no_pattern_is_brought_up(county):
    pattern(county.ctx.database)
    county.ctx.matcher.engine = None
    await holds(county)
    assert "no row stands here" in told(drawn(county, huddles.POST))
    assert len(queued(county)) == 1


async def test_an_edit_of_a_message_that_is_not_there_is_none(county):
    letter = huddles.Letter("settled/g1", {"part": "settled", "channel": "C1", "ts": "1.2"})
    times = {"at": NOON, "transport_now": NOON}
    county.ctx.database.run_sync(lambda c: huddles.queue(c, PROGRAM, [letter], **times))
    assert drawn(county, huddles.SETTLED) == Edits()


def proposed(county, which="p1", key="clinical_assessment", **more):
    text = Phrase(row=key, language=Language.EN, text=f"what does he have {which}")
    one = Proposal(
        which,
        PROGRAM,
        matrix().version,
        Source.GAP,
        tuple(dump([text])),
        "Bertha asked",
        JO,
        NOON,
        **more,
    )
    county.ctx.database.run_sync(proposals.add, one)


def post_at(county, at):
    return told(drawn(county, huddles.POST, at))


async def test_a_change_that_waits_longer_than_the_policy_says_is_named_with_who_is_to_sign(county):
    proposed(county)
    title = matrix().by_key["clinical_assessment"].title.en
    await holds(county)
    assert "waits for a yes" not in post_at(county, NOON + 7 * DAY)
    said = post_at(county, NOON + 7 * DAY + MINUTE)
    assert said.count(f"“{title}”: proposed 7 d ago.") == 1
    assert "Still to sign: Peer supervisor (Maya); Clinical lead (Lin)" in said
    assert "Bertha" not in said
    county.ctx.database.run_sync(
        lambda c: proposals.sign(c, "p1", Role.PEER_SUPERVISOR, by=MAYA, at=NOON)
    )
    said = post_at(county, NOON + 8 * DAY)
    assert "Still to sign: Clinical lead (Lin)" in said
    assert "Maya" not in said
    county.ctx.database.run_sync(
        lambda c: proposals.end(c, "p1", Ended.DECLINED, by=MAYA, at=NOON, why="no")
    )
    assert "waits for a yes" not in post_at(county, NOON + 8 * DAY)


async def test_a_change_that_cannot_be_signed_says_so_and_a_private_row_is_not_named(county):
    proposed(county, "p1", effect={"against": matrix().version, "lost": 1})
    proposed(county, "p2", OWN_LIFE)
    await holds(county)
    said = post_at(county, NOON + 8 * DAY)
    assert "It can't be signed as it is." in said
    assert "the matrix as a whole: proposed 8 d ago." in said
    assert matrix().by_key[OWN_LIFE].title.en not in said
