"""The whole app over one moment: deliveries go in, and everything that came of each comes out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot import runner
from bot.handlers import register_all
from bot.handlers.door import Door
from bot.matcher import Matcher
from bot.slack import fallback
from bot.tasks import Tasks
from tests.answering import FakeEngine, hit
from tests.handlers.workplace import FakeSlack, make_app
from tests.security.states import Moment


@dataclass(frozen=True)
class Came:
    """This is all that came of one delivery, and whether anything changed that others can see."""

    status: int
    answer: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...]
    said: tuple[Mapping[str, Any], ...]
    did: bool

    @property
    def shown(self) -> str:
        """Everything that whoever pressed gets to read of it."""
        return f"{self.answer} {self.calls} {self.said}"

    @property
    def opened(self) -> bool:
        """Whether a form or a Home was drawn."""
        return bool(self.calls) or '"view"' in self.answer


@dataclass
class Desk:
    """This is the app with its handlers and its answers for faults; nothing of it stays stored."""

    moment: Moment
    slack: FakeSlack = field(default_factory=FakeSlack)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        matcher = Matcher(FakeEngine({"goodbye": (hit("suicidal_intent"),)}))
        ctx = replace(self.moment.county.ctx, database=self.moment.database, matcher=matcher)
        self.app = make_app(self.slack, self.said)
        self.door: Door = register_all(self.app, ctx, run=runner.run)
        self.tasks = Tasks(ctx.clock)
        fallback.install(self.app, self.tasks)

    async def gets(self, body: Mapping[str, Any]) -> Came:
        """Deliver this; what is done beside the answer is done when it returns."""
        self.moment.database.wrote.clear()
        self.slack.calls.clear()
        self.said.clear()
        request = AsyncBoltRequest(mode="socket_mode", body=dict(body))
        response = await self.app.async_dispatch(request)
        await self.door.settled()
        for task in list(self.tasks._running):
            await task
        return Came(
            response.status,
            response.body,
            tuple(self.slack.calls),
            tuple(self.said),
            self.moment.database.did(),
        )


@contextmanager
def patient() -> Iterator[None]:
    """No form is late because the machine is."""
    from bot.handlers import opening

    before = opening.READ_WITHIN, opening.OPEN_WITHIN
    opening.READ_WITHIN = opening.OPEN_WITHIN = 20.0  # type: ignore[misc]
    try:
        yield
    finally:
        opening.READ_WITHIN, opening.OPEN_WITHIN = before  # type: ignore[misc]


def sent_by(user: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The same delivery, as this account would have sent it."""
    changed = dict(body)
    if "user_id" in body:
        changed["user_id"] = user
    if isinstance(body.get("user"), dict):
        changed["user"] = {**body["user"], "id": user}
    if "event" in body:
        changed["event"] = {**body["event"], "user": user}
    return changed
