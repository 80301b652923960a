"""This is what is said around a row of the matrix: the answer, its buttons, the two forms.

The row's own words are the matrix's, in both languages; they stand in no catalogue.
"""

from typing import Final

from bot.matrix.model import Need, TierKey
from bot.slack.words.speech import N_
from storage.matrix_tables import Team

# --- the answer ------------------------------------------------------------------------------

FIRST: Final = N_("*First:* {lines}")
FIRST_IF: Final = N_("*If it is happening now:* {lines}")
DRAFT: Final = N_(
    ":warning: *Not adopted yet: call your supervisor.* Nobody has signed these rows."
)
DRAFT_LINE: Final = N_("Line to call: {line}")
DO: Final = N_("*What to do*\n{lines}")
WHO: Final = N_("*Who:* {owner}")
ON_DUTY: Final = N_("On duty now: {people}")
NO_NUMBER: Final = N_("No number of theirs is known here. Call {line}.")
NOBODY: Final = N_("Nobody is on duty as {role}. Call {line}.")
NOBODY_NO_LINE: Final = N_("Nobody is on duty as {role}. Call your supervisor.")
NOT_LOOKED_UP: Final = N_("Belay could not look up who is on duty. Call {line}.")
NOT_LOOKED_UP_NO_LINE: Final = N_("Belay could not look up who is on duty. Call your supervisor.")
YOU_CHOOSE: Final = N_(
    "*Who:* you choose. Your peer supervisor, another supervisor, HR or the clinical lead."
    " Only the person you pick hears of it, by message or phone. Belay keeps no count of it."
)
BY_WHEN: Final = N_("*By when:* {when}. {owed}")
WITHIN: Final = N_("within {time}")
DO_NOT: Final = N_("*What not to do*\n{lines}")
NEEDS: Final = N_("*Needs:* {needs}")
NEED: Final[dict[Need, str]] = {
    Need.CONSENT: N_("the client's consent"),
    Need.SECOND_PERSON: N_("a second person"),
    Need.SUPERVISOR_SIGNS: N_("a supervisor's signature"),
    Need.TRAINED_ONLY: N_("training for it"),
}
CHECK_LOCALLY: Final = N_("*Check locally:* nobody has held a number or rule here to local law.")
CHECK_LOCALLY_LINE: Final = N_("*Check locally:* {text}")
NOT_LIVE: Final = N_("Read as: nobody needs a page now. If somebody does, use the red button.")
LIKE: Final = N_("Why this row: it is like “{example}”.")
LIKE_WORDS: Final = N_("Why this row: it is like “{example}”. Words: {words}.")
ROW: Final = N_("Row: {title} ({key}), matrix {version}")
TIER: Final[dict[TierKey, str]] = {
    TierKey.U0: N_("life threat now"),
    TierKey.U1: N_("at once"),
    TierKey.U2: N_("within the hour"),
    TierKey.U3: N_("today"),
    TierKey.U4: N_("at the next supervision"),
}
ONLY_WORDS: Final = N_("Belay only compares words right now. Look twice at the row.")
CUT: Final = N_("That was long. Belay read the first {count} letters.")

SEVERAL: Final = N_("*There is more than one thing in it.* Most urgent first:")
UNSURE: Final = N_("*Not sure which it is.* Most urgent first:")
NEXT: Final = N_("*Then maybe one of these.* Most urgent first:")

OUTSIDE: Final = N_("*This is outside the matrix:* Belay has no row for it.")
NO_MORE: Final = N_("*Then Belay has no row for it.*")
PAUSE: Final = N_("*Pause and ask* before you do it: {people}")
PAUSE_LINE: Final = N_("*Pause and ask* before you do it: call {line}.")
PAUSE_NO_LINE: Final = N_("*Pause and ask* your supervisor before you do it.")
NOTED: Final = N_("It is noted as a gap, without names or numbers and without you.")
MEANWHILE: Final = N_("*What do you do meanwhile?* One tap helps the team. It keeps no name.")
MEANWHILE_NOTED: Final = N_("Noted, without your name: “{did}”. Thank you.")
NOT_READY: Final = N_("*Belay can't look that up right now.*")
ROW_GONE: Final = N_("*That row is not in the matrix any more.* Please ask again.")

