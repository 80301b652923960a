"""Proposals to change the matrix: made, signed, declined, taken back; and who is told of each.

All of it runs inside `bot.runner.write`, so that nobody is told of what was not stored. What a
signature comes to is `bot.revising`'s alone.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot import revising
from bot.matrix.model import Matrix
from bot.revising import Adopted, Refused, Signing
from bot.runner import Write
from bot.slack.carried import pack
from bot.slack.ids import Action
from bot.slack.modals.proposals import Answer, Answering, signed_by
from bot.slack.render.blocks import typed
from bot.slack.render.proposal import effect_of
from bot.slack.words import home
from bot.slack.words import proposals as words
from bot.slack.words.speech import _, speaking
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.people import Role
from storage import homes, matrix_versions, people, plain, proposals, situation
from storage.proposals import Proposal
from storage.revision_tables import Ended

SIGNERS: Final = (Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)
_REASON_MAX: Final = 600


def propose(conn: Connection, write: Write, proposal: Proposal) -> bool:
    """Keep a proposal, and ask for both signatures; False where it was kept before."""
    if not proposals.add(conn, proposal):
        return False
    asked = [who for role in SIGNERS for who in asked_in(conn, proposal.program, role, write)]
    _tell(conn, write, proposal, "asked", asked, lambda: _asked(conn, proposal))
    said = words.PROPOSED if asked else words.PROPOSED_NOBODY
    if proposal.author not in asked:
        _tell(conn, write, proposal, "made", [proposal.author], lambda: _(said))
    homes.doubt(conn, proposal.program)
    return True


def answer(
    conn: Connection, write: Write, said: Answering, shipped: Matrix | None = None
) -> str | None:
    """Sign it, say no, or take it back; the sentence with which that is refused, if it is.

    `shipped` is the matrix that comes with Belay, where it is at hand.
    """
    who, found = people.by_slack(conn, said.user), proposals.one(conn, said.proposal)
    if (
        who is None
        or found is None
        or found.program not in people.programs_of(conn, who.id, write.at)
    ):
        return words.NO_PROPOSAL
    if found.ended_how is not None:
        return words.ENDED_ALREADY
    homes.doubt(conn, found.program)
    match said.answer:
        case Answer.SIGN:
            return _sign(
                conn, write, found, Signing(found.id, said.user, shipped, said.seen), who.id
            )
        case Answer.NO:
            held = people.roles(conn, found.program, who.id, write.at)
            if held.isdisjoint(SIGNERS):
                return words.MAY_NOT_DECLINE
            return _end(conn, write, found, Ended.DECLINED, who.id, said.why)
        case Answer.TAKE_BACK:
            if who.id != found.author:
                return words.NOT_YOUR_PROPOSAL
            return _end(conn, write, found, Ended.WITHDRAWN, who.id)


def asked_in(conn: Connection, program: ProgramId, role: Role, write: Write) -> list[PersonId]:
    """Who is asked in this role: whoever is on duty, else everybody who holds it."""
    return asked_at(conn, program, role, write.at)


def asked_at(conn: Connection, program: ProgramId, role: Role, at: datetime) -> list[PersonId]:
    """Who is asked in this role at this instant."""
    cover = situation.cover(conn, program, at, at)
    return list(cover.on_duty(role, at) or cover.holding(role))


def _sign(
    conn: Connection, write: Write, found: Proposal, signing: Signing, who: PersonId
) -> str | None:
    held = people.roles(conn, found.program, who, write.at)
    if held.isdisjoint(SIGNERS):
        return words.MAY_NOT_SIGN
    effect = effect_of(found.effect)
    if effect is None:
        return words.NOT_WORKED_OUT
    if effect.lost:
        return words.CANNOT_LOSE
    done = revising.sign(conn, write, signing)
    after = proposals.one(conn, found.id) or found
    if isinstance(done, Refused):
        if after.ended_how is Ended.OVERTAKEN:
            _tell(conn, write, after, "overtaken", [after.author], lambda: _(words.WENT_BY))
        return done.sentence
    if isinstance(done, Adopted):
        _tell(conn, write, after, "adopted", [after.author], lambda: _adopted(conn, after))
        return None
    missing = [role for role in SIGNERS if signed_by(after, role) is None]
    for role in missing:
        asked = [one for one in asked_in(conn, after.program, role, write) if one != who]
        _tell(conn, write, after, f"missing/{role}", asked, _missing(conn, who, role))
    return None


def _end(
    conn: Connection, write: Write, found: Proposal, how: Ended, who: PersonId, why: str = ""
) -> str | None:
    if not proposals.end(conn, found.id, how, by=who, at=write.at, why=why or None):
        return words.ENDED_ALREADY
    name = _name(conn, who)
    if how is Ended.DECLINED:
        reason = typed(why, _REASON_MAX)
        _tell(
            conn,
            write,
            found,
            "declined",
            [found.author],
            lambda: _(words.SAID_NO, who=name, reason=reason),
        )
        return None
    asked = [one for role in SIGNERS for one in asked_in(conn, found.program, role, write)]
    others = [one for one in asked if one != who]
    _tell(conn, write, found, "withdrawn", others, lambda: _(words.TAKEN_BACK, who=name))
    return None


def _tell(
    conn: Connection,
    write: Write,
    about: Proposal,
    what: str,
    to: Iterable[PersonId],
    say: Callable[[], str],
) -> None:
    """Tell each of these once, in their language, with the way to the proposal."""
    readers = list(dict.fromkeys(to))
    texts = []
    for reader, language in people.languages(conn, about.program, readers).items():
        if reader is None:
            continue
        with speaking(language):
            text = say()
        key = f"proposal/{about.id}/{what}/{reader}"
        press = (Action.SEE_PROPOSAL.value, pack(MatterId(about.id)))
        texts.append(plain.Text(key, plain.NEWS, text, to=reader, press=press))
    times = {"at": write.at, "transport_now": write.transport_now}
    plain.add(conn, about.program, None, texts, **times)


def _asked(conn: Connection, proposal: Proposal) -> str:
    return _(
        words.ASKED,
        who=_name(conn, proposal.author),
        source=_(words.SOURCE[proposal.source]),
        reason=typed(proposal.reason, _REASON_MAX),
    )


def _missing(conn: Connection, who: PersonId, role: Role) -> Callable[[], str]:
    name = _name(conn, who)
    return lambda: _(words.ONE_MISSING, who=name, role=_(home.ROLE[role]))


def _adopted(conn: Connection, found: Proposal) -> str:
    version = matrix_versions.latest(conn, found.program)
    return _(
        words.NOW_VERSION,
        number=version.number if version else "?",
        first=_name(conn, found.peer_supervisor),
        second=_name(conn, found.clinical_lead),
    )


def _name(conn: Connection, who: PersonId | None) -> str:
    return typed(people.names(conn, [who]).get(who, who), 60) if who else ""
