"""This is what people can do in the workspace."""

from collections.abc import Awaitable, Callable

from sandbox import reception
from sandbox.acts import elements, marks, modal, rooms, shortcuts, talking
from sandbox.acts.common import seen
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json

ACTS: dict[str, Callable[[Sandbox, Json], Awaitable[Json]]] = {
    "command": talking.command,
    "click": elements.use,
    "choose": elements.use,
    "fill": modal.fill,
    "submit": modal.submit,
    "close": modal.close,
    "message": talking.message,
    "home": rooms.home,
    "shortcut": shortcuts.shortcut,
    "react": marks.react,
    "unreact": marks.unreact,
    "pin": marks.pin,
    "unpin": marks.unpin,
    "upload": marks.upload,
    "join": rooms.join,
    "leave": rooms.leave,
    "share_channel": rooms.share_channel,
    "read": talking.read,
}

WAITABLE = {
    "view": frozenset({"view_opened", "view_updated"}),
    "answer": frozenset({"ephemeral"}),
    "message": frozenset({"message"}),
    "edit": frozenset({"edit"}),
    "home": frozenset({"home"}),
}


async def perform(box: Sandbox, name: str, given: Json) -> Json:
    """This carries out one act.

    With `wait_for` (a name or list of WAITABLE) it then waits, for the time of an
    acknowledgement, until the person sees such a thing: an app may act after its ack.
    """
    reception.need(box, str(given.get("user") or ""))
    since = len(box.workspace.journal.entries)
    answer = await ACTS[name](box, given)
    wanted = given.get("wait_for")
    names = [wanted] if isinstance(wanted, str) else list(wanted or [])
    for one in names:
        if one not in WAITABLE:
            raise Refused("bad_wait_for", status=400, detail=f"one of {sorted(WAITABLE)}")
        user = str(given["user"])
        journal = box.workspace.journal
        came = await journal.wait(user, since, WAITABLE[one], box.timing.ack_within)
        now = seen(box, user, None, since)
        answer |= {"waited": came, "view": now["view"], "answer": now["answer"] or answer["answer"]}
    return answer
