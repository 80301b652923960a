"""Defects of handing over and of asking everyone: somebody is let go, half asked, or stands out."""

from tests.seeded.fault import Edit, Fault, Origin

FAULTS = (
    Fault(
        "giver-let-go-before-the-yes",
        "Two who both believe that the other has it",
        Origin.PROMISE,
        (
            Edit(
                "protocol.handover:_offer_escalation",
                "offered = replace(escalation, offer=",
                "offered = replace(escalation, owner=event.to, offer=",
            ),
        ),
        "protocol/test_handover",
        "test_until_the_other_says_yes_the_giver_has_it_and_no_clock_moves",
    ),
    Fault(
        "offer-nobody-answers-is-forgotten",
        "The giver goes home in the belief that somebody said yes",
        Origin.PROMISE,
        (
            Edit(
                "protocol.matter:next_deadline",
                "if offer_ends_at is not None:",
                "if False:",
            ),
        ),
        "protocol/test_handover",
        "test_no_answer_is_told_to_the_giver_after_a_few_minutes",
    ),
    Fault(
        "roll-call-rings-a-quiet-phone",
        "The phone buzzes on the table in front of who must not hear of it",
        Origin.PROMISE,
        (
            Edit(
                "protocol.roll_call:ask_account",
                "if visit.state is VisitState.ESCALATED:",
                "if False:",
            ),
        ),
        "protocol/test_roll_call",
        "test_whoever_people_look_for_is_not_asked_and_no_phone_rings",
    ),
    Fault(
        "roll-call-grants-more-time",
        "Asked a minute before people would have been paged, and given five more",
        Origin.PROMISE,
        (
            Edit(
                "protocol.roll_call:ask_account",
                "missing_at = min(escalates_at(visit), event.at + grace)",
                "missing_at = event.at + grace",
            ),
            Edit("protocol.watch:escalates_at", "min(visit.grace, after))", "visit.grace)"),
        ),
        "protocol/test_roll_call",
        "test_a_roll_call_never_puts_anything_off",
    ),
    Fault(
        "miss-owner-rings-a-worker-under-duress",
        "Whoever looks into the miss calls the phone that must not ring (3532f3a)",
        Origin.HISTORY,
        (Edit("protocol.climb:_besides", "for p in escalation.also if", "for p in () if"),),
        "protocol/test_duress_warns",
        "test_the_owner_of_an_open_miss_is_paged_with_the_first_rung_of_the_silent_matter",
    ),
)
