"""This is the way in: every state handler hands its request over here and is answered.

A request is stored before it is answered. Where the database did not say whether it stored it, the
person is told so, and whom to call. Other faults go on to the app's own answer for faults.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncBoltContext

from bot import observe, runner
from bot.context import Context
from bot.handlers import reading
from bot.request import Outcome, Request
from bot.slack.read.payload import BadInput, Body
from bot.slack.render import ack as answers
from storage.database import Conflict, Unavailable

Run = Callable[[Context, Request], Awaitable[Outcome]]
Answer = Callable[..., Awaitable[Any]]

# A sentence beside the answer waits no longer than this for Slack (s).
SAY_WITHIN: Final = 3.0
# People whose coordinator line is remembered, for when the database does not answer.
LINES_MAX: Final = 2000

log = structlog.get_logger(__name__)


class Door:
    """This runs requests and answers them, and remembers whom to call when it can't."""

    def __init__(self, ctx: Context, run: Run = runner.run) -> None:
        self.ctx = ctx
        self._run = run
        self._lines: dict[str, str] = {}
        self._beside: set[asyncio.Task[None]] = set()

    async def tap(
        self, ack: Answer, context: AsyncBoltContext, request: Request | BadInput
    ) -> None:
        """Run a tap. Its answer has no words; what the outbox can't send is said beside it."""
        sentence = await self._tapped(request)
        await ack(**answers.action())
        self.say_beside(context, sentence)

    async def command(self, ack: Answer, request: Request | BadInput) -> None:
        """Run a command; the answer is a sentence that only its sender sees."""
        if isinstance(request, BadInput):
            await ack(**answers.said(request.sentence))
            return
        try:
            outcome = await self.run(request)
        except (Unavailable, Conflict) as fault:
            await ack(**answers.said(self.unknown(request, fault)))
            return
        await ack(**answers.command(outcome))

    async def form(self, ack: Answer, body: Body, request: Request | BadInput) -> None:
        """Run a form; it closes, or comes back as it was typed with what is wrong."""
        if isinstance(request, BadInput):
            await ack(**answers.bad_form(body.get("view", {}), request))
            return
        try:
            outcome = await self.run(request)
        except (Unavailable, Conflict) as fault:
            await ack(**answers.form_error(body["view"], self.unknown(request, fault)))
            return
        await ack(**answers.form(body["view"], outcome))

    async def run(self, request: Request) -> Outcome:
        """Run a request; when this returns, it is stored. Raises what the runner raises."""
        outcome = await self._run(self.ctx, request)
        if request.user not in self._lines:
            self.beside(self._learn(request.user))
        return outcome

    def unknown(self, request: Request, fault: Exception) -> str:
        """What is said where nobody knows whether something was stored; operators hear of it."""
        log.error("request.unknown", delivery=request.key, error_type=type(fault).__name__)
        observe.FAULTS.labels("handler").inc()
        return answers.unknown(self.line(request.user))

    def line(self, user: str) -> str:
        """The coordinator line of this person's program, as far as it was heard of; or nothing."""
        return self._lines.get(user, "")

    def remember(self, user: str, line: str) -> None:
        """Keep this person's coordinator line for when the database does not answer."""
        if len(self._lines) < LINES_MAX:
            self._lines[user] = line

    def say_beside(self, context: AsyncBoltContext, sentence: str) -> None:
        """Tell the person who tapped, and nobody else, without keeping the answer waiting."""
        respond = context.respond
        if sentence and context.response_url is not None and respond is not None:
            self.beside(respond(sentence, response_type="ephemeral", replace_original=False))

    def post_beside(self, context: AsyncBoltContext, message: dict[str, Any]) -> None:
        """Answer words that were typed, in the same conversation."""
        if context.say is not None:
            self.beside(context.say(**message))

    def beside(self, work: Coroutine[Any, Any, Any] | Awaitable[Any]) -> None:
        """Do something that no answer waits for. A fault of it is logged by its kind alone."""
        task = asyncio.ensure_future(self._kept(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def settled(self) -> None:
        """Wait for what is done beside the answers."""
        await asyncio.gather(*self._beside)

    async def _tapped(self, request: Request | BadInput) -> str:
        if isinstance(request, BadInput):
            return request.sentence
        try:
            outcome = await self.run(request)
        except (Unavailable, Conflict) as fault:
            return self.unknown(request, fault)
        return answers.words(outcome) if outcome.problem is not None else ""

    async def _learn(self, user: str) -> None:
        found = await self.ctx.database.run(reading.line_of, user, self.ctx.clock.now())
        if found is not None:
            self.remember(user, found)

    async def _kept(self, work: Awaitable[Any]) -> None:
        try:
            async with asyncio.timeout(SAY_WITHIN):
                await work
        except Exception as fault:  # nothing that matters hangs on this
            log.warning("beside.failed", error_type=type(fault).__name__)
