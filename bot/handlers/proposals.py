"""Changes of the matrix: propose one from an answer, look at one, and sign it, or say no.

Opening reads once. What a form says is stored, with what others are told of it, before it closes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot import proposing
from bot.handlers import fitting
from bot.handlers.door import Door
from bot.handlers.opening import Opener
from bot.matrix.model import Matrix
from bot.runner import Write
from bot.slack.carried import Carried, row_of
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import proposals as forms
from bot.slack.modals import proposing as proposing_forms
from bot.slack.modals.parts import View
from bot.slack.modals.proposals import Answering, Seen
from bot.slack.modals.proposing import Proposing
from bot.slack.read.payload import BadInput, Body, strict, user_of
from bot.slack.render import ack as answers
from bot.slack.render.home_matrix import KEEPERS
from bot.slack.words import labels, signing
from bot.slack.words import proposals as words
from bot.slack.words.speech import _, spoken
from protocol.ids import ProgramId
from protocol.people import Language
from storage import incidents, people, programs, proposals
from storage.database import Unavailable
from storage.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Proposals:
    """This opens the forms, and stores what they say."""

    door: Door

    async def open_one(self, value: Carried, user: str) -> View | str:
        """A proposal, for whoever looks after the matrix, and for its author."""
        ctx = self.door.ctx
        found = await ctx.database.run(_seen, str(value.matter), user, ctx.clock.now())
        if isinstance(found, str):
            return _(found)
        matrix = ctx.matcher.matrix_of(found.proposal.program)
        if matrix is None:
            return _(words.NOT_LOADED)
        # A large change is drawn line by line, which is too long for the clock's own loop.
        drawn = (matrix, found, Language(spoken()), value.number)
        return await asyncio.to_thread(forms.proposal_form, *drawn)

    async def open_new(self, value: Carried, user: str) -> View | str:
        """The form that proposes: about the row of an answer, or about one to be picked."""
        ctx, incident = self.door.ctx, proposing_forms.incident_of(value)
        program = await ctx.database.run(_program_of, user, ctx.clock.now(), incident)
        if program is None:
            return _(words.NO_INCIDENT if incident else labels.NOT_KNOWN)
        matrix = ctx.matcher.matrix_of(program)
        if matrix is None:
            return _(words.NOT_LOADED)
        if incident:
            return proposing_forms.propose_form(matrix, None, Language(spoken()), value)
        about = row_of(value)
        row = matrix.by_key.get(about[0]) if about else None
        if about and (row is None or row.private):
            return _(words.ROW_GONE)
        return proposing_forms.propose_form(matrix, row, Language(spoken()))

    async def read(self, body: Body) -> Proposing | BadInput:
        """What is proposed; what does not fit stays in the form, with the reason."""
        try:
            return await self._read(body)
        except Unavailable:
            return BadInput(answers.unknown(self.door.line(user_of(body))))

    async def _read(self, body: Body) -> Proposing | BadInput:
        ctx, said = self.door.ctx, strict(proposing_forms.from_whom)(body)
        if isinstance(said, BadInput):
            return said
        user, incident = said
        program = await ctx.database.run(_program_of, user, ctx.clock.now(), incident)
        if program is None:
            return BadInput(_(words.NO_INCIDENT if incident else labels.NOT_KNOWN))
        matrix = ctx.matcher.matrix_of(program)
        if matrix is None:
            return BadInput(_(words.NOT_LOADED))
        found = proposing_forms.read_proposing(body, matrix)
        if isinstance(found, BadInput):
            return found
        return await fitting.unfit(matrix, found.changes, Field.WORDS) or found

    def answering(self) -> Callable[[Connection, Write, Answering], BadInput | None]:
        """Sign, say no, or take back: the work of one transaction."""
        return partial(answer, shipped=self.door.ctx.matcher.matrix)


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens the forms, and for the forms."""
    opener, proposed = Opener(door), Proposals(door)

    @app.action(Action.SEE_PROPOSAL.value)
    async def open_proposal(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, proposed.open_one, turns=True)

    @app.action(Action.PROPOSE_CHANGE.value)
    async def open_proposing(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, proposed.open_new)

    @app.view(Form.PROPOSE_CHANGE.value)
    async def made(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, await proposed.read(body), keep)

    @app.view(Form.PROPOSAL.value)
    async def answered(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_answer(body), proposed.answering())


# --- what is stored, in one transaction on a database thread ---------------------------------


def keep(conn: Connection, write: Write, said: Proposing) -> BadInput | None:
    """Keep a proposal in its program (`_program_of`); the same form sent twice is one."""
    who = people.by_slack(conn, said.user)
    program = _program_of(conn, said.user, write.at, said.source_id)
    if who is None or program is None:
        return BadInput(words.NO_INCIDENT if said.source_id else labels.NOT_KNOWN)
    made = Proposal(
        said.id,
        program,
        said.base,
        said.source,
        said.kept(),
        said.reason,
        who.id,
        write.at,
        source_id=said.source_id,
    )
    proposing.propose(conn, write, made)
    return None


def answer(
    conn: Connection, write: Write, said: Answering, *, shipped: Matrix | None
) -> BadInput | None:
    """Sign, say no, or take back; who may is asked here."""
    sentence = proposing.answer(conn, write, said, shipped)
    if sentence == signing.LESS_NOT_SEEN:
        return BadInput(sentence, Field.SEEN)
    return BadInput(sentence) if sentence else None


def _seen(conn: Connection, which: str, user: str, at: datetime) -> Seen | str:
    who, found = people.by_slack(conn, user), proposals.one(conn, which)
    if who is None:
        return labels.NOT_KNOWN
    roles = people.roles(conn, found.program, who.id, at) if found else frozenset()
    program = programs.by_id(conn, found.program) if found else None
    if found is None or program is None or not roles:
        return words.NO_PROPOSAL
    if roles.isdisjoint(KEEPERS) and found.author != who.id:
        return words.MAY_NOT_LOOK
    named = (found.author, found.peer_supervisor, found.clinical_lead, found.ended_by)
    names = people.names(conn, [one for one in named if one is not None])
    return Seen(found, who.id, roles, names, program.zone)


def _program_of(
    conn: Connection, user: str, at: datetime, incident: str | None = None
) -> ProgramId | None:
    """The program whose matrix somebody would change: where the incident was, else their first."""
    who = people.by_slack(conn, user)
    serving = people.programs_of(conn, who.id, at) if who else []
    if incident is not None:
        serving = [one for one in serving if incidents.began(conn, one, incident) is not None]
    return serving[0] if serving else None
