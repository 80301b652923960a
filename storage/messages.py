"""What stands where in Slack, and which version of its matter each message shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from protocol.effects import Surface
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.policy import ChannelRole
from storage.columns import AnyRow
from storage.database import insert
from storage.tables import message

_M = message.c


@dataclass(frozen=True, slots=True)
class Standing:
    """This is one message that stands in Slack; `id` is 0 until it was recorded.

    `thread` says that it is the first message of the incident thread of `episode`.
    """

    program: ProgramId
    matter: MatterId | None
    slack_channel: str
    ts: str
    surface: Surface | None = None
    person: PersonId | None = None
    channel: ChannelRole | None = None
    episode: int | None = None
    thread: bool = False
    shown_version: int = 0
    outbox_key: str | None = None
    id: int = 0


def record(conn: Connection, standing: Standing, transport_now: datetime) -> None:
    """Record where a message stands; one that stands there already is recorded anew."""
    values = {
        "program_id": standing.program,
        "matter_id": standing.matter,
        "surface": standing.surface,
        "person_id": standing.person,
        "channel": standing.channel,
        "episode": standing.episode,
        "thread": standing.thread,
        "shown_version": standing.shown_version,
        "outbox_key": standing.outbox_key,
    }
    where = {"slack_channel": standing.slack_channel, "ts": standing.ts}
    row = insert(conn, message).values(**values, **where, posted_at=transport_now)
    conn.execute(row.on_conflict_do_update(index_elements=list(where), set_=values))


def standing(conn: Connection, matter: MatterId, surface: Surface) -> list[Standing]:
    """List the messages of one surface of a matter, oldest first."""
    return _read(conn, _M.matter_id == matter, _M.surface == surface)


def thread_of(conn: Connection, matter: MatterId, episode: int) -> Standing | None:
    """Find the first message of an incident thread; None where none was opened."""
    found = _read(conn, _M.matter_id == matter, _M.episode == episode, _M.thread)
    return found[0] if found else None


def at(conn: Connection, slack_channel: str, ts: str) -> Standing | None:
    """Find the message that stands there; None where none of ours does."""
    found = _read(conn, _M.slack_channel == slack_channel, _M.ts == ts)
    return found[0] if found else None


def shown(conn: Connection, id_: int, version: int) -> None:
    """Record which version of its matter a message shows now; an older one changes nothing."""
    older = (_M.id == id_, _M.shown_version < version)
    conn.execute(update(message).where(*older).values(shown_version=version))


def _read(conn: Connection, *where: Any) -> list[Standing]:
    return [_standing(row) for row in conn.execute(select(message).where(*where).order_by(_M.id))]


def _standing(row: AnyRow) -> Standing:
    return Standing(
        program=ProgramId(row.program_id),
        matter=None if row.matter_id is None else MatterId(row.matter_id),
        slack_channel=row.slack_channel,
        ts=row.ts,
        surface=None if row.surface is None else Surface(row.surface),
        person=None if row.person_id is None else PersonId(row.person_id),
        channel=None if row.channel is None else ChannelRole(row.channel),
        episode=row.episode,
        thread=row.thread,
        shown_version=row.shown_version,
        outbox_key=row.outbox_key,
        id=row.id,
    )