HOW: Final = N_(
    "*Ask in your own words.* No names, please. For example:\n"
    "• {command} client wants a ride to the clinic tomorrow\n"
    "• {command} he says goodbye to everyone and gave me his dog"
)
IN_DANGER: Final = N_("*Somebody in danger now?* Call {number} first.")

PAGE_LEAD: Final = N_("In danger: page the clinical lead")
NONE_OF_THEM: Final = N_("None of these")
OUTSIDE_ROLE: Final = N_("Outside the peer role")

# --- the form that asks ----------------------------------------------------------------------

FIELD_QUESTION: Final = N_("What is it about?")
HINT_QUESTION: Final = N_("In your own words. No names. What you type is not stored.")
NEEDS_QUESTION: Final = N_("Please type a few words about it.")
COMES_BY_DM: Final = N_("The answer comes as a message from Belay that only you see.")
NOT_SENT: Final = N_("Slack did not take the answer. Send it again. In danger call 911.")

# --- decline with citation -------------------------------------------------------------------

TEAM: Final[dict[Team, str]] = {
    Team.CLINICAL: N_("Clinical"),
    Team.CASE_MANAGEMENT: N_("Case management"),
    Team.SHELTER: N_("Shelter"),
    Team.COURT: N_("Court or probation"),
    Team.HOSPITAL: N_("Hospital"),
    Team.OTHER: N_("Other"),
}
FIELD_ROW: Final = N_("Which row is it?")
FIELD_TEAM: Final = N_("Which team asked?")
FIELD_REPLY: Final = N_("Your reply, in the program's name")
HINT_REPLY: Final = N_("No client names. The row, its version and the route are added by Belay.")
KIND_REPLY: Final = N_(
    "Thank you for asking. This is outside what a peer may do, so a peer can't take it on."
    " The need is real, and it is not dropped: we have passed it on."
)
COUNTED: Final = N_("Belay counts this by team and row, never by person.")
NEEDS_TEAM: Final = N_("Please pick the team that asked.")
NEEDS_ROW: Final = N_("Please pick a row.")
NO_ROWS: Final = N_("Belay can't read the matrix right now. Please try again in a minute.")

FROM: Final = N_("*From {program}:*")
CITATION: Final = N_(
    "_{title}_ is for: {owner}. It is passed on to them. (Matrix row {key}, version {version}.)"
)
OWED_BACK: Final = N_("What comes next: {owed}")
PASSED_ON: Final = N_(
    "*Passed on to you: {title}*\n"
    "A peer was asked for this ({team}). It is outside the peer role, so it comes to you"
    " (row {key}, matrix {version})."
)
ASKED_BY: Final = N_("Asked by {who}. Please answer them.")
ASKED_IN: Final = N_("Asked by {who}: {link}. Please answer them.")
ASKED_BY_TEAM: Final = N_("Please ask that team who needs it.")
OWED_BY_YOU: Final = N_("What the matrix says you owe: {owed}")

DECLINED: Final = N_("*The need is passed on:* {people}.")
DECLINED_NOBODY: Final = N_("*Nobody is there to pass it on to.* Please call your supervisor.")
TO_COPY: Final = N_("*Your reply. Copy it to whoever asked:*")
SENDING: Final = N_("*Your reply goes out now.* If it does not show up there, copy it:")
SENT: Final = N_("*Your reply was sent where it was asked:*")
NOT_THERE: Final = N_("*Belay is not in that conversation.* Please copy your reply there:")
SEE_THREAD: Final = N_("the message")
