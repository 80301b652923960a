"""What somebody waits for is a message that stays: Slack keeps and pushes no ephemeral one."""

from bot.slack.render.view import Rendered
from bot.slack.send import Place, Sent
from tests.slack.server import slack_server

STANDS = {"channel": "D1", "ts": "1.5"}
MESSAGE = Rendered("Belay: page")


async def test_what_the_outbox_sends_is_a_message_that_stays():
    async with slack_server() as (server, slack):
        server.says("chat.postMessage", STANDS)
        # Slack would take it, too, for whoever is in the channel, and nobody would be woken.
        server.says("chat.postEphemeral", {**STANDS, "message_ts": "1.5"})
        for place in (Place("D1"), Place("C1"), Place("C1", "9.9")):
            assert await slack.post(place, MESSAGE, "county/m1/1.1/page/0/rosa") == Sent(
                "D1", "1.5"
            )
    assert {method for method, _ in server.calls} == {"chat.postMessage"}
