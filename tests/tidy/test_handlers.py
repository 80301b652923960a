"""This holds handlers to their kind (docs/decisions/0012).

What a listener may do follows from its kind, and its kind can be read off its name:

*state*    any function below a decorator ``@app.action``, ``.command``, ``.view``, ``.event``,
           ``.shortcut``, ``.message`` or ``.options`` that is not of the next kind. It reads, runs
           and acks. It makes no Slack call: it never touches ``client``, ``say`` or ``respond``.
*opening*  such a function whose name starts with ``open_``, or that stands in a file
           ``bot/handlers/opening*.py``. It may call Slack, and it changes nothing: it never calls
           ``run`` or ``run_many``.
*slow*     acks first and works in lazy listeners: ``app.command(NAME)(ack=..., lazy=[...])``. The
           lazy functions carry no decorator, so nothing here looks at them.
"""

import ast
from pathlib import PurePosixPath

from tests.tidy import tree

LISTENERS = {"action", "command", "event", "message", "options", "shortcut", "view"}
SLACK_CALLERS = {"client", "respond", "say"}
WRITERS = {"run", "run_many"}


def test_a_state_handler_makes_no_slack_call():
    callers = [
        f"{name}:{line} {function.name} uses {used}"
        for name, function in listeners()
        if not is_opening(name, function)
        for line, used in names_in(function)
        if used in SLACK_CALLERS
    ]
    assert not callers, tree.listing(
        callers,
        "Let the decision's effects go through the outbox; or, if this only opens a view, "
        "start its name with open_.",
    )


def test_an_opening_handler_changes_nothing():
    writers = [
        f"{name}:{line} {function.name} calls {used}"
        for name, function in listeners()
        if is_opening(name, function)
        for line, used in names_in(function)
        if used in WRITERS
    ]
    assert not writers, tree.listing(
        writers, "Mint the id into private_metadata, and write when the form comes back."
    )


def listeners():
    for name in tree.modules("bot/handlers"):
        for function in tree.functions(tree.tree(name)):
            if any(is_listener(decorator) for decorator in function.decorator_list):
                yield name, function


def is_listener(decorator):
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (
        isinstance(call, ast.Attribute)
        and call.attr in LISTENERS
        and tree.dotted(call.value).split(".")[-1].endswith("app")
    )


def is_opening(name, function):
    return function.name.startswith("open_") or PurePosixPath(name).name.startswith("opening")


def names_in(function):
    """This yields the names and attributes that a function's parameters and body mention."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
