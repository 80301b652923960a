"""This is the story as data: who does what, and what everybody must see then.

A step that does not show what it says here fails the demo: it is a test, too. The page's guided
tour is made from it (tour.py). Its sentences stand in the catalogue; `why` is for somebody who has
never seen Belay.
"""

from collections.abc import Mapping
from typing import Final

from bot.demo.said import At, Button, Text, said
from bot.demo.steps import (
    Passes,
    Presses,
    ReadsThread,
    Scene,
    Sees,
    Step,
    Types,
    sees,
    sees_by_answer,
    sees_edited,
)
from bot.slack.ids import Action, Form
from bot.slack.words import home, huddle, labels, names, news, pages, proposals
from bot.slack.words.speech import N_
from protocol.effects import Asked, Noted, Said
from protocol.events import ContactMethod, ContactOutcome
from protocol.plan import Purpose
from protocol.records import Accounted, Approval, EscalationKind, Expecting

FIELD: Final = "#field-safety"
CLINICAL: Final = "#clinical"
INCIDENTS: Final = "#incidents"
REMINDER: Final = said(news.LOCK_REMINDER)
PAGE: Final = said(news.LOCK_PAGE)
LOCK_UPDATE: Final = said(news.LOCK_NEWS)
LOCK_OVER: Final = said(news.LOCK_STAND_DOWN)

JO, ROSA, SAM, LIN = "Jo Alvarez", "Rosa Delgado", "Sam Whitaker", "Dr. Lin"
SHELTER: Final = "Main St shelter"
PLAN: Final = {
    labels.FIELD_PLACE: SHELTER,
    labels.FIELD_WHEN: "13:15",
    labels.FIELD_LENGTH: said(labels.HOURS, hours=1),
    labels.FIELD_PURPOSE: said(names.PURPOSE[Purpose.OUTREACH]),
}
# What later steps count on. Whoever answers these in another way sees another story.
MATTERS: Final = frozenset(
    {
        labels.FIELD_PLACE,
        labels.FIELD_WHEN,
        labels.FIELD_LENGTH,
        labels.FIELD_EVERY,
        huddle.FIELD_ROW,
        proposals.FIELD_ANSWER,
    }
)
# What the form already holds: whoever plays need not touch it.
FILLED_IN: Final = frozenset({labels.FIELD_WHEN, labels.FIELD_LENGTH, labels.FIELD_PURPOSE})
MISSED: Final = said(names.ESCALATION[EscalationKind.MISSED])
HELP_CALL: Final = said(names.ESCALATION[EscalationKind.HELP_CALL])
I_HAVE_IT: Final = labels.BUTTON[Action.ACKNOWLEDGE]
IN_TIME, LATE = news.REMINDER[Expecting.CHECK_IN]
SAFE: Final = said(news.SAID[Said.ACCOUNTED_FOR])


def due(what: Expecting, hour: int, minute: int) -> Text:
    """What is waited for next, on the worker's card."""
    return said(labels.DUE[what], at=At(hour, minute))


def accounted(*, visit: bool) -> Mapping[str, Text]:
    """The form in which a named person says how they know, and that a visit goes on."""
    goes_on = {labels.FIELD_CONTINUES: said(labels.CONTINUES)} if visit else {}
    return {labels.FIELD_ACCOUNTED: said(names.ACCOUNTED[Accounted.SPOKEN]), **goes_on}


PLANNED = (
    Step(
        N_("Jo plans a visit"),
        N_("Before Jo goes out, somebody knows where, when and for how long. It takes a minute."),
        Types("/visit", PLAN, labels.SUBMIT[Form.PLAN], home.PLAN_VISIT),
        "jo",
        (
            sees(
                "jo",
                said(names.APPROVAL[Approval.ASKED]),
                Button(labels.BUTTON[Action.ARRIVE]),
                Button(labels.BUTTON[Action.HELP_QUIET]),
            ),
            sees(
                "rosa",
                said(news.ASKED[Asked.APPROVE]),
                SHELTER,
                Button(labels.BUTTON[Action.CONFIRM_PLAN]),
            ),
            sees(FIELD, said(news.ASKED[Asked.APPROVE]), JO),
        ),
    ),
    Step(
        N_("Rosa confirms, and asks for a check-in every 30 minutes"),
        N_("Nobody confirms their own plan. A second pair of eyes sets how often Jo checks in."),
        Presses(
            labels.BUTTON[Action.CONFIRM_PLAN],
            {labels.FIELD_EVERY: said(labels.MINUTES, minutes=30)},
            labels.SUBMIT[Form.CONFIRM_PLAN],
        ),
        "rosa",
        (
            sees("jo", said(news.SAID[Said.PLAN_CONFIRMED], who=ROSA)),
            sees_edited(
                "jo", At(13, 0), said(labels.TICK_CONFIRMED), due(Expecting.ARRIVAL, 13, 30)
            ),
            sees_edited(FIELD, said(labels.PLAN_CONFIRMED, who=ROSA)),
        ),
    ),
    Step(
        N_("A quarter of an hour goes by"),
        N_("Jo walks over. Here you move the clock; in the field it moves by itself."),
        Passes(15),
    ),
    Step(
        N_("Jo arrives"),
        N_("One tap, and the clock of the visit runs."),
        Presses(labels.BUTTON[Action.ARRIVE]),
        "jo",
        (
            sees_edited(
                "jo",
                At(13, 15),
                due(Expecting.CHECK_IN, 13, 45),
                Button(labels.BUTTON[Action.OK]),
                Button(labels.BUTTON[Action.LEAVE]),
            ),
        ),
        note=N_(
            "Two buttons say so: one is Jo's secret sign for *I am not safe*. For the story, take"
            " the first."
        ),
    ),
    Step(
        N_("Twenty minutes go by"),
        N_("Nothing happens, and nobody is bothered. That is how most visits go."),
        Passes(20),
    ),
    Step(
        N_("Jo checks in"),
        N_("OK is one tap. The next check-in is due half an hour from now."),
        Presses(labels.BUTTON[Action.OK]),
        "jo",
        (sees_edited("jo", said(labels.TICK_HEARD), due(Expecting.CHECK_IN, 14, 5)),),
        leave_out=N_("Leave the check-in out: Jo stays silent"),
    ),
)

