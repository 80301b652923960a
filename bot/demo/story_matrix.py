"""This is the page's second story as data: who handles this, and how the answer changes.

It needs a matcher; words alone will do. What people ask is in the catalogue, so that each language
asks in its own words; titles of rows are the matrix's (the tests hold them against it).
"""

from typing import Final

from bot.demo.said import Button, InBoth, said
from bot.demo.steps import Passes, Presses, Scene, Step, Story, Types, sees, sees_edited
from bot.demo.story import LIN
from bot.slack.ids import Action, Form
from bot.slack.words import huddle, labels, matrix, proposals
from bot.slack.words.speech import N_
from storage.matrix_tables import Settled, Team

HUDDLE: Final = "#huddle"
MAYA: Final = "Maya Okafor"
CLEARING: Final = InBoth(
    "Rating or clearing someone's risk", "Calificar el riesgo o dar el visto bueno"
)
TIE: Final = InBoth("Another tie to a person you serve", "Otro lazo con la persona que atiendes")
WITHIN_ROLE: Final = N_("The hospital wants me to say if he is safe to go home. Who decides?")
OUTSIDE: Final = N_("Can I be on his softball team?")
SIGNS: Final = Presses(
    labels.BUTTON[Action.SEE_PROPOSAL],
    {proposals.FIELD_ANSWER: said(proposals.SIGN)},
    labels.SUBMIT[Form.PROPOSAL],
)
LOOK_AGAIN: Final = N_(
    "It can be signed once Belay has worked out what it does to the answers. If *I sign it* is not"
    " there yet, close the form and open it again in some seconds."
)

ANSWERED = (
    Step(
        N_("Jo asks who decides"),
        N_(
            "The answer says who has it, what to do first, and what not to do. Nobody else sees"
            " the question, and it is not kept."
        ),
        Types(WITHIN_ROLE),
        "jo",
        (sees("jo", CLEARING, said(matrix.WHO), said(matrix.DO), said(matrix.DO_NOT)),),
        # The matrix may still be being loaded.
        again=True,
    ),
    Step(
        N_("Jo declines, and cites the row"),
        N_(
            "It is outside the peer role. The program says so, not Jo, and the need goes on to"
            " whoever it belongs to. It is counted by team, never by person."
        ),
        Presses(
            labels.BUTTON[Action.DECLINE_ROW],
            {matrix.FIELD_TEAM: said(matrix.TEAM[Team.HOSPITAL])},
            labels.SUBMIT[Form.DECLINE_ROW],
        ),
        "jo",
        (
            sees(
                "lin", said(matrix.PASSED_ON, title=CLEARING, team=said(matrix.TEAM[Team.HOSPITAL]))
            ),
        ),
    ),
)

NO_ANSWER = (
    Step(
        N_("Jo asks something that nobody has thought of"),
        N_("Belay does not guess. It says whom to ask, and notes the question without Jo's name."),
        Types(OUTSIDE),
        "jo",
        (sees("jo", said(matrix.OUTSIDE), said(matrix.NOTED)),),
    ),
    Step(
        N_("The day ends"),
        N_("A gap pages nobody. It waits for the team."),
        Passes(8 * 60),
        spares=("maya", "lin"),
    ),
    Step(
        N_("At a quarter to nine, the team meets"),
        N_("Belay posts what the team should see, and what nobody could answer."),
        Passes(11 * 60 + 45),
        then=(sees(HUDDLE, said(huddle.GAPS), Button(labels.BUTTON[Action.GAP_IS_ROW])),),
        until=N_("Go on until the morning's huddle"),
    ),
)

SETTLED = (
    Step(
        N_("Maya says which row it is"),
        N_("A league in common is another tie, and there is a row for that. Maya proposes it."),
        Presses(
            labels.BUTTON[Action.GAP_IS_ROW],
            {huddle.FIELD_ROW: TIE},
            labels.SUBMIT[Form.GAP_IS_ROW],
            HUDDLE,
        ),
        "maya",
        (
            sees_edited(HUDDLE, said(huddle.SETTLED[Settled.ROW], row=TIE, who=MAYA)),
            sees(
                "maya", said(proposals.ASKED, who=MAYA), Button(labels.BUTTON[Action.SEE_PROPOSAL])
            ),
            sees(
                "lin", said(proposals.ASKED, who=MAYA), Button(labels.BUTTON[Action.SEE_PROPOSAL])
            ),
        ),
    ),
    Step(
        N_("Maya reads what would change, and signs"),
        N_("The form shows what changes, and which known questions get another answer."),
        SIGNS,
        "maya",
        (sees("lin", said(proposals.ONE_MISSING, who=MAYA)),),
        note=LOOK_AGAIN,
    ),
    Step(
        N_("Dr. Lin reads it, and signs"),
        N_("One person alone changes no answer: a supervisor and the clinical lead both sign."),
        SIGNS,
        "lin",
        (sees("maya", said(proposals.NOW_VERSION, first=MAYA, second=LIN)),),
    ),
    Step(
        N_("Jo asks again, and is answered"),
        N_("The same question has an answer now, and the answer names the version it is from."),
        Types(OUTSIDE),
        "jo",
        (sees("jo", TIE, said(matrix.DO_NOT), said(matrix.ROW, title=TIE)),),
        note=N_(
            "The new version answers in some seconds. If it says the same as before, ask again."
        ),
        again=True,
    ),
)

WHO_HANDLES_THIS: Final = Story(
    "matrix",
    N_("Who handles this?"),
    N_("A question had no answer; two people signed one. Play on as you like, or begin again."),
    (
        Scene(N_("A question that the matrix answers"), ANSWERED),
        Scene(N_("A question that it does not answer"), NO_ANSWER),
        Scene(N_("The team settles it, and two people sign"), SETTLED),
    ),
)
