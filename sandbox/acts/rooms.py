"""This is opening the home tab, joining, leaving and sharing channels."""

from sandbox import events, modals, seeing
from sandbox.acts.common import actor, first, seen
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json, Kind


async def home(box: Sandbox, given: Json) -> Json:
    """This opens the app's home tab, or its messages tab."""
    user = actor(box, given)
    since = len(box.workspace.journal.entries)
    direct = box.workspace.direct(box.app.bot_user, user)
    tab = str(given.get("tab") or "home")
    event: Json = {"type": "app_home_opened", "user": user, "channel": direct.id, "tab": tab}
    view = box.workspace.homes.get(user)
    if view is not None and tab == "home":
        event["view"] = modals.shape(box, view)
    wanted = events.publish(box, event)
    outcome = await first([wanted] if wanted is not None else [])
    ok = outcome is None or outcome.acked
    return seen(box, user, outcome, since, ok=ok, home=seeing.home(box, user))


async def join(box: Sandbox, given: Json) -> Json:
    """This lets a person into a channel; `by` adds them to a private one."""
    user = actor(box, given)
    channel = box.workspace.channel(str(given.get("channel") or ""))
    since = len(box.workspace.journal.entries)
    inviter = str(given.get("by") or "")
    allowed = inviter in channel.members if inviter else box.workspace.can_see(user, channel)
    if not allowed or channel.kind not in (Kind.PUBLIC, Kind.PRIVATE):
        raise Refused("channel_not_found", status=400)
    who = box.app.bot_user if given.get("app") else user
    joined = box.workspace.join(channel, who)
    futures = events.membership(box, channel, who, joined=True) if joined else []
    return seen(box, user, await first(futures), since, ok=True)


async def leave(box: Sandbox, given: Json) -> Json:
    """This ends a membership. The event goes out while the bot is still inside."""
    user = actor(box, given)
    channel = box.workspace.channel(str(given.get("channel") or ""))
    since = len(box.workspace.journal.entries)
    if not box.workspace.can_see(user, channel):
        raise Refused("channel_not_found", status=400)
    who = box.app.bot_user if given.get("app") else user
    member = who in channel.members
    futures = events.membership(box, channel, who, joined=False) if member else []
    box.workspace.leave(channel, who)
    return seen(box, user, await first(futures), since, ok=True)


async def share_channel(box: Sandbox, given: Json) -> Json:
    """This connects a channel with another organisation, or ends that (`shared` false)."""
    user = actor(box, given)
    channel = box.workspace.channel(str(given.get("channel") or ""))
    since = len(box.workspace.journal.entries)
    if not box.workspace.can_see(user, channel):
        raise Refused("channel_not_found", status=400)
    team = str(given.get("team") or "T0OUTSIDE1")
    now_shared = bool(given.get("shared", True))
    teams = [one for one in channel.connected_team_ids if one != team]
    channel.connected_team_ids = [*teams, team] if now_shared else teams
    channel.is_ext_shared = bool(channel.connected_team_ids)
    futures = events.shared(box, channel, team, now_shared=now_shared)
    return seen(box, user, await first(futures), since, ok=True)
