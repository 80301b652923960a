"""Defects of delivery: messages that are lost, sent twice, or held up."""

from tests.seeded.fault import Edit, Fault, Origin

_DELIVER = "bot.scheduler.deliver:Deliver"

FAULTS = (
    Fault(
        "marked-sent-before-sending",
        "Grafana OnCall PR 5287, Healthchecks: the flag is set, then the process dies",
        Origin.ELSEWHERE,
        (
            Edit(
                f"{_DELIVER}._letter",
                "outcome = await self.poster.post(row, letter, until)",
                "await self.ctx.database.run(outbox.sent, row, None, self._now)\n"
                "    outcome = await self.poster.post(row, letter, until)",
            ),
        ),
        "scheduler/test_deliver",
        "test_a_crash_at_any_point_loses_nothing[True]",
    ),
    Fault(
        "old-rows-skipped",
        "An outage of Slack that outlasts a sender's patience (GoAlert: 3 retries)",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.outbox:claim",
                "_O.attempt_at <= transport_now)",
                "_O.attempt_at <= transport_now, "
                "_O.queued_at > transport_now - timedelta(minutes=10))",
            ),
        ),
        "storage/test_outbox_age",
        "test_a_row_is_claimed_however_long_it_has_waited[sqlite]",
    ),
    Fault(
        "claim-without-a-lease",
        "APScheduler issue 655: each process runs the job, whatever store they share",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.outbox:claim",
                "attempt_at=transport_now + lease,",
                "attempt_at=transport_now,",
            ),
        ),
        "storage/test_outbox",
        "test_a_claimed_row_is_nobody_elses_until_the_lease_ends[sqlite]",
    ),
    Fault(
        "claim-for-ever",
        "procrastinate: what a killed worker was doing stays in `doing`",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.outbox:claim",
                "attempt_at=transport_now + lease,",
                "attempt_at=transport_now + timedelta(days=3650),",
            ),
        ),
        "scheduler/test_deliver",
        "test_a_crash_at_any_point_loses_nothing[True]",
    ),
    Fault(
        "page-key-without-the-episode",
        "A key too coarse swallows the next climb (GoAlert PR 1879: one of many)",
        Origin.ELSEWHERE,
        (
            Edit(
                "protocol.climb:_pages",
                'stem = f"{matter.id}/{escalation.episode}/page/{number}"',
                'stem = f"{matter.id}/page/{number}"',
            ),
        ),
        "protocol/test_climb",
        "test_keys_stay_unique_over_climbs_of_the_same_escalation",
    ),
    Fault(
        "pages-left-after-an-acknowledgement",
        "Grafana OnCall issue 4760: still rung after somebody has it",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.matters:save_many",
                "outbox.void(conn, [void for change in real for void in voided(*change)])",
                "pass",
            ),
        ),
        "storage/test_matters",
        "test_an_acknowledgement_takes_back_what_was_not_sent_in_its_own_transaction[sqlite]",
    ),
    Fault(
        "undeliverable-counts-as-sent",
        "monzo/response: the fault of a send is swallowed, and the send is counted",
        Origin.ELSEWHERE,
        (
            Edit(
                f"{_DELIVER}._letter",
                "await self._never(row, outcome.code)",
                "await self.ctx.database.run(outbox.sent, row, None, self._now)",
            ),
        ),
        "scheduler/test_deliver",
        "test_a_page_that_can_never_arrive_makes_the_ladder_climb_at_once",
    ),
    Fault(
        "undeliverable-does-not-climb",
        "GoAlert issue 2176: channel_not_found for ever, and nobody else is asked",
        Origin.ELSEWHERE,
        (
            Edit(
                f"{_DELIVER}._never",
                "await run_event(self.ctx, row.matter, event)",
                "pass",
            ),
        ),
        "scheduler/test_deliver",
        "test_a_page_that_can_never_arrive_makes_the_ladder_climb_at_once",
    ),
    Fault(
        "lookup-skipped-before-an-unsure-re-send",
        "Slack accepted, its answer was lost: without a lookup 29 of 600 came twice",
        Origin.PROMISE,
        (Edit("bot.scheduler.post:Poster.post", "if row.unsure and self.lookup:", "if False:"),),
        "scheduler/test_deliver",
        "test_a_page_accepted_without_an_answer_is_found_and_not_sent_again",
    ),
    Fault(
        "lookup-that-fails-holds-the-page",
        "A lookup that hangs, and a page that waits for it",
        Origin.PROMISE,
        (
            Edit(
                "bot.scheduler.post:Poster._find",
                "        return None",
                '        raise Unknown("lookup") from None',
            ),
        ),
        "scheduler/test_deliver",
        "test_a_lookup_that_hangs_holds_no_page_back",
    ),
    Fault(
        "delivery-seen-though-rolled-back",
        "agno PR 10073, vercel/chat PR 667: a retry is dropped, and what it said is lost",
        Origin.ELSEWHERE,
        (
            Edit(
                "storage.inbound:first_time",
                "return seen.rowcount == 1",
                'known = first_time.__dict__.setdefault("known", set())\n'
                "    fresh = seen.rowcount == 1 and key not in known\n"
                "    known.add(key)\n"
                "    return fresh",
            ),
        ),
        "storage/test_inbound",
        "test_a_delivery_whose_transaction_failed_is_new_again[sqlite]",
    ),
    Fault(
        "audit-line-missing",
        "A transition without its line of history: the evidence pack has a hole",
        Origin.PROMISE,
        (
            Edit(
                "storage.matters:save_many",
                "audit.append_many(conn, [_line(change, at) for change in real])",
                "pass",
            ),
        ),
        "storage/test_matters",
        "test_each_decision_is_one_line_of_the_matters_history[sqlite]",
    ),
)
