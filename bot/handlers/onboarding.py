"""Getting ready: private answers, practice, contacts, whom to send, what is recorded, language.

Nothing private is logged, repeated or shown: it is sealed in the transaction that the form's answer
waits for. Practice runs no event and writes only that there was some, whatever was answered.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.handlers.door import Door
from bot.runner import Write
from bot.slack.carried import Carried
from bot.slack.ids import Action, Field, Form
from bot.slack.modals import onboarding as forms
from bot.slack.modals.parts import View
from bot.slack.read.payload import BadInput, Body, carried, strict, user_of
from bot.slack.read.worker import Word, answer_typed
from bot.slack.render import ack as answers
from bot.slack.render import records
from bot.slack.render.view import Block
from bot.slack.words import labels
from bot.slack.words import onboarding as words
from bot.slack.words.speech import _
from protocol.ids import PersonId
from protocol.people import RESPONDER_ROLES
from storage import homes, onboarding, people, places, programs, situation
from storage.onboarding_tables import State, Step

# What the buttons of a practice card mean that are no answer.
_OTHERS: Final[dict[str, str]] = {
    Action.PRACTICE_LEAVE.value: words.READ_AS_LEAVING,
    Action.PRACTICE_HELP_CALL.value: words.READ_AS_HELP,
    Action.PRACTICE_HELP_QUIET.value: words.READ_AS_HELP,
    Action.PRACTICE_MORE.value: words.READ_AS_OK,
}


def register(app: AsyncApp, door: Door) -> None:
    """Listen for the forms of getting ready, for practice, and for what is put off."""
    practice = Practice(door)

    @app.view(Form.ANSWERS.value)
    async def chose_answers(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_answers(body), set_answers)

    @app.view(Form.CONTACTS.value)
    async def gave_contacts(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_contacts(body), set_contacts)

    @app.view(Form.SEND.value)
    async def chose_whom_to_send(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_send(body), set_send)

    @app.view(Form.LANGUAGE.value)
    async def chose_language(ack: AsyncAck, body: dict[str, Any]) -> None:
        await door.store(ack, body, forms.read_language(body), set_language)
        door.beside(door.learn())

    @app.view(Form.PRACTICE.value)
    async def tried_words(ack: AsyncAck, body: dict[str, Any]) -> None:
        await practice.words(ack, body)

    @app.view(Form.RECORDS.value)
    async def read_on(ack: AsyncAck, body: dict[str, Any]) -> None:
        await next_page(door, ack, body)

    @app.action(Action.READY_SKIP.value)
    async def put_off(ack: AsyncAck, context: AsyncBoltContext, body: dict[str, Any]) -> None:
        await door.note(ack, context, body, strict(_step_of)(body), put_off_step)

    for action in forms.PRACTISED.values():
        app.action(action.value)(practice.tap)


# --- what is stored, in one transaction on a database thread ---------------------------------


def set_answers(conn: Connection, write: Write, asked: forms.Answers) -> BadInput | None:
    """Seal a worker's private choice."""
    who = _who(conn, asked.user)
    if who is None:
        return BadInput(labels.NOT_KNOWN)
    onboarding.set_answers(conn, write.sealer, who, asked.button, asked.phrase, write.at)
    homes.doubt_one(conn, who)
    return None


def set_contacts(conn: Connection, write: Write, asked: forms.Contacts) -> BadInput | None:
    """Keep contacts, sealed. Somebody who can answer a call for help is always left."""
    who = _who(conn, asked.user)
    if who is None:
        return BadInput(labels.NOT_KNOWN)
    if asked.excludes and not _somebody_left(conn, who, asked.excludes, write.at):
        return BadInput(words.NOBODY_LEFT, Field.EXCLUDES)
    onboarding.set_contacts(
        conn,
        write.sealer,
        who,
        phone=asked.phone,
        contact=asked.contact,
        forget_contact=asked.forget,
        excludes=asked.excludes,
        at=write.at,
    )
    homes.doubt_one(conn, who)
    return None


def set_send(conn: Connection, write: Write, asked: forms.SendChoice) -> BadInput | None:
    """Keep whom to send."""
    who = _who(conn, asked.user)
    if who is None:
        return BadInput(labels.NOT_KNOWN)
    onboarding.set_send(conn, who, asked.place, asked.send, write.at)
    homes.doubt_one(conn, who)
    return None


