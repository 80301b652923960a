"""This is what stands around a list of pages, where many come at once."""

from typing import Final

from bot.slack.words.speech import N_

# Only ever of several: one page comes by itself.
MANY: Final = N_("*Many pages at once.* The most urgent stand first.")
PART: Final = N_("*Many pages at once, list {part} of {parts}.* The most urgent stand first.")
TAKE_ONE: Final = N_("Can you take one? Tap *I have it* beside it.")
TRUE_AT: Final = N_(
    "This list was true at {at} and does not change. Each also comes as its own page, about one a"
    " second, unless somebody has it by then. Those pages are kept up to date."
)
UNDRAWN: Final = N_("*Belay could not draw one page here.* It also comes by itself.")
