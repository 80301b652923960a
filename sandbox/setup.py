"""This makes people and channels from JSON, and installs the app. Repeating it changes nothing."""

from collections.abc import Mapping
from dataclasses import fields

from sandbox import events, groups, manifests
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.http_push import check_urls
from sandbox.model import App, Channel, Json, Kind, Person
from sandbox.workspace import BOT_USER

PERSON_FIELDS = frozenset(field.name for field in fields(Person))
CHANNEL_FIELDS = frozenset(
    {"id", "name", "is_private", "members", "is_ext_shared", "is_pending_ext_shared"}
    | {"connected_team_ids", "is_archived", "topic", "purpose", "creator"}
)


def _known(row: Json, allowed: frozenset[str], what: str) -> None:
    """This refuses a misspelt property, which would otherwise be lost in silence."""
    unknown = row.keys() - allowed
    if unknown:
        raise Refused("bad_setup", status=400, detail=f"{what}: unknown {sorted(unknown)}")


def people(box: Sandbox, rows: list[Json]) -> None:
    """This adds or changes accounts; the app hears of joins and changes."""
    for row in rows:
        _known(row, PERSON_FIELDS, "person")
        user = str(row.get("id") or _by_name(box.workspace.people, row) or box.workspace.fresh("U"))
        old = box.workspace.people.get(user)
        if old is None:
            if not row.get("name"):
                raise Refused("bad_setup", status=400, detail=f"person {user} has no name")
            now = int(box.clock.now())
            box.workspace.people[user] = Person(**{"updated": now, **row, "id": user})
            events.person_changed(box, user, "team_join")
            continue
        changed = {n: v for n, v in row.items() if getattr(old, n) != v}
        for name, value in changed.items():
            setattr(old, name, value)
        if changed:
            old.updated = int(box.clock.now())
            events.person_changed(box, user)


def channels(box: Sandbox, rows: list[Json]) -> None:
    """This adds or changes channels; "app" among the members is the app's bot user."""
    workspace = box.workspace
    for row in rows:
        _known(row, CHANNEL_FIELDS, "channel")
        values = {name: value for name, value in row.items() if name != "is_private"}
        members = [BOT_USER if m == "app" else str(m) for m in values.pop("members", [])]
        strangers = [m for m in members if m not in workspace.people and m != BOT_USER]
        if strangers:
            raise Refused("bad_setup", status=400, detail=f"no such people: {strangers}")
        given = str(row.get("id") or _by_name(workspace.channels, row) or workspace.fresh("C"))
        channel = workspace.channels.get(given)
        if channel is None:
            channel = Channel(given, str(row.get("name") or given.lower()), Kind.PUBLIC)
            channel.created = int(box.clock.now())
            workspace.channels[given] = channel
        if "is_private" in row:
            channel.kind = Kind.PRIVATE if row["is_private"] else Kind.PUBLIC
        for name, value in values.items():
            if name != "id":
                setattr(channel, name, value)
        if "members" in row:
            channel.members = members


def _by_name(known: Mapping[str, Person | Channel], row: Json) -> str | None:
    """This is the id of whoever or whatever has the name of a row without an id."""
    return next((key for key, one in known.items() if one.name == row.get("name")), None)


def workspace(box: Sandbox, given: Json) -> Json:
    """This is POST /_control/setup."""
    _known(given, frozenset({"team", "people", "channels", "usergroups"}), "setup")
    box.workspace.team |= given.get("team") or {}
    people(box, given.get("people") or [])
    channels(box, given.get("channels") or [])
    for row in given.get("usergroups") or []:
        groups.make(box, row)
    return {
        "team": box.workspace.team,
        "people": list(box.workspace.people),
        "channels": {c.name or c.id: c.id for c in box.workspace.channels.values()},
        "usergroups": {g.handle: g.id for g in box.workspace.groups.values()},
    }


def install(box: Sandbox, given: Json) -> Json:
    """This is POST /_control/install: the manifest in force from now on."""
    manifest = given.get("manifest")
    wrong = manifests.problems(manifest)
    if wrong or not isinstance(manifest, dict):
        raise Refused("invalid_manifest", status=400, messages=tuple(wrong))
    check_urls(App("", manifest, "", "", "", "", "", "", given.get("request_url")))
    app = box.workspace.install(manifest, given)
    return credentials(app) | {"warnings": manifests.warnings(manifest)}


def credentials(app: App) -> Json:
    """This is what a bot needs to start."""
    return {
        "app_id": app.id,
        "bot_user_id": app.bot_user,
        "bot_id": app.bot_id,
        "bot_token": app.bot_token,
        "app_token": app.app_token,
        "signing_secret": app.signing_secret,
        "socket_mode": app.uses_sockets,
    }


def seed(box: Sandbox, given: Json) -> None:
    """This is --seed: what /setup takes, with `install` and `clock` beside it."""
    given = dict(given)
    installation, clock = given.pop("install", None), given.pop("clock", None)
    workspace(box, given)
    if installation:
        install(box, installation)
    if clock:
        box.clock.move(world=clock.get("set"), rate=clock.get("rate"))
