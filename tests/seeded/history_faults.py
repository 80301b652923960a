"""Defects that Belay itself had once. The commit that mended each stands at its end."""

from tests.seeded.fault import Edit, Fault, Origin

FAULTS = (
    Fault(
        "a-stranger-takes-the-page",
        "Whoever had an old message could stop a climb for an hour (found by the table of roles)",
        Origin.HISTORY,
        (
            Edit(
                "protocol.respond:respond",
                "if event.by not in escalation.paged and not s.cover.serves(event.by):",
                "if False:",
            ),
        ),
        "protocol/test_acknowledgement",
        "test_whoever_was_not_paged_and_serves_in_no_role_stops_no_climb",
    ),
    Fault(
        "plan-shown-to-who-left",
        "An old Confirm button opened the plan to anybody (found by the table of roles)",
        Origin.HISTORY,
        (
            Edit(
                "bot.handlers.reading:plan_to_answer",
                "if not own and not holds_role(conn, matter.program, slack_user, at, MAY_APPROVE):",
                "if False:",
            ),
        ),
        "security/test_roles",
        "test_each_kind_of_person_can_do_and_see_what_the_table_says_and_no_more[planned]",
    ),
    Fault(
        "names-shown-to-who-left",
        "Send support listed the team to anybody (found by the table of roles)",
        Origin.HISTORY,
        (
            Edit(
                "bot.handlers.reading:colleagues",
                "if matter is None or not holds_role(conn, matter.program, slack_user, at):",
                "if matter is None:",
            ),
        ),
        "security/test_roles",
        "test_each_kind_of_person_can_do_and_see_what_the_table_says_and_no_more[taken]",
    ),
    Fault(
        "on-duty-after-the-role-ended",
        "A role ended, its turns of duty went on, and so did the pages (found while asking who"
        " is paged)",
        Origin.HISTORY,
        (
            Edit(
                "storage.program_file:ProgramFile.turns",
                "Duty(PersonId(part.person), part.role, max(begins, first), min(ends, last))",
                "Duty(PersonId(part.person), part.role, begins, ends)",
            ),
        ),
        "storage/test_programs",
        "test_nobody_is_on_duty_longer_than_they_hold_the_role",
    ),
    Fault(
        "junk-is-answered-with-200",
        "A header that Slack never writes made bolt fail, and the fault was answered with 200",
        Origin.HISTORY,
        (
            Edit(
                "bot.slack.request_url:RequestUrl._deliver",
                "if not signed(request.headers, await request.read(), self._secret, now):",
                "if False:",
            ),
        ),
        "security/test_signatures",
        "test_nothing_that_is_not_signed_is_read_or_answered_otherwise_than_by_401",
    ),
    Fault(
        "warned-only-who-takes-the-miss",
        "Whoever was paged for the miss later was told to call a worker under duress (111bac6)",
        Origin.HISTORY,
        (
            Edit(
                "protocol.duress:warn_whoever_may_call",
                "paged = (one.to for one in decision.effects if isinstance(one, Page))",
                "paged = ()",
            ),
        ),
        "protocol/test_duress_warns",
        "test_so_does_everybody_who_is_paged_for_the_miss_after_the_silent_matter_was_taken",
    ),
    Fault(
        "postponed-after-somebody-else-decided",
        "Two sweeps on one matter: the slower one moves its try before the deadline (6f7ee9c)",
        Origin.HISTORY,
        (Edit("storage.deadlines:postpone", ", _M.attempt_at <= now)", ")"),),
        "storage/test_deadlines",
        "test_what_another_replica_decided_meanwhile_is_not_postponed[sqlite]",
    ),
)
