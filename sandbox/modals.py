"""This keeps each person's stack of modals and their home tab."""

import json
import secrets
from typing import Any

from sandbox import forms, limits, normalise, shapes
from sandbox.blocks import view_problems
from sandbox.box import Sandbox
from sandbox.checks import Surface
from sandbox.errors import Refused
from sandbox.model import Json, View


def checked(view: Any, surface: Surface) -> Json:
    """This is a valid view, normalised; raises Refused invalid_arguments or view_too_large."""
    if isinstance(view, str):
        try:
            view = json.loads(view)
        except ValueError as problem:
            raise Refused("invalid_arguments", messages=("view must be valid JSON",)) from problem
    if view and len(json.dumps(view, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        raise Refused("view_too_large")
    problems = view_problems(view, surface)
    if problems:
        raise Refused("invalid_arguments", messages=tuple(problems))
    return {**view, "blocks": normalise.blocks(view["blocks"])}


def shape(box: Sandbox, view: View) -> Json:
    """This is the view as the app gets it, with what is typed in it."""
    return shapes.view(box.workspace, view, forms.current(view.spec["blocks"], view.typed))


def _hash(box: Sandbox) -> str:
    """This is a hash that no earlier version of any view has."""
    return f"{int(box.clock.now())}.{secrets.token_hex(4)}"


def _make(box: Sandbox, user: str, spec: Json, below: View | None) -> View:
    """This is a new view of a person on top of another one, or alone."""
    workspace = box.workspace
    external = spec.get("external_id")
    if external and any(v.spec.get("external_id") == external for v in workspace.views.values()):
        raise Refused("duplicate_external_id")
    made = View(workspace.fresh("V"), user, spec, _hash(box), "")
    made.root = below.root if below else made.id
    made.previous = below.id if below else None
    workspace.views[made.id] = made
    return made


def stack(box: Sandbox, user: str) -> list[View]:
    """This is the person's open modals, the visible one last."""
    return [box.workspace.views[view] for view in box.workspace.stacks.get(user, [])]


def open_view(box: Sandbox, user: str, spec: Json) -> View:
    """This shows a modal; whatever stack was open is gone."""
    clear(box, user)
    made = _make(box, user, spec, None)
    box.workspace.stacks[user] = [made.id]
    _note(box, "view_opened", made)
    return made


def push(box: Sandbox, user: str, spec: Json) -> View:
    """This puts a modal on top; raises Refused push_limit_reached above three."""
    views = stack(box, user)
    if not views:
        raise Refused("not_found")
    if len(views) >= limits.VIEW_STACK:
        raise Refused("push_limit_reached")
    made = _make(box, user, spec, views[-1])
    box.workspace.stacks[user].append(made.id)
    _note(box, "view_opened", made)
    return made


def replace(box: Sandbox, view: View, spec: Json) -> View:
    """This changes a view in place; inputs with the same ids keep what was typed."""
    view.spec = spec
    view.hash = _hash(box)
    view.typed = forms.kept(spec["blocks"], view.typed)
    view.errors = {}
    _note(box, "view_updated", view)
    return view


def publish(box: Sandbox, user: str, spec: Json, wanted_hash: str | None) -> View:
    """This replaces a person's home tab; raises Refused hash_conflict."""
    old = box.workspace.homes.get(user)
    if wanted_hash and (old is None or old.hash != wanted_hash):
        raise Refused("hash_conflict")
    if old is not None:
        return replace(box, old, spec)
    made = _make(box, user, spec, None)
    box.workspace.homes[user] = made
    _note(box, "home", made)
    return made


def close(box: Sandbox, view: View) -> None:
    """This takes the person's topmost view away."""
    views = box.workspace.stacks.get(view.user, [])
    if view.id in views:
        views.remove(view.id)
    box.workspace.views.pop(view.id, None)
    _note(box, "view_closed", view)


def clear(box: Sandbox, user: str) -> None:
    """This takes all of the person's modals away."""
    for view in reversed(stack(box, user)):
        close(box, view)
    box.workspace.stacks.pop(user, None)


def find(box: Sandbox, view_id: str, external_id: str) -> View:
    """This is an open view by either id; raises Refused not_found."""
    for view in box.workspace.views.values():
        if view.id == view_id or (external_id and view.spec.get("external_id") == external_id):
            return view
    raise Refused("not_found")


def _note(box: Sandbox, kind: str, view: View) -> None:
    """This writes a view's change into the journal."""
    name = "home" if view.spec["type"] == "home" else kind
    box.workspace.journal.add(
        name,
        box.clock.now(),
        [view.user],
        view_id=view.id,
        callback_id=view.spec.get("callback_id", ""),
        title=(view.spec.get("title") or {}).get("text", ""),
        blocks=view.spec["blocks"],
    )
