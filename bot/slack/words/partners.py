"""This is what is said of partners and their numbers, and what stands against adoption."""

from typing import Final

from bot.matrix.settling import What
from bot.slack.words.speech import N_

NOT_CHECKED: Final = N_("number not checked yet")
CHECKED_LONG_AGO: Final = N_("number last checked {day}")

# What stands against adopting a matrix: each of these stands above its names, with what settles it.
UNSETTLED: Final[dict[What, str]] = {
    What.AUTHORITY: N_(
        "*Nobody has held these rules to local law.* Hold each of them, and propose the row anew."
    ),
    What.NO_PARTNER: N_("*No partner answers these lines.* Add them to the program's file."),
    What.NO_NUMBER: N_("*These have no number.* Add it to the program's file."),
    What.NO_HOURS: N_("*These have no hours.* Add them to the program's file."),
    What.NOT_CHECKED: N_(
        "*Nobody has checked these numbers.* Call each, and write the day into the program's file."
    ),
    What.CHECKED_LONG_AGO: N_(
        "*These numbers were checked more than half a year ago.* Call each again, and write the"
        " day into the program's file."
    ),
    What.NO_LINE: N_(
        "*The lines of these are not in the matrix.* Correct them in the program's file."
    ),
}
