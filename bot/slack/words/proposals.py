"""This is what is said around a change of the matrix: proposing, reading, signing, adopting it."""

from typing import Final

from bot.matrix.measured import Measured
from bot.matrix.model import Kind
from bot.slack.words.speech import N_, n_
from protocol.people import Language, Role
from storage.revision_tables import Ended, Source

SOURCE: Final[dict[Source, str]] = {
    Source.GAP: N_("A question without an answer"),
    Source.INCIDENT: N_("An incident"),
    Source.HUDDLE: N_("A huddle"),
    Source.IMPORT: N_("A file that was read in"),
}
SPOKEN: Final[dict[Language, str]] = {
    Language.EN: N_("English"),
    Language.ES: N_("Spanish"),
}
# What a row consists of, as people call it.
PART: Final[dict[str, str]] = {
    "title": N_("Title"),
    "wording": N_("What it is"),
    "first_actions": N_("What to do"),
    "do_not": N_("What not to do"),
    "owed": N_("What is owed back"),
    "aliases": N_("Other names"),
    "jurisdiction": N_("What differs by place"),
    "kind": N_("Whose work it is"),
    "private": N_("About a worker's own life"),
    "under": N_("Stands under"),
    "tier": N_("How urgent"),
    "owner": N_("Who has it"),
    "route": N_("Who is paged, then who"),
    "call_first": N_("Call first"),
    "needs": N_("Needed first"),
    "authority": N_("Why the rule is so"),
    "row_owner": N_("Who looks after the row"),
    "reviewed_on": N_("Last review"),
    "review_by": N_("Next review"),
    "quiz": N_("Question for training"),
}
KIND: Final[dict[Kind, str]] = {
    Kind.PEER: N_("a peer's"),
    Kind.SHARED: N_("shared"),
    Kind.NON_PEER: N_("not a peer's"),
    Kind.TRIGGER: N_("something that happens"),
}
YES: Final = N_("yes")
NO: Final = N_("no")
CHECK: Final = N_("{text} (check locally)")
MINUTES: Final = N_("{text} (within {time})")
CLI_PROPOSALS: Final = "belay matrix proposals"
CLI_VERSIONS: Final = "belay matrix versions"
CLI_EXPORT: Final = "belay matrix export"

# --- what people are told --------------------------------------------------------------------

ASKED: Final = N_(
    "*A change to the matrix needs your yes.* {who} proposes it. It comes from: {source}.\n"
    "Why: {reason}\n"
    "It needs the peer supervisor and the clinical lead."
)
PROPOSED: Final = N_(
    "*Your proposal is on its way.* The peer supervisor and the clinical lead are asked. You hear"
    " what comes of it."
)
PROPOSED_NOBODY: Final = N_(
    "*Your proposal is kept, but nobody is there to sign it.* Please tell your supervisor."
)
ONE_MISSING: Final = N_("*One signature is missing.* {who} has signed. It needs you now: {role}.")
NOW_VERSION: Final = N_(
    "*Your change is in the matrix.* It is version {number}, signed by {first} and {second}."
)
SAID_NO: Final = N_("*Your proposal was declined* by {who}.\nWhy: {reason}")
TAKEN_BACK: Final = N_("*{who} took a proposal back.* There is nothing to sign any more.")
WENT_BY: Final = N_(
    "*Your proposal was overtaken.* The matrix has changed in the same place meanwhile. Look at the"
    " row as it is now, and propose again if it is still needed."
)

# --- the Home --------------------------------------------------------------------------------

MATRIX: Final = N_("*The matrix*")
SHIPPED: Final = N_("In use: the matrix that comes with Belay ({version})")
SHIPPED_NOT_READ: Final = N_("In use: the matrix that comes with Belay. It is not loaded yet.")
IN_USE: Final = N_("In use: version {number} ({version})")
ADOPTED: Final = N_("It is adopted: all three who must sign it have done so.")
DRAFT: Final = N_("Not adopted yet: it is a draft.")
NO_PROPOSALS: Final = N_("No change waits for a yes.")
WAITS: Final = N_("*{who}* · {at}\n{reason}")
AND_MORE_PROPOSALS: Final = N_("There are more: `{command}`")

