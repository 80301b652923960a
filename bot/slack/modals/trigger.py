"""This is the form that pages for a trigger, and the one in which whoever has it writes back.

The first asks what was seen or heard and when, and never for a rating; nothing of it is needed, so
that a page is two taps. What is typed is masked, not refused: whoever writes it is in a hurry.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.request import OfMatter, Request, raise_trigger
from bot.slack.carried import Carried, pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import (
    Body,
    Unreadable,
    carried_by_form,
    key_of_form,
    strict,
    user_of,
)
from bot.slack.render.blocks import Element, context, lines, section
from bot.slack.render.times import length
from bot.slack.render.trigger import said_in
from bot.slack.render.view import Block
from bot.slack.words import labels
from bot.slack.words import trigger as words
from bot.slack.words.speech import _
from protocol.identifiers import mask_strictly
from protocol.ids import MatterId, PersonId
from protocol.people import Role
from protocol.trigger import Chosen, Pageable, WriteConsult

HEARD_MAX: Final = 500
CALL_BACK_MAX: Final = 60
HEARD_AGO: Final = (0, 5, 15, 30, 60)
PEOPLE_BYTES: Final = 100_000
BY_WHEN_AHEAD: Final = timedelta(hours=2)
# Whom somebody may choose for what is about their own life.
TELL: Final = (Role.PEER_SUPERVISOR, Role.HUMAN_RESOURCES, Role.CLINICAL_LEAD)
# Who may be named as the one that does it.
OWNERS: Final = (
    Role.CLINICAL_LEAD,
    Role.PEER_SUPERVISOR,
    Role.COORDINATOR,
    Role.MAT_COORDINATOR,
    Role.CASE_MANAGER,
)
_ANOTHER, _DANGER, _ROLE = "another", "danger", "role:"

# Which row a form is for, looked up again when it is sent: by key and version.
RowOf = Callable[[str, str], Pageable]


def page_form(
    page: Pageable, matter: MatterId, supervisors: Sequence[tuple[PersonId, str]] = ()
) -> View:
    """What was seen or heard, and when; for a private row also whom the worker tells."""
    row = page.row
    first = [f"*{said_in(one)}*" for one in row.call_first]
    shown = [section(lines(*first, said_in(row.title)))]
    when = [(_heard_at(count), str(count)) for count in HEARD_AGO]
    heard = parts.text(HEARD_MAX, multiline=True)
    asked = [
        question(Field.HEARD, _(words.FIELD_HEARD), heard, hint=_(words.HINT_HEARD), optional=True),
        question(Field.HEARD_AT, _(words.FIELD_HEARD_AT), parts.select(when, "0")),
        question(
            Field.CALL_BACK,
            _(words.FIELD_CALL_BACK),
            parts.text(CALL_BACK_MAX),
            hint=_(words.HINT_CALL_BACK),
            optional=True,
        ),
    ]
    private = _private(page, supervisors) if page.private else []
    carried = pack(MatterId(f"{matter}/{row.key}/{row.version}"))
    ends = [context(_(words.ROW, key=row.key, version=row.version))]
    return parts.form(Form.PAGE, carried, [*shown, *private, *asked, *ends])


def _private(page: Pageable, supervisors: Sequence[tuple[PersonId, str]]) -> list[Block]:
    if page.danger:
        return [section(_(words.ON_CALL))]
    roles = [(_(words.ROLE[role]), f"{_ROLE}{role.value}") for role in TELL]
    other = [(_(words.ANOTHER), _ANOTHER)] if supervisors else []
    whom = parts.radio([roles[0], *other, *roles[1:]])
    danger = parts.ticks([(_(words.IN_DANGER), _DANGER)])
    shown = [
        section(_(words.ONLY_THEM)),
        question(Field.DANGER, _(words.FIELD_DANGER), danger, optional=True),
        # Whoever is in danger now has nothing to choose.
        question(Field.TELL_WHOM, _(words.FIELD_TELL_WHOM), whom, optional=True),
    ]
    if supervisors:
        named = [(name, person) for person, name in supervisors]
        menu = parts.select(parts.fitting(named, (), PEOPLE_BYTES))
        shown.append(question(Field.SUPERVISOR, _(words.FIELD_SUPERVISOR), menu, optional=True))
    return shown


def _heard_at(count: int) -> str:
    if not count:
        return _(words.JUST_NOW)
    return _(words.AGO, length=length(timedelta(minutes=count)))


@strict
def read_page(body: Body, now: datetime, row_of: RowOf) -> Request:
    """Page for this row."""
    matter, _slash, row = carried_by_form(body).matter.partition("/")
    key, _slash, version = row.partition("/")
    values = typed.values_of(body)
    heard = typed.raw_text(values, Field.HEARD)
    if len(heard) > HEARD_MAX:
        raise Unreadable(_(labels.TOO_MUCH_TEXT), Field.HEARD)
    page = row_of(key, version)
    return raise_trigger(
        key_of_form(body),
        user_of(body),
        MatterId(matter),
        page,
        now,
        heard=heard,
        heard_ago=typed.minutes(values, Field.HEARD_AT, HEARD_AGO),
        call_back=typed.raw_text(values, Field.CALL_BACK)[:CALL_BACK_MAX],
        chosen=_chosen(values) if page.private else None,
        danger=page.private and typed.ticked(values, Field.DANGER, _DANGER),
    )


def _chosen(values: typed.Values) -> Chosen | None:
    whom, person = typed.chosen(values, Field.TELL_WHOM), typed.chosen(values, Field.SUPERVISOR)
    if whom == _ANOTHER and not person:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.SUPERVISOR)
    # Who picked a name meant that name, whatever button stands beside it.
    if person and whom in (None, _ANOTHER):
        return Chosen(person=PersonId(person))
    roles = {f"{_ROLE}{role.value}": role for role in TELL}
    return Chosen(role=roles[whom]) if whom in roles else None


def consult_form(carried: Carried, people: Sequence[tuple[PersonId, str]], now: datetime) -> View:
    """The decision, who does it, and by when."""
    decision = parts.text(HEARD_MAX, multiline=True)
    roles = [(_(words.ROLE[role]), f"{_ROLE}{role.value}") for role in OWNERS]
    named = [(name, person) for person, name in people]
    owner = parts.select([*roles, *parts.fitting(named, (), PEOPLE_BYTES)])
    quarter = int((now + BY_WHEN_AHEAD).timestamp()) // 900 * 900
    when: Element = {"type": "datetimepicker", "initial_date_time": quarter}
    hint = _(words.HINT_DECISION)
    return parts.form(
        Form.CONSULT,
        pack(carried.matter),
        [
            question(Field.DECISION, _(words.FIELD_DECISION), decision, hint=hint),
            question(Field.OWNER, _(words.FIELD_OWNER), owner),
            question(Field.BY_WHEN, _(words.FIELD_BY_WHEN), when),
        ],
    )


@strict
def read_consult(body: Body, now: datetime) -> Request:
    """What was decided, who does it, and by when."""
    values = typed.values_of(body)
    decision = typed.raw_text(values, Field.DECISION)
    if not decision:
        raise Unreadable(_(labels.NEEDS_TEXT), Field.DECISION)
    if len(decision) > HEARD_MAX:
        raise Unreadable(_(labels.TOO_MUCH_TEXT), Field.DECISION)
    chosen = typed.chosen(values, Field.OWNER)
    if not chosen:
        raise Unreadable(_(labels.NEEDS_ANSWER), Field.OWNER)
    roles = {f"{_ROLE}{one.value}": one for one in OWNERS}
    role = roles.get(chosen)
    owner = None if role else PersonId(chosen)
    by_when, said = typed.instant(values, Field.BY_WHEN), mask_strictly(decision)
    return Request(
        key_of_form(body),
        user_of(body),
        OfMatter(carried_by_form(body).matter),
        lambda by: WriteConsult(now, by, said, by_when, owner, role),
    )
