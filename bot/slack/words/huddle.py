"""This is what is said in the huddle's channel, in its forms, and of patterns of requests."""

from typing import Final

from bot.matrix.model import Kind
from bot.slack.words.speech import N_
from protocol.people import Language
from storage.huddle_tables import Agreed
from storage.matrix_tables import Asker, Settled

# --- the post --------------------------------------------------------------------------------

LOCK: Final = N_("Belay: today's huddle")
LOCK_GAPS: Final = N_("Belay: gaps to settle")
HEAD: Final = N_("*Huddle, {day}*")
VISITS: Final = N_("*Visits today: {count}*")
NO_VISITS: Final = N_("*Visits today:* none planned yet")
GOING: Final = N_("• {at}: {place}, {who}")
GOING_ON: Final = N_("• {at}: {place} and {count} more, {who}")
WITH: Final = N_("{who} with {partner}")
RISKS: Final = N_("*Still open, oldest first*")
NO_RISKS: Final = N_("*Still open:* nothing")
RISK: Final = N_("• {what}: open for {time}, {held}")
DAYS: Final = N_("{days} d")
HELD_BY: Final = N_("{who} has it")
HELD: Final = N_("somebody has it")
NOBODY: Final = N_("nobody has it yet")
PATTERNS: Final = N_("*Asked of peers again and again*")
PATTERN: Final = N_("• {team}, “{title}”: asked of peers {count} times since {day}")
WAITING: Final = N_("*A change to the matrix waits for a yes*")
WAITS_ROWS: Final = N_("“{titles}”")
WAITS_MATRIX: Final = N_("the matrix as a whole")
WAITS_FOR: Final = N_("• {what}: proposed {time} ago. Still to sign: {missing}")
WAITS_STUCK: Final = N_("• {what}: proposed {time} ago. It can't be signed as it is.")
OR: Final = N_(" or ")
NOBODY_HOLDS: Final = N_("{role} (nobody has this role)")
REVISIT: Final = N_("*A row to look at again: {title}*")
OWNER: Final = N_("*Who:* {owner}")
DO_NOT: Final = N_("*What not to do*\n{lines}")
IS_IT_RIGHT: Final = N_("Is it still right? Is it how you work?")
NO_ROW: Final = N_("Belay can't read the matrix right now, so no row stands here.")
GAPS_FOLLOW: Final = N_("Gaps to settle come in the next message.")
NO_GAPS: Final = N_("There is no gap to settle.")

# --- gaps ------------------------------------------------------------------------------------

GAPS: Final = N_(
    "*Asked, and no row fitted.* Settle each together. Any of you may press; a supervisor and the"
    " clinical lead sign."
)
GAP: Final = N_("“{text}”")
GAP_NO_TEXT: Final = N_("A question whose words were not kept")
GAP_SHOWN: Final = N_("Belay showed: {titles}")
GAP_DAY: Final = N_("Asked {day}")
DID: Final[dict[Asker, str]] = {
    Asker.NOTHING: "",
    Asker.NOT_THAT: N_("it was not that"),
    Asker.DECLINED: N_("it was declined"),
    Asker.PAGED: N_("somebody was paged"),
    Asker.WAITED: N_("the asker waited"),
    Asker.ASKED: N_("the asker asked a supervisor"),
    Asker.WENT_AHEAD: N_("the asker went ahead"),
    Asker.OTHER: N_("the asker did something else"),
}
SETTLED: Final[dict[Settled, str]] = {
    Settled.ROW: N_("*Settled:* it is “{row}”. {who} proposed it; it waits to be signed."),
    Settled.NEW_ROW: N_("*Settled:* a new row. {who} proposed it; it waits to be signed."),
    Settled.OUTSIDE: N_("*Settled:* it stays outside. {who} proposed it; it waits to be signed."),
}
GAP_GONE: Final = N_("That gap is not there any more.")
GAP_SETTLED: Final = N_("That gap is settled already. Thank you.")
NOT_YOURS: Final = N_("Only the team of this program can settle this.")
NO_MATRIX: Final = N_("Belay can't read the matrix right now. Please try again in a minute.")

