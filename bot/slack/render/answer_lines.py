"""Whom to call, by name and number: the lines of a row, its owner, and who answers them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.matrix.model import Matrix, Row
from bot.matrix.settling import Unsettled, What, is_settled
from bot.slack.render.blocks import dialled, escape, lines, section, tel, typed
from bot.slack.render.view import Block
from bot.slack.words import matrix as words
from bot.slack.words import partners as partner_words
from bot.slack.words.speech import _, spoken
from protocol.partners import Check, Partner, on_line
from protocol.people import Language, Role
from storage.on_call import SHOWN_MAX, Desk, Reached

# Lines of the matrix that are people of the program, and whose numbers are its own.
LINE_ROLES: Final = {"supervisor": Role.PEER_SUPERVISOR, "clinical_lead": Role.CLINICAL_LEAD}
_COUNTY_LINE: Final = "county_number"
_NAME_MAX: Final = 80
_HOURS_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """This is all that an answer is drawn from, besides what was found.

    `draft` says that the matrix is not adopted, outside the sandbox. `note` finds in memory what
    was asked, for *That is not it*.
    """

    matrix: Matrix
    language: Language
    desk: Desk = field(default_factory=Desk)
    draft: bool = True
    only_words: bool = False
    cut_to: int = 0
    note: str = ""


def call_first(asked: Asked, row: Row, *, live: bool) -> list[Block]:
    """Whom to call, as the first line of an urgent or private row."""
    if not row.call_first or not (row.urgent or row.private):
        return []
    said = " · ".join(_line(asked, key, row) for key in row.call_first)
    return [section(_(words.FIRST if live else words.FIRST_IF, lines=said))]


def owner(asked: Asked, row: Row) -> str:
    """Whose the row is, how they are called, and who of the program is on duty for it."""
    if row.private:
        return _(words.YOU_CHOOSE)
    found = asked.matrix.owners[row.owner]
    title = escape(found.title.in_(asked.language))
    if found.line is not None:
        number = asked.matrix.lines[found.line].number or ""
        title = " · ".join([f"{title} {tel(number)}".strip(), *_partners(asked, found.line)])
    return lines(_(words.WHO, owner=title), on_duty(asked, row.route.role, call=row.urgent))


def on_duty(asked: Asked, role: Role, *, call: bool = False) -> str:
    """Who is on duty in a role, or whom to call instead; where they are to `call`, a number too."""
    line = asked.desk.line
    if not asked.desk.known:
        if line:
            return _(words.NOT_LOOKED_UP, line=tel(line))
        return _(words.NOT_LOOKED_UP_NO_LINE)
    if there := asked.desk.on_duty(role):
        unknown = call and line and not any(one.phone for one in there)
        instead = _(words.NO_NUMBER, line=tel(line)) if unknown else None
        return lines(_(words.ON_DUTY, people=people(there)), instead)
    title = escape(asked.matrix.roles[role].in_(asked.language))
    if line:
        return _(words.NOBODY, role=title, line=tel(line))
    return _(words.NOBODY_NO_LINE, role=title)


def to_check(asked: Asked, row: Row) -> str | None:
    """What is still to be held to local law, or called to be checked; None where nothing is."""
    desk = asked.desk
    checks = [one.check_locally for one in row.authority]
    checks += [asked.matrix.lines[key].check_locally for key in row.call_first if not desk.today]
    if desk.today is not None:
        checks += [
            not is_settled(asked.matrix, key, desk.partners, desk.today) for key in row.call_first
        ]
    if not any(checks):
        return None
    if row.jurisdiction is not None:
        return _(words.CHECK_LOCALLY_LINE, text=escape(row.jurisdiction.in_(asked.language)))
    return _(words.CHECK_LOCALLY)


def people(found: Iterable[Reached]) -> str:
    """These people, each with their number where it is known."""
    return ", ".join(
        f"{typed(one.name, 60)} {tel(one.phone)}" if one.phone else typed(one.name, 60)
        for one in found
    )


def unsettled(found: Iterable[Unsettled]) -> list[tuple[str, list[str]]]:
    """What stands against adopting a matrix: a sentence for each kind, and the names that it has.
    The names are escaped, each stands once, and they are in the order of the alphabet.
    """
    language, named = Language(spoken()), dict[What, dict[str, None]]()
    for one in found:
        named.setdefault(one.what, {})[typed(one.name.in_(language), _NAME_MAX)] = None
    return [
        (_(partner_words.UNSETTLED[what]), sorted(names, key=str.casefold))
        for what, names in named.items()
    ]


def _line(asked: Asked, key: str, row: Row) -> str:
    """One line to call, with a number wherever there is one, and the partners who answer it."""
    line = asked.matrix.lines[key]
    text = escape(line.text.in_(asked.language))
    number = line.number or (asked.desk.county_number if key == _COUNTY_LINE else "")
    partners = _partners(asked, key)
    if number and not _is_of_a_partner(asked, key, number):
        # A number of the matrix stays: it may be answered when no partner is there.
        told = text.replace(number, tel(number)) if number in text else f"{text}: {tel(number)}"
        return ", ".join([told, *partners])
    if partners:
        return f"{text}: {', '.join(partners)}"
    role = LINE_ROLES.get(key)
    if role is None or row.private:
        return text
    there = asked.desk.on_duty(role)
    if there:
        return f"{text}: {people(there)}"
    return f"{text}: {tel(asked.desk.line)}" if asked.desk.line else text


def _partners(asked: Asked, key: str) -> list[str]:
    """Who answers a line: name, number, hours, and whether somebody has checked that number."""
    return [_partner(asked, one) for one in _on_line(asked, key)]


def _partner(asked: Asked, one: Partner) -> str:
    notes = [typed(one.hours.in_(asked.language), _HOURS_MAX)] if one.hours else []
    check = one.check(asked.desk.today) if asked.desk.today else Check.NEVER
    if check is Check.NEVER:
        notes.append(_(partner_words.NOT_CHECKED))
    elif check is Check.OLD:
        notes.append(_(partner_words.CHECKED_LONG_AGO, day=str(one.checked_on)))
    aside = f" ({'; '.join(notes)})" if notes else ""
    return f"{typed(one.name, _NAME_MAX)} {tel(one.number or '')}{aside}"


def _is_of_a_partner(asked: Asked, key: str, number: str) -> bool:
    wanted = dialled(number)
    return any(dialled(one.number or "") == wanted for one in _on_line(asked, key))


def _on_line(asked: Asked, key: str) -> tuple[Partner, ...]:
    today = asked.desk.today
    return on_line(asked.desk.partners, key, today)[:SHOWN_MAX] if today else ()
