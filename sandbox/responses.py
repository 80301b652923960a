"""This carries out what an app answers to a submitted modal."""

from typing import Any

from sandbox import modals
from sandbox.box import Sandbox
from sandbox.checks import Surface
from sandbox.errors import Refused
from sandbox.model import View


def apply_response(box: Sandbox, view: View, answer: Any) -> bool:
    """This follows `response_action`; false if Slack would show "trouble connecting".

    No answer, or an empty one, closes the submitted view.
    """
    if not answer:
        modals.close(box, view)
        return True
    try:
        return _follow(box, view, answer)
    except Refused as refused:
        box.refusals.add("view_submission", refused.code, str(refused))
        return False


def _follow(box: Sandbox, view: View, answer: Any) -> bool:
    """This is the four actions; raises Refused for a bad view."""
    action = answer.get("response_action") if isinstance(answer, dict) else None
    match action:
        case "clear":
            modals.clear(box, view.user)
        case "update":
            modals.replace(box, view, modals.checked(answer.get("view"), Surface.MODAL))
        case "push":
            modals.push(box, view.user, modals.checked(answer.get("view"), Surface.MODAL))
        case "errors":
            return _show_errors(box, view, answer.get("errors"))
        case _:
            box.refusals.add("view_submission", "bad_response_action", repr(answer)[:200])
            return False
    return True


def _show_errors(box: Sandbox, view: View, errors: Any) -> bool:
    """This shows the app's messages at its inputs; each key must be an input's block_id."""
    inputs = {b["block_id"] for b in view.spec["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        box.refusals.add("view_submission", "bad_errors", f"{errors!r} for inputs {inputs}")
        return False
    view.errors = {block: str(text) for block, text in errors.items()}
    return True