# --- a proposal ------------------------------------------------------------------------------

BY: Final = N_("*Proposed by {who}*, {at}. It comes from: {source}.\nWhy: {reason}")
DIFFERENCE: Final = N_("*What would change*")
NOTHING_DIFFERS: Final = N_("Nothing is different from the matrix in use.")
PHRASE_ADDED: Final = N_("*{row}:* these words would lead to it: “{text}”")
OUTSIDE_ADDED: Final = N_("*No row:* these words would lead to none: “{text}”")
ROW_NEW: Final = N_("*{row}: a new row*")
ROW_CHANGED: Final = N_("*{row}* would say something else:")
ROW_DROPPED: Final = N_("*{row}: the row would be taken out.*")
FIELD_CHANGED: Final = N_("_{field}_\nnow: {before}\nthen: {after}")
FIELD_NEW: Final = N_("_{field}_ {after}")
NOTHING: Final = N_("(nothing)")
CANNOT_SHOW: Final = N_(
    "This was written by another Belay and can't be read, so it can't be signed."
)
SOMETHING: Final = N_("Something")
WHOLE: Final[dict[str, str]] = {
    "pack": N_("All phrasings of a row"),
    "background": N_("Words that belong to no row"),
    "tiers": N_("How soon somebody must answer"),
    "names": N_("Roles, owners and lines"),
    "slang": N_("Slang"),
}
WHOLE_CHANGED: Final = N_("*{what}.* What stands after − would go, what stands after + would come:")
PAGE_OF: Final = N_(
    "*Page {page} of {pages}.* Please read all of them: you can sign on the last one. The whole is"
    " also on the machine on which Belay runs: `{command}`"
)
NEXT_PAGE: Final = N_("Next page")
FIRST_PAGE: Final = N_("Back to the first page")
UNFIT: Final = N_(":no_entry: *It does not fit the matrix, so it can't be signed:* {why}")
OTHER_BASE: Final = N_(
    "This was written for an older version of the matrix. What you see compares it with the matrix"
    " in use now."
)
EFFECT: Final = N_("*What it does to the answers*")
EFFECT_UNKNOWN: Final = N_(
    "Not worked out yet: open this again in a minute. It can't be signed before."
)
EFFECT_BEFORE_AFTER: Final = N_("“{text}”: now {before}, then {after}")
NO_ROW: Final = N_("no row")
LOSES_URGENT: Final = N_(
    ":no_entry: *It loses an urgent answer, so it can't be signed.* Please change the proposal."
)
ALSO_OTHERWISE: Final = N_("*Also answered otherwise*")
FIELD_LESS_SEEN: Final = N_("Needed to sign: some urgent questions become less urgent")
LESS_SEEN: Final = N_("I have read which, and I answer for it")
SIGNED_UNSEEN: Final = N_(
    "{role}: {who} signed before this was known, so that it does not count. They must look again."
)
SIGNATURES: Final = N_("*Signatures*")
HAS_SIGNED: Final = N_(":white_check_mark: {role}: {who}, {at}")
NOT_SIGNED: Final = N_("{role}: not yet")
ENDED: Final[dict[Ended, str]] = {
    Ended.ADOPTED: N_("This is in the matrix now."),
    Ended.DECLINED: N_("This was declined."),
    Ended.WITHDRAWN: N_("This was taken back."),
    Ended.OVERTAKEN: N_("This was overtaken: the matrix changed in the same place meanwhile."),
}
FIELD_ANSWER: Final = N_("What do you say?")
SIGN: Final = N_("I sign it")
SAY_NO: Final = N_("I say no")
TAKE_BACK: Final = N_("I take it back")
FIELD_WHY: Final = N_("Why? (needed for a no)")
HINT_WHY: Final = N_("The author reads this. No names.")
NEEDS_WHY: Final = N_("Please say why, so that the author can learn from it.")
NO_PROPOSAL: Final = N_("This proposal is not there any more.")
MAY_NOT_LOOK: Final = N_("This is for those who look after the matrix.")
MAY_NOT_SIGN: Final = N_("This needs the peer supervisor and the clinical lead to sign.")
MAY_NOT_DECLINE: Final = N_("Only the peer supervisor or the clinical lead can say no to this.")
NOT_YOUR_PROPOSAL: Final = N_("Only whoever proposed this can take it back.")
SIGNED_ALREADY: Final = N_("You have signed this. The other signature must be somebody else's.")
ENDED_ALREADY: Final = N_("This proposal is settled already. Nothing was changed.")
NOT_WORKED_OUT: Final = N_(
    "What this does to the answers is not worked out yet. Please open it again in a minute."
)
CANNOT_LOSE: Final = N_("It loses an urgent answer, so it can't be signed.")

