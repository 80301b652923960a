"""Draws `docs/protocol.md` from the table of moves, so that the page cannot say something else."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from protocol.records import EscalationState, VisitState
from protocol.table import ESCALATION, NEW, ROLL_CALL, VISIT, Calling

_HEAD = """# The protocol

Drawn from `protocol/table.py` by `belay protocol`; a test fails when this page is stale.

A **visit** is planned, confirmed by somebody else, and watched from its start whatever was said.
`overdue` means that a due time has passed and only the worker was reminded so far. `escalated`
means that people are being reached: from then on the worker's tap alone ends nothing.

An **escalation** climbs its ladder until somebody acknowledges it. An acknowledgement is held for a
limited time and then the climb starts again. It closes only when the worker is accounted for, by a
named person; help and duress wait for a second person. Every state but `closed` has a due time.

An open escalation and the watching of a visit are **handed over** to a named person. State and
owner stay as they are until that person says yes. A no, or no answer, is told to the giver.

A **roll call** asks everybody who is out to account for themselves: what is due on their visits is
due now, with a short grace, and who does not answer has missed a check-in. It is over when nobody
is waited for any more.

Every event may meet every state. Where a table has no entry the state stays as it is: the event is
refused with its rule, or was said already, or changes something other than the state.
"""

_Moves = Mapping[str, Mapping[str, tuple[StrEnum, ...]]]


def page() -> str:
    """The whole page, as Markdown."""
    parts = (
        _HEAD,
        "## A visit\n",
        *_diagram(VISIT),
        *_table(VISIT, VisitState),
        "## An escalation\n",
        *_diagram(ESCALATION),
        *_table(ESCALATION, EscalationState),
        "## A roll call\n",
        *_diagram(ROLL_CALL),
        *_table(ROLL_CALL, Calling),
    )
    return "\n".join(parts).rstrip() + "\n"


def _diagram(moves: _Moves) -> Iterable[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state, events in moves.items():
        into: dict[str, list[str]] = {}
        for event, afters in events.items():
            for after in afters:
                into.setdefault(str(after), []).append(event)
        start = "[*]" if state == NEW else str(state)
        for reached, names in into.items():
            yield f"    {start} --> {reached}: {', '.join(names)}"
        if not events:
            yield f"    {state} --> [*]"
    yield "```\n"


def _table(moves: _Moves, states: type[StrEnum]) -> Iterable[str]:
    names = list(dict.fromkeys(name for events in moves.values() for name in events))
    columns: tuple[str, ...] = (NEW, *states)
    yield "| event | " + " | ".join(columns) + " |"
    yield "| --- |" + " --- |" * len(columns)
    for name in names:
        cells = (", ".join(moves.get(column, {}).get(name, ())) for column in columns)
        yield f"| {name} | " + " | ".join(cells) + " |"
    yield ""
