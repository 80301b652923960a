"""This makes the payloads of commands and interactions in Slack's shapes."""

from sandbox import forms, modals, shapes
from sandbox.box import Sandbox
from sandbox.model import Channel, Json, Kind, Message, View

PRIVATE_NAMES = {
    Kind.IM: "directmessage",
    Kind.MPIM: "privategroup",
    Kind.PRIVATE: "privategroup",
}


def channel_name(channel: Channel) -> str:
    """This is the name in payloads; Slack hides the names of private conversations."""
    return PRIVATE_NAMES.get(channel.kind, channel.name)


def command(box: Sandbox, user: str, channel: Channel, name: str, text: str) -> Json:
    """This is a slash command; all values are strings, as in a form."""
    team = box.workspace.team
    return {
        "token": box.app.verification_token,
        "team_id": team["id"],
        "team_domain": team["domain"],
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user,
        "user_name": box.workspace.people[user].name,
        "command": name,
        "text": text,
        "api_app_id": box.app.id,
        "is_enterprise_install": "false",
        "response_url": box.response_url(channel.id, user),
        "trigger_id": box.trigger(user),
    }


def _common(box: Sandbox, kind: str, user: str) -> Json:
    """This is what all interactions have."""
    team = box.workspace.team
    who = box.workspace.people[user]
    name, home = who.name, box.workspace.team_of(who)
    return {
        "type": kind,
        "team": {"id": team["id"], "domain": team["domain"]},
        "user": {"id": user, "username": name, "name": name, "team_id": home},
        "api_app_id": box.app.id,
        "token": box.app.verification_token,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def action(box: Sandbox, block: Json, element: Json, state: Json | None) -> Json:
    """This is one entry of `actions`: the element, and what was chosen in it."""
    made: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": f"{box.clock.now():.6f}",
    }
    for name in ("text", "value", "style", "url", "placeholder", "confirm"):
        if name in element:
            made[name] = element[name]
    return made | (state or {})


def message_action(
    box: Sandbox, user: str, message: Message, actions: list[Json], typed: forms.Typed
) -> Json:
    """This is block_actions from a message; an ephemeral one does not bring its content."""
    channel = box.workspace.channel(message.channel)
    ephemeral = message.visible_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = _common(box, "block_actions", user) | {
        "container": container,
        "trigger_id": box.trigger(user),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": forms.current(message.blocks, typed)},
        "response_url": box.response_url(channel.id, user, message.ts),
        "actions": actions,
    }
    if not ephemeral:
        payload["message"] = shapes.message(box.workspace, message)
    return payload


def shortcut(box: Sandbox, user: str, callback_id: str) -> Json:
    """This is a global shortcut: it has no channel and no response URL."""
    return _common(box, "shortcut", user) | {
        "action_ts": f"{box.clock.now():.6f}",
        "callback_id": callback_id,
        "trigger_id": box.trigger(user),
    }


def message_shortcut(box: Sandbox, user: str, callback_id: str, message: Message) -> Json:
    """This is a shortcut from the menu of a message."""
    channel = box.workspace.channel(message.channel)
    return _common(box, "message_action", user) | {
        "action_ts": f"{box.clock.now():.6f}",
        "callback_id": callback_id,
        "trigger_id": box.trigger(user),
        "response_url": box.response_url(channel.id, user),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": shapes.message(box.workspace, message),
    }


def view_action(box: Sandbox, view: View, actions: list[Json]) -> Json:
    """This is block_actions from a modal or a home tab."""
    return _common(box, "block_actions", view.user) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": box.trigger(view.user, view.id),
        "view": modals.shape(box, view),
        "actions": actions,
    }


def submission(box: Sandbox, view: View) -> Json:
    """This is view_submission, with a response URL for each conversation asked for."""
    urls = []
    for block, element in forms.stateful(view.spec["blocks"]):
        state = view.typed.get((block["block_id"], element["action_id"])) or forms.initial(element)
        channel = state.get("selected_conversation") or state.get("selected_channel")
        if element.get("response_url_enabled") and channel:
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": box.response_url(channel, view.user),
                }
            )
    return _common(box, "view_submission", view.user) | {
        "trigger_id": box.trigger(view.user, view.id),
        "view": modals.shape(box, view),
        "response_urls": urls,
    }


def closed(box: Sandbox, view: View, *, cleared: bool) -> Json:
    """This is view_closed."""
    return _common(box, "view_closed", view.user) | {
        "view": modals.shape(box, view),
        "is_cleared": cleared,
    }
