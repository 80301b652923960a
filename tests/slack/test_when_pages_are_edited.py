"""Pages that stand are edited when they say something else by now, and at no other time."""

from collections import Counter
from functools import cache

from bot.slack.render.page import page
from protocol import events as e
from protocol.decision import Reason
from protocol.effects import OpenThread, Page, Refresh, Surface
from tests.protocol.seen import open_one, watch
from tests.protocol.walk import Step, life
from tests.protocol.world import JO, ROSA, missed
from tests.slack.examples import view

LIVES = 150
# Asked whether they are still on it, the owner has some minutes more. Nobody else need know.
UNTOLD = {Reason.ASKED_OWNER}
# Said again within the same minute, these change the page by nothing that can be seen.
SAID_AGAIN = {Reason.STILL_ON_IT, Reason.SUPPORT_SENT, Reason.EMERGENCY_CALLED}


@cache
def with_pages() -> tuple[Step, ...]:
    """Every step of some lives that befell a matter whose pages stand and are open."""
    lived = (step for seed in range(LIVES) for step in life(seed))
    return tuple(
        step
        for step in lived
        if step.before.open_escalation is not None and step.before.open_escalation.paged
    )


def edits(step: Step, surface: Surface) -> int:
    effects = step.decision.effects
    return sum(isinstance(one, Refresh) and one.surface is surface for one in effects)


def reads_anew(step: Step) -> bool:
    number = len(step.before.escalations) - 1
    before, after = (
        page(view(matter), matter.escalations[number]) for matter in (step.before, step.after)
    )
    return before != after


def test_pages_that_say_something_else_by_now_are_edited():
    stale = Counter(
        step.decision.reason
        for step in with_pages()
        if reads_anew(step) and not edits(step, Surface.PAGES)
    )
    assert stale.keys() <= UNTOLD, stale


def test_pages_that_say_the_same_are_left_alone():
    needless = Counter(
        step.decision.reason
        for step in with_pages()
        if edits(step, Surface.PAGES) and not reads_anew(step)
    )
    assert needless.keys() <= SAID_AGAIN, needless


def test_nothing_is_asked_for_twice_in_one_decision():
    assert all(edits(step, surface) <= 1 for step in with_pages() for surface in Surface)


def test_a_ladder_past_its_top_edits_the_earlier_pages_once_when_outside_help_is_to_be_decided():
    lived = missed()
    since = len(lived.effects)
    found = watch(lived, 300, Page, Refresh)
    assert len([one for _, one in found if isinstance(one, Page)]) > 20
    asked = [one.surface for one in lived.of(Refresh, since)]
    assert asked.count(Surface.PAGES) == 1


def test_the_head_of_a_thread_follows_when_a_miss_becomes_a_call_for_help():
    lived = missed()
    lived.sweep(open_one(lived).due_at)
    assert lived.of(OpenThread)
    since = len(lived.effects)
    lived.do(e.Help(lived.now, JO, e.HelpForm.CALL))
    assert Surface.THREAD in [one.surface for one in lived.of(Refresh, since)]
    since = len(lived.effects)
    lived.do(e.Acknowledge(lived.now, ROSA))
    assert Surface.THREAD not in [one.surface for one in lived.of(Refresh, since)]