FIELD_ROW: Final = N_("Which row is it?")
FIELD_TEXT: Final = N_("What people say")
HINT_TEXT: Final = N_("Keep it as people say it. No names, numbers or days.")
FIELD_LANGUAGE: Final = N_("In which language is it?")
LANGUAGE: Final[dict[Language, str]] = {Language.EN: "English", Language.ES: "Español"}
TWO_SIGN: Final = N_(
    "This is a proposal. It counts once the peer supervisor and the clinical lead have signed it."
)
NEEDS_ROW: Final = N_("Please pick a row.")
NEEDS_TEXT: Final = N_("Please type what people say, without names or numbers.")
OF_ONES_OWN: Final = N_("This reads like somebody's own life. Belay keeps no such words.")

OUTSIDE_MEANS: Final = N_(
    "Outside means that no row should answer this. Not sure, or could somebody be in danger? Then"
    " go back and pick a row."
)

FIELD_TITLE: Final = N_("A short title")
FIELD_WORDING: Final = N_("What is it, in a sentence or two?")
FIELD_KIND: Final = N_("Whose work is it?")
KIND: Final[dict[Kind, str]] = {
    Kind.PEER: N_("A peer's"),
    Kind.SHARED: N_("Shared"),
    Kind.NON_PEER: N_("Not a peer's"),
    Kind.TRIGGER: N_("Something that happens"),
}
FIELD_OWNER: Final = N_("Who handles it?")
FIELD_TIER: Final = N_("How soon?")
FIELD_FIRST: Final = N_("What to do first")
FIELD_DO_NOT: Final = N_("What not to do")
HINT_LINES: Final = N_("One per line, six at most.")
HINT_DO_NOT: Final = N_("One per line, six at most. What is urgent needs two.")
FILLED_IN: Final = N_(
    "Belay fills in the rest as it is usual for that owner: the route, whom to call, what is owed."
    " It is marked to be checked locally, in one language, and is due for review in a month."
)
NEEDS_TWO: Final = N_("For what is urgent, please write two things not to do, one per line.")
NO_FRAME: Final = N_(
    "Belay has nothing to fill in for this owner and urgency. Choose another owner, or ask whoever"
    " keeps the matrix."
)

# Why, as whoever signs reads it.
WHY_ROW: Final = N_("Settled in a huddle: this was asked on {day}, and no row fitted.")
WHY_OUTSIDE: Final = N_("Settled in a huddle: asked on {day}, it should have no row.")
WHY_NEW: Final = N_(
    "Settled in a huddle: asked on {day}, and no row fitted. The route, whom to call and what is"
    " owed are from “{like}”. Check them locally. It is in one language only."
)

# --- patterns of requests --------------------------------------------------------------------

PATTERN_ITEM: Final = N_(
    "*A team asks peers for what is not theirs.*\n"
    "{team}, “{title}”: asked of peers {count} times since {day}."
)
PATTERN_ASK: Final = N_(
    "Please talk with that team, and write down what you agreed. Nobody's name is counted."
)
PATTERNS_HOME: Final = N_("*Asked of peers again and again*")
PATTERN_GONE: Final = N_("That is not there any more.")
PATTERN_SETTLED: Final = N_("That is settled already. Thank you.")
PATTERN_NOT_YOURS: Final = N_("Your manager, supervisor or lead settles this.")
FIELD_AGREED: Final = N_("What did you agree?")
AGREED: Final[dict[Agreed, str]] = {
    Agreed.STOPPED: N_("They stop asking peers"),
    Agreed.ROW_CHANGES: N_("The row should change"),
    Agreed.KEEP_WATCHING: N_("We keep watching"),
}
FIELD_NOTE: Final = N_("Anything to remember?")
HINT_NOTE: Final = N_("No names of clients or peers.")
