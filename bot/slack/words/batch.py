"""This is what stands on reading and confirming low plans together."""

from typing import Final

from bot.slack.words.speech import N_, n_

HOW: Final = N_(
    "Read each plan first. Then you can tick it. What you tick is confirmed plan by plan, as you"
    " read it. You get a message when that is done."
)
ROW: Final = N_("*{who}* · {at} · {place}")
PLAN_OF: Final = N_("The plan of {who}, {at}")
TICK: Final = N_("I read it. Confirm it.")
FIELD_EVERY: Final = N_("Check in every")
AS_PLANNED: Final = N_("As each plan says")
HINT_EVERY: Final = N_("For all that you tick. A shorter time in a plan stays.")
ON_DUTY: Final = N_("On duty then: {names}")
NO_COVER: Final = N_(
    "*No one is on duty for all of this visit.* Find cover, or answer this plan by itself."
)
FIRST_HUMAN: Final = N_("Without a check-in, people are paged after {length}")
GONE: Final = N_("This plan has changed or was answered. It is not in this list any more.")
NONE: Final = N_("No low plans wait for you right now.")
NEEDS_TICK: Final = N_("Read a plan and tick it, or go back.")
A_PLAN: Final = N_("A plan could not be confirmed. Open it from your Home and try once more.")


def read_them(count: int) -> str:
    """The button of the Home."""
    return n_("Read and confirm {count} low plan", "Read and confirm low plans ({count})", count)
