"""This builds the bolt app: who we are, what is noticed on the way in, and nothing else.

Handlers come next, and after them the fallback: bolt takes the first that fits.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from typing import Any

import structlog
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.listener_matcher.async_builtins import AsyncBuiltinListenerMatcher
from slack_bolt.listener_matcher.async_listener_matcher import AsyncListenerMatcher
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.clock import Sleep
from bot.settings import Settings
from bot.slack.audience import Call
from bot.slack.faults import fault_of
from bot.slack.render import ack
from bot.slack.send import Refusal, Unknown, make_client

IDENTITY_RETRY = (1.0, 5.0, 15.0, 60.0)  # s; auth.test allows 600 a minute

log = structlog.get_logger(__name__)


class Identity:
    """This is who the bot is in its workspace, once Slack has said so.

    bolt would ask with the first delivery and leave it unanswered if Slack did not answer; so it is
    asked beside, and deliveries go on without. Until then our own messages are not filtered out by
    their author; handlers leave messages of any bot alone.
    """

    def __init__(self, workspace: MutableMapping[str, str] | None = None) -> None:
        self.workspace = {} if workspace is None else workspace
        self.bot_id: str | None = None
        self.bot_user_id: str | None = None

    async def learn(
        self, call: Call, troubles: MutableMapping[str, str], *, sleep: Sleep = asyncio.sleep
    ) -> None:
        """Ask Slack until it answers; a token that it refuses is shown as a trouble meanwhile."""
        for tries in count():
            try:
                self._is(await call("auth.test"))
                troubles.pop("token", None)
                return
            except Refusal as refusal:
                log.error("identity.refused", code=refusal.code)
                troubles["token"] = fault_of(refusal.code).operator
            except Unknown as unknown:
                log.warning("identity.unknown", code=unknown.code)
            await sleep(IDENTITY_RETRY[min(tries, len(IDENTITY_RETRY) - 1)])

    def _is(self, said: dict[str, Any]) -> None:
        self.bot_id, self.bot_user_id = said.get("bot_id"), said.get("user_id")
        if url := said.get("url"):
            self.workspace["url"] = str(url)
        log.info("identity.known", bot=self.bot_user_id)


def make_bolt(
    settings: Settings,
    http: ClientSession,
    me: Identity,
    notice: Callable[[dict[str, Any]], None],
) -> AsyncApp:
    """The app without handlers. `notice` hears of every event, before its handler does.

    Acknowledgements go out when a handler returns, never before."""
    bot_token = settings.slack_bot_token.get_secret_value()

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=me.bot_id,
            bot_user_id=me.bot_user_id,
            bot_token=bot_token,
        )

    # A client of its own, for bolt copies it for each delivery with the token of `authorize`.
    client = make_client("", settings.slack_base_url, http)
    client.token = None
    app = AsyncApp(
        name="belay",
        client=client,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        authorize=authorize,
        process_before_response=True,
    )

    @app.middleware
    async def hear(
        body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        event = body.get("event")
        if isinstance(event, dict):
            notice(event)
        return await next_()

    return app


class OfBody(AsyncListenerMatcher):
    """This is one of bolt's own questions, such as "is it this command", asked of the body alone.

    bolt gathers some thirty arguments for each question, and asks up to a hundred listeners about
    each delivery: half a millisecond of every answer.
    """

    def __init__(self, question: Callable[..., Awaitable[bool]]) -> None:
        self._question = question

    async def async_matches(
        self,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002
    ) -> bool:
        """Whether the delivery is of that kind and name; one that Slack never sends is of none."""
        try:
            return await self._question(body=req.body)
        except (AttributeError, LookupError, TypeError):
            return False


def ask_directly(app: AsyncApp) -> None:
    """Find the listener of a delivery by the same questions, in the same order, for less.

    For what is registered so far. A question that wants more than the body is left as it is.
    """
    for listener in app._async_listeners:
        listener.matchers = [
            OfBody(one.func)  # type: ignore[arg-type]
            if isinstance(one, AsyncBuiltinListenerMatcher) and one.arg_names == ["body"]
            else one
            for one in listener.matchers
        ]


async def say_to_whoever_tapped(context: AsyncBoltContext, text: str) -> None:
    """Tell the person who pressed, and nobody else; a button's own answer has no words.

    A button of a Home has no conversation to answer in, so that is said in theirs with the bot; a
    lock screen shows nothing of it.
    """
    if context.response_url is not None and context.respond is not None:
        await context.respond(text, response_type="ephemeral", replace_original=False)
    elif context.user_id is not None:
        await context.client.chat_postMessage(channel=context.user_id, **ack.message(text))
