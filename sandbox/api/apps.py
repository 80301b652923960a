"""This is apps.*, auth.*, api.* and bots.*."""

from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Json

APP_TOKEN_METHODS = frozenset({"apps.connections.open"})


@method("apps.connections.open")
def connections_open(call: Call) -> Json:
    """This is a one-use URL for Socket Mode."""
    if not call.app.uses_sockets:
        raise Refused("access_denied", detail="socket_mode_enabled is off in the manifest")
    host = call.box.url.replace("http://", "ws://")
    return {"url": f"{host}/link/?ticket={call.box.sockets.ticket()}&app_id={call.app.id}"}


@method("auth.test")
def auth_test(call: Call) -> Json:
    """This says who the token is."""
    team = call.workspace.team
    return {
        "url": f"https://{team['domain']}.slack.com/",
        "team": team["name"],
        "user": call.workspace.people[call.app.bot_user].name,
        "team_id": team["id"],
        "user_id": call.app.bot_user,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


@method("api.test")
def api_test(call: Call) -> Json:
    """This answers with its arguments, or with the error asked for."""
    if call.args.text("error"):
        raise Refused(call.args.text("error"), args=call.args.given)
    return {"args": call.args.given}


@method("bots.info")
def bots_info(call: Call) -> Json:
    """This describes the app's bot."""
    app = call.app
    if call.args.text("bot", app.bot_id) != app.bot_id:
        raise Refused("bot_not_found")
    bot = {"id": app.bot_id, "app_id": app.id, "user_id": app.bot_user, "name": app.name}
    return {"bot": {**bot, "deleted": False, "updated": 0, "icons": {}}}
