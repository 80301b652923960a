"""This brings events, commands and interactions to the app, with Slack's retries."""

import asyncio

from sandbox.faults import DELIVERY, Effect
from sandbox.ground import Ground
from sandbox.http_push import HttpPush
from sandbox.model import Json
from sandbox.outcome import Attempt, Lane, Outcome
from sandbox.sockets import Sockets


class Delivery:
    """This chooses the transport, lets faults strike and repeats events."""

    def __init__(self, box: Ground, sockets: Sockets, http: HttpPush) -> None:
        self._box = box
        self._sockets = sockets
        self._http = http
        self._held: list[asyncio.Event] = []

    async def send(self, lane: Lane, payload: Json, attempt: Attempt | None = None) -> Outcome:
        """This makes one attempt. Commands and interactions get no second one."""
        box = self._box
        attempt = attempt or Attempt()
        if lane is Lane.INTERACTIVE and not box.app.is_interactive:
            box.refusals.add("interactive", "not_configured", "settings.interactivity.is_enabled")
            return Outcome(False, False, reason="not_configured", final=True)
        if box.faults.outage():
            return Outcome(False, False, reason="connection_failed")
        fault = box.faults.take(DELIVERY, lane.value, payload)
        if fault is None:
            return await self._transport(lane, payload, attempt)
        if fault.effect is Effect.LOSE:
            return Outcome(False, False, reason="lost", final=True)
        if fault.effect is Effect.DUPLICATE:
            box.spawn(self._transport(lane, payload, attempt))
            return await self._transport(lane, payload, attempt)
        return await self._hold(lane, payload, attempt)

    async def _hold(self, lane: Lane, payload: Json, attempt: Attempt) -> Outcome:
        """This lets the next delivery overtake this one."""
        release = asyncio.Event()
        self._held.append(release)
        try:
            await asyncio.wait_for(release.wait(), self._box.timing.ack_within)
        except TimeoutError:
            self._held.remove(release)
        return await self._transport(lane, payload, attempt)

    async def _transport(self, lane: Lane, payload: Json, attempt: Attempt) -> Outcome:
        """This sends over the socket or by HTTP, then lets go what was held."""
        push = self._sockets if self._box.app.uses_sockets else self._http
        outcome = await push.send(lane, payload, attempt)
        held, self._held = self._held, []
        for release in held:
            release.set()
        return outcome

    def event(self, payload: Json) -> asyncio.Future[Outcome]:
        """This starts the delivery of an event; the future is the first attempt's outcome."""
        first: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._box.spawn(self._attempts(payload, first))
        return first

    async def _attempts(self, payload: Json, first: asyncio.Future[Outcome]) -> None:
        """This tries, and tries again on Slack's schedule."""
        outage = self._box.faults.outage()
        if outage is not None:
            first.set_result(Outcome(False, False, reason="connection_failed"))
            if outage.replay:
                self._box.after_outage.append(payload)
            return
        outcome = Outcome(False, False, reason="cancelled", final=True)
        try:
            outcome = await self.send(Lane.EVENTS, payload)
        finally:
            # Whoever acts waits for this, even when a reset ends the delivery.
            first.set_result(outcome)
        for number, pause in enumerate(self._box.timing.retry_after, start=1):
            if outcome.acked or outcome.final:
                return
            await asyncio.sleep(pause)
            outcome = await self.send(Lane.EVENTS, payload, Attempt(number, outcome.reason))
