"""This is Slack, as far as a handler meets it: payloads go in, answers and calls come out."""

import json
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.context import Context
from bot.handlers import register_all
from bot.handlers.door import Door
from bot.request import Outcome, Request
from bot.settings import Settings
from protocol.decision import Decision, Reason
from protocol.events import Event
from protocol.ids import MatterId, PersonId
from protocol.matter import blank
from protocol.records import Matter
from storage import matters as stored
from storage.database import Database
from storage.sealing import Sealer
from tests.block_kit import check_call
from tests.county import KEY, PROGRAM, MovableClock, populate
from tests.protocol.world import JO


class FakeSlack(AsyncWebClient):
    """This is Slack's Web API: it notes what it is asked, and refuses what it is told to."""

    def __init__(self) -> None:
        super().__init__("xoxb-sandbox")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuses: dict[str, str] = {}

    async def api_call(self, api_method: str, **more: Any) -> Any:  # type: ignore[override]
        given = more.get("json") or more.get("params") or more.get("data") or {}
        self.calls.append((api_method, dict(given)))
        if api_method in self.refuses:
            raise SlackApiError("no", {"ok": False, "error": self.refuses[api_method]})
        return {"ok": True}

    def takes_all(self) -> None:
        """Whether all that it was sent fits Block Kit. Raises Breach."""
        for method, given in self.calls:
            check_call({"method": method, "args": given})


@dataclass
class FakeRun:
    """This is the runner: it notes requests and answers with what it is told to."""

    requests: list[Request] = field(default_factory=list)
    answer: Outcome | None = None
    fault: Exception | None = None

    async def __call__(self, ctx: Context, request: Request) -> Outcome:
        self.requests.append(request)
        if self.fault is not None:
            raise self.fault
        matter = blank(MatterId("m1"), PROGRAM, JO)
        return self.answer or Outcome(Decision(matter, Reason.CHECKED_IN), matter, JO)

    @property
    def events(self) -> list[Event]:
        return [request.event(PersonId("jo")) for request in self.requests]


@dataclass
class Workplace:
    """This is the app with its handlers over one county, without a network."""

    app: AsyncApp
    slack: FakeSlack
    run: Any
    door: Door
    said: list[dict[str, Any]]

    @classmethod
    def over(cls, database: Database, run: Any) -> "Workplace":
        database.run_sync(populate)
        ctx = Context(database, Sealer([KEY]), MovableClock(), Settings())
        slack = FakeSlack()
        said: list[dict[str, Any]] = []
        app = make_app(slack, said)
        return cls(app, slack, run, register_all(app, ctx, run=run), said)

    async def gets(self, body: dict[str, Any]) -> dict[str, Any] | str | None:
        """Deliver this, wait for what is done beside the answer, and give the answer."""
        request = AsyncBoltRequest(mode="socket_mode", body=body)
        response = await self.app.async_dispatch(request)
        await self.door.settled()
        assert response is not None
        assert response.status == 200, response.body
        return json.loads(response.body) if response.body.startswith("{") else response.body

    def matters(self) -> list[Matter]:
        """Every open matter, as stored."""
        ctx = self.door.ctx
        ids = ctx.database.run_sync(stored.open_matters)
        found = ctx.database.run_sync(stored.load_many, ctx.sealer, ids)
        return list(found.values())


def make_app(slack: FakeSlack, said: list[dict[str, Any]]) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_id="B1", bot_user_id="U_BELAY", bot_token="x"
        )

    app = AsyncApp(
        client=slack, signing_secret="s", authorize=authorize, process_before_response=True
    )

    async def respond(text: str = "", **more: Any) -> None:
        said.append({"text": text, **more})

    @app.middleware
    async def without_a_network(context, next_):  # bolt makes these anew for each delivery
        context["client"], context["respond"], context["say"] = slack, respond, respond
        return await next_()

    return app
