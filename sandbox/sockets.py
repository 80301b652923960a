"""This is Socket Mode: tickets, connections, envelopes and their acknowledgements."""

import asyncio
import json
import secrets
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from sandbox import limits
from sandbox.faults import Effect, Fault
from sandbox.ground import Ground
from sandbox.outcome import Attempt, Lane, Outcome

APPROXIMATE_CONNECTION_TIME = 18_060
"""Seconds that Slack says a connection will last; the sandbox never ends one by itself."""
ENDED = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR})
LOOK_EVERY = 0.1
"""Seconds between looks whether the client of a half-open connection is gone."""


@dataclass(eq=False)
class Socket:
    """This is one open connection. Half-open: it stands, but nothing goes in or out."""

    ws: web.WebSocketResponse
    request: web.Request
    half_open: bool = False
    retiring: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def abort(self) -> None:
        """This cuts the connection without a word."""
        self.gone.set()
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    """This is every connection of the app, and who waits for which acknowledgement."""

    def __init__(self, box: Ground) -> None:
        self._box = box
        self._tickets: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0
        self.open: list[Socket] = []

    def ticket(self) -> str:
        """This is a new ticket: one use, soon."""
        made = secrets.token_hex(16)
        self._tickets[made] = time.monotonic() + self._box.timing.ticket_lives
        return made

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """This is the endpoint behind a ticket."""
        box = self._box
        expires = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        refused = box.faults.take(frozenset({Effect.REFUSE_SOCKET}), "socket", {})
        if (
            box.workspace.app is None
            or box.faults.outage()
            or refused
            or expires < time.monotonic()
        ):
            box.refusals.add("socket", "stale_ticket", "the ticket is used up, expired or refused")
            return web.Response(status=403, text="stale ticket")
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        if len(self.open) >= limits.SOCKETS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        socket = Socket(ws, request)
        self.open.append(socket)
        pinging = asyncio.create_task(self._ping(socket))
        try:
            await self._hello(socket)
            await self._read(socket)
        finally:
            pinging.cancel()
            self._forget(socket)
        return ws

    async def _hello(self, socket: Socket) -> None:
        """This greets a connection as Slack does."""
        app = self._box.app
        await socket.ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "debug_info": {
                    "host": "sandbox",
                    "build_number": 1,
                    "approximate_connection_time": APPROXIMATE_CONNECTION_TIME,
                },
                "connection_info": {"app_id": app.id},
            }
        )

    async def _read(self, socket: Socket) -> None:
        """This reads frames until the connection ends."""
        while not socket.gone.is_set():
            frame = await socket.ws.receive()
            if socket.half_open:
                await self._play_dead(socket)
                break
            if frame.type is WSMsgType.TEXT:
                self._acknowledged(frame.data)
            elif frame.type is WSMsgType.PING:
                with suppress(ConnectionError):
                    await socket.ws.pong(frame.data)
            elif frame.type in ENDED:
                break

    async def _play_dead(self, socket: Socket) -> None:
        """This answers nothing, not even a close, until the client gives the connection up."""
        while socket.request.transport is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(socket.gone.wait(), LOOK_EVERY)
                return

    async def _ping(self, socket: Socket) -> None:
        """This pings from Slack's side; the client answers, nobody waits for it."""
        while True:
            await asyncio.sleep(self._box.timing.ping_every)
            if not socket.half_open:
                with suppress(ConnectionError):
                    await socket.ws.ping(b"sandbox")

    def _forget(self, socket: Socket) -> None:
        """This drops an ended connection."""
        socket.gone.set()
        if socket in self.open:
            self.open.remove(socket)

    def _acknowledged(self, text: str) -> None:
        """This resolves the waiter of an envelope; an ack may come over any connection."""
        try:
            answer = json.loads(text)
            envelope_id = str(answer["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self._box.refusals.add("socket", "bad_ack", text[:200])
            return
        waiter = self._waiting.get(envelope_id)
        if waiter is None:
            self._box.refusals.add("socket", "late_ack", envelope_id)
        elif not waiter.done():
            waiter.set_result(answer.get("payload"))

    def _next(self) -> Socket | None:
        """This is the connection whose turn it is; those being closed come last."""
        ready = [s for s in self.open if not s.retiring] or self.open
        if not ready:
            return None
        self._turn += 1
        return ready[self._turn % len(ready)]

    async def send(self, lane: Lane, payload: dict[str, Any], attempt: Attempt) -> Outcome:
        """This sends one envelope to one connection and waits for its acknowledgement."""
        socket = self._next()
        if socket is None:
            return Outcome(delivered=False, acked=False, reason="connection_failed")
        envelope_id = secrets.token_hex(16)
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": lane.value,
            "payload": payload,
            "accepts_response_payload": lane is not Lane.EVENTS,
        }
        if lane is Lane.EVENTS:
            envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
        waiter: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiter
        counted = nullcontext() if socket.half_open else self._box.activity.going()
        try:
            with counted:
                if not socket.half_open:
                    await socket.ws.send_json(envelope)
                answer = await asyncio.wait_for(waiter, self._box.timing.ack_within)
        except TimeoutError:
            return Outcome(delivered=True, acked=False, reason="timeout")
        except ConnectionError:
            return Outcome(delivered=False, acked=False, reason="connection_failed")
        finally:
            self._waiting.pop(envelope_id, None)
        return Outcome(delivered=True, acked=True, payload=answer)

    def strike(self, fault: Fault) -> int:
        """This lets a fault hit open connections at once; says how many."""
        hit = self.open[: fault.count] if fault.count is not None else list(self.open)
        for socket in hit:
            if fault.effect is Effect.HALF_OPEN:
                socket.half_open = True
            elif fault.effect is Effect.DROP_SOCKETS:
                socket.abort()
            elif fault.effect is Effect.DISCONNECT:
                self._box.spawn(self.disconnect(socket, fault.reason))
        return len(hit)

    async def disconnect(self, socket: Socket, reason: str) -> None:
        """This announces the end of a connection and, where Slack does, closes it later."""
        socket.retiring = True
        with suppress(ConnectionError):
            await socket.ws.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            )
            if reason in ("warning", "refresh_requested"):
                with suppress(TimeoutError):
                    seconds = self._box.timing.disconnect_after_warning
                    await asyncio.wait_for(socket.gone.wait(), seconds)
            await socket.ws.close()

    def cut(self) -> None:
        """This cuts every connection."""
        for socket in list(self.open):
            socket.abort()
