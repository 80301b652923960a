"""This is a proposal to change the matrix, as it is read and answered: what, why, who signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.matrix.model import Matrix
from bot.slack.carried import pack
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import Body, Unreadable, carried_by_form, strict, user_of
from bot.slack.render import proposal as draw
from bot.slack.render.blocks import actions, button, context, lines, plain, section
from bot.slack.render.blocks import typed as shown
from bot.slack.render.times import day_and_clock
from bot.slack.render.view import Block
from bot.slack.words import home, labels
from bot.slack.words import proposals as words
from bot.slack.words.speech import _
from protocol.ids import MatterId, PersonId
from protocol.masking import can_be_masked, masked
from protocol.people import Language, Role
from storage.proposals import Proposal

REASON_MAX: Final = 600
SIGNERS: Final = (Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)


class Answer(StrEnum):
    """This is what somebody says to a proposal."""

    SIGN = "sign"
    NO = "no"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Seen:
    """This is a proposal as one person may see it; `roles` are what they hold in its program."""

    proposal: Proposal
    who: PersonId
    roles: frozenset[Role]
    names: Mapping[PersonId, str]
    zone: str

    def name(self, who: PersonId | None) -> str:
        """What to call somebody."""
        return shown(self.names.get(who, who), 60) if who else ""


@dataclass(frozen=True, slots=True)
class Answering:
    """This is an answer to a proposal.

    `seen` is the version for which it was ticked that urgent questions become less urgent.
    """

    user: str
    proposal: str
    answer: Answer
    why: str = ""
    seen: str = ""


def proposal_form(matrix: Matrix, seen: Seen, language: Language, page: int = 0) -> View:
    """The difference, the effect, who signed; and what this person may say to it.

    `page` is counted from 0; after the last one it begins anew. It is signed on the last one, for
    nobody puts their name to what they did not turn to.
    """
    found = seen.proposal
    pages = draw.pages(matrix, found.changes, found.effect, language)
    at_page = page % len(pages)
    at = day_and_clock(found.at, seen.zone)
    source = _(words.SOURCE[found.source])
    told = _(
        words.BY,
        who=seen.name(found.author),
        at=at,
        source=source,
        reason=shown(found.reason, REASON_MAX),
    )
    blocks = [
        section(told),
        *([context(_(words.OTHER_BASE))] if found.base != matrix.version else []),
        *_page(found, pages, at_page),
        section(lines(_(words.SIGNATURES), *(_signature(seen, role) for role in SIGNERS))),
    ]
    if found.ended_how is not None:
        return _only_to_read(found.id, [*blocks, section(_ended(seen))])
    last = at_page + 1 == len(pages)
    offered = [one for one in offered_to(seen, matrix.version) if last or one is not Answer.SIGN]
    if not offered:
        return _only_to_read(found.id, blocks)
    said = {Answer.SIGN: words.SIGN, Answer.NO: words.SAY_NO, Answer.TAKE_BACK: words.TAKE_BACK}
    answers = parts.radio([(_(said[one]), one.value) for one in offered])
    blocks.append(question(Field.ANSWER, _(words.FIELD_ANSWER), answers))
    effect = draw.effect_of(found.effect)
    if Answer.SIGN in offered and effect and effect.less:
        boxes = parts.ticks([(_(words.LESS_SEEN), effect.against)])
        label = _(words.FIELD_LESS_SEEN)
        blocks.append(question(Field.SEEN, label, boxes, optional=True))
    if Answer.NO in offered:
        element = parts.text(REASON_MAX, multiline=True)
        hint = _(words.HINT_WHY)
        blocks.append(question(Field.REASON, _(words.FIELD_WHY), element, hint=hint, optional=True))
    return parts.form(Form.PROPOSAL, pack(MatterId(found.id)), blocks)


def _page(found: Proposal, pages: Sequence[list[Block]], at: int) -> list[Block]:
    """One page of what it changes and does, with the way to the next where there are several."""
    if len(pages) == 1:
        return pages[0]
    told = _(words.PAGE_OF, page=at + 1, pages=len(pages), command=words.cli_show(found.id))
    label = _(words.FIRST_PAGE if at + 1 == len(pages) else words.NEXT_PAGE)
    turn = button(
        Action.SEE_PROPOSAL, pack(MatterId(found.id), number=(at + 1) % len(pages)), label=label
    )
    return [section(told), *pages[at], actions("proposal_pages", [turn])]


def offered_to(seen: Seen, version: str) -> list[Answer]:
    """What this person may answer now; what is pressed is asked again all the same.

    It can be signed once its effect on the answers of this version is worked out and in view.
    """
    found = seen.proposal
    offered: list[Answer] = []
    signs = not seen.roles.isdisjoint(SIGNERS)
    stands = [role for role in SIGNERS if role not in found.unseen]
    twice = seen.who in [signed_by(found, role) for role in stands]
    effect = draw.effect_of(found.effect, version)
    if signs and not twice and effect and not effect.lost and not effect.unfit:
        offered.append(Answer.SIGN)
    if signs:
        offered.append(Answer.NO)
    if seen.who == found.author:
        offered.append(Answer.TAKE_BACK)
    return offered


def signed_by(found: Proposal, role: Role) -> PersonId | None:
    """Who signed in this role, if anybody has."""
    return found.clinical_lead if role is Role.CLINICAL_LEAD else found.peer_supervisor


def _signature(seen: Seen, role: Role) -> str:
    found, title = seen.proposal, _(home.ROLE[role])
    who = signed_by(found, role)
    if who is None:
        return _(words.NOT_SIGNED, role=title)
    if role in found.unseen:
        return _(words.SIGNED_UNSEEN, role=title, who=seen.name(who))
    lead = role is Role.CLINICAL_LEAD
    at = found.clinical_lead_at if lead else found.peer_supervisor_at
    return _(words.HAS_SIGNED, role=title, who=seen.name(who), at=day_and_clock(at, seen.zone))


def _ended(seen: Seen) -> str:
    found = seen.proposal
    how = _(words.ENDED[found.ended_how]) if found.ended_how else ""
    why = shown(found.ended_why, REASON_MAX) if found.ended_why else ""
    return lines(f"*{how}* {seen.name(found.ended_by)}".strip(), why)


def _only_to_read(which: str, blocks: list[Block]) -> View:
    made = parts.form(Form.PROPOSAL, pack(MatterId(which)), blocks)
    del made["submit"]
    return {**made, "close": plain(_(labels.CLOSE_WINDOW), parts.TITLE_MAX)}


@strict
def read_answer(body: Body) -> Answering:
    """An answer; a no has a reason, and nobody's name is kept in it."""
    values, about = typed.values_of(body), carried_by_form(body)
    answer = typed.one_of(values, Field.ANSWER, Answer)
    why = reason_of(values, needed=answer is Answer.NO) if answer is Answer.NO else ""
    ticked = typed.several(values, Field.SEEN)
    return Answering(user_of(body), str(about.matter), answer, why, ticked[0][0] if ticked else "")


def reason_of(values: typed.Values, *, needed: bool) -> str:
    """A reason, masked; refused where names could not be looked for in it."""
    why = typed.raw_text(values, Field.REASON)
    if needed and not why:
        raise Unreadable(_(words.NEEDS_WHY), Field.REASON)
    if len(why) > REASON_MAX:
        raise Unreadable(_(labels.TOO_MUCH_TEXT), Field.REASON)
    if why and not can_be_masked(why):
        raise Unreadable(_(words.CANNOT_MASK), Field.REASON)
    return masked(why)[:REASON_MAX]
