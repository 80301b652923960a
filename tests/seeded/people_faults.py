"""Defects of judgement: closed by the wrong person, told to the wrong person, or not told."""

from tests.seeded.fault import Edit, Fault, Origin

_IS_DURESS = (
    "worker = s.workers.get(event.by)\n"
    "    heard_duress = worker is not None and worker.duress is not None"
    " and worker.duress.matches(said)\n"
)

FAULTS = (
    Fault(
        "tap-closes-an-emergency",
        "Whoever took the phone presses OK, and everybody goes back to sleep",
        Origin.PROMISE,
        (
            Edit(
                "protocol.escalation:tapped",
                "noticed = replace(escalation, tapped_at=at, mark=escalation.mark + 1)",
                "noticed = replace(escalation, tapped_at=at, mark=escalation.mark + 1,"
                " state=EscalationState.CLOSED, due_at=None, closed_at=at)",
            ),
        ),
        "protocol/test_help",
        "test_a_tap_after_a_call_for_help_closes_nothing",
    ),
    Fault(
        "one-person-closes-help-alone",
        "One mistaken colleague, and nobody looks any more",
        Origin.PROMISE,
        (Edit("protocol.closing:_close", "if escalation.kind in NEEDS_SECOND:", "if False:"),),
        "protocol/test_closing",
        "test_a_call_for_help_is_closed_by_one_and_confirmed_by_a_second",
    ),
    Fault(
        "the-second-is-the-first",
        "Two signatures by one hand",
        Origin.PROMISE,
        (Edit("protocol.closing:_confirm_closing", "if event.by == closing.by:", "if False:"),),
        "protocol/test_closing",
        "test_the_second_is_not_the_first",
    ),
    Fault(
        "self-approval",
        "A worker, or the partner, confirms the plan of the two",
        Origin.PROMISE,
        (Edit("protocol.approval:decide", "if event.by in matter.members:", "if False:"),),
        "protocol/test_approval",
        "test_nobody_answers_their_own_plan_nor_their_partners",
    ),
    Fault(
        "one-of-a-pair-speaks-for-both",
        "One is back in the car, the other is still inside, and the visit is clear (124f138)",
        Origin.HISTORY,
        (
            Edit(
                "protocol.watch:hear",
                "if for_both and visit.together else",
                "if True else",
            ),
        ),
        "protocol/test_pair",
        "test_being_clear_takes_both_or_one_who_says_so",
    ),
    Fault(
        "who-is-there-is-turned-away",
        "A rule that refuses a clock: the visit happens all the same, unwatched",
        Origin.PROMISE,
        (
            Edit(
                "protocol.before:plan",
                "if rule is not None and event.start_now is None:",
                "if rule is not None:",
            ),
        ),
        "protocol/test_never",
        "test_never_11_whoever_is_there_gets_a_clock",
    ),
    Fault(
        "acknowledging-takes-a-role",
        "Grafana OnCall issue 3212: whoever was paged was not allowed to acknowledge",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.respond:_handle",
                "return _acknowledge(matter, escalation, event)",
                "return (_acknowledge(matter, escalation, event)\n"
                '                    if s.cover.holds(event.by, ("peer_supervisor",))\n'
                "                    else refuse(matter, Reason.NOT_A_RESPONDER))",
            ),
        ),
        "protocol/test_acknowledgement",
        "test_no_permission_keeps_whoever_was_paged_from_acknowledging",
    ),
    Fault(
        "stand-down-only-to-the-owner",
        "GoAlert issue 19: a second person handles what was settled already",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.closing:_stand_down",
                "for p in escalation.paged)",
                "for p in escalation.paged if p == by)",
            ),
        ),
        "protocol/test_closing",
        "test_stand_down_reaches_everybody_who_was_paged_in_any_climb_and_every_channel",
    ),
    Fault(
        "quiet-help-pushes-to-the-worker",
        "The phone buzzes on the table in front of who must not hear of it (124f138)",
        Origin.HISTORY,
        (Edit("protocol.escalation:_help_heard", "() if kind in SILENT else tell(", "tell("),),
        "protocol/test_help",
        "test_quiet_help_pushes_nothing_to_the_worker",
    ),
    Fault(
        "duress-answered-otherwise",
        "A card that does not tick tells who watches the screen",
        Origin.PROMISE,
        (
            Edit(
                "protocol.visit:_tap",
                "if decision.changed:\n        return decision",
                f"{_IS_DURESS}"
                "    if decision.changed:\n"
                "        return replace(decision, effects=()) if heard_duress else decision",
            ),
        ),
        "protocol/test_duress",
        "test_never_8_a_duress_answer_is_answered_and_written_like_any_other",
    ),
    Fault(
        "duress-read-sooner",
        "The time between answer and next write tells one from another",
        Origin.PROMISE,
        (
            Edit(
                "protocol.visit:_tap",
                "read_at = event.at + s.answers_read_after",
                f"{_IS_DURESS}"
                "    read_at = event.at if heard_duress else event.at + s.answers_read_after",
            ),
        ),
        "protocol/test_duress",
        "test_every_answer_is_kept_for_the_sweep_and_read_at_the_same_time",
    ),
    Fault(
        "duress-has-another-audit-reason",
        "A history that says which sweep opened something",
        Origin.PROMISE,
        (
            Edit(
                "protocol.duress:read_answers",
                "Reason.ANSWERS_READ, follow=follow",
                "Reason.SILENT_OPENED if follow else Reason.ANSWERS_READ, follow=follow",
            ),
        ),
        "protocol/test_duress",
        "test_never_8_the_visit_after_the_sweep_is_the_same_too",
    ),
    Fault(
        "duress-stands-in-the-audit",
        "The answer itself in a history that many may read",
        Origin.PROMISE,
        (Edit("storage.audit:_parts", "elif field.name not in LEFT_OUT:", "else:"),),
        "storage/test_audit",
        "test_a_duress_answer_is_kept_exactly_as_an_ordinary_one",
    ),
    Fault(
        "duress-has-its-own-length",
        "A sealed answer of eight letters is not as long as one of twenty",
        Origin.PROMISE,
        (
            Edit(
                "storage.codec:_padded",
                'return whole + " " * (-len(whole.encode()) % ANSWER_BLOCK)',
                "return whole",
            ),
        ),
        "storage/test_codec",
        "test_every_answer_is_sealed_at_the_same_length",
    ),
    Fault(
        "duress-pages-the-companion",
        "The companion may be the threat, and is paged about it (124f138)",
        Origin.HISTORY,
        (
            Edit(
                "protocol.duress:read_answers",
                "companions = (*matter.members, visit.plan.backup)",
                "companions = ()",
            ),
        ),
        "protocol/test_duress",
        "test_the_silent_matter_leaves_out_the_companion_and_whom_the_worker_excluded",
    ),
)
