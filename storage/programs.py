"""Programs: who owns what, in which zone, under which policy, in which channels."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, Text, bindparam, cast, select

from protocol.ids import ProgramId
from protocol.people import Language
from protocol.policy import ChannelRole, Policy
from storage import policies, tables
from storage.program_apply import apply
from storage.program_change import ApplyRefusedError, Change
from storage.program_file import ProgramFile
from storage.program_read import BadProgramFileError, Problem, Reading, read

__all__ = [
    "ApplyRefusedError",
    "BadProgramFileError",
    "Change",
    "Problem",
    "Program",
    "ProgramFile",
    "Reading",
    "all_programs",
    "apply",
    "by_id",
    "by_ids",
    "read",
]


_P = tables.program.c
_ALL = select(
    _P.id,
    _P.name,
    _P.zone,
    _P.coordinator_line,
    _P.county_number,
    _P.channels,
    _P.policy_version,
    _P.language,
    # As text, so that a policy that was parsed before is not parsed again.
    cast(_P.policy, Text).label("policy"),
).order_by(_P.id)
_SOME = _ALL.where(_P.id.in_(bindparam("ids", type_=String, expanding=True)))


@dataclass(frozen=True, slots=True)
class Program:
    """This is a program as stored. `zone` is an IANA name, `channels` holds Slack channel ids.

    `language` is spoken in its channels, and to whoever chose none.
    """

    id: ProgramId
    name: str
    zone: str
    coordinator_line: str
    county_number: str
    channels: dict[ChannelRole, str]
    policy: Policy
    policy_version: int
    language: Language = Language.EN

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone in which the program's times are picked and shown."""
        return ZoneInfo(self.zone)


def by_id(conn: Connection, which: ProgramId) -> Program | None:
    """This finds a program by id."""
    return by_ids(conn, [which]).get(which)


def by_ids(conn: Connection, which: Iterable[ProgramId]) -> dict[ProgramId, Program]:
    """This finds programs by id; one that is not known is left out."""
    return {one.id: one for one in _programs(conn, which)}


def all_programs(conn: Connection) -> list[Program]:
    """These are all programs of this installation, by id."""
    return _programs(conn)


def _programs(conn: Connection, which: Iterable[ProgramId] | None = None) -> list[Program]:
    found = conn.execute(_ALL) if which is None else conn.execute(_SOME, {"ids": list(which)})
    return [
        Program(
            id=ProgramId(row.id),
            name=row.name,
            zone=row.zone,
            coordinator_line=row.coordinator_line,
            county_number=row.county_number,
            channels={ChannelRole(role): channel for role, channel in row.channels.items()},
            policy=policies.parse(row.policy),
            policy_version=row.policy_version,
            language=Language(row.language),
        )
        for row in found
    ]
