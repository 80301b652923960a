"""This is the way in: every state handler hands its request over here and is answered.

A request is stored before it is answered. Where the database did not say whether it stored it, the
person is told so, and whom to call. Other faults go on to the app's own answer for faults.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import structlog
from slack_bolt.async_app import AsyncBoltContext
from sqlalchemy import Connection

from bot import observe, runner
from bot.context import Context
from bot.request import Outcome, Request
from bot.slack.bolt import say_to_whoever_tapped
from bot.slack.read.asking import Where
from bot.slack.read.payload import BadInput, Body, user_of
from bot.slack.render import ack as answers
from bot.slack.words.speech import _, speak
from protocol.ids import ProgramId
from protocol.people import Language
from protocol.trigger import MANUAL_PAGE, Pageable
from storage import people
from storage.database import Conflict, Unavailable
from storage.people import Reader

Run = Callable[[Context, Request], Awaitable[Outcome]]
Answer = Callable[..., Awaitable[Any]]
RowOf = Callable[[str, str], Pageable | None]
T = TypeVar("T")

# A sentence beside the answer waits no longer than this for Slack (s).
SAY_WITHIN: Final = 3.0
# Slack wants its answer within three seconds, and the answer itself is still to come (s).
PROGRAM_WITHIN: Final = 0.5
# How old may be what is remembered of how to speak to people (transport time).
LEARN_EVERY: Final = timedelta(minutes=1)

log = structlog.get_logger(__name__)


def only_by_hand(key: str, _version: str) -> Pageable | None:
    """The one row that is there without a matrix."""
    return MANUAL_PAGE if key == MANUAL_PAGE.row.key else None


class Door:
    """This runs requests and answers them, and remembers how to speak to people.

    Which language somebody reads, and whom they call when Belay can't answer, is read beside the
    answers: no answer waits for it, and it is there when the database is not.
    """

    def __init__(self, ctx: Context, run: Run = runner.run) -> None:
        self.ctx = ctx
        # By key and version: whoever has the matrix puts its rows here.
        self.row_of: RowOf = only_by_hand
        self._run = run
        self._readers: dict[str, Reader] = {}
        self._learnt_at: datetime | None = None
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

    async def forms(self, ack: Answer, body: Body, found: Sequence[Request] | BadInput) -> None:
        """Run a form that is several requests, each by itself; a refusal is a message of its own.

        What was stored before a fault is known by its key, and is not done twice.
        """
        if isinstance(found, BadInput):
            await ack(**answers.bad_form(body["view"], found))
            return
        for request in found:
            try:
                await self.run(request)
            except (Unavailable, Conflict) as fault:
                await ack(**answers.form_error(body["view"], self.unknown(request, fault)))
                return
        await ack(response_action="clear")

    async def store(
        self,
        ack: Answer,
        body: Body,
        found: T | BadInput,
        work: Callable[[Connection, runner.Write, T], BadInput | None],
    ) -> None:
        """Store what a form says beside any matter; it closes, or comes back as `run` has it."""
        try:
            problem = await self._written(found, work)
        except (Unavailable, Conflict) as fault:
            sentence = self._unstored(body, fault)
            await ack(**answers.form_error(body["view"], sentence))
            return
        done: dict[str, Any] = {"response_action": "clear"}
        await ack(**answers.bad_form(body["view"], problem) if problem else done)

    async def note(
        self,
        ack: Answer,
        context: AsyncBoltContext,
        body: Body,
        found: T | BadInput,
        work: Callable[[Connection, runner.Write, T], BadInput | None],
    ) -> None:
        """Store what a tap says beside any matter; what is wrong is said beside its answer."""
        try:
            problem = await self._written(found, work)
            sentence = problem.sentence if problem else ""
        except (Unavailable, Conflict) as fault:
            sentence = self._unstored(body, fault)
        await ack(**answers.action())
        self.say_beside(context, sentence)

    async def run(self, request: Request) -> Outcome:
        """Run a request; when this returns, it is stored. Raises what the runner raises."""
        return await self._run(self.ctx, request)

    def unknown(self, request: Request, fault: Exception) -> str:
        """What is said where nobody knows whether something was stored; operators hear of it."""
        log.error("request.unknown", delivery=request.key, error_type=type(fault).__name__)
        observe.FAULTS.labels("handler").inc()
        return answers.unknown(self.line(request.user))

    def line(self, user: str) -> str:
        """The coordinator line of this person's program, as far as it was heard of; or nothing."""
        reader = self._readers.get(user)
        return reader.coordinator_line if reader else ""

    async def program_of(self, user: str) -> ProgramId | None:
        """The program by whose matrix this person is answered; None where all have the shipped one.

        As far as it was heard of; else it is read. Without a database it is the shipped matrix.
        """
        if self.ctx.matcher.all_alike:
            return None
        reader = self._readers.get(user)
        if reader is not None and reader.program is not None:
            return reader.program
        try:
            async with asyncio.timeout(PROGRAM_WITHIN):
                return await self.ctx.database.run(people.home_of, user, self.ctx.clock.now())
        except (TimeoutError, Unavailable) as fault:
            log.warning("answer.program_not_read", error=type(fault).__name__)
            return None

    def speak_to(self, user: str | None) -> None:
        """Speak this person's language from here on, as far as it was heard of; else English."""
        now = self.ctx.clock.transport()
        if self._learnt_at is None or now - self._learnt_at > LEARN_EVERY:
            self._learnt_at = now
            self.beside(self.learn())
        reader = self._readers.get(user) if isinstance(user, str) else None
        speak(reader.language if reader else Language.EN)

    def remember(self, user: str, reader: Reader) -> None:
        """Keep how to speak to this person, as it was just read or chosen."""
        self._readers[user] = reader

    async def learn(self) -> None:
        """Read how to speak to everybody: when Belay starts, and once in a while."""
        self._readers = await self.ctx.database.run(people.readers, self.ctx.clock.now())

    def say_beside(self, context: AsyncBoltContext, sentence: str) -> None:
        """Tell the person who tapped, and nobody else, without keeping the answer waiting."""
        if sentence:
            self.beside(say_to_whoever_tapped(context, sentence))

    def post_beside(self, context: AsyncBoltContext, message: dict[str, Any]) -> None:
        """Answer words that were typed, in the same conversation."""
        if context.say is not None:
            self.beside(context.say(**message))

    def respond_beside(
        self, context: AsyncBoltContext, message: dict[str, Any], *, instead: bool = False
    ) -> None:
        """Answer whoever tapped, and nobody else; or put it in the place of what they tapped on."""
        if context.response_url is not None and context.respond is not None:
            said = message if instead else answers.private(message)
            self.beside(context.respond(**said, replace_original=instead))
        elif context.user_id is not None:
            self.beside(context.client.chat_postMessage(channel=context.user_id, **message))

    def follow_beside(
        self,
        context: AsyncBoltContext,
        messages: Sequence[dict[str, Any]],
        *,
        instead: dict[str, Any] | None = None,
    ) -> None:
        """Write to whoever tapped, one message after another; `instead` replaces what they hit."""
        self.beside(self._followed(context, messages, instead))

    def show_beside(
        self, context: AsyncBoltContext, user: str, where: Where, message: dict[str, Any]
    ) -> None:
        """Answer one person in a channel, where nobody else sees it."""
        place: dict[str, Any] = {"thread_ts": where.thread} if where.thread else {}
        show = context.client.chat_postEphemeral
        self.beside(show(channel=where.channel, user=user, **place, **message))

    def beside(self, work: Coroutine[Any, Any, Any] | Awaitable[Any]) -> None:
        """Do something that no answer waits for. A fault of it is logged by its kind alone."""
        task = asyncio.ensure_future(self._kept(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def settled(self) -> None:
        """Wait for what is done beside the answers."""
        await asyncio.gather(*self._beside)

    async def _written(
        self,
        found: T | BadInput,
        work: Callable[[Connection, runner.Write, T], BadInput | None],
    ) -> BadInput | None:
        if isinstance(found, BadInput):
            return found
        problem = await runner.write(self.ctx, work, found)
        # A database thread speaks no language: what it refuses with is said here.
        return problem and BadInput(_(problem.sentence), problem.field)

    def _unstored(self, body: Body, fault: Exception) -> str:
        log.error("note.unknown", error_type=type(fault).__name__)
        observe.FAULTS.labels("handler").inc()
        return answers.unknown(self.line(user_of(body)))

    async def _tapped(self, request: Request | BadInput) -> str:
        if isinstance(request, BadInput):
            return request.sentence
        try:
            outcome = await self.run(request)
        except (Unavailable, Conflict) as fault:
            return self.unknown(request, fault)
        return answers.words(outcome) if outcome.problem is not None else ""

    async def _followed(
        self,
        context: AsyncBoltContext,
        messages: Sequence[dict[str, Any]],
        instead: dict[str, Any] | None,
    ) -> None:
        if instead is not None and context.response_url and context.respond is not None:
            try:
                await context.respond(**instead, replace_original=True)
            except Exception as fault:  # what comes next is worth more than what was
                log.warning("beside.not_replaced", error_type=type(fault).__name__)
        for message in messages:
            if context.user_id is not None:
                await context.client.chat_postMessage(channel=context.user_id, **message)

    async def _kept(self, work: Awaitable[Any]) -> None:
        try:
            async with asyncio.timeout(SAY_WITHIN):
                await work
        except Exception as fault:  # nothing that matters hangs on this
            log.warning("beside.failed", error_type=type(fault).__name__)
