"""This tells what changed on one person's phone since a tab was told the last time."""

from dataclasses import dataclass, field

from sandbox import seeing
from sandbox.box import Sandbox
from sandbox.model import Channel, Json


@dataclass
class Phone:
    """This is what one tab knows of one phone; nothing at first."""

    heads: dict[str, Json] = field(default_factory=dict)
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    views: list[Json] | None = None
    home: Json | None = None
    seq: int = 0

    def news(self, box: Sandbox, user: str) -> Json:
        """This is what to tell, empty if all is known; from now on it counts as told."""
        rooms = [self._room(box, channel, user) for channel in seeing.conversations(box, user)]
        known = {room["head"]["id"] for room in rooms}
        gone = [one for one in self.heads if one not in known]
        for one in gone:
            del self.heads[one], self.messages[one]
        told: Json = {"conversations": [room for room in rooms if room.pop("new")], "gone": gone}
        told["notifications"] = [
            entry.shape()
            for entry in box.workspace.journal.of(user, self.seq)
            if entry.kind == "notification"
        ]
        self.seq = len(box.workspace.journal.entries)
        return {name: value for name, value in told.items() if value} | self._views(box, user)

    def _room(self, box: Sandbox, channel: Channel, user: str) -> Json:
        """This is one conversation's news; `new` is false if there are none."""
        head = seeing.head(box, channel, user)
        now = {m.ts: seeing.message(box, m, user) for m in seeing.visible(channel, user)}
        before = self.messages.get(channel.id, {})
        changed = [shape for ts, shape in now.items() if before.get(ts) != shape]
        removed = [ts for ts in before if ts not in now]
        new = bool(changed or removed or self.heads.get(channel.id) != head)
        self.heads[channel.id], self.messages[channel.id] = head, now
        return {"head": head, "changed": changed, "removed": removed, "new": new}

    def _views(self, box: Sandbox, user: str) -> Json:
        """This is the modals and the home tab, each only if it changed."""
        told: Json = {}
        views, home = seeing.views(box, user), seeing.home(box, user)
        if views != self.views:
            told["views"] = self.views = views
        if home != self.home:
            told["home"] = self.home = home
        return told


def held(picture: Json) -> Json:
    """This is a picture of GET /_control/see in the form of `news`, for a phone without signal."""
    rooms = [
        {
            "head": {name: value for name, value in one.items() if name != "messages"},
            "changed": one["messages"],
            "removed": [],
        }
        for one in picture["conversations"]
    ]
    rest = {name: picture[name] for name in ("views", "home", "notifications")}
    return {"conversations": rooms, **rest}
