"""Defects that others had: in safety apps, in pagers and schedulers, at Slack's door."""

from tests.seeded.fault import Edit, Fault, Origin

_ON_DEADLINE = (
    "if escalation.state is EscalationState.CLIMBING:\n        climbed, effects = fire_next"
)

FAULTS = (
    Fault(
        "new-call-refused-while-one-is-open",
        "Vatix: no new alarm can be raised while one is open",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.escalation:call_for_help",
                "return _help_again(matter, escalation, kind, event, s)",
                "return refuse(matter, Reason.ALREADY_CLOSED)",
            ),
        ),
        "never/test_never_02_sos_refused",
        "test_help_is_taken_whatever_is_open[sqlite-somebody has it-call]",
    ),
    Fault(
        "resolves-itself-after-two-days",
        "Blackline: an alert nobody closed is resolved after five days",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.escalation:on_deadline",
                _ON_DEADLINE,
                "if (at - escalation.opened_at).days >= 2:\n"
                "        over = replace(escalation, state=EscalationState.CLOSED,\n"
                "                       due_at=None, closed_at=at)\n"
                "        return Decision(with_last(matter, over), Reason.CLIMBED)\n"
                f"    {_ON_DEADLINE}",
            ),
        ),
        # Through the database it takes no effect at all: the schema refuses such a row.
        "protocol/test_never",
        "test_never_1_nothing_resolves_itself_after_days",
    ),
    Fault(
        "ladder-as-fast-as-the-tick",
        "An animal rescue's safety service: each tick of cron raises one level",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.climb:_next_due",
                "return max(escalation.base_at + after, at + after - rungs[escalation.rung].after)",
                "return at",
            ),
        ),
        "never/test_never_03_ladder_depends_on_the_tick",
        "test_a_restart_at_every_rung_neither_loses_nor_repeats_nor_skips_one[sqlite]",
    ),
    Fault(
        "ok-after-a-miss-starts-the-ladder-over",
        "The same service: an OK sets the level to 0, even after an emergency",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.escalation:tapped",
                "noticed = replace(escalation, tapped_at=at, mark=escalation.mark + 1)",
                "noticed = replace(escalation, tapped_at=at, mark=escalation.mark + 1,\n"
                "                      rung=0, due_at=at + escalation.ladder.hold)",
            ),
        ),
        "protocol/test_ending",
        "test_a_late_tap_does_not_stop_the_climb",
    ),
    Fault(
        "any-word-is-a-check-in",
        "SafetyCheck for Slack: whatever somebody types counts as being safe",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.slack.read.worker:text_message",
                "if word is None:",
                "word = word or Word.OK\n    if word is None:",
            ),
        ),
        "slack/test_read",
        "test_other_words_are_not_understood[hello]",
    ),
    Fault(
        "signature-without-a-window",
        "Grafana OnCall: Slack's signature is checked, and its age is not",
        Origin.ELSEWHERE,
        (Edit("bot.slack.signatures:signed", "if abs(now - int(stamp)) > WINDOW:", "if False:"),),
        "security/test_signatures",
        "test_a_delivery_that_was_recorded_is_refused_once_the_window_has_passed[0]",
    ),
    Fault(
        "deaf-and-healthy",
        "bolt-python issues 417 and 1529: a socket that hears nothing, and all is green",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.slack.session:Session._ping",
                "if self._clock.monotonic() - self.heard_at > self._pace.deaf_after:",
                "if False:",
            ),
        ),
        "bot/test_sockets",
        "test_a_half_open_connection_is_found_out_by_its_silence_and_replaced",
    ),
    Fault(
        "sdk-sends-it-twice",
        "slack_sdk's own default: what broke after the request left is posted again",
        Origin.ELSEWHERE,
        (Edit("bot.slack.send:make_client", ", retry_handlers=[])", ")"),),
        "slack/test_send",
        "test_a_broken_connection_is_tried_once_and_the_outbox_decides",
    ),
    Fault(
        "two-replicas-run-the-same-deadline",
        "APScheduler 3: no lock, so each replica runs the job (issue 655)",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.database:skip_locked",
                "return rows.with_for_update(skip_locked=True, key_share=True, of=of)",
                "return rows",
            ),
        ),
        "scheduler/test_two_of_everything",
        "test_two_deliverers_share_what_is_to_be_said_and_say_nothing_twice",
    ),
    Fault(
        "a-database-error-ends-the-clock",
        "APScheduler 3: an error while looking leaves no wake-up armed, for ever",
        Origin.ELSEWHERE,
        (Edit("bot.scheduler.loop:Loop.turn", "self.faults += 1\n", "raise\n"),),
        "scheduler/test_loop",
        "test_a_database_that_is_away_is_asked_every_second_until_it_is_back",
    ),
    Fault(
        "gone-before-it-was-done",
        "APScheduler 3: a job is deleted when it is handed over; its fault loses it",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.deadlines:postpone",
                "attempt_at=until,",
                "attempt_at=until.replace(year=9999),",
            ),
        ),
        "scheduler/test_sweep",
        "test_a_matter_that_keeps_failing_is_told_again_and_again",
    ),
    Fault(
        "one-hanging-page-holds-the-others",
        "Grafana OnCall issue 1503: one person's Slack failed, and the next heard nothing",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.scheduler.deliver:Deliver.work",
                "task.add_done_callback(self._done)",
                "task.add_done_callback(self._done)\n        await asyncio.wait({task})",
            ),
        ),
        "scheduler/test_deliver",
        "test_a_call_that_hangs_delays_no_other_page",
    ),
    Fault(
        "nobody-without-slack-is-noticed",
        "Grafana OnCall issue 1326: who was paged had no way to be reached",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.scheduler.deliver:Deliver._nowhere",
                "await self._never(row, nowhere.code)",
                "await self.ctx.database.run(outbox.sent, row, None, self._now)",
            ),
        ),
        "scheduler/test_deliver",
        "test_a_person_without_slack_is_undeliverable_too",
    ),
    Fault(
        "duty-an-hour-off-in-spring",
        "Grafana OnCall issues 3261 and 5247: the change of clocks moves the rota",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.program_times:instant",
                "if found.astimezone(zone).replace(tzinfo=None) == local:",
                "if True:",
            ),
        ),
        "storage/test_program_file",
        "test_a_turn_from_an_hour_that_spring_leaves_out_begins_when_there_is_a_time_again",
    ),
    Fault(
        "menu-longer-than-slack-takes",
        "incidentbot issue 328: a list over Slack's limit, and the command does nothing",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.slack.render.blocks:cut",
                'return text if len(text) <= most else text[: most - 1] + "…"',
                "return text",
            ),
        ),
        "slack/test_limits",
        "test_a_large_county_with_long_odd_or_empty_names_can_plan",
    ),
    Fault(
        "a-button-is-good-for-ever",
        "Grafana OnCall's roles are asked at each step; a message outlives a role",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.approval:decide",
                "if not s.cover.holds(event.by, MAY_APPROVE):",
                "if False:",
            ),
        ),
        "security/test_roles",
        "test_each_kind_of_person_can_do_and_see_what_the_table_says_and_no_more[planned]",
    ),
)
