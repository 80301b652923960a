"""This draws the part of a worker's Home in which they get ready, and later change their settings.

It may be read over a shoulder: it names the steps, and nothing of what was chosen in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.modals.onboarding import NOBODYS
from bot.slack.render.blocks import actions, button, section
from bot.slack.render.view import Block
from bot.slack.words import onboarding as words
from bot.slack.words.speech import _
from storage.onboarding_tables import State, Step


@dataclass(frozen=True, slots=True)
class ReadyView:
    """This is how far a worker is with each step; one without an entry is still ahead."""

    progress: Mapping[Step, State] = field(default_factory=dict)


def part(view: ReadyView) -> list[Block]:
    """Every step with its button; while one is ahead, a way to put it off."""
    ahead = [step for step in Step if step not in view.progress]
    head = section(_(words.GET_READY if ahead else words.SETTINGS))
    shown = [head, *(_row(step, view.progress.get(step)) for step in Step)]
    return [*shown, _skip(ahead[0])] if ahead else shown


def _row(step: Step, state: State | None) -> Block:
    known = {State.DONE: words.ROW_DONE, State.SKIPPED: words.ROW_LATER}
    row = words.ROW if state is None else known[state]
    told = _(row, step=_(words.STEP[step]), what=_(words.WHAT[step]))
    label = _(words.CHANGE) if state is State.DONE else ""
    open_it = button(Action.READY_STEP, pack(NOBODYS, step.value), label=label)
    return section(told, open_it, f"ready_{step.value}")


def _skip(step: Step) -> Block:
    label = _(words.SKIP, step=_(words.STEP[step]))
    return actions(
        "ready_skip", [button(Action.READY_SKIP, pack(NOBODYS, step.value), label=label)]
    )
