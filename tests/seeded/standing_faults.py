"""Defects of yeses that count for several visits: too much is confirmed, or made twice."""

from tests.seeded.fault import Edit, Fault, Origin

FAULTS = (
    Fault(
        "together-confirms-what-is-not-low",
        "An elevated plan goes through among ten low ones that somebody skimmed",
        Origin.PROMISE,
        (
            Edit(
                "protocol.together:fits",
                "return low and waits and visit.unplanned is None",
                "return waits and visit.unplanned is None",
            ),
        ),
        "protocol/test_together",
        "test_what_is_not_low_or_has_a_part_for_them_is_answered_singly",
    ),
    Fault(
        "standing-yes-does-not-see-a-new-flag",
        "A peer is sent, confirmed, to where somebody saw a danger the day before",
        Origin.PROMISE,
        (
            Edit(
                "protocol.standing:why_not",
                "any(flag.raised_at >= since and flag.counts(at) for flag in flags)",
                "False",
            ),
            Edit("protocol.standing:why_not", "rate(plan, s).rating is not Rating.LOW", "False"),
        ),
        "scheduler/test_standing",
        "test_a_new_flag_ends_it_and_both_are_told",
    ),
    Fault(
        "standing-visit-is-made-twice",
        "Two clocks for one visit: people are paged for the one that nobody answers (3532f3a)",
        Origin.HISTORY,
        (
            Edit(
                "bot.scheduler.standing:_make",
                "if standings.has_visit(conn, standing, start_at):",
                "if False:",
            ),
        ),
        "scheduler/test_standing",
        "test_a_standing_plan_that_follows_another_makes_no_visit_twice",
    ),
)
