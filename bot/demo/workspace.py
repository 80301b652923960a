"""This is the sandbox's control API in the words of people: what they do, and what they see.

Everything goes over HTTP; nothing of the sandbox is imported. docs/sandbox.md describes the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from bot.demo import screen
from bot.demo.screen import Json, NotThereError, Pressable

# A fast-forward asks the bot to settle at each step, and waits ten seconds for each answer.
CALL_SECONDS: Final = 120.0


class ControlError(Exception):
    """This says what the sandbox did not accept."""


class NotDeliveredError(Exception):
    """This says that something a person did was not acknowledged by the bot."""


class UnsettledError(Exception):
    """This says that a fast-forward ended with work left undone."""


@dataclass
class Workspace:
    """This is one workspace. `url` is the sandbox's address, without a path."""

    url: str
    http: aiohttp.ClientSession

    async def get(self, path: str, **query: str | int) -> Json:
        """Ask for something. Raises ControlError."""
        return await self._call("GET", path, params=query)

    async def post(self, path: str, body: Mapping[str, Any] | None = None) -> Json:
        """Make something happen. Raises ControlError."""
        return await self._call("POST", path, json=dict(body or {}))

    async def delete(self, path: str, **query: str | int) -> Json:
        """Take something back. Raises ControlError."""
        return await self._call("DELETE", path, params=query)

    async def seen(self, user: str, since: int = 0) -> tuple[list[Json], int]:
        """What a person saw happen after a sequence number, in order, and the number now."""
        answer = await self.get("/see/messages", user=user, since=since)
        return list(answer["messages"]), int(answer["seq"])

    async def _call(self, method: str, path: str, **given: Any) -> Json:
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        url = f"{self.url}/_control{path}"
        async with self.http.request(method, url, timeout=timeout, **given) as answer:
            said: Json = await answer.json()
            if answer.status != 200:
                detail = said.get("detail") or said.get("messages") or ""
                raise ControlError(f"{path}: {said.get('error')} {detail}".strip())
            return said


@dataclass(frozen=True, slots=True)
class Found:
    """This is something to press, in a message."""

    channel: str
    ts: str
    pressable: Pressable


@dataclass
class Person:
    """This is somebody in the workspace. `key` is a short word for them, `user` their Slack id.

    `zone` is the IANA zone that their phone shows times in.
    """

    workspace: Workspace
    key: str
    user: str
    name: str = ""
    role: str = ""
    patient: bool = True
    zone: str = "Etc/UTC"

    async def commands(self, typed: str, channel: str = "app") -> Json:
        """Type a slash command, such as "/visit here"; what came back, with any form it opened."""
        command, _, text = typed.partition(" ")
        return await self._act("command", channel=channel, command=command, text=text)

    async def presses(self, label: str, *, which: int = 0, among: str = "") -> Json:
        """Press the newest button, or line of a menu, with this label.

        `which` counts equal ones of one message, from the top. `among` must stand in the message.
        Raises NotThereError.
        """
        found = await self.finds(label, which=which, among=among)
        return await self.presses_found(found)

    async def presses_found(self, found: Found) -> Json:
        """Press what was found before, even if the message has changed meanwhile."""
        one = found.pressable
        return await self._act(
            "click",
            channel=found.channel,
            ts=found.ts,
            action_id=one.action_id,
            block_id=one.block_id,
            value=one.value,
        )

    async def finds(self, label: str, *, which: int = 0, among: str = "") -> Found:
        """Look for the newest message with this label on a button. Raises NotThereError."""
        for channel, message in await self.messages():
            same = [p for p in screen.pressables(message["blocks"]) if p.label == label]
            if len(same) > which and among in screen.whole(message):
                return Found(channel, message["ts"], same[which])
        raise NotThereError(f"{self.key} sees no button [{label}]")

    async def presses_in_form(self, label: str) -> Json:
        """Press the button with this label in the form in front. Raises NotThereError."""
        view = await self.form()
        one = next((p for p in screen.pressables(view["blocks"]) if p.label == label), None)
        if one is None:
            raise NotThereError(f"{self.key}'s form has no button [{label}]")
        at = {"action_id": one.action_id, "block_id": one.block_id, "value": one.value}
        return await self._act("click", view_id=view["id"], **at)

    async def fills(self, answers: Mapping[str, Any]) -> Json:
        """Answer questions of the form in front, by their labels. Raises NotThereError."""
        view = await self.form()
        return await self._act(
            "fill", view_id=view["id"], values=_by_field(view, answers, self.zone)
        )

    async def submits(self, answers: Mapping[str, Any] | None = None) -> Json:
        """Answer questions and send the form; `errors` says what was wrong, by label."""
        view = await self.form()
        values = _by_field(view, answers or {}, self.zone)
        said = await self._act("submit", view_id=view["id"], values=values)
        labels = {block["block_id"]: label for label, block in screen.questions(view).items()}
        return {**said, "errors": {labels.get(k, k): v for k, v in said["errors"].items()}}

    async def form(self) -> Json:
        """The form in front of the person. Raises NotThereError."""
        views = (await self._see())["views"]
        if not views:
            raise NotThereError(f"{self.key} has no form open")
        return dict(views[-1])

    async def closes(self) -> Json:
        """Close the form in front."""
        return await self._act("close", view_id=(await self.form())["id"])

    async def writes(self, text: str, channel: str = "app") -> Json:
        """Write a message; without a channel to the bot."""
        return await self._act("message", channel=channel, text=text)

    async def does(self, act: str, **given: Any) -> Json:
        """Do anything else that the control API knows, such as join, leave or react."""
        return await self.workspace.post(f"/act/{act}", {"user": self.user, **given})

    async def messages(self, *, direct: bool = False) -> list[tuple[str, Json]]:
        """Everything that stands in front of them as (channel, message), the newest first.

        `direct` leaves channels out. Within one second what was sent to them alone comes first.
        """
        found = []
        for conversation in (await self._see())["conversations"]:
            with_app = bool(conversation["with_app"])
            if direct and not with_app:
                continue
            found += [(with_app, conversation["id"], one) for one in conversation["messages"]]
        found.sort(key=lambda one: (one[2]["ts"].split(".")[0], one[0], one[2]["ts"]), reverse=True)
        return [(channel, message) for _, channel, message in found]

    async def reads(self, *, direct: bool = False) -> list[str]:
        """The messages as texts, the newest first."""
        return [screen.whole(message) for _, message in await self.messages(direct=direct)]

    async def lock_screen(self) -> list[str]:
        """What their phone showed, the newest last."""
        return [str(one["text"]) for one in (await self._see())["notifications"]]

    async def _see(self) -> Json:
        return await self.workspace.get("/see", user=self.user)

    async def _act(self, name: str, **given: Any) -> Json:
        said = await self.does(name, **given)
        if self.patient and not said["ok"] and not said["errors"]:
            why = said.get("error") or said.get("answer") or "no answer"
            raise NotDeliveredError(f"{self.key}: {name} was not taken ({why})")
        return said


