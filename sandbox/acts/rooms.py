"""This is opening the home tab, joining, leaving and sharing channels."""

from sandbox import events, inviting, modals, seeing
from sandbox.acts.common import actor, first, seen
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json
from sandbox.workspace import OUTSIDE


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
    if channel.kind not in inviting.ROOMS:
        raise Refused("channel_not_found", status=400)
    if inviter:
        inviting.check_inviter(box.workspace, channel, box.workspace.person(inviter))
        inviting.check_invitee(box.workspace, channel, box.workspace.person(user))
    elif not box.workspace.can_see(user, channel):
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
    """This connects a channel with another organisation, or ends that (`shared` false).

    `pending`: the other side is only invited. When it ends, that side's people are out.
    """
    user = actor(box, given)
    channel = box.workspace.channel(str(given.get("channel") or ""))
    since = len(box.workspace.journal.entries)
    if not box.workspace.can_see(user, channel):
        raise Refused("channel_not_found", status=400)
    if box.workspace.is_outsider(box.workspace.person(user)):
        raise Refused("restricted_action", status=400)
    channel.is_pending_ext_shared = bool(given.get("pending"))
    if channel.is_pending_ext_shared:
        return seen(box, user, None, since, ok=True)
    team = str(given.get("team") or OUTSIDE)
    now_shared = bool(given.get("shared", True))
    teams = [one for one in channel.connected_team_ids if one != team]
    channel.connected_team_ids = [*teams, team] if now_shared else teams
    channel.is_ext_shared = bool(channel.connected_team_ids)
    if not now_shared:
        people = [box.workspace.person(one) for one in channel.members]
        for person in people:
            if box.workspace.team_of(person) == team:
                box.workspace.leave(channel, person.id)
    futures = events.shared(box, channel, team, now_shared=now_shared)
    return seen(box, user, await first(futures), since, ok=True)