# --- proposing -------------------------------------------------------------------------------

WHAT_IT_IS: Final = N_(
    "Fill in what should be otherwise and leave the rest. The peer supervisor and the clinical lead"
    " both read it before anything changes."
)
WHICH_WORDS: Final = N_(
    "Pick a row, and write the words that should lead to it. The peer supervisor and the clinical"
    " lead both read it before anything changes."
)
ABOUT_ROW: Final = N_("About: *{row}*")
FIELD_PHRASE: Final = N_("Words that should lead here")
HINT_PHRASE: Final = N_("As somebody would ask it. No names, days or places.")
FIELD_SPOKEN: Final = N_("Those words are in")
FIELD_WHICH_ROW: Final = N_("Which row is it?")
FIELD_TITLE_EN: Final = N_("Title, English")
FIELD_TITLE_ES: Final = N_("Title, Spanish")
FIELD_ACTIONS_EN: Final = N_("What to do, English")
FIELD_ACTIONS_ES: Final = N_("What to do, Spanish")
FIELD_DO_NOT_EN: Final = N_("What not to do, English")
FIELD_DO_NOT_ES: Final = N_("What not to do, Spanish")
HINT_LINES: Final = N_("One step on each line, six at most. English and Spanish line for line.")
FIELD_FROM: Final = N_("What does it come from?")
FROM_INCIDENT: Final = N_("It comes from an incident. Name nobody, here or below.")
AFTER_INCIDENT: Final = N_("Propose a change to the matrix")
NO_INCIDENT: Final = N_("This incident is still open, or is none that a change can name.")
AFTER: Final = N_("After an incident of {day}.")
FIELD_REASON: Final = N_("Why should it change?")
HINT_REASON: Final = N_("Those who sign read this. No names.")
NOTHING_CHANGED: Final = N_("Nothing is different yet. Please say what should change.")
CANNOT_MASK: Final = N_(
    "Belay can't look for names in this, so it can't keep it. Please use plain words in English or"
    " Spanish letters."
)
OWN_LIFE: Final = N_(
    "This may be about your own life, so Belay does not keep it. Please put it as somebody else"
    " would ask it. Is it about you? Talk with whom you trust, or call 988."
)
LINES_DIFFER: Final = N_("English and Spanish need the same number of lines here.")
TOO_MANY_LINES: Final = N_("Please write one to six lines, each of 600 letters at most.")
NEEDS_TITLE: Final = N_("Please write a title in both languages.")
MATRIX_CHANGED: Final = N_("The matrix has changed meanwhile. Please open this form again.")
ROW_GONE: Final = N_("That row is not in the matrix any more.")
DOES_NOT_FIT: Final = N_("These changes do not fit together. Please look at each field again.")
DOES_NOT_FIT_WHY: Final = N_("This does not fit the matrix, so nothing was proposed: {why}")
KNOWN_ROW: Final = N_("These words lead to “{row}” already. Please type what else people say.")
KNOWN_OUTSIDE: Final = N_("These words are outside already. Please type what else people say.")

# --- versions --------------------------------------------------------------------------------

NO_VERSIONS: Final = N_(
    "The matrix that comes with Belay is in use. Each change that is signed becomes a version."
)
VERSION: Final = N_(
    "*Version {number}* ({version}), {at}\nProposed by {who}, signed by {first} and {second}.\n"
    "Why: {reason}"
)
EXPORT: Final = N_("To get the rows as a file: `{command}`")

