"""This refuses blocks and views that Slack would refuse, and says where."""

from typing import Any

from sandbox import limits
from sandbox.block_elements import ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.block_objects import IDENTIFIER, MRKDWN, PLAIN, block_id, either, plain, text
from sandbox.checks import (
    Check,
    Report,
    Shape,
    Surface,
    anything,
    apply,
    boolean,
    items,
    objects,
    shape,
    string,
    typed,
)

NOT_MODAL = frozenset({Surface.MESSAGE, Surface.HOME})
ONLY_MESSAGE = frozenset({Surface.MESSAGE})
ONLY_MODAL = frozenset({Surface.MODAL})
ID: dict[str, Check] = {"block_id": block_id}


def _input(report: Report, _value: Any, _path: str) -> None:
    """This counts inputs, because a modal with one needs a submit button."""
    report.inputs += 1


def _markdown(report: Report, value: Any, path: str) -> None:
    """This adds up the markdown of the whole payload."""
    report.markdown += len(str(value.get("text", "")))
    if report.markdown > limits.MARKDOWN_TOTAL:
        report.note(f"must be less than {limits.MARKDOWN_TOTAL + 1} characters in total", path)


def _table(report: Report, _value: Any, path: str) -> None:
    """This allows one table in a message."""
    report.tables += 1
    if report.tables > 1:
        report.note("only_one_table_allowed", path)


CONTEXT_ITEM = text(limits.TEXT_OBJECT)


def _context_item(report: Report, value: Any, path: str) -> None:
    """This wants a text or an image."""
    if isinstance(value, dict) and value.get("type") in (PLAIN, MRKDWN):
        CONTEXT_ITEM(report, value, path)
    else:
        typed(ELEMENTS, frozenset({"image"}))(report, value, path)


def _newer(surfaces: frozenset[Surface], **required: Check) -> Shape:
    """This is a block type that the sandbox knows only by name, place and main property."""
    return shape(required, ID, surfaces=surfaces, closed=False)


BLOCKS: dict[str, Shape] = {
    "section": shape(
        {},
        ID
        | {
            "text": text(limits.TEXT_OBJECT),
            "fields": items(text(limits.SECTION_FIELD), limits.SECTION_FIELDS),
            "accessory": typed(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        last=either("text", "fields"),
    ),
    "header": shape({"text": plain(limits.HEADER)}, ID),
    "divider": shape({}, ID),
    "image": shape(
        {"alt_text": string(limits.IMAGE_ALT)},
        ID
        | {
            "image_url": string(limits.URL),
            "slack_file": anything,
            "title": plain(limits.IMAGE_ALT),
        },
        last=either("image_url", "slack_file"),
    ),
    "context": shape({"elements": items(_context_item, limits.CONTEXT_ELEMENTS)}, ID),
    "actions": shape({"elements": items(typed(ELEMENTS, IN_ACTIONS), limits.ACTIONS_ELEMENTS)}, ID),
    "input": shape(
        {"label": plain(limits.INPUT_LABEL), "element": typed(ELEMENTS, IN_INPUT)},
        ID | {"hint": plain(limits.INPUT_LABEL), "optional": boolean, "dispatch_action": boolean},
        last=_input,
    ),
    "rich_text": shape({"elements": items(objects(shape({}, closed=False)), 1000, 0)}, ID),
    "markdown": shape(
        {"text": string(limits.MARKDOWN_TOTAL, 1)}, ID, surfaces=ONLY_MESSAGE, last=_markdown
    ),
    "table": shape(
        {"rows": items(items(anything, limits.TABLE_COLUMNS), limits.TABLE_ROWS)},
        ID | {"column_settings": items(anything, limits.TABLE_COLUMNS)},
        surfaces=NOT_MODAL,
        last=_table,
    ),
    "video": _newer(frozenset(Surface), alt_text=string(), title=plain(200), video_url=string()),
    "file": _newer(ONLY_MESSAGE, external_id=string(), source=string()),
    "alert": _newer(ONLY_MODAL),
    "card": _newer(frozenset(Surface)),
    "carousel": _newer(NOT_MODAL, elements=items(anything, 10)),
    "container": _newer(NOT_MODAL),
    "context_actions": _newer(ONLY_MESSAGE, elements=items(anything, 5)),
    "data_table": _newer(NOT_MODAL, rows=items(anything, 101, 2)),
    "data_visualization": _newer(frozenset(Surface)),
    "plan": _newer(ONLY_MESSAGE),
    "task_card": _newer(ONLY_MESSAGE),
}

BLOCK = typed(BLOCKS)


def _each_block(report: Report, value: Any, path: str) -> None:
    """This checks one block; action ids have to differ within it only."""
    report.action_ids = set()
    BLOCK(report, value, path)


def message_problems(blocks: Any, path: str = "/blocks") -> list[str]:
    """This is what is wrong with the blocks of a message; empty if nothing."""
    report = Report(Surface.MESSAGE)
    items(_each_block, limits.BLOCKS_IN_MESSAGE, 0)(report, blocks, path)
    return report.problems


VIEW_COMMON: dict[str, Check] = {
    "private_metadata": string(limits.PRIVATE_METADATA),
    "callback_id": string(limits.IDENTIFIER),
    "external_id": IDENTIFIER,
}
VIEW_BLOCKS = items(_each_block, limits.BLOCKS_IN_VIEW, 0)


def _needs_submit(report: Report, view: Any, _path: str) -> None:
    """This wants a submit button as soon as there is something to submit."""
    if report.inputs and not view.get("submit"):
        report.note("missing required field: submit (the view has input blocks)", "/view")


VIEWS = {
    Surface.MODAL: shape(
        {"title": plain(limits.VIEW_TITLE), "blocks": VIEW_BLOCKS},
        VIEW_COMMON
        | {
            "submit": plain(limits.VIEW_TITLE),
            "close": plain(limits.VIEW_TITLE),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
        last=_needs_submit,
    ),
    Surface.HOME: shape({"blocks": VIEW_BLOCKS}, VIEW_COMMON),
}


def view_problems(view: Any, wanted: Surface) -> list[str]:
    """This is what is wrong with a modal or a home tab; empty if nothing."""
    report = Report(wanted)
    if not isinstance(view, dict):
        report.note("must provide an object", "/view")
    elif view.get("type") != wanted.value:
        report.note(f"unsupported type: {view.get('type')}", "/view/type")
    else:
        apply(report, VIEWS[wanted], view, "/view")
    return report.problems
