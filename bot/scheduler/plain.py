"""Messages that need nothing of the rules or the renderer: what is said when those fail.

A row of one of these kinds carries its text, so it can be sent whatever is wrong with the matter.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from bot.slack.words import pages
from bot.slack.words.speech import _, speaking
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.policy import ChannelRole
from protocol.records import SILENT, EscalationState
from storage import people, situation
from storage.plain import KINDS, NEWS, PAGE, Text, add
from storage.tables import escalation, matter, raised, visit

__all__ = ["KINDS", "NEWS", "PAGE", "Text", "add", "page_as_missed"]


def page_as_missed(
    conn: Connection, about: MatterId, faults: int, *, at: datetime, transport_now: datetime
) -> int:
    """Tell everybody on duty, and the clinical channel, to treat a matter as missed.

    Reads columns only: whatever cannot be read of this matter is in the bodies. Returns how many
    messages that makes.
    """
    row = conn.execute(
        select(matter.c.program_id, matter.c.worker, matter.c.silent, visit.c.partner)
        .select_from(matter.outerjoin(visit, visit.c.matter_id == matter.c.id))
        .where(matter.c.id == about)
    ).one()
    program, worker = ProgramId(row.program_id), PersonId(row.worker)
    # The same matter may fail again another day, so the instant is part of what is said.
    key = f"{about}/plain/{transport_now:%Y%m%dT%H%M%S}.{faults}"
    private = _raised_privately(conn, about)
    if private:
        # Whom they chose stands in what cannot be read: nobody but the worker may hear of it.
        with speaking(people.languages(conn, program, [worker])[worker]):
            stuck = Text(f"{key}/{worker}", PAGE, _(pages.YOURS_IS_STUCK), to=worker)
        add(conn, program, about, [stuck], at=at, transport_now=transport_now)
        return 1
    quiet = bool(row.silent) or _asks_for_quiet(conn, about)
    who = people.by_id(conn, worker)
    keep_from = {worker, row.partner, *(who.excludes if who and quiet else ())}
    cover = situation.cover(conn, program, at, at)
    readers = [p for p in (cover.everyone(at) or cover.anyone()) if p not in keep_from] or [
        p for p in cover.anyone() if p not in keep_from
    ]
    words = pages.TREAT_AS_MISSED_QUIETLY if quiet else pages.TREAT_AS_MISSED
    words = words if private is None else pages.TREAT_AS_OPEN
    said: dict[PersonId | None, str] = {}
    for reader, language in people.languages(conn, program, readers).items():
        with speaking(language):
            said[reader] = _(words, who=who.name if who else _(pages.ONE_OF_YOURS))
    texts = [Text(f"{key}/{one}", PAGE, said[one], to=one) for one in readers]
    avoid = tuple(PersonId(p) for p in sorted(filter(None, keep_from))) if quiet else ()
    channel = ChannelRole.CLINICAL
    texts.append(Text(f"{key}/clinical", PAGE, said[None], channel=channel, avoid=avoid))
    add(conn, program, about, texts, at=at, transport_now=transport_now)
    return len(texts)


def _raised_privately(conn: Connection, about: MatterId) -> bool | None:
    """Whether this is a trigger about somebody's own life; None where it is no trigger."""
    found = conn.execute(select(raised.c.private).where(raised.c.matter_id == about)).first()
    return None if found is None else bool(found.private)


def _asks_for_quiet(conn: Connection, about: MatterId) -> bool:
    quiet = select(escalation.c.no).where(
        escalation.c.matter_id == about,
        escalation.c.state != EscalationState.CLOSED.value,
        escalation.c.kind.in_([kind.value for kind in SILENT]),
    )
    return conn.execute(quiet).first() is not None