def set_language(conn: Connection, write: Write, asked: forms.LanguageChoice) -> BadInput | None:
    """Keep the language that somebody reads."""
    who = _who(conn, asked.user)
    if who is None:
        return BadInput(labels.NOT_KNOWN)
    people.set_language(conn, who, asked.language)
    onboarding.note(conn, who, Step.LANGUAGE, State.DONE, write.at)
    homes.doubt_one(conn, who)
    return None


def put_off_step(conn: Connection, write: Write, asked: tuple[str, Step]) -> BadInput | None:
    """Put a step off; it can be done at any time later."""
    return _noted(conn, write, asked[0], asked[1], State.SKIPPED)


def read_everything(conn: Connection, write: Write, user: str) -> BadInput | None:
    """Somebody came to the end of what is recorded."""
    return _noted(conn, write, user, Step.RECORDS, State.DONE)


def practised(conn: Connection, write: Write, asked: tuple[str, str]) -> bool | None:
    """Whether an answer would be read as the private one; None where none was chosen yet.

    That somebody practised is written down alike, whatever they answered.
    """
    user, said = asked
    who = _who(conn, user)
    choice = people.duress_choices(conn, write.sealer, [who]).get(who) if who else None
    if who is None or choice is None:
        return None
    if Step.PRACTICE not in onboarding.progress(conn, who):
        homes.doubt_one(conn, who)
    onboarding.note(conn, who, Step.PRACTICE, State.DONE, write.at)
    return choice.matches(said)


def _noted(conn: Connection, write: Write, user: str, step: Step, state: State) -> BadInput | None:
    who = _who(conn, user)
    if who is None:
        return BadInput(labels.NOT_KNOWN)
    onboarding.note(conn, who, step, state, write.at)
    homes.doubt_one(conn, who)
    return None


def _who(conn: Connection, user: str) -> PersonId | None:
    found = people.by_slack(conn, user)
    return found.id if found else None


def _somebody_left(
    conn: Connection, who: PersonId, excludes: tuple[PersonId, ...], at: datetime
) -> bool:
    """Whether in each of the worker's programs a responder is left who may be told."""
    for program in people.programs_of(conn, who, at):
        holders = situation.cover(conn, program, at, at).holders
        able = {person for role, person in holders if role in RESPONDER_ROLES}
        if able and not able - {who, *excludes}:
            return False
    return True


# --- practice --------------------------------------------------------------------------------


