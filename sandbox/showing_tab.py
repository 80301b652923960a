"""This keeps one tab of the page up to date over its WebSocket.

There is no queue: a tab is told what changed since it was told the last time, once its last
message has left. A slow tab hears less often, and nothing waits for it.
"""

import asyncio
import json
from collections import Counter
from contextlib import suppress

from aiohttp import web

from sandbox import postman
from sandbox.box import Sandbox
from sandbox.model import Json
from sandbox.showing_phone import Phone, held
from sandbox.walking import ClockLink

PAUSE = 0.03
"""Transport seconds between two messages to a tab: many small changes travel together."""
LOOK_ANYWAY = 5.0
"""Transport seconds after which a tab is looked at even if nothing rang: offers run out."""
RECORDS_MOST = 300
"""A tab is sent no more than this many calls and refusals at once, the newest."""
PHONES_MOST = 8


class Tab:
    """This is one open tab: whom it shows, and what it has been told."""

    def __init__(self, box: Sandbox, link: ClockLink, ws: web.WebSocketResponse) -> None:
        self._box = box
        self._link = link
        self._ws = ws
        self._workspace = box.workspace
        self._asked: list[str] = []
        self._wants_calls = False
        self._phones: dict[str, Phone] = {}
        self._lost: set[str] = set()
        self._told: dict[str, Json] = {}
        self._calls = self._errors = 0
        self._open_calls: dict[int, Json] = {}

    async def serve(self) -> None:
        """This talks to the tab until it is gone, or the sandbox ends."""
        onlookers = self._box.onlookers
        onlookers.tabs += 1
        with onlookers.looking() as bell:
            telling = asyncio.create_task(self._tell_for_ever(bell))
            try:
                async for frame in self._ws:
                    self._hear(json.loads(frame.data))
                    bell.set()
            finally:
                onlookers.tabs -= 1
                telling.cancel()
                with suppress(asyncio.CancelledError, ConnectionError):
                    await telling

    def _hear(self, said: Json) -> None:
        """This takes what the tab wants to see: {"people": [ids], "calls": true}."""
        self._asked = [str(one) for one in said.get("people") or []][:PHONES_MOST]
        self._wants_calls = bool(said.get("calls"))
        self._phones = {user: known for user, known in self._phones.items() if user in self._asked}
        self._lost &= set(self._asked)

    async def _tell_for_ever(self, bell: asyncio.Event) -> None:
        """This tells the tab what changed, whenever something may have."""
        while not self._box.closing.is_set():
            bell.clear()
            for news in self._news():
                await self._ws.send_json(news)
            await asyncio.sleep(PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), LOOK_ANYWAY)
        await self._ws.close()

    def _news(self) -> list[Json]:
        """This is everything that the tab has not been told yet."""
        box, news = self._box, []
        if self._workspace is not box.workspace:
            self._workspace = box.workspace
            self._phones, self._told, self._open_calls = {}, {}, {}
            self._calls = self._errors = 0
            self._lost = set()
            news.append({"type": "reset"})
        standing = {
            "workspace": workspace(box),
            "clock": clock(box, self._link),
            "state": state(box),
            "tour": {"tour": box.onlookers.tour or None},
        }
        for kind, value in standing.items():
            compared = {name: part for name, part in value.items() if name != "now"}
            if self._told.get(kind) != compared:
                self._told[kind] = compared
                news.append({"type": kind, **value})
        news += [told for user in self._asked if (told := self._phone(user))]
        return news + self._records()

    def _phone(self, user: str) -> Json | None:
        """This is what changed on one phone; a phone without signal is told once and then rests."""
        box = self._box
        if user not in box.workspace.people:
            return None
        about = {"type": "phone", "user": user}
        if user in box.lost:
            if user in self._lost:
                return None
            self._lost.add(user)
            self._phones.pop(user, None)
            return {**about, "whole": True, **held(box.lost[user])}
        self._lost.discard(user)
        whole = user not in self._phones
        news = self._phones.setdefault(user, Phone()).news(box, user)
        return {**about, "whole": whole, **news} if news or whole else None

    def _records(self) -> list[Json]:
        """This is new calls, calls that were answered meanwhile, and new refusals."""
        if not self._wants_calls:
            return []
        box = self._box
        calls = box.calls.since(self._calls)[-RECORDS_MOST:]
        answered = [row for row in self._open_calls.values() if "status" in row]
        errors = box.refusals.since(self._errors)[-RECORDS_MOST:]
        self._calls, self._errors = box.calls.last, box.refusals.last
        still = [*self._open_calls.values(), *calls]
        self._open_calls = {row["n"]: row for row in still if "status" not in row}
        told = [dict(row) for row in answered + calls]
        return [{"type": "calls", "calls": told, "errors": errors}] if told or errors else []


def workspace(box: Sandbox) -> Json:
    """This is what every tab knows: the team, who is there, the channels, the app's commands."""
    people = [
        {"id": one.id, "name": one.name, "real_name": one.real_name or one.name}
        | {"display_name": one.display_name, "title": one.title, "tz": one.tz}
        | {"is_bot": one.is_bot, "deleted": one.deleted, "is_stranger": one.is_stranger}
        for one in box.workspace.people.values()
    ]
    channels = [
        {"id": one.id, "name": one.name, "is_private": one.is_private}
        for one in box.workspace.channels.values()
        if one.name
    ]
    app = box.workspace.app
    installed = {"name": app.name, "user": app.bot_user} if app else None
    commands = list(app.features.get("slash_commands") or []) if app else []
    tabs = (app.features.get("app_home") or {}) if app else {}
    return {
        "team": dict(box.workspace.team),
        "people": people,
        "channels": channels,
        "app": installed,
        "commands": commands,
        "home_tab": bool(tabs.get("home_tab_enabled")),
        "zone": _zone(people),
    }


def _zone(people: list[Json]) -> str:
    """This is the zone in which most of the people live: the one to show the world's time in."""
    zones = Counter(one["tz"] for one in people if not one["is_bot"] and not one["deleted"])
    return str(zones.most_common(1)[0][0]) if zones else "Etc/UTC"


def clock(box: Sandbox, link: ClockLink) -> Json:
    """This is the world's clock: now, how fast it goes, whether it is walked, what is due next."""
    found = box.clock
    due = [at for at in (link.next_wake, postman.next_at(box)) if at is not None]
    ahead = [at for at in due if at > found.now()]
    frame = {"world": found.world, "rate": found.rate, "seq": found.seq, "now": found.now()}
    return {**frame, "walking": link.walking, "next_due": min(ahead, default=None)}


def state(box: Sandbox) -> Json:
    """This is what goes wrong on purpose, and whether the bot can be killed and started."""
    return {
        "faults": box.faults.report(),
        "sockets": len(box.sockets.open),
        "lost": sorted(box.lost),
        "wishes": box.wishes.report(),
    }