SILENCE = (
    Step(
        N_("Jo is silent, and is reminded five minutes before the check-in is due"),
        N_("Jo hears of it first. Rosa and Dr. Lin are not bothered yet."),
        Passes(25),
        then=(sees("jo", REMINDER, said(IN_TIME, at=At(14, 5))),),
        spares=("rosa", "lin"),
    ),
    Step(
        N_("The check-in is due, and Jo is asked"),
        N_("Still only Jo is asked."),
        Passes(5),
        then=(sees("jo", REMINDER, said(LATE, at=At(14, 5))),),
        spares=("rosa", "lin"),
    ),
    Step(
        N_("Five minutes overdue, Jo is asked once more"),
        N_("One last nudge before other people are told."),
        Passes(5),
        then=(sees("jo", REMINDER, said(LATE, at=At(14, 5))),),
        spares=("rosa", "lin"),
    ),
    Step(
        N_("Ten minutes overdue, Rosa and Theo are paged, and do not answer"),
        N_("Now people are paged, by name. Rosa's phone is in the other room."),
        Passes(5),
        then=(
            sees("rosa", PAGE, MISSED, JO, SHELTER, Button(I_HAVE_IT)),
            sees("theo", PAGE, MISSED, JO),
            sees("jo", said(news.SAID[Said.PEOPLE_TOLD])),
        ),
        spares=("lin", CLINICAL, INCIDENTS),
    ),
    Step(
        N_("Fifteen minutes late, and Dr. Lin is paged"),
        N_("Silence never ends it: the next people are paged, and an incident is opened."),
        Passes(5),
        then=(
            sees("lin", PAGE, MISSED, JO, Button(I_HAVE_IT)),
            sees("maya", PAGE, MISSED, JO),
            sees(CLINICAL, PAGE, MISSED, JO, Button(I_HAVE_IT)),
            sees(INCIDENTS, said(news.THREAD_HEAD, kind=MISSED)),
        ),
        until=N_("Go on until Dr. Lin is paged"),
    ),
)

