"""This writes payloads in the shapes in which Slack sends them."""

from typing import Any

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
    values = {
        block["block_id"]: {block["element"]["action_id"]: _answer(block, typed or {})}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    unknown = set(typed or {}) - set(values)
    assert not unknown, f"the form does not ask {unknown}"
    return {
        "type": "view_submission",
        "team": TEAM,
        "user": {"id": user, "username": "jo", "name": "jo", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": more.pop("trigger", "1.2.v"),
        "view": {
            **view,
            "id": "V1",
            "team_id": "T1",
            "hash": "1773169200.abc",
            "state": {"values": values},
            "root_view_id": "V1",
            "previous_view_id": None,
            "app_id": "A1",
            "bot_id": "B1",
        },
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
        **more,
    }


def _answer(block: Body, typed: Body) -> Body:
    element = block["element"]
    kind, given = element["type"], typed.get(block["block_id"])
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": given or element.get("initial_value")}
        case "datepicker":
            return {"type": kind, "selected_date": given or element.get("initial_date")}
        case "timepicker":
            return {"type": kind, "selected_time": given or element.get("initial_time")}
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
