"""This is whose phone has no signal, and what stood on it when it was lost."""

import json

from sandbox import seeing
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json


def lose(box: Sandbox, user: str) -> None:
    """This takes a phone's signal: it goes on showing what it shows now."""
    if user not in box.lost:
        # A copy: the picture must not follow what happens meanwhile.
        box.lost[user] = json.loads(json.dumps(seeing.everything(box, user, None)))


def regain(box: Sandbox, user: str) -> None:
    """This gives the signal back; everything that happened meanwhile is there at once."""
    box.lost.pop(user, None)


def need(box: Sandbox, user: str) -> None:
    """This refuses what a person does on a phone without signal."""
    if user in box.lost:
        raise Refused("no_signal", status=400, detail="this phone has no signal")


def see(box: Sandbox, user: str, only: str | None) -> Json:
    """This is what stands on the person's phone; `only` narrows it to a conversation."""
    if user not in box.lost:
        return seeing.everything(box, user, only)
    held = box.lost[user]
    shown = [one for one in held["conversations"] if only in (None, one["id"])]
    if only is not None and not shown:
        raise Refused("channel_not_found", status=404)
    return {**held, "world": box.clock.now(), "conversations": shown}


def flat(box: Sandbox, user: str, since: int) -> Json:
    """This is what the person could see happen, up to the moment at which the signal was lost."""
    found = seeing.flat(box, user, since)
    if user not in box.lost:
        return found
    last = box.lost[user]["seq"]
    return {**found, "seq": last, "messages": [m for m in found["messages"] if m["seq"] <= last]}
