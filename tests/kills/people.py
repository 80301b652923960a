"""The people of a world: they go out, check in or forget to, call for help and take it on."""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.demo.screen import NotThereError
from bot.demo.workspace import ControlError, Person
from tests.kills import county
from tests.kills.judge import Tap
from tests.kills.moments import passes
from tests.kills.world import World

# What Belay answers where it has stored it.
GOT_IT = "Got it."
RECEIVED = "Received"
NOT_NOW = (ControlError, NotThereError, aiohttp.ClientError, TimeoutError, OSError)
# So many call for help at the beginning, and nobody closes that: their climbs never end.
IN_TROUBLE = 1
TAKES_IT_EVERY = 10.0


@dataclass
class People:
    """Everybody, doing what they do until they are told to stop."""

    world: World
    rng: random.Random
    done: int = 0
    _forms: dict[str, float] = field(default_factory=dict)  # when each was sent first

    async def live(self) -> None:
        """All of them at once; ends when it is cancelled."""
        async with asyncio.TaskGroup() as group:
            for number, who in enumerate(county.WORKERS):
                group.create_task(self._works(self._person(who), in_trouble=number < IN_TROUBLE))
            for who in (*county.ON_DUTY["coordinator"], *county.ON_DUTY["clinical_lead"]):
                group.create_task(self._answers(self._person(who)))

    def _person(self, who: str) -> Person:
        return Person(self.world.workspace, who, f"U_{who.upper()}", patient=False, zone="Etc/UTC")

    async def _works(self, who: Person, *, in_trouble: bool) -> None:
        await passes(self.rng.uniform(0, 1.5))
        while not (await self._goes_out(who)):
            await passes(self.rng.uniform(0.3, 1.0))
        while in_trouble and not await self._taps(who, "/sos call", "Help", RECEIVED):
            await passes(self.rng.uniform(0.3, 1.0))
        while True:
            # Mostly in time, at times long after people were paged.
            await passes(
                self.rng.choice([0.5, 3.0, 5.0, 5.0, 5.0, 9.0, 16.0]) * self.rng.uniform(0.5, 1)
            )
            await self._taps(who, "/checkin", "CheckIn", GOT_IT)

    async def _goes_out(self, who: Person) -> bool:
        try:
            await who.commands("/visit here")
            # A form that a kill left open is sent again: it may be stored since the first time.
            form = (await who.form())["id"]
            sent_at = self._forms.setdefault(form, time.time())
            said = await who.submits({"Where?": county.PLACE})
        except NOT_NOW:
            return False
        went = bool(said["ok"] and said["acked"] and not said["errors"])
        self._note(who, "PlanVisit", sent_at, ticked=went)
        return went

    async def _taps(self, who: Person, command: str, event: str, stored: str) -> bool:
        sent_at = time.time()
        try:
            said = await who.commands(command)
        except NOT_NOW:
            return False
        ticked = bool(said["acked"]) and stored in (said["answer"] or "")
        self._note(who, event, sent_at, ticked=ticked)
        return ticked

    async def _answers(self, who: Person) -> None:
        while True:
            await passes(self.rng.expovariate(1 / TAKES_IT_EVERY))
            try:
                await self._takes(who)
            except NOT_NOW:
                continue

    async def _takes(self, who: Person) -> dict[str, Any] | None:
        """Press the newest "I have it" that reached them, as the database knows where it stands."""
        found = self.world.look(
            "SELECT slack_channel, ts FROM message WHERE surface = 'pages' AND person_id = :who"
            " ORDER BY id DESC LIMIT 1",
            who=who.key,
        )
        if not found:
            return None
        channel, ts = found[0]
        seen = await self.world.workspace.get("/see", user=who.user, channel=channel)
        for conversation in seen["conversations"]:
            for message in conversation["messages"]:
                if message["ts"] == ts:
                    return await self._press(who, channel, message)
        return None

    async def _press(
        self, who: Person, channel: str, message: dict[str, Any]
    ) -> dict[str, Any] | None:
        for block in message["blocks"]:
            for element in block.get("elements", ()):
                if "have it" in json.dumps(element.get("text", "")):
                    return await who.does(
                        "click",
                        channel=channel,
                        ts=message["ts"],
                        action_id=element["action_id"],
                        block_id=block["block_id"],
                        value=element.get("value", ""),
                    )
        return None

    def _note(self, who: Person, event: str, sent_at: float, *, ticked: bool) -> None:
        self.done += 1
        self.world.taps.append(Tap(who.key, event, sent_at, time.time(), ticked))
