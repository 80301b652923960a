"""This is what is said of partners and their numbers, and what stands against adoption."""

from typing import Final

from bot.matrix.settling import What
from bot.slack.words.speech import N_

NOT_CHECKED: Final = N_("number not checked yet")
CHECKED_LONG_AGO: Final = N_("number last checked {day}")

# What stands against adopting a matrix, each with what settles it.
UNSETTLED: Final[dict[What, str]] = {
    What.AUTHORITY: N_(
        "*{name}:* nobody has held its rule to local law. Hold it, and propose the row anew."
    ),
    What.NO_PARTNER: N_("*{name}:* no partner answers this line. Add one to the program's file."),
    What.NO_NUMBER: N_("*{name}:* there is no number. Add it to the program's file."),
    What.NO_HOURS: N_("*{name}:* there are no hours. Add them to the program's file."),
    What.NOT_CHECKED: N_(
        "*{name}:* nobody has checked the number. Call it, and write the day into the program's"
        " file."
    ),
    What.CHECKED_LONG_AGO: N_(
        "*{name}:* the number was checked more than half a year ago. Call it again, and write the"
        " day into the program's file."
    ),
    What.NO_LINE: N_(
        "*{name}:* its line is not in the matrix. Correct the line in the program's file."
    ),
}
