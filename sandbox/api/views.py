"""This is views.*."""

from sandbox import modals
from sandbox.api.call import Call, method
from sandbox.checks import Surface
from sandbox.errors import Refused
from sandbox.model import Json


def _trigger(call: Call) -> str:
    """This is the trigger argument, under either of its names."""
    found = call.args.text("trigger_id") or call.args.text("interactivity_pointer")
    if not found:
        raise Refused("invalid_arguments", messages=("[ERROR] missing required field: trigger_id",))
    return found


@method("views.open")
def open_(call: Call) -> Json:
    """This opens a modal; the trigger is used up only if the view is good."""
    trigger = call.box.triggers.check(_trigger(call))
    spec = modals.checked(call.args.given.get("view"), Surface.MODAL)
    view = modals.open_view(call.box, trigger.user, spec)
    trigger.used = True
    return {"view": modals.shape(call.box, view)}


@method("views.push")
def push(call: Call) -> Json:
    """This puts a modal on top of the one in which the trigger was made."""
    trigger = call.box.triggers.check(_trigger(call))
    spec = modals.checked(call.args.given.get("view"), Surface.MODAL)
    if trigger.view is None:
        raise Refused("not_found")
    view = modals.push(call.box, trigger.user, spec)
    trigger.used = True
    return {"view": modals.shape(call.box, view)}


@method("views.update")
def update(call: Call) -> Json:
    """This changes an open view; raises Refused not_found or hash_conflict."""
    view = modals.find(call.box, call.args.text("view_id"), call.args.text("external_id"))
    spec = modals.checked(call.args.given.get("view"), Surface(view.spec["type"]))
    wanted = call.args.text("hash")
    if wanted and wanted != view.hash:
        raise Refused("hash_conflict")
    return {"view": modals.shape(call.box, modals.replace(call.box, view, spec))}


@method("views.publish")
def publish(call: Call) -> Json:
    """This replaces somebody's home tab."""
    if not (call.app.features.get("app_home") or {}).get("home_tab_enabled"):
        raise Refused("not_enabled")
    user = call.args.need("user_id", "invalid_arguments")
    if user not in call.workspace.people:
        raise Refused("user_not_found")
    spec = modals.checked(call.args.given.get("view"), Surface.HOME)
    view = modals.publish(call.box, user, spec, call.args.text("hash") or None)
    return {"view": modals.shape(call.box, view)}
