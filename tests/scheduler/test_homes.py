"""Open Homes follow what happens: soon, in turn, no more often than needed, and from anywhere."""

from itertools import pairwise

from sqlalchemy import delete, update

from bot.request import CurrentMatter
from bot.scheduler.homes import LATER, MEND_EVERY, Homes
from bot.slack import homes as drawing
from bot.slack.homes import PACE
from bot.slack.send import Refusal, Unknown
from protocol import events as e
from storage import homes, tables
from tests.county import PROGRAM, TRANSPORT, slack_id
from tests.protocol.world import JO, LIN, MAYA, ROSA, SAM, THEO, plan
from tests.scheduler.shift import open_shift
from tests.slack.readable import readable
from tests.virtual_time import during, passes, run


class FakeHomes:
    """This is Slack as far as Homes go: it keeps what was published, and refuses as told."""

    def __init__(self):
        self.published = []
        self.will = []
        self.now = None

    async def __call__(self, method, *, write=False, **given):
        assert (method, write) == ("views.publish", True)
        await passes(0.05)
        will = self.will.pop(0) if self.will else None
        if isinstance(will, Exception):
            raise will
        self.published.append((self.now() if self.now else None, given))
        return {"ok": True, "view": {"hash": f"h{len(self.published)}"}}

    def to(self, who):
        user = slack_id(who)
        return [given["view"] for _, given in self.published if given["user_id"] == user]

    def times(self, who):
        return [at for at, given in self.published if given["user_id"] == slack_id(who)]


def keeper(shift, slack=None):
    slack = slack or FakeHomes()
    slack.now = shift.clock.monotonic
    return Homes(shift.ctx, slack), slack


def drawn(shift, who):
    return drawing.draw(shift.database.run_sync(drawing.read, slack_id(who), shift.clock.now()))


def has_opened(shift, *people):
    """Their Homes were opened, and show what is true now."""
    for who in people:
        now, shown = shift.clock.transport(), drawn(shift, who).digest
        shift.database.run_sync(homes.opened, who, shown, None, now=now, next_at=now)


async def looks(keeping, seconds=10.0):
    await during(keeping.loop.run(), passes(seconds))


async def goes_out(shift, who=JO, matter="m1"):
    now = shift.clock.now()
    await shift.county.plans(who, plan(start_in=0, lasts=300), matter)
    await shift.county.does(who, lambda by: e.Arrive(now, by))


async def says_ok(shift, said, who=JO):
    now = shift.clock.now()
    await shift.county.does(who, lambda by: e.CheckIn(now, by, said), CurrentMatter())
    await shift.works(10)


def test_while_nothing_changes_nothing_is_published_or_read(shift):
    async def main():
        has_opened(shift, JO, ROSA)
        keeping, slack = keeper(shift)
        await looks(keeping)
        shift.fuse.passed.clear()
        await looks(keeping, 30)
        return slack.published, [name for name in shift.fuse.passed if "before read" in name]

    assert run(main()) == ([], [])


def test_with_no_home_open_nothing_is_looked_at(shift):
    async def main():
        keeping, slack = keeper(shift)
        await goes_out(shift)
        await looks(keeping)
        return slack.published

    assert run(main()) == []


def test_a_change_shows_on_the_homes_of_its_people_and_of_the_boards_and_on_no_others(shift):
    async def main():
        has_opened(shift, JO, SAM, ROSA, LIN)
        keeping, slack = keeper(shift)
        await looks(keeping, 2)
        await goes_out(shift)
        await looks(keeping, 5)
        return slack

    slack = run(main())
    assert {who: len(slack.to(who)) for who in (JO, SAM, ROSA, LIN)} == {
        JO: 1,
        SAM: 0,
        ROSA: 1,
        LIN: 1,
    }
    assert "Main Street shelter" in readable(slack.to(ROSA)[0]["blocks"])
    assert slack.published[-1][1]["user_id"] == slack_id(JO), "those who stand behind come first"


def test_after_a_commit_the_homes_follow_within_a_second(shift):
    async def main():
        has_opened(shift, JO)
        keeping, slack = keeper(shift)
        await looks(keeping, 5)

        async def later():
            await passes(0.5)
            began = shift.clock.monotonic()
            await goes_out(shift)
            await passes(5)
            return began

        began = await during(keeping.loop.run(), later())
        return slack.times(JO)[0] - began

    assert run(main()) < 1.0


def test_many_changes_are_one_edition_every_few_seconds_with_the_newest_state(shift):
    async def main():
        has_opened(shift, ROSA)
        keeping, slack = keeper(shift)

        async def busy():
            for number in range(20):
                await goes_out(shift, (JO, SAM)[number % 2], f"m{number}")
                await passes(0.3)
            await passes(10)

        await during(keeping.loop.run(), busy())
        return slack, drawn(shift, ROSA).digest

    slack, newest = run(main())
    times = slack.times(ROSA)
    assert 2 <= len(times) <= 4
    assert min(after - before for before, after in pairwise(times)) >= PACE.total_seconds()
    [row] = shift.county.rows("home")
    assert row.shown == newest


def test_a_refused_edition_is_tried_again_later_and_wakes_nobody(shift, logged):
    async def main():
        has_opened(shift, JO)
        keeping, slack = keeper(shift)
        slack.will = [Refusal("internal_error"), Unknown("timeout")]
        await goes_out(shift)
        await looks(keeping, 3 * LATER.total_seconds())
        return slack, keeping.loop.faults

    slack, faults = run(main())
    assert len(slack.to(JO)) == 1
    assert faults == 0
    assert {line["log_level"] for line in logged if line["event"].startswith("homes")} == {
        "warning"
    }


