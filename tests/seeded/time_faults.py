"""Defects of the clock: deadlines that are lost, climbs that end, records that stop others."""

from tests.seeded.fault import Edit, Fault, Origin

FAULTS = (
    Fault(
        "late-deadline-skipped",
        "APScheduler 3 drops what is a second late: 20 of 20 after 4 s of downtime",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.deadlines:due",
                "_M.attempt_at <= now)",
                "_M.attempt_at <= now, _M.attempt_at > now - timedelta(seconds=1))",
            ),
        ),
        "scheduler/test_sweep",
        "test_an_outage_of_the_database_makes_rungs_late_and_skips_none",
    ),
    Fault(
        "deadline-not-written",
        "Grafana OnCall issue 1206: a climb had no timer left; seen 5.5 h later",
        Origin.ELSEWHERE,
        (Edit("storage.matter_rows:_clock", "due_at = next_deadline(after)", "due_at = None"),),
        "storage/test_matters",
        "test_an_open_matter_is_due_at_its_next_deadline[sqlite]",
    ),
    Fault(
        "lateness-hidden",
        "A retry that moves the deadline itself: health is fine, and nobody is paged",
        Origin.PROMISE,
        (
            Edit(
                "storage.deadlines:postpone",
                "attempt_at=until,",
                "attempt_at=until, due_at=until,",
            ),
        ),
        "storage/test_deadlines",
        "test_a_fault_moves_the_next_try_and_never_the_deadline[sqlite]",
    ),
    Fault(
        "nudge-cleared-after-the-query",
        "A lost wake-up: APScheduler as a waker stopped after 4 of 60",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.scheduler.loop:Loop.turn",
                "self.nudge.clear()  # before the query: a nudge that comes during it is kept",
                "pass",
            ),
            Edit(
                "bot.scheduler.loop:Loop.turn",
                "off = await self.until_due()",
                "off = await self.until_due()\n        self.nudge.clear()",
            ),
        ),
        "scheduler/test_loop",
        "test_a_nudge_during_the_query_is_kept",
    ),
    Fault(
        "poison-record-stops-the-sweep",
        "APScheduler after a database error: 149 of 200 jobs stayed pending for ever",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.scheduler.sweep:Sweep._batch",
                "return await self._one_by_one(write)",
                "raise",
            ),
        ),
        "scheduler/test_sweep",
        "test_a_matter_that_cannot_be_decided_stops_nobody_elses_clock",
    ),
    Fault(
        "version-of-the-changed-record-only",
        "Safe and rung due both succeed (Grafana OnCall 4654: rung on after an ack)",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.matter_rows:_advance",
                '"read_version": before.version,',
                '"read_version": conn.execute('
                "matter.select().where(matter.c.id == before.id)).one().version,",
            ),
        ),
        "storage/test_matters",
        "test_a_visit_and_its_escalation_cannot_both_move_from_one_version[sqlite]",
    ),
    Fault(
        "ladder-ends-at-the-top",
        "Ladders that repeat so often and then stop (incident.io: after 7 days)",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.climb:_next_due",
                "return at + escalation.ladder.repeat_every",
                "return at.replace(year=9999)",
            ),
        ),
        "protocol/test_climb",
        "test_an_exhausted_ladder_never_stops_by_itself",
    ),
    Fault(
        "rungs-fall-together",
        "After an outage every rung is overdue, and all of them ring at once",
        Origin.PROMISE,
        (
            Edit(
                "protocol.climb:_next_due",
                "return max(escalation.base_at + after, at + after - rungs[escalation.rung].after)",
                "return escalation.base_at + after",
            ),
        ),
        "protocol/test_check_in_clock",
        "test_after_an_outage_the_rungs_keep_their_distance",
    ),
    Fault(
        "empty-rung-waits",
        "GoAlert issue 4548: a step with nobody on duty waits its full time",
        Origin.ELSEWHERE,
        (Edit("protocol.climb:fire_next", "if people or past_top:", "if True:"),),
        "protocol/test_climb",
        "test_a_rung_with_nobody_on_duty_is_skipped_at_once_and_those_who_keep_the_rota_hear_of_it",
    ),
    Fault(
        "acknowledgement-never-expires",
        "GoAlert: what was acknowledged climbs no more, though its owner fell silent",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.respond:hold",
                "until_at=at + ask_in + escalation.ladder.ask_before,",
                "until_at=at.replace(year=9999),",
            ),
        ),
        "protocol/test_acknowledgement",
        "test_an_acknowledgement_expires_and_the_climb_starts_again_from_the_first_rung",
    ),
)
