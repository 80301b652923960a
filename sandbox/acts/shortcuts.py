"""This is using the app's shortcuts: from anywhere, or from the menu of a message."""

from sandbox import payloads
from sandbox.acts.common import actor, interact, message_at
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json


async def shortcut(box: Sandbox, given: Json) -> Json:
    """This uses a shortcut of the manifest; one for messages needs `channel` and `ts`."""
    user = actor(box, given)
    wanted = given.get("callback_id")
    declared = box.app.features.get("shortcuts") or []
    found = next((item for item in declared if item.get("callback_id") == wanted), None)
    if found is None or "commands" not in box.app.scopes:
        known = [item.get("callback_id") for item in declared]
        raise Refused("no_such_shortcut", status=400, detail=f"{wanted} is not one of {known}")
    box.scope_book.need(box.app, f"shortcut {wanted}", "commands")
    if found["type"] == "global":
        return await interact(box, user, payloads.shortcut(box, user, found["callback_id"]))
    message = message_at(box, user, given)
    if message.visible_to is not None:
        raise Refused("message_not_found", status=400)
    payload = payloads.message_shortcut(box, user, found["callback_id"], message)
    return await interact(box, user, payload)
