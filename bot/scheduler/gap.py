"""Two of the three silences: nobody was watching, and Slack could not be reached.

While anything is open, the loop writes the time into `program.watched_at`. If the mark is old when
it is next written, nobody was watching in between, and whoever is out and whoever answers for them
is told so, once. Where Slack itself was silent, timers went on and answers may be lost: people are
told that, too, so that nobody takes it for the worker's silence, which is the third and has pages.
All instants are world time but where it says transport.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, exists, select, update

from bot.scheduler import plain
from bot.scheduler.field import Field, field
from bot.slack.render.times import clock
from bot.slack.words import silences
from bot.slack.words.speech import _, speaking
from protocol.ids import ProgramId
from protocol.people import RESPONDER_ROLES
from storage import people, situation
from storage.tables import matter
from storage.tables import program as programs

WATCH_EVERY: Final = timedelta(seconds=15)
# Shorter than the shortest time between two rungs, longer than a restart.
GAP: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Silence:
    """This is a kind of silence: what it is called in keys, and what is said of it afterwards."""

    name: str
    worker: str
    responder: str


WATCH: Final = Silence("gap", silences.TOLD_OUT, silences.TOLD_RESPONDER)
SLACK: Final = Silence("slack", silences.SLACK_OUT, silences.SLACK_RESPONDER)


@dataclass(frozen=True, slots=True)
class Guarded:
    """This is a program that is watched, or was until just now: `active` says which."""

    program: ProgramId
    watched_at: datetime | None
    active: bool

    def due_at(self, now: datetime) -> datetime:
        """When it is next looked at; at once where it has just become active."""
        if self.watched_at is None or self.watched_at > now:
            # Just become active, or the world's clock was put back.
            return now
        return self.watched_at + WATCH_EVERY


_ACTIVE = exists().where(matter.c.program_id == programs.c.id, matter.c.active)
# Asked every second: made once, it costs a fraction.
_GUARDED = select(programs.c.id, programs.c.watched_at, _ACTIVE.label("active")).order_by(
    programs.c.id
)


def guarded(conn: Connection) -> list[Guarded]:
    """This lists the programs in which anything is open, and those that still have a mark."""
    rows = conn.execute(_GUARDED)
    found = [Guarded(ProgramId(row.id), row.watched_at, bool(row.active)) for row in rows]
    return [one for one in found if one.active or one.watched_at is not None]


def watch(
    conn: Connection, seen: Guarded, *, at: datetime, transport_now: datetime, resumed: bool
) -> None:
    """Write the mark, and tell people if the last one is old.

    `resumed` says that this process was not running, or not getting anywhere, since the last mark:
    otherwise an old mark only means that somebody moved the world's clock.
    """
    if _mark(conn, seen, at) and resumed and seen.watched_at and at - seen.watched_at > GAP:
        around = field(conn, seen.program, at)
        _tell(conn, seen.program, WATCH, seen.watched_at, around, at, transport_now)


def tell_of_slack(
    conn: Connection, program: ProgramId, *, since: datetime, at: datetime, transport_now: datetime
) -> None:
    """Tell people that Slack could not be reached from `since` until now, once for each time."""
    _tell(conn, program, SLACK, since, field(conn, program, at), at, transport_now)


def rest(conn: Connection, seen: Guarded) -> None:
    """Take the mark away: nothing is open, so nobody need watch."""
    _mark(conn, seen, None)


def next_needed(conn: Connection, now: datetime) -> datetime | None:
    """When somebody must have looked again; None where there is nothing to look after.

    What is open is looked at before it is a gap. Where nothing is open any more, Slack still holds
    the note that says who is out, and it is taken back at the next look.
    """
    return min(
        (
            one.watched_at + GAP if one.active and one.watched_at else one.due_at(now)
            for one in guarded(conn)
        ),
        default=None,
    )


def _mark(conn: Connection, seen: Guarded, at: datetime | None) -> bool:
    """Compare and set: of several replicas that see the same gap one tells people."""
    unchanged = programs.c.watched_at.is_not_distinct_from(seen.watched_at)
    marked = update(programs).where(programs.c.id == seen.program, unchanged)
    return conn.execute(marked.values(watched_at=at)).rowcount == 1


def _tell(
    conn: Connection,
    program: ProgramId,
    silence: Silence,
    since: datetime,
    around: Field,
    at: datetime,
    transport_now: datetime,
) -> None:
    if around.is_empty and not around.hidden:
        return
    zone, line = conn.execute(
        select(programs.c.zone, programs.c.coordinator_line).where(programs.c.id == program)
    ).one()
    cover = situation.cover(conn, program, at, at)
    on_duty = {who for role in RESPONDER_ROLES for who in cover.on_duty(role, at)}
    # Somebody who must not know of a silent matter is told only if there is something else.
    hidden_from = around.keep_from if around.is_empty else frozenset()
    reached = sorted((on_duty - hidden_from) | set(around.out))
    texts = []
    languages = people.languages(conn, program, reached)
    for who in reached:
        with speaking(languages[who]):
            since_at, until_at = clock(since, zone), clock(at, zone)
            if who in around.out:
                text = _(silence.worker, since=since_at, until=until_at, line=line)
            else:
                text = _(silence.responder, since=since_at, until=until_at, out=_out_now(around))
        key = f"{silence.name}/{since:%Y%m%dT%H%M%S}/{who}"
        texts.append(plain.Text(key, plain.NEWS, text, to=who))
    plain.add(conn, program, None, texts, at=at, transport_now=transport_now)


def _out_now(around: Field) -> str:
    if not around.names:
        return _(silences.OUT_NOBODY)
    return _(silences.OUT_NOW, names=", ".join(around.names))
