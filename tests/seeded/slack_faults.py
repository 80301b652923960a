"""Defects at Slack's door: answers too early, messages in the wrong place, forms that are lost."""

from tests.seeded.fault import Edit, Fault, Origin

_DOOR = "bot.handlers.door:Door"

FAULTS = (
    Fault(
        "tap-answered-before-it-is-stored",
        "A crash between Slack's ack and the commit: a tick for what nobody recorded",
        Origin.PROMISE,
        (
            Edit(
                f"{_DOOR}.tap",
                "sentence = await self._tapped(request)\n    await ack(**answers.action())",
                "await ack(**answers.action())\n    sentence = await self._tapped(request)",
            ),
        ),
        "handlers/test_stored_before_answered",
        "test_a_tap_is_stored_before_it_is_answered",
    ),
    Fault(
        "form-answered-before-it-is-stored",
        "The form closes, the write fails, and the plan is gone",
        Origin.PROMISE,
        (
            Edit(
                f"{_DOOR}.form",
                "try:\n        outcome = await self.run(request)",
                "await ack()\n    try:\n        outcome = await self.run(request)",
            ),
        ),
        "handlers/test_stored_before_answered",
        "test_a_form_is_stored_before_it_is_answered",
    ),
    Fault(
        "answers-sent-while-handlers-run",
        "bolt's own default: Slack is answered at the ack, whatever comes after",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.slack.bolt:make_bolt",
                "process_before_response=True",
                "process_before_response=False",
            ),
        ),
        "bot/test_fallback",
        "test_an_event_that_failed_is_left_unanswered_so_that_slack_sends_it_again",
    ),
    Fault(
        "refusal-loses-what-was-typed",
        "A form that closes on a refusal: type it all again, or go without a plan",
        Origin.PROMISE,
        (
            Edit(
                "bot.slack.render.ack:form",
                "return form_error(view, _in_form(view, decision.reason), "
                "*_ABOUT.get(decision.reason, ()))",
                'return {"response_action": "clear"}',
            ),
        ),
        "slack/test_ack",
        "test_a_refused_plan_comes_back_with_its_rule_and_the_offer_to_watch",
    ),
    Fault(
        "429-of-a-card-shuts-pages",
        "Chatter runs into the rate limit for ever (Grafana OnCall issue 5204)",
        Origin.ELSEWHERE,
        (
            Edit(
                "bot.slack.gates:Gates.enter",
                "shut = self._shut.get(method)",
                "shut = max(self._shut.values(), default=None)",
            ),
        ),
        "slack/test_gates",
        "test_a_method_that_slack_refused_is_shut_for_everybody_until_slacks_own_time",
    ),
    Fault(
        "page-waits-its-turn",
        "GoAlert issue 4188: throttled by 16 minutes, and nothing showed it",
        Origin.ELSEWHERE,
        (Edit("bot.slack.gates:Gates.enter", "if opens > now and not page:", "if opens > now:"),),
        "slack/test_gates",
        "test_a_page_passes_where_ordinary_traffic_waits",
    ),
    Fault(
        "guest-not-noticed",
        "A guest of another organisation in the team's channel reads who is missing",
        Origin.PROMISE,
        (
            Edit(
                "bot.slack.audience:Audience._is_guest",
                "guest = is_outsider(user, await self._own_team())",
                "guest = False",
            ),
        ),
        "slack/test_audience",
        "test_a_guest_among_the_members_closes_the_channel",
    ),
    Fault(
        "page-posted-where-a-guest-reads",
        "The audience is known, and nobody asks it before the page is posted",
        Origin.PROMISE,
        (
            Edit(
                "bot.scheduler.deliver:Deliver._letter",
                "if why is not Why.ALLOWED:",
                "if False:",
            ),
        ),
        "scheduler/test_deliver_kept",
        "test_a_page_is_not_put_into_a_channel_that_others_can_read",
    ),
    Fault(
        "page-by-ephemeral-message",
        "Slack shows an ephemeral message to who is online, and keeps and pushes none",
        Origin.PROMISE,
        (
            Edit(
                "bot.slack.send:Slack.post",
                'self._say("chat.postMessage", message, arguments)',
                'self._say("chat.postEphemeral", message, arguments)',
            ),
        ),
        "slack/test_never_ephemeral",
        "test_what_the_outbox_sends_is_a_message_that_stays",
    ),
    Fault(
        "note-in-the-clear",
        "Health information in a database dump, a backup, a replica",
        Origin.PROMISE,
        (
            Edit(
                "storage.codec:visit_body",
                'sealer.seal(note, _note(matter)) if note else ""',
                "note",
            ),
            Edit(
                "storage.codec:visit_of",
                'sealer.open(note, _note(matter)) if note else ""',
                "note",
            ),
        ),
        "storage/test_sealed_in_rows",
        "test_a_dump_of_the_database_holds_no_note_and_no_answer[sqlite]",
    ),
)
