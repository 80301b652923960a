"""This is using buttons and menus, in messages, modals and the home tab."""

from sandbox import forms, modals, payloads
from sandbox.acts.common import actor, interact, message_at, seen
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json, Message
from sandbox.normalise import elements


async def use(box: Sandbox, given: Json) -> Json:
    """This clicks a button or chooses in a menu, in a message, a modal or the home tab."""
    user = actor(box, given)
    if given.get("view_id"):
        return await _use_in_view(box, user, given)
    return await _use_in_message(box, user, given)


def _chosen(element: Json, given: Json) -> Json | None:
    """This is the element's state after the choice; None for a button."""
    if element["type"] in ("button", "workflow_button"):
        return None
    return forms.chosen(element, given.get("values", given.get("value")))


def _dispatches(block: Json) -> bool:
    """This is true if using the block's element reaches the app at once."""
    return block["type"] != "input" or bool(block["dispatch_action"])


async def _use_in_view(box: Sandbox, user: str, given: Json) -> Json:
    """This uses an element of a modal or the home tab."""
    view = modals.find(box, str(given["view_id"]), "")
    if view.user != user:
        raise Refused("not_found", status=400)
    block, element = _meant(view.spec["blocks"], given)
    state = _chosen(element, given)
    if state is not None and element["type"] != "overflow":
        view.typed[(block["block_id"], element["action_id"])] = state
    if not _dispatches(block):
        return seen(box, user, None, len(box.workspace.journal.entries), ok=True)
    action = payloads.action(box, block, element, state)
    return await interact(box, user, payloads.view_action(box, view, [action]))


async def _use_in_message(box: Sandbox, user: str, given: Json) -> Json:
    """This uses an element of a message."""
    message = message_at(box, user, given)
    block, element = _meant(message.blocks, given)
    state = _chosen(element, given)
    if state is not None and element["type"] != "overflow":
        message.typed[(user, block["block_id"], element["action_id"])] = state
    if not _dispatches(block):
        return seen(box, user, None, len(box.workspace.journal.entries), ok=True)
    action = payloads.action(box, block, element, state)
    typed = _typed_in(message, user)
    payload = payloads.message_action(box, user, message, [action], typed)
    return await interact(box, user, payload)


def _typed_in(message: Message, user: str) -> forms.Typed:
    """This is what one person chose in a message."""
    return {(key[1], key[2]): state for key, state in message.typed.items() if key[0] == user}


def _meant(blocks: list[Json], given: Json) -> tuple[Json, Json]:
    """This is the element that is meant; among buttons with one action id the value decides."""
    name, block_id, wanted = str(given.get("action_id")), given.get("block_id"), given.get("value")
    if block_id is None and isinstance(wanted, str):
        for block in blocks:
            for element in elements(block):
                same = element.get("action_id") == name and element.get("value") == wanted
                if same and element["type"] == "button":
                    return block, element
    return forms.find(blocks, name, None if block_id is None else str(block_id))
