"""A program's own matrix: its versions to read, and the form that adopts the one in use."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot import adopting
from bot.adopting import Signature
from bot.handlers.door import Door
from bot.handlers.opening import Opener
from bot.runner import Write
from bot.slack.carried import Carried
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import adopting as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput
from bot.slack.render.home_matrix import KEEPERS
from bot.slack.words import proposals as words
from bot.slack.words.speech import _
from protocol.ids import PersonId, ProgramId
from storage import incidents, matrix_versions, people, programs
from storage.matrix_versions import Version


class Drawing:
    """This draws the versions, and the form that adopts one."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def versions(self, value: Carried, user: str) -> View | str:
        """The versions of a program's matrix, for whoever looks after it."""
        ctx, program = self._door.ctx, ProgramId(str(value.matter))
        found = await ctx.database.run(_versions, program, user, ctx.clock.now())
        if found is None:
            return _(words.MAY_NOT_LOOK)
        return forms.versions_view(*found, program)

    async def adopt(self, value: Carried, user: str) -> View | str:
        """What stands against adopting it, how often it misses, and who signed."""
        ctx, program = self._door.ctx, ProgramId(str(value.matter))
        matrix = ctx.matcher.matrix_of(program)
        if matrix is None:
            return _(words.NOT_LOADED)
        at = Write.of(ctx)
        found = await ctx.database.run(adopting.standing, user, program, matrix, at)
        return _(words.MAY_NOT_LOOK) if found is None else forms.adopt_form(found)


def register(app: AsyncApp, door: Door) -> None:
    """Listen for what opens them, and for the form."""
    opener, drawing = Opener(door), Drawing(door)

    @app.action(Action.SHOW_VERSIONS.value)
    async def open_versions(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, drawing.versions)

    @app.action(Action.ADOPT_MATRIX.value)
    async def open_adopting(
        ack: AsyncAck, context: AsyncBoltContext, client: AsyncWebClient, body: dict[str, Any]
    ) -> None:
        await opener.tap(ack, context, client, body, drawing.adopt)

    @app.view(Form.ADOPT_MATRIX.value)
    async def signed(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, _signature(door, forms.read_adopt(body)), adopt)


def _signature(door: Door, said: forms.Adopting | BadInput) -> Signature | BadInput:
    if isinstance(said, BadInput):
        return said
    matrix = door.ctx.matcher.matrix_of(said.program)
    return Signature(said, matrix) if matrix else BadInput(_(words.NOT_LOADED))


def adopt(conn: Connection, write: Write, one: Signature) -> BadInput | None:
    """Sign it; who may is asked here."""
    sentence = adopting.adopt(conn, write, one)
    return BadInput(sentence, Field.AS_ROLE) if sentence else None


_Versions = tuple[list[Version], dict[PersonId, str], str, dict[str, datetime]]


def _versions(conn: Connection, program: ProgramId, user: str, at: datetime) -> _Versions | None:
    who, which = people.by_slack(conn, user), programs.by_id(conn, program)
    if who is None or which is None:
        return None
    if people.roles(conn, program, who.id, at).isdisjoint(KEEPERS):
        return None
    found = matrix_versions.numbered(conn, program)
    named = {
        one for each in found for one in (each.author, each.peer_supervisor, each.clinical_lead)
    }
    after = {one.id: incidents.before(conn, one) for one in found}
    came = {key: at for key, at in after.items() if at is not None}
    return found, people.names(conn, named), which.zone, came
