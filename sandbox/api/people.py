"""This is users.* and dnd.info."""

from sandbox import shapes
from sandbox.api.call import Call, method
from sandbox.errors import Refused
from sandbox.model import Json, Person


def _shape(call: Call, who: Person) -> Json:
    """This is a person as the app may see them."""
    with_email = "users:read.email" in call.app.scopes
    return shapes.person(call.workspace, who, email=with_email)


@method("users.info")
def info(call: Call) -> Json:
    """This describes an account."""
    return {"user": _shape(call, call.workspace.person(call.args.need("user", "user_not_found")))}


@method("users.list")
def list_(call: Call) -> Json:
    """This lists every account, deactivated ones and bots included.

    People of another workspace are in it while they share a channel with the app.
    """
    known = [who for who in call.workspace.people.values() if not call.workspace.is_stranger(who)]
    rows, more = call.page(known)
    members = [_shape(call, who) for who in rows]
    return {"members": members, "cache_ts": int(call.box.clock.now()), **more}


@method("users.lookupByEmail")
def lookup(call: Call) -> Json:
    """This finds an active account by its address; raises Refused users_not_found."""
    email = call.args.need("email", "users_not_found").lower()
    for who in call.workspace.people.values():
        own = not (who.deleted or call.workspace.is_foreign(who))
        if who.email.lower() == email and own:
            return {"user": _shape(call, who)}
    raise Refused("users_not_found")


@method("dnd.info")
def dnd(call: Call) -> Json:
    """This says when somebody does not want to be disturbed."""
    who = call.workspace.person(call.args.text("user", call.app.bot_user))
    return {
        "dnd_enabled": who.dnd_enabled,
        "next_dnd_start_ts": int(who.dnd_start) or 1,
        "next_dnd_end_ts": int(who.dnd_end) or 1,
    }