class Practice:
    """This says privately, in the form itself, what an answer would have meant."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def tap(self, ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        """A button of the practice card. The form is drawn anew beside the answer."""
        found = strict(_tapped)(body)
        if isinstance(found, BadInput):
            await ack()
            return
        user, view_id, action, said = found
        meant = _OTHERS.get(action)
        result = _(meant) if meant else await self._meaning(user, said)
        await ack()
        self._door.beside(client.views_update(view_id=view_id, view=forms.practice_form(result)))

    async def words(self, ack: AsyncAck, body: Body) -> None:
        """Words that were typed for practice."""
        found, user = forms.read_practice(body), strict(user_of)(body)
        if isinstance(found, BadInput) or isinstance(user, BadInput):
            await ack(response_action="clear")
            return
        word, said = answer_typed(found)
        if word is Word.HELP:
            result = _(words.READ_AS_HELP)
        elif word is None:
            result = _(words.READ_AS_NOTHING)
        else:
            result = await self._meaning(user, said)
        await ack(response_action="update", view=forms.practice_form(result))

    async def _meaning(self, user: str, said: str) -> str:
        write = Write.of(self._door.ctx)
        unsafe = await self._door.ctx.database.run(practised, write, (user, said))
        if unsafe is None:
            return _(words.FIRST_CHOOSE)
        return _(words.READ_AS_UNSAFE if unsafe else words.READ_AS_OK)


def _tapped(body: Body) -> tuple[str, str, str, str]:
    action = body["actions"][0]
    chosen = "selected_option" in action
    said = "" if chosen else carried(body).said
    return user_of(body), str(body["view"]["id"]), str(action["action_id"]), said


def _step_of(body: Body) -> tuple[str, Step]:
    return user_of(body), Step(carried(body).said)


# --- what is recorded ------------------------------------------------------------------------


async def next_page(door: Door, ack: AsyncAck, body: Body) -> None:
    """Turn the page; the end is written down."""
    found = forms.read_records(body)
    if isinstance(found, BadInput):
        await ack(**answers.bad_form(body.get("view", {}), found))
        return
    user, number = found
    pages = await _pages(door, user)
    if number + 1 >= len(pages):
        await door.store(ack, body, user, read_everything)
        return
    await ack(response_action="update", view=forms.records_form(pages, number + 1))


async def _pages(door: Door, user: str) -> list[list[Block]]:
    ctx = door.ctx
    found = await ctx.database.run(_own, user, ctx.clock.now())
    own = [records.mine(*found)] if found else []
    return [*own, *records.pages()]


def _own(
    conn: Connection, user: str, at: datetime
) -> tuple[onboarding.Own, dict[PersonId, str], str] | None:
    who = _who(conn, user)
    if who is None:
        return None
    own = onboarding.own(conn, who)
    named = people.names(conn, {*own.excludes, *(by for _at, by, _what in own.reads)})
    return own, named, _zone(conn, who, at)


def _zone(conn: Connection, who: PersonId, at: datetime) -> str:
    serving = people.programs_of(conn, who, at)
    program = programs.by_id(conn, serving[0]) if serving else None
    return program.zone if program else "UTC"


# --- what opens the forms; see bot/handlers/opening.py ---------------------------------------


class Drawing:
    """This draws the form of a step, reading at most once."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._forms: dict[str, Callable[[str], Awaitable[View | str]]] = {
            Step.ANSWERS: self._answers,
            Step.PRACTICE: self._practice,
            Step.CONTACTS: self._contacts,
            Step.SEND: self._send,
            Step.RECORDS: self._records,
            Step.LANGUAGE: self._language,
        }

    async def step(self, value: Carried, user: str) -> View | str:
        """The form of the step that a button names."""
        draw = self._forms.get(value.said)
        return _(labels.UNREADABLE) if draw is None else await draw(user)

    async def _answers(self, _user: str) -> View:
        return forms.answers_form()

    async def _practice(self, _user: str) -> View:
        return forms.practice_form()

    async def _contacts(self, user: str) -> View | str:
        found = await self._read(_contacts_of, user)
        if found is None:
            return _(labels.NOT_KNOWN)
        colleagues, own = found
        return forms.contacts_form(
            colleagues, own.excludes, has_phone=own.has_phone, has_contact=own.has_contact
        )

    async def _send(self, user: str) -> View | str:
        found = await self._read(_send_of, user)
        return _(labels.NOT_KNOWN) if found is None else forms.send_form(*found)

    async def _records(self, user: str) -> View:
        return forms.records_form(await _pages(self._door, user), 0)

    async def _language(self, user: str) -> View | str:
        found = await self._read(_language_of, user)
        return _(labels.NOT_KNOWN) if found is None else forms.language_form(found)

    async def _read(self, read: Callable[..., Any], user: str) -> Any:
        ctx = self._door.ctx
        return await ctx.database.run(read, user, ctx.clock.now())


def drawn(door: Door) -> dict[str, Any]:
    """Which button opens which form."""
    return {Action.READY_STEP: Drawing(door).step}


def _contacts_of(
    conn: Connection, user: str, at: datetime
) -> tuple[list[tuple[PersonId, str]], onboarding.Own] | None:
    who = _who(conn, user)
    if who is None:
        return None
    around: set[PersonId] = set()
    for program in people.programs_of(conn, who, at):
        around |= people.serving(conn, program, at)
    own = onboarding.own(conn, who)
    named = people.names(conn, {*around, *own.excludes} - {who})
    return sorted(named.items(), key=lambda one: one[1].casefold()), own


def _send_of(conn: Connection, user: str, at: datetime) -> Any:
    who = _who(conn, user)
    serving = people.programs_of(conn, who, at) if who else []
    if who is None or not serving:
        return None
    known = [(one.id, one.label) for p in serving for one in places.places_of(conn, p, at)]
    return onboarding.whom_to_send(conn, who, None), known


def _language_of(conn: Connection, user: str, at: datetime) -> Any:
    who = people.by_slack(conn, user)
    serving = people.programs_of(conn, who.id, at) if who else []
    program = programs.by_id(conn, serving[0]) if serving else None
    return None if who is None or program is None else who.language or program.language
