"""This is filling in, submitting and closing a modal."""

from sandbox import forms, modals, payloads
from sandbox.acts.common import TROUBLE, actor, seen
from sandbox.box import Sandbox
from sandbox.errors import Refused
from sandbox.model import Json, View
from sandbox.outcome import Lane, Outcome
from sandbox.responses import apply_response


def _own_view(box: Sandbox, user: str, given: Json) -> View:
    """This is the view that the person points at; raises Refused not_found for another's."""
    view = modals.find(box, str(given.get("view_id") or ""), "")
    if view.user != user:
        raise Refused("not_found", status=400)
    return view


async def fill(box: Sandbox, given: Json) -> Json:
    """This types into a modal. Nothing reaches the app, except from inputs that dispatch."""
    user = actor(box, given)
    view = _own_view(box, user, given)
    since = len(box.workspace.journal.entries)
    outcome: Outcome | None = None
    for name, value in (given.get("values") or {}).items():
        block, element = forms.locate(view.spec["blocks"], name)
        state = forms.chosen(element, value)
        view.typed[(block["block_id"], element["action_id"])] = state
        view.errors.pop(block["block_id"], None)
        if block["type"] != "input" or block["dispatch_action"]:
            action = payloads.action(box, block, element, state)
            payload = payloads.view_action(box, view, [action])
            outcome = await box.delivery.send(Lane.INTERACTIVE, payload)
    return seen(box, user, outcome, since, ok=outcome is None or outcome.acked)


async def submit(box: Sandbox, given: Json) -> Json:
    """This presses the modal's submit button, after typing `values` if there are any."""
    user = actor(box, given)
    if given.get("values"):
        await fill(box, given)
    view = _own_view(box, user, given)
    since = len(box.workspace.journal.entries)
    if not view.spec.get("submit"):
        raise Refused("not_found", status=400, detail="nothing to submit")
    view.errors = forms.problems(view.spec["blocks"], view.typed)
    if view.errors:
        return seen(box, user, None, since, errors=view.errors)
    outcome = await box.delivery.send(Lane.INTERACTIVE, payloads.submission(box, view))
    if not outcome.acked:
        return seen(box, user, outcome, since, answer=TROUBLE, error="operation_timeout")
    if not apply_response(box, view, outcome.payload):
        return seen(box, user, outcome, since, ok=False, answer=TROUBLE, error="bad_response")
    return seen(box, user, outcome, since, ok=not view.errors, errors=view.errors)


async def close(box: Sandbox, given: Json) -> Json:
    """This closes the topmost modal; the app hears of it if it asked to."""
    user = actor(box, given)
    view = _own_view(box, user, given)
    since = len(box.workspace.journal.entries)
    cleared = bool(given.get("all") or view.spec.get("clear_on_close"))
    gone = modals.stack(box, user)[::-1] if cleared else [view]
    told = [payloads.closed(box, v, cleared=cleared) for v in gone if v.spec.get("notify_on_close")]
    for one in gone:
        modals.close(box, one)
    outcomes = [await box.delivery.send(Lane.INTERACTIVE, payload) for payload in told]
    ok = all(outcome.acked for outcome in outcomes)
    return seen(box, user, outcomes[0] if outcomes else None, since, ok=ok)
