"""This gives files the JSON shape of Slack's Web API."""

from sandbox.items import File
from sandbox.model import Json, Kind
from sandbox.workspace import Workspace


def file(workspace: Workspace, it: File) -> Json:
    """This is a file object; of a deleted one, only that there was one."""
    if it.deleted:
        return {"id": it.id, "mode": "tombstone"}
    kinds = {name: workspace.channels[name].kind for name in it.shares}
    by_kind: dict[str, Json] = {"public": {}, "private": {}}
    for name, stamps in it.shares.items():
        where = "public" if kinds[name] is Kind.PUBLIC else "private"
        by_kind[where][name] = [{"ts": ts} for ts in stamps]
    owner = workspace.people.get(it.user)
    ending = it.name.rpartition(".")[2].lower() if "." in it.name else "text"
    return {
        "id": it.id,
        "created": it.created,
        "timestamp": it.created,
        "name": it.name,
        "title": it.title,
        "mimetype": it.mimetype,
        "filetype": ending,
        "pretty_type": ending.upper(),
        "user": it.user,
        "user_team": workspace.team_of(owner) if owner else workspace.team["id"],
        "editable": False,
        "size": it.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(by_kind["public"]),
        "public_url_shared": False,
        "url_private": it.url,
        "url_private_download": it.url,
        "alt_txt": it.alt_text,
        "channels": [name for name, kind in kinds.items() if kind is Kind.PUBLIC],
        "groups": [name for name, kind in kinds.items() if kind in (Kind.PRIVATE, Kind.MPIM)],
        "ims": [name for name, kind in kinds.items() if kind is Kind.IM],
        "shares": {where: found for where, found in by_kind.items() if found},
    }