def test_slacks_own_time_is_waited_for(shift):
    async def main():
        has_opened(shift, JO)
        keeping, slack = keeper(shift)
        slack.will = [Refusal("ratelimited", 120.0)]
        began = shift.clock.monotonic()
        await goes_out(shift)
        await looks(keeping, 200)
        return slack.times(JO)[0] - began

    assert run(main()) >= 120


def test_where_another_has_published_meanwhile_the_next_edition_goes_on_top(shift):
    async def main():
        has_opened(shift, JO)
        keeping, slack = keeper(shift)
        slack.will = [Refusal("hash_conflict")]
        await goes_out(shift)
        await looks(keeping, 10)
        return slack.published

    [(_, given)] = run(main())
    assert given["hash"] is None


def test_two_replicas_publish_a_change_once(shift):
    async def main():
        has_opened(shift, JO, ROSA)
        slack = FakeHomes()
        first, second = keeper(shift, slack)[0], keeper(shift, slack)[0]
        await goes_out(shift)
        await during(first.loop.run(), looks(second, 10))
        return slack

    slack = run(main())
    assert len(slack.to(JO)) == len(slack.to(ROSA)) == 1


def test_what_no_matter_tells_of_is_mended_within_a_minute_or_at_once_when_doubted(shift):
    def renames(conn, name):
        conn.execute(update(tables.person).where(tables.person.c.id == MAYA).values(name=name))

    async def main():
        has_opened(shift, JO)
        keeping, slack = keeper(shift)
        await looks(keeping, 2)
        shift.database.run_sync(renames, "Maya Okafor")
        await looks(keeping, MEND_EVERY.total_seconds() + 2)
        mended = len(slack.to(JO))
        shift.database.run_sync(renames, "Maya O.")
        shift.database.run_sync(homes.doubt, PROGRAM)
        await looks(keeping, 4)
        return mended, slack.to(JO)

    mended, shown = run(main())
    assert mended == 1
    assert [name in str(view) for name, view in zip(("Okafor", "Maya O."), shown, strict=True)]
    assert len(shown) == 2


def opened_a_day_ago(conn):
    conn.execute(update(tables.home).values(opened_at=TRANSPORT - homes.KEPT_FOR))


def test_whoever_is_gone_or_has_not_looked_for_a_day_gets_no_more_editions(shift):
    async def main():
        has_opened(shift, JO, SAM)
        keeping, slack = keeper(shift)
        slack.will = [Refusal("user_not_found")]
        await goes_out(shift)
        await looks(keeping, 5)
        assert {row.person_id for row in shift.county.rows("home")} == {SAM}
        shift.database.run_sync(opened_a_day_ago)
        await looks(keeping, MEND_EVERY.total_seconds() + 2)
        return slack.published

    assert run(main()) == []
    assert shift.county.rows("home") == []


def test_whoever_lost_every_role_is_shown_nothing_any_more_and_is_not_read_again_and_again(shift):
    async def main():
        has_opened(shift, ROSA)
        keeping, slack = keeper(shift)
        await goes_out(shift)
        await looks(keeping, 5)
        shift.database.run_sync(lambda conn: conn.execute(delete(tables.role_grant)))
        await looks(keeping, MEND_EVERY.total_seconds() + 2)
        shift.fuse.passed.clear()
        await looks(keeping, 30)
        return slack.to(ROSA), [name for name in shift.fuse.passed if name == "before read"]

    shown, reads = run(main())
    assert "Main Street shelter" in str(shown[0])
    assert "Belay does not know you yet." in readable(shown[-1]["blocks"])
    assert len(reads) <= 1


def test_one_home_that_cannot_be_drawn_leaves_the_others_alone(shift, monkeypatch):
    real = drawing.read

    def read(conn, user, at, *shipped):
        if user == slack_id(ROSA):
            raise ValueError("broken")
        return real(conn, user, at, *shipped)

    async def main():
        has_opened(shift, JO, ROSA)
        monkeypatch.setattr(drawing, "read", read)
        keeping, slack = keeper(shift)
        await goes_out(shift)
        await looks(keeping, 20)
        return slack, keeping.loop.faults

    slack, faults = run(main())
    assert len(slack.to(JO)) == 1
    assert faults == 0


def test_a_duress_answer_publishes_what_an_ordinary_one_publishes(shift):
    """Never 8: Jo's "b" means duress. Theo, whom Jo excluded, and all others see no difference."""
    people = (JO, SAM, ROSA, THEO, MAYA, LIN)

    async def main(shift, said):
        await goes_out(shift)
        await shift.works(90)
        has_opened(shift, *people)
        keeping, slack = keeper(shift)
        await looks(keeping, 5)
        await says_ok(shift, said)
        await looks(keeping, 70)
        return [(given["user_id"], given["view"]) for _, given in slack.published]

    other = open_shift()
    ordinary = run(main(shift, "a"))
    duress = run(main(other, "b"))
    silent = [row for row in other.county.rows("matter") if row.silent]
    other.database.dispose()
    assert len(silent) == 1
    assert ordinary, "an answer shows"
    assert duress == ordinary