@dataclass
class Clock:
    """This is the workspace's clock: world time, which can be moved."""

    workspace: Workspace
    walked: list[Json] = field(default_factory=list)

    async def now(self) -> datetime:
        """The world's time (aware UTC)."""
        unix = (await self.workspace.get("/clock"))["clock"]["now"]
        return datetime.fromtimestamp(unix, UTC)

    async def set(self, at: datetime) -> None:
        """Put the clock to an instant at once; nothing is walked."""
        await self.workspace.post("/clock", {"set": at.timestamp()})

    async def goes(self, rate: float) -> None:
        """Let the world go at this many times real speed; 0 stops it."""
        await self.workspace.post("/clock", {"rate": rate})

    async def forward(self, minutes: float = 0.0, *, seconds: float = 0.0) -> Json:
        """Walk ahead from due moment to due moment. Raises UnsettledError."""
        return await self._walk({"seconds": minutes * 60 + seconds})

    async def next(self) -> Json:
        """Walk to the next due moment. Raises UnsettledError."""
        return await self._walk({"to": "next"})

    async def settle(self) -> Json:
        """Wait until everything due now is done and everything to be said now is said."""
        return await self._walk({"seconds": 0})

    async def jump(self, minutes: float) -> None:
        """Move at once, without a walk: the machine slept."""
        await self.workspace.post("/clock/jump", {"seconds": minutes * 60})

    async def _walk(self, body: Mapping[str, Any]) -> Json:
        walk = await self.workspace.post("/clock/forward", body)
        self.walked.append(walk)
        if not walk["complete"]:
            raise UnsettledError(f"the clock's walk did not come to rest: {walk}")
        return walk


@dataclass
class Faults:
    """This is what goes wrong on demand."""

    workspace: Workspace

    async def add(self, effect: str, target: str = "*", **more: Any) -> int:
        """Put a fault in force; its number. `count` 1 is once, None for ever."""
        body = {"effect": effect, "target": target, **more}
        return int((await self.workspace.post("/faults", body))["id"])

    async def lift(self, number: int | None = None) -> None:
        """Lift one fault, or all."""
        await self.workspace.delete("/faults", **({} if number is None else {"id": number}))

    async def sockets(self) -> int:
        """How many connections of the bot are open."""
        return int((await self.workspace.get("/faults"))["sockets"])


def _by_field(view: Json, answers: Mapping[str, Any], zone: str) -> Json:
    asked = screen.questions(view)
    missing = [label for label in answers if label not in asked]
    if missing:
        raise NotThereError(f"the form asks no {missing[0]!r}, but {sorted(asked)}")
    return {
        asked[label]["block_id"]: screen.answer_for(asked[label], answer, zone)
        for label, answer in answers.items()
    }
