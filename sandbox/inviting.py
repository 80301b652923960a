"""This says who can be brought into a channel, and who may bring them."""

from sandbox.errors import Refused
from sandbox.model import Channel, Kind, Person
from sandbox.workspace import Workspace

ROOMS = (Kind.PUBLIC, Kind.PRIVATE)


def check_invitee(workspace: Workspace, channel: Channel, person: Person) -> None:
    """This passes if somebody can become a member.

    Raises Refused cant_invite for people of a workspace that the channel is not shared with, and
    ura_max_channels for a single-channel guest who has a channel already.
    """
    if workspace.is_foreign(person):
        if workspace.team_of(person) not in channel.connected_team_ids:
            raise Refused("cant_invite")
    elif person.is_ultra_restricted and any(
        person.id in one.members
        for one in workspace.channels.values()
        if one.kind in ROOMS and one is not channel
    ):
        raise Refused("ura_max_channels")


def check_inviter(workspace: Workspace, channel: Channel, person: Person) -> None:
    """This passes if somebody may bring others in: a member who is not a guest or from outside."""
    if person.id not in channel.members:
        raise Refused("channel_not_found", status=400)
    if workspace.is_outsider(person):
        raise Refused("restricted_action", status=400, detail=f"{person.id} may not invite")
