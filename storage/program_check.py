"""What must fit together in a program's file, and what its writer should at least know."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from protocol.people import RESPONDER_ROLES, Role
from storage.program_file import ProgramFile
from storage.program_yaml import Path

# The matrix's line whose number stands in the program itself.
COUNTY_LINE = "county_number"


class Finding(NamedTuple):
    """This is what was found, where it stands in the file, and what to do about it."""

    path: Path
    what: str
    remedy: str


def errors(file: ProgramFile) -> list[Finding]:
    """This finds what keeps a file from being applied."""
    return [
        *_twice(file),
        *_unknown(file),
        *_not_held(file),
        *_alone(file),
        *_two_county_numbers(file),
    ]


def warnings(file: ProgramFile) -> list[Finding]:
    """This finds what may be meant, but leaves peers with less behind them than they need."""
    return [*_uncovered(file), *_one_for_both(file), *_unreachable(file), *_huddle(file)]


def _twice(file: ProgramFile) -> Iterator[Finding]:
    lists = (
        ("people", "id", [person.id for person in file.people]),
        ("people", "slack", [person.slack for person in file.people]),
        ("places", "id", [place.id for place in file.places]),
        ("places", "label", [place.label.casefold() for place in file.places]),
        ("partners", "id", [one.id for one in file.partners]),
    )
    for part, name, values in lists:
        for no, value in enumerate(values):
            if value is not None and value in values[:no]:
                yield Finding(
                    (part, no, name),
                    f"this {name} stands in {part} already, as entry {values.index(value) + 1}",
                    "give each its own, or take one of the two out",
                )


def _unknown(file: ProgramFile) -> Iterator[Finding]:
    people = [person.id for person in file.people]
    named: list[tuple[Path, str]] = []
    for no, turn in enumerate(file.duty):
        named.append((("duty", no, "person"), turn.person))
    for no, person in enumerate(file.people):
        named += [(("people", no, "excludes", at), one) for at, one in enumerate(person.excludes)]
        if person.id in person.excludes:
            yield Finding(
                ("people", no, "excludes"), "a person excludes themselves", "take their id out"
            )
    for no, place in enumerate(file.places):
        named += [
            (("places", no, "flags", at, "author"), flag.author)
            for at, flag in enumerate(place.flags)
        ]
    for no, partner in enumerate(file.partners):
        if partner.checked is not None:
            named.append((("partners", no, "checked", "by"), partner.checked.by))
    managers = file.program.huddle.managers if file.program.huddle else {}
    named += [(("program", "huddle", "managers", team), who) for team, who in managers.items()]
    for path, name in named:
        if name not in people:
            close = get_close_matches(name, people, n=1)
            remedy = f"did you mean {close[0]}?" if close else "add the person, or correct the id"
            yield Finding(path, "nobody in people has this id", remedy)


def _not_held(file: ProgramFile) -> Iterator[Finding]:
    people = {person.id: person for person in file.people}
    for no, turn in enumerate(file.duty):
        person = people.get(turn.person)
        if person and not person.holds(turn.role):
            yield Finding(
                ("duty", no, "role"),
                f"{person.id} is on duty as {turn.role} and does not hold that role",
                "add it to the person's roles, or put somebody else on duty",
            )


def _alone(file: ProgramFile) -> Iterator[Finding]:
    responders = [no for no, person in enumerate(file.people) if person.holds(*RESPONDER_ROLES)]
    if len(responders) < 2:
        only = f"{file.people[responders[0]].id} is the only one" if responders else "nobody is"
        yield Finding(
            ("people", *responders[:1]),
            f"{only} who can answer a page, so a missed check-in may reach nobody",
            "give a second person the role coordinator, peer_supervisor or clinical_lead",
        )


def _two_county_numbers(file: ProgramFile) -> Iterator[Finding]:
    for no, partner in enumerate(file.partners):
        ours = file.program.county_number
        if partner.line == COUNTY_LINE and partner.number not in (None, ours):
            yield Finding(
                ("partners", no, "number"),
                "this is another number than the program's county_number",
                "find out which is right, and write it in both places",
            )


def _uncovered(file: ProgramFile) -> Iterator[Finding]:
    if not any(person.holds(Role.PEER) for person in file.people):
        return
    for role in (Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD):
        if not any(turn.role is role for turn in file.duty):
            yield Finding(
                ("duty",),
                f"peers have no {role} behind them: nobody is ever on duty in that role",
                f"add a turn of duty for a {role}",
            )


def _one_for_both(file: ProgramFile) -> Iterator[Finding]:
    either = [
        (no, person)
        for no, person in enumerate(file.people)
        if person.holds(Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD)
    ]
    if len(either) == 1:
        no, person = either[0]
        if person.holds(Role.PEER_SUPERVISOR) and person.holds(Role.CLINICAL_LEAD):
            yield Finding(
                ("people", no, "roles"),
                f"{person.id} is peer supervisor and clinical lead to every peer",
                "give one of the two roles to somebody else: a peer needs both, and apart",
            )


def _unreachable(file: ProgramFile) -> Iterator[Finding]:
    for no, person in enumerate(file.people):
        if person.slack is None:
            yield Finding(
                ("people", no),
                f"{person.id} has no Slack id and gets no page",
                "add slack: with the id from the person's profile",
            )


def _huddle(file: ProgramFile) -> Iterator[Finding]:
    channel, huddle = file.program.channels.huddle, file.program.huddle
    if huddle is not None and channel is None:
        yield Finding(
            ("program", "huddle"),
            "the huddle has a time and no channel, so nothing is posted",
            "add huddle: with the channel's id to channels",
        )
    if channel is not None and huddle is None:
        yield Finding(
            ("program", "channels", "huddle"),
            "the huddle has a channel and no time, so nothing is posted",
            'add huddle: {at: "08:45"} to program',
        )
