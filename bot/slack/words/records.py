"""What Belay records about people, column by column: what it is, who reads it, how long it stays.

A test holds this to the schema: a new column says here what it records about somebody, or that it
records nothing about anybody.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.slack.words.speech import N_


class Group(StrEnum):
    """This is one class of records, with the same readers and the same time that it is kept."""

    PERSON = "person"
    SETTINGS = "settings"
    VISITS = "visits"
    CALLS = "calls"
    FLAGS = "flags"
    MATRIX = "matrix"
    MESSAGES = "messages"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class About:
    """This is what is true of all records of one class."""

    title: str
    readers: str
    kept: str


_NOTHING_DELETED = N_("Kept. Nothing is deleted by itself yet.")

GROUPS: Final[dict[Group, About]] = {
    Group.PERSON: About(
        N_("Who you are"),
        N_(
            "People of your program. What is sealed is opened only to reach you, and each read is"
            " written down."
        ),
        N_("Kept while you are in a program, and after that for the record of your visits."),
    ),
    Group.SETTINGS: About(
        N_("What you set yourself"),
        N_("You. What is sealed is opened only when somebody has to act on it."),
        N_("Kept until you change it."),
    ),
    Group.VISITS: About(
        N_("Your visits"),
        N_(
            "You, your partner, who approves, and responders on duty. A sealed note is read only if"
            " something happens."
        ),
        _NOTHING_DELETED,
    ),
    Group.CALLS: About(
        N_("When people look for you"),
        N_("Responders who were paged. Whom you exclude is not told of a call for help."),
        _NOTHING_DELETED,
    ),
    Group.FLAGS: About(
        N_("Flags on places"),
        N_("People of your program. What was seen, and why, is read by who reviews the flag."),
        _NOTHING_DELETED,
    ),
    Group.MATRIX: About(
        N_("Questions to the matrix"),
        N_(
            "What you ask is not stored. What had no answer is read in the huddle, without names"
            " and without you. Of the quiz, your supervisor sees only whether you have done it."
        ),
        N_("Kept for now. What tells peers apart goes after 90 days."),
    ),
    Group.MESSAGES: About(
        N_("Messages"),
        N_("Nobody reads these rows: Belay sends from them, and edits what it sent."),
        _NOTHING_DELETED,
    ),
    Group.HISTORY: About(
        N_("History"),
        N_("Whoever checks the history. It has no note, no answer and no text that you typed."),
        N_("Kept for good, so that nobody can change it unseen. Texts can be shredded."),
    ),
}

_P, _S, _V, _C = Group.PERSON, Group.SETTINGS, Group.VISITS, Group.CALLS
_F, _Q, _M, _H = Group.FLAGS, Group.MATRIX, Group.MESSAGES, Group.HISTORY

# By table and column.
RECORDS: Final[dict[str, tuple[Group, str]]] = {
    "person.id": (_P, N_("A short word for you")),
    "person.slack_user": (_P, N_("Your Slack id")),
    "person.name": (_P, N_("Your name, as your team knows it")),
    "person.phone": (_P, N_("Your phone number")),
    "person.trained_until": (_P, N_("Until when your field safety training is good")),
    "person.active": (_P, N_("Whether you are in a program now")),
    "person.created_at": (_P, N_("When you were added")),
    "person.language": (_S, N_("The language you chose")),
    "person.duress": (_S, N_("Your private answer. Nobody is shown it, and neither are you")),
    "person.emergency_contact": (_S, N_("Whom to call, with your standing consent")),
    "person.excludes": (_S, N_("Who is not told of your call for help")),
    "onboarding.person_id": (_S, N_("Whose step it is")),
    "onboarding.step": (_S, N_("A step of getting ready")),
    "onboarding.state": (_S, N_("Whether you did it or skipped it")),
    "onboarding.at": (_S, N_("When that was")),
    "send_choice.person_id": (_S, N_("Whose choice it is")),
    "send_choice.place_id": (_S, N_("The place, where it is for one place only")),
    "send_choice.send": (_S, N_("Whom to send to you")),
    "send_choice.at": (_S, N_("When you chose")),
    "home.person_id": (_S, N_("Whose Home is kept up to date")),
    "home.opened_at": (_S, N_("When you last opened the Home")),
    "role_grant.person_id": (_P, N_("Who has a role")),
    "role_grant.role": (_P, N_("Your role")),
    "role_grant.from_at": (_P, N_("From when you have it")),
    "role_grant.until_at": (_P, N_("Until when you have it")),
    "duty.person_id": (_P, N_("Who is on duty")),
    "duty.role": (_P, N_("In which role")),
    "duty.from_at": (_P, N_("From when")),
    "duty.until_at": (_P, N_("Until when")),
    "place.created_by": (_F, N_("Who added a place")),
    "flag.author": (_F, N_("Who flagged a place")),
    "flag.kind": (_F, N_("What the flag says of the place")),
    "flag.evidence": (_F, N_("What was seen there")),
    "flag.raised_at": (_F, N_("When the flag was raised")),
    "flag_word.by": (_F, N_("Who disputed or reviewed a flag")),
    "flag_word.word": (_F, N_("Whether it was kept, changed, ended or disputed")),
    "flag_word.at": (_F, N_("When that was said")),
    "flag_word.reason": (_F, N_("Why")),
    "matter.worker": (_V, N_("Who is out, or is looked for")),
    "matter.opened_at": (_V, N_("When it began")),
    "matter.closed_at": (_V, N_("When it was over")),
    "matter.due_at": (_V, N_("When Belay next looks")),
    "visit.worker": (_V, N_("Whose visit it is")),
    "visit.partner": (_V, N_("Your partner on it")),
    "visit.approver": (_V, N_("Who confirmed or declined the plan")),
    "visit.state": (_V, N_("Where the visit stands")),
    "visit.rating": (_V, N_("Its safety rating")),
    "visit.approval": (_V, N_("What was said to the plan")),
    "visit.expecting": (_V, N_("Which check-in is next")),
    "visit.start_at": (_V, N_("When it was to start")),
    "visit.due_at": (_V, N_("When the next check-in is due")),
    "visit.ended_at": (_V, N_("When you were clear")),
    "visit.outcome": (_V, N_("How it ended. Ending early is as good as any end")),
    "visit.body": (
        _V,
        N_(
            "The plan with its times and factors. The note, and each answer until it is read, are"
            " sealed"
        ),
    ),
    "batch.by": (_V, N_("Who confirmed several plans together")),
    "batch.asked_at": (_V, N_("When that was")),
    "batch_plan.outcome": (_V, N_("What came of it for each plan")),
    "standing.worker": (_V, N_("Whose visits it plans every week")),
    "standing.partner": (_V, N_("Your partner on them")),
    "standing.approver": (_V, N_("Who confirmed them, for thirty days at most")),
    "standing.state": (_V, N_("Whether it was asked for, counts, or is over")),
    "standing.asked_at": (_V, N_("When you asked for it")),
    "standing.until_at": (_V, N_("Until when it counts")),
    "standing.ended_at": (_V, N_("When it ended")),
    "standing.why": (_V, N_("Why it ended. Ending it needs no reason")),
    "standing.body": (_V, N_("The plan that comes again, with its days. It has no note")),
    "standing_visit.start_at": (_V, N_("When one of its visits was to start")),
    "stop.label": (_V, N_("Where you went, as Slack may show it")),
    "stop.place_id": (_V, N_("The place, if it is on the list")),
    "stop.arrived_at": (_V, N_("When you were there")),
    "stop.left_at": (_V, N_("When you left")),
    "escalation.worker": (_C, N_("Who is looked for")),
    "escalation.kind": (_C, N_("What it is about, such as a missed check-in")),
    "escalation.state": (_C, N_("Where it stands")),
    "escalation.owner": (_C, N_("Who has it")),
    "escalation.opened_at": (_C, N_("When it was opened")),
    "escalation.closed_at": (_C, N_("When it was closed")),
    "escalation.closed_by": (_C, N_("Who closed it")),
    "escalation.second_by": (_C, N_("Who confirmed that")),
    "escalation.accounted": (_C, N_("How you were accounted for")),
    "escalation.body": (_C, N_("Who was paged when, and what was tried")),
    "roll_call.asked_by": (_C, N_("Who asked everyone to check in")),
    "roll_call.asked_at": (_C, N_("When that was")),
    "roll_call.body": (_C, N_("Who was asked, and who has answered")),
    "raised.raised_by": (_C, N_("Who paged for something they saw or heard")),
    "raised.state": (_C, N_("Where that page stands")),
    "raised.private": (_C, N_("Whether it is about your own life. Then nothing else is readable")),
    "raised.owner": (_C, N_("Who has it")),
    "raised.raised_at": (_C, N_("When you paged")),
    "raised.heard_at": (_C, N_("When you saw or heard it")),
    "raised.closed_at": (_C, N_("When it was sorted")),
    "raised.closed_by": (_C, N_("Who said that it is sorted")),
    "raised.body": (_C, N_("What you saw or heard, and what was written back, all of it sealed")),
    "matrix_gap.text": (
        _Q,
        N_("A question that had no answer, without names and without who asked"),
    ),
    "matrix_gap.at": (_Q, N_("When that was")),
    "matrix_gap.settled_by": (_Q, N_("Who settled it")),
    "matrix_gap.settled_at": (_Q, N_("When it was settled")),
    "matrix_adoption.by": (_Q, N_("Who adopted a version of the matrix")),
    "matrix_adoption.role": (_Q, N_("In which role")),
    "matrix_adoption.at": (_Q, N_("When they did")),
    "matrix_proposal.author": (_Q, N_("Who proposed a change of the matrix")),
    "matrix_proposal.at": (_Q, N_("When they did")),
    "matrix_proposal.reason": (_Q, N_("Why, in their words")),
    "matrix_proposal.peer_supervisor": (_Q, N_("Who signed it as peer supervisor")),
    "matrix_proposal.peer_supervisor_at": (_Q, N_("When they signed")),
    "matrix_proposal.clinical_lead": (_Q, N_("Who signed it as clinical lead")),
    "matrix_proposal.clinical_lead_at": (_Q, N_("When they signed")),
    "matrix_proposal.ended_by": (_Q, N_("Who said no to it, or took it back")),
    "matrix_proposal.ended_at": (_Q, N_("When it was settled")),
    "matrix_proposal.ended_why": (_Q, N_("Why not, in their words")),
    "matrix_version.author": (_Q, N_("Who proposed what became a version")),
    "matrix_version.peer_supervisor": (_Q, N_("Which peer supervisor signed it")),
    "matrix_version.clinical_lead": (_Q, N_("Which clinical lead signed it")),
    "matrix_version.reason": (_Q, N_("Why it was made")),
    "matrix_version.at": (_Q, N_("When it was made")),
    "dumping.told": (_Q, N_("Who was asked to talk with a team")),
    "dumping.settled_by": (_Q, N_("Who talked with it")),
    "dumping.settled_at": (_Q, N_("When that was settled")),
    "dumping.note": (_Q, N_("What was agreed, in their words")),
    "quiz.person_id": (_Q, N_("Who answered questions about the matrix")),
    "quiz.answers": (_Q, N_("What they chose")),
    "quiz.started_at": (_Q, N_("When they began")),
    "quiz.ended_at": (_Q, N_("When they were done")),
    "quiz.passed": (_Q, N_("Whether they passed")),
    "partner.checked_by": (_Q, N_("Who called a partner's number to check it")),
    "decline.team": (_Q, N_("Which team asked for what is outside the peer role, never whom")),
    "decline.at": (_Q, N_("When it was passed on")),
    "decline.peer": (_Q, N_("A sign that only tells how many peers were asked. No name is in it")),
    "outbox.to_person": (_M, N_("Who gets a message")),
    "outbox.body": (_M, N_("What it says")),
    "outbox.created_at": (_M, N_("When it was asked for")),
    "message.person_id": (_M, N_("Who got a message")),
    "message.slack_channel": (_M, N_("In which conversation it stands")),
    "message.posted_at": (_M, N_("When it was posted")),
    "audit_line.actor": (_H, N_("Who did something")),
    "audit_line.at": (_H, N_("When")),
    "audit_line.event": (_H, N_("What was done")),
    "audit_line.reason": (_H, N_("What came of it, or which sealed value was read")),
    "audit_body.body": (_H, N_("The coded values of it")),
}

# Columns that say nothing about anybody: keys, counters, clocks of the machine, and what belongs to
# a program or a place. A whole table is named with a star.
NOBODY: Final = frozenset(
    """audit_anchor.* audit_head.* belay_version.* inbound.* program.* sealing_key.*
    batch.attempt_at batch.every_minutes batch.faults batch.id batch.program_id
    batch_plan.batch_id batch_plan.matter_id batch_plan.no batch_plan.program_id
    batch_plan.revision
    audit_body.chain audit_body.salt audit_body.seq audit_line.body_digest audit_line.chain
    audit_line.digest audit_line.previous audit_line.program_id audit_line.seq duty.id
    duty.program_id escalation.base_at escalation.body_schema escalation.cycle escalation.drill
    escalation.due_at escalation.matter_id escalation.no escalation.program_id escalation.rung
    flag.disputed_at flag.expires_at flag.id flag.place_id flag.program_id flag.reminded_at
    flag.review_due_at flag.reviewed_at flag.settled_at flag_word.flag_id flag_word.id
    flag_word.kind flag_word.program_id home.attempt_at home.shown home.view_hash matter.about
    matter.active matter.attempt_at matter.faults matter.id matter.program_id matter.silent
    matter.version message.channel message.episode message.id message.matter_id
    message.outbox_key message.program_id message.shown_version message.surface message.thread
    decline.id decline.program_id decline.row_key decline.version decline_salt.*
    matrix_adoption.id matrix_adoption.program_id matrix_adoption.shown matrix_adoption.version
    matrix_gap.did matrix_gap.id matrix_gap.program_id matrix_gap.settled_how
    matrix_gap.settled_row matrix_gap.shown matrix_gap.version huddle.* matrix_asked.*
    matrix_proposal.base matrix_proposal.changes matrix_proposal.effect matrix_proposal.ended_how
    matrix_proposal.id matrix_proposal.program_id matrix_proposal.source matrix_proposal.source_id
    matrix_version.base matrix_version.body matrix_version.id matrix_version.number
    matrix_version.program_id matrix_version.proposal_id matrix_version.version
    dumping.at dumping.id dumping.program_id dumping.requests dumping.row_key dumping.settled_how
    dumping.since dumping.team dumping.version quiz.id quiz.program_id quiz.rows quiz.version
    partner.checked_on partner.hours partner.id partner.line partner.name partner.number
    partner.program_id
    message.ts outbox.again outbox.attempt_at outbox.attempts outbox.body_schema outbox.channel
    outbox.claim_no outbox.claimed_by outbox.error outbox.first_tried_at outbox.id outbox.key
    outbox.kind outbox.lane outbox.matter_id outbox.outcome outbox.priority outbox.program_id
    outbox.queued_at outbox.unsure place.address place.created_at place.id place.label
    place.program_id place.retired_at place.send place.solo_transport_prohibited
    raised.body_schema raised.due_at raised.matrix_version raised.matter_id raised.program_id
    raised.row_key raised.tier raised.title_en raised.title_es
    role_grant.program_id roll_call.body_schema roll_call.due_at roll_call.matter_id
    roll_call.program_id standing.attempt_at standing.body_schema standing.days standing.due_at
    standing.faults standing.id standing.program_id standing_visit.matter_id standing_visit.no
    standing_visit.program_id standing_visit.standing_id stop.matter_id stop.no stop.program_id
    visit.body_schema visit.matter_id visit.program_id visit.revision""".split()
)

SEALED: Final = N_("sealed")
HEAD: Final = N_("*{title}*")
WHO_READS: Final = N_("Who reads it: {readers}")
HOW_LONG: Final = N_("How long: {kept}")
LINE: Final = N_("• {text}")
LINE_SEALED: Final = N_("• {text} ({sealed})")
PAGE: Final = N_("Page {page} of {pages}")
DONE: Final = N_("Done")

MINE: Final = N_("*What is stored about you now*")
PHONE_YES: Final = N_("A phone number, sealed")
PHONE_NO: Final = N_("No phone number")
CONTACT_YES: Final = N_("An emergency contact, sealed")
CONTACT_NO: Final = N_("No emergency contact")
EXCLUDED: Final = N_("Not told of your call for help: {names}")
TO_SEND: Final = N_("Whom to send: {send}")
MY_READS: Final = N_("*Who opened what is sealed about you*")
NO_READS: Final = N_("Nobody so far.")
READ: Final = N_("{at}: {who}, {what}")
READ_WHAT: Final[dict[str, str]] = {
    "phone": N_("your phone number"),
    "contact": N_("your emergency contact"),
}

# docs/records.md, which is English alone.
DOC_HEAD: Final = """\
# What Belay records about people

Made by `belay records > docs/records.md`; a test holds this page to the schema. It lists every
column that is about a person, in the class that it belongs to. What is *sealed* is encrypted in the
database and opened only where it is needed; each such read of a phone number, an address or an
emergency contact is a line of the history that the person can see.

Belay records no client. No count of late taps, ended or refused visits is kept for a person."""