FOUND = (
    Step(
        N_("Dr. Lin takes it on"),
        N_("One person has it now, and everybody sees who. It is no all-clear: Jo is not found."),
        Presses(I_HAVE_IT),
        "lin",
        (
            sees("jo", said(news.SAID[Said.SEEN], who=LIN)),
            sees_edited("rosa", said(pages.SAID_SO, who=LIN), said(pages.STAYS_OPEN)),
            sees_edited(CLINICAL, said(pages.SAID_SO, who=LIN)),
            sees(INCIDENTS, said(news.NOTED[Noted.ACKNOWLEDGED])),
        ),
        instead=(sees("jo", said(news.SAID[Said.SEEN])),),
    ),
    Step(
        N_("Dr. Lin calls; it rings and rings"),
        N_("What to do stands on the page, in order. Belay itself dials nobody."),
        Passes(2),
        aside=True,
    ),
    Step(
        N_("Dr. Lin writes the attempt down"),
        N_(
            "It rang and rang. Two taps, so that whoever comes next knows what was tried. Belay"
            " itself dials nobody."
        ),
        Presses(
            labels.BUTTON[Action.LOG_ATTEMPT],
            {
                labels.FIELD_METHOD: said(names.METHOD[ContactMethod.CALL]),
                labels.FIELD_OUTCOME: said(names.OUTCOME[ContactOutcome.NO_ANSWER]),
            },
            labels.SUBMIT[Form.ATTEMPT],
        ),
        "lin",
        (
            sees(INCIDENTS, said(news.NOTED[Noted.ATTEMPT])),
            sees_edited("lin", said(pages.ATTEMPTS, count=1)),
        ),
        aside=True,
    ),
    Step(
        N_("Dr. Lin calls again, and Jo answers with the challenge"),
        N_("Jo was busy with somebody. The challenge shows that Jo can speak freely."),
        Passes(4),
        aside=True,
    ),
    Step(
        N_("Dr. Lin closes it, for Jo is accounted for"),
        N_("Only a named person who knows how Jo is can close it. Everybody who was paged hears."),
        Presses(
            labels.BUTTON[Action.CLOSE],
            accounted(visit=True),
            labels.SUBMIT[Form.CLOSE],
        ),
        "lin",
        (
            sees("jo", SAFE),
            sees("rosa", LOCK_OVER, said(news.STAND_DOWN, worker=JO)),
            sees_by_answer("rosa", said(news.STAND_DOWN, worker=JO), said(news.VISIT_GOES_ON)),
            sees("maya", LOCK_OVER, said(news.STAND_DOWN)),
            sees("lin", LOCK_OVER, said(news.STAND_DOWN)),
            sees(CLINICAL, said(news.STAND_DOWN_CHANNEL)),
            sees(
                INCIDENTS,
                said(news.NOTED[Noted.CLOSED]),
            ),
            sees_by_answer(
                INCIDENTS,
                said(names.ACCOUNTED_SAID[Accounted.SPOKEN]),
                said(news.VISIT_GOES_ON),
            ),
            sees_edited("rosa", said(pages.CLOSED, who=LIN), said(pages.INCIDENT_THREAD)),
            Sees("jo", (said(names.STATE_TO_WORKER),), edited=True, by_answer=True),
        ),
        note=N_("Suppose Dr. Lin called, and Jo picked up and gave the challenge."),
        instead=(sees(INCIDENTS, said(news.NOTED[Noted.CLOSED])), sees("jo", SAFE)),
    ),
    Step(
        N_("The thread tells what happened, without names"),
        N_("Facts, times and roles, for those who look back later. No worker, no client."),
        ReadsThread(INCIDENTS),
        "lin",
    ),
)

HELP = (
    Step(
        N_("A while later"),
        N_("A second story: somebody who is on no visit at all."),
        Passes(10),
    ),
    Step(
        N_("Sam, on no visit at all, calls for help"),
        N_("Help always works, with or without a plan."),
        Types("/sos call"),
        "sam",
        (
            sees("sam", said(news.SAID[Said.HELP_RAISED])),
            sees("rosa", PAGE, HELP_CALL, SAM),
            sees("lin", PAGE, HELP_CALL, SAM),
            sees(CLINICAL, PAGE, HELP_CALL, SAM),
            sees(INCIDENTS, said(news.THREAD_HEAD, kind=HELP_CALL)),
        ),
    ),
    Step(
        N_("Rosa takes it on, and calls"),
        N_("Sam sees by name who has it. That alone helps."),
        Presses(I_HAVE_IT),
        "rosa",
        (
            sees("sam", said(news.SAID[Said.SEEN], who=ROSA)),
            sees_edited("lin", said(pages.SAID_SO, who=ROSA)),
        ),
        spares=("maya",),
        instead=(sees("sam", said(news.SAID[Said.SEEN])),),
    ),
    Step(
        N_("They talk"),
        N_("As long as it takes. Nobody else is paged while Rosa has it."),
        Passes(6),
        spares=("maya",),
        aside=True,
    ),
    Step(
        N_("Rosa says that Sam is accounted for"),
        N_("A call for help needs two people to close it."),
        Presses(
            labels.BUTTON[Action.CLOSE],
            accounted(visit=False),
            labels.SUBMIT[Form.CLOSE],
        ),
        "rosa",
        (
            sees(
                "lin",
                said(news.ASKED[Asked.CONFIRM_CLOSING], who=ROSA),
                Button(labels.BUTTON[Action.CONFIRM_CLOSING]),
            ),
        ),
        spares=("sam",),
    ),
    Step(
        N_("Dr. Lin is the second, and confirms"),
        N_("Now it is over, for everybody who was paged."),
        Presses(labels.BUTTON[Action.CONFIRM_CLOSING]),
        "lin",
        (
            sees("sam", SAFE),
            sees("rosa", said(news.STAND_DOWN, worker=SAM)),
            sees("lin", said(news.STAND_DOWN, worker=SAM)),
            sees(CLINICAL, said(news.STAND_DOWN_CHANNEL)),
            sees_edited("rosa", said(pages.CLOSED, who=ROSA)),
        ),
        instead=(sees("sam", SAFE),),
    ),
)

STORY: Final = (
    Scene(N_("A visit is planned, confirmed and begun"), PLANNED),
    Scene(N_("A check-in does not come"), SILENCE),
    Scene(N_("Someone has it until Jo is accounted for"), FOUND),
    Scene(
        N_("A call for help, and a second person who confirms"),
        HELP,
        lock_screens={
            "jo": (REMINDER, LOCK_UPDATE),
            "sam": (LOCK_UPDATE,),
            "rosa": (PAGE, LOCK_OVER),
            "lin": (PAGE, LOCK_OVER),
        },
    ),
)
