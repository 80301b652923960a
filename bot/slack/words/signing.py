"""This is what is said to whoever signs a proposal for the matrix, where it cannot be taken."""

from typing import Final

from bot.slack.words.speech import N_

NOT_YOURS: Final = N_("Only a peer supervisor or a clinical lead of this program can sign this.")
GONE: Final = N_("This proposal is settled already.")
SIGNED_BEFORE: Final = N_("You have signed this. Somebody else signs for the other role.")
ROLE_TAKEN: Final = N_("Somebody has signed for your role. The other role is still to sign.")
NOT_YET: Final = N_(
    "Belay is still working out which answers would change. Your signature is not taken yet."
    " Please look again in a minute."
)
LOSES_URGENT: Final = N_(
    "With this change, Belay would miss an urgent question that it answers now. So it cannot become"
    " a version. Please propose it anew with more examples."
)
LESS_NOT_SEEN: Final = N_(
    "With this change, urgent questions would be answered as less urgent than now. Please read"
    " which, and tick the box. If you see no box, open this again."
)
UNTRIED: Final = N_(
    "Belay could not try this change on its known questions. So it cannot become a version. Please"
    " ask whoever runs Belay."
)
OVERTAKEN: Final = N_(
    "The matrix has changed in the same place since this was written. So this proposal has ended."
    " If it is still needed, please propose it anew."
)
