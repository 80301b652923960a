"""This is the county that is played: the example program's people, in a workspace of their own."""

from datetime import date, datetime, time
from importlib.resources import as_file, files
from typing import Final

from bot.demo.screen import Json
from bot.slack.words.home import ROLE
from bot.slack.words.speech import _
from bot.slack.words.speech import speaking as speaking_words
from protocol.people import Language, Role
from protocol.policy import ChannelRole
from storage.program_file import Person, ProgramFile
from storage.program_read import read
from storage.program_times import instant

EXAMPLE: Final = "program.example.yml"
TEAM: Final = {"id": "T_COUNTY", "name": "River County", "domain": "river-county"}
# Who reads which channel. Peers read the channel where their own plans are confirmed.
READERS: Final[dict[ChannelRole, frozenset[Role]]] = {
    ChannelRole.FIELD_SAFETY: frozenset(
        {Role.PEER, Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD}
    ),
    ChannelRole.CLINICAL: frozenset({Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD}),
    ChannelRole.INCIDENTS: frozenset(
        {Role.COORDINATOR, Role.PEER_SUPERVISOR, Role.CLINICAL_LEAD, Role.PROGRAM_MANAGER}
    ),
    ChannelRole.HUDDLE: frozenset(
        {
            Role.PEER,
            Role.COORDINATOR,
            Role.PEER_SUPERVISOR,
            Role.CLINICAL_LEAD,
            Role.PROGRAM_MANAGER,
        }
    ),
}
# A Tuesday on which the training of the example's people is still good.
OPENING: Final = datetime.combine(date(2026, 12, 1), time(13, 0))


def example() -> ProgramFile:
    """The example program as it is shipped."""
    with as_file(files("config") / EXAMPLE) as path:
        return read(path).file


def speaking(file: ProgramFile, language: Language) -> ProgramFile:
    """The same program in another language."""
    program = file.program.model_copy(update={"language": language})
    return file.model_copy(update={"program": program})


def opening(file: ProgramFile) -> datetime:
    """When the story begins (aware UTC), an afternoon in the program's zone."""
    return instant(OPENING, file.zone)


def workspace_of(file: ProgramFile) -> Json:
    """The people and channels, as the sandbox sets them up."""
    people = [
        {
            "id": one.slack,
            "name": one.id,
            "real_name": one.name,
            "title": role_of(one, file.program.language),
            "tz": file.program.zone,
        }
        for one in file.people
        if one.slack
    ]
    channels = [
        {
            "id": channel,
            "name": role.value.replace("_", "-"),
            "is_private": True,
            "members": [*_readers(file, role), "app"],
        }
        for role, channel in channels_of(file).items()
    ]
    return {"team": TEAM, "people": people, "channels": channels}


def channels_of(file: ProgramFile) -> dict[ChannelRole, str]:
    """The Slack id of each of the program's channels."""
    given = file.program.channels.model_dump(exclude_none=True)
    return {ChannelRole(role): channel for role, channel in given.items()}


def role_of(one: Person, language: Language) -> str:
    """A person's first role, in words."""
    with speaking_words(language):
        return _(ROLE[one.roles[0].role])


def _readers(file: ProgramFile, role: ChannelRole) -> list[str]:
    return [one.slack for one in file.people if one.slack and one.holds(*READERS[role])]
