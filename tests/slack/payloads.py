"""This writes payloads in the shapes in which Slack sends them."""

from typing import Any

from bot.slack.ids import TEMPLATE, field_of

Body = dict[str, Any]
TEAM = {"id": "T1", "domain": "county"}


def tap(element: dict[str, Any], *, user: str = "U_JO", trigger: str = "1.2.a", **more) -> Body:
    """Somebody pressed this button, or chose the line `chosen` of this menu."""
    chosen = more.pop("chosen", None)
    action = {
        "action_id": element["action_id"],
        "block_id": "b1",
        "type": element["type"],
        "action_ts": "1773169200.000100",
    }
    if element["type"] == "button":
        action |= {"text": element["text"], "value": element["value"]}
    else:
        lines = [o for o in element["options"] if o["text"]["text"] == chosen]
        action["selected_option"] = lines[0]
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "jo", "name": "jo", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "container": {"type": "message", "message_ts": "1773169100.000001", "channel_id": "D1"},
        "trigger_id": trigger,
        "team": TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "D1", "name": "directmessage"},
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [action],
        **more,
    }


def command(name: str, text: str = "", *, user: str = "U_JO", trigger: str = "1.2.c") -> Body:
    """Somebody typed a slash command."""
    return {
        "token": "x",
        "team_id": "T1",
        "team_domain": "county",
        "channel_id": "D1",
        "channel_name": "directmessage",
        "user_id": user,
        "user_name": "jo",
        "command": name,
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T1/1/x",
        "trigger_id": trigger,
    }


def message(text: str, *, user: str = "U_JO", event_id: str = "Ev1", **more) -> Body:
    """Somebody typed something to Belay."""
    return {
        "token": "x",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": {
            "type": "message",
            "channel": "D1",
            "channel_type": "im",
            "user": user,
            "text": text,
            "ts": "1773169200.000200",
            "event_ts": "1773169200.000200",
            **more,
        },
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1773169200,
        "authorizations": [{"team_id": "T1", "user_id": "U_BELAY", "is_bot": True}],
    }


def submission(view: Body, typed: Body | None = None, *, user: str = "U_JO", **more) -> Body:
    """Somebody sent this form, having typed this; what they left is as it was preset."""
    return {
        "type": "view_submission",
        "team": TEAM,
        "user": {"id": user, "username": "jo", "name": "jo", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": more.pop("trigger", "1.2.v"),
        "view": _filled(view, typed or {}),
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
        **more,
    }


def of_kind(view: Body, kind: str, typed: Body | None = None) -> Body:
    """Somebody picked a kind of visit in a plan form."""
    body = in_form(view, TEMPLATE, "", typed)
    picked = {"text": {"type": "plain_text", "text": kind}, "value": kind}
    [action] = body["actions"]
    del action["value"]
    return {**body, "actions": [{**action, "type": "static_select", "selected_option": picked}]}


def in_form(view: Body, action_id: str, value: str = "", typed: Body | None = None, **more) -> Body:
    """Somebody pressed a button of a form, or answered a question of it that asks to be told."""
    return {
        "type": "block_actions",
        "team": TEAM,
        "user": {"id": more.pop("user", "U_JO"), "username": "jo", "name": "jo", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "container": {"type": "view", "view_id": "V1"},
        "trigger_id": more.pop("trigger", "1.2.i"),
        "view": _filled(view, typed or {}),
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "b1",
                "value": value,
                "action_ts": "1773169200.000300",
            }
        ],
        "is_enterprise_install": False,
        "enterprise": None,
        **more,
    }


def _filled(view: Body, typed: Body) -> Body:
    asked = [(block, element) for block in view["blocks"] for element in _stateful(block)]
    unknown = set(typed) - {field_of(block["block_id"]) for block, _ in asked}
    assert not unknown, f"the form does not ask {unknown}"
    values = {
        block["block_id"]: {element["action_id"]: _answer(block["block_id"], element, typed)}
        for block, element in asked
    }
    return {
        **view,
        "id": "V1",
        "team_id": "T1",
        "hash": "1773169200.abc",
        "state": {"values": values},
        "root_view_id": "V1",
        "previous_view_id": None,
        "app_id": "A1",
        "bot_id": "B1",
    }


def _stateful(block: Body) -> list[Body]:
    if block["type"] == "input":
        return [block["element"]]
    inside = block.get("elements", []) if block["type"] == "actions" else []
    # Slack holds no state of a button, and none of an overflow menu.
    return [element for element in inside if element["type"] not in ("button", "overflow")]


def _answer(block_id: str, element: Body, typed: Body) -> Body:
    kind, given = element["type"], typed.get(field_of(block_id))
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": given or element.get("initial_value")}
        case "datetimepicker":
            picked = given if given is not None else element.get("initial_date_time")
            return {"type": kind, "selected_date_time": picked}
        case "static_select" | "radio_buttons":
            preset = element.get("initial_option")
            return {"type": kind, "selected_option": _line(element, given) if given else preset}
        case "checkboxes" | "multi_static_select":
            preset = element.get("initial_options", [])
            lines = [_line(element, one) for one in given] if given is not None else preset
            return {"type": kind, "selected_options": lines}
        case _:
            raise AssertionError(kind)


def _line(element: Body, value: str) -> Body:
    for group in element.get("option_groups", [element]):
        for option in group["options"]:
            if option["value"] == value:
                return option
    return {"text": {"type": "plain_text", "text": "?", "emoji": True}, "value": value}