# --- adopting --------------------------------------------------------------------------------

ADOPT_HEAD: Final = N_(
    "*Adopt {name}.* Until a peer supervisor, a clinical lead and a privacy officer have signed it,"
    " answers say that it is not adopted."
)
SHIPPED_NAME: Final = N_("the matrix that comes with Belay ({version})")
VERSION_NAME: Final = N_("version {number} ({version})")
UNSETTLED: Final = N_("*What must be settled first. It can't be adopted before.*")
UNSETTLED_ONE: Final = N_("• {what}")
ALL_SETTLED: Final = N_("Nothing stands against it: all that was to be checked is settled.")
MISSES: Final = N_("*How often it misses*")
MEASURED_ON: Final = N_(
    "Measured with {count} questions that somebody else wrote, on matrix {version}."
)
OTHER_MEASURED: Final = N_(
    ":warning: The matrix in use is another one ({version}), so its figures may differ."
)
RATE: Final[dict[Measured, str]] = {
    Measured.URGENT: N_("Somebody is in danger, and an urgent row is shown: {good} of {of}"),
    Measured.FIRST: N_("The first row is right: {good} of {of}"),
    Measured.AMONG_THREE: N_("The right row is among three: {good} of {of}"),
    Measured.OUTSIDE: N_("What is outside is left alone: {good} of {of}"),
    Measured.CALM: N_("A question that is not urgent offers no page in front: {good} of {of}"),
    Measured.SPEECH: N_("A figure of speech offers no page in front: {good} of {of}"),
}
FIELD_SEEN: Final = N_("Before you sign")
SEEN: Final = N_("I have seen how often it misses")
NEEDS_SEEN: Final = N_("Please read how often it misses, and tick the box.")
FIELD_ADOPT_AS: Final = N_("Your signature")
ADOPT_AS: Final[dict[Role, str]] = {
    Role.PEER_SUPERVISOR: N_("Adopt as peer supervisor"),
    Role.CLINICAL_LEAD: N_("Adopt as clinical lead"),
    Role.PRIVACY_OFFICER: N_("Adopt as privacy officer"),
}
ADOPTED_ALREADY: Final = N_("This matrix is adopted already.")
MAY_NOT_ADOPT: Final = N_(
    "Three people sign this. One is a peer supervisor, one a clinical lead and one a privacy"
    " officer."
)
THREE_PEOPLE: Final = N_("You have signed this in another role. It takes three different people.")
ROLE_SIGNED: Final = N_("It has been signed in that role by now.")
STILL_UNSETTLED: Final = N_("Something is still to be settled, so it can't be adopted yet.")
NOT_LOADED: Final = N_("Belay can't read the matrix right now. Please try again in a minute.")
MORE_OF_THEM: Final = N_("... and more: `{command}`")


def changes_more(count: int) -> str:
    """How many were not kept when it was worked out."""
    return n_("... and {count} more", "... and {count} more", count)


def cli_show(which: str) -> str:
    """The command that shows this proposal in full."""
    return f"{CLI_PROPOSALS} --show {which}"


def otherwise(known: int, count: int) -> str:
    """How many of the known questions would be answered otherwise."""
    return n_(
        "Of {known} known questions, {count} would be answered otherwise.",
        "Of {known} known questions, {count} would be answered otherwise.",
        count,
        known=known,
    )


def less_urgent(count: int) -> str:
    """How many known questions stay urgent, and are so less than now."""
    return n_(
        ":warning: *{count} urgent question would be less urgent than now.* Whoever signs must tick"
        " that they have read it.",
        ":warning: *{count} urgent questions would be less urgent than now.* Whoever signs must"
        " tick that they have read which.",
        count,
    )


def not_shown_in_ten(count: int) -> str:
    """How many of ten people in danger get no urgent row."""
    return n_(
        "*Of ten people in danger who ask, about {count} is not shown the right row.*",
        "*Of ten people in danger who ask, about {count} are not shown the right row.*",
        count,
    )
