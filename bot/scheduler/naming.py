"""What a list of pages says: each page that still waits, as it is when the list is sent.

One transaction reads everything, and of the matters in bulk. One that cannot be read stands there
all the same, for somebody waits for help.
"""

from collections.abc import Iterable
from datetime import datetime

import structlog
from sqlalchemy import Connection, select

from bot.scheduler import bursts
from bot.scheduler.compose import Letter, Nowhere, addressed, kept_from
from bot.slack.render.page_list import Listed, page_list
from bot.slack.render.view import Directory, MatterView
from bot.slack.words.speech import speaking
from protocol.ids import MatterId, PersonId
from protocol.records import Escalation, EscalationState, Matter
from storage import matters, people, places, programs
from storage.codec import Sealing
from storage.columns import AnyRow
from storage.messages import Standing
from storage.outbox import OutboxRow
from storage.tables import outbox

Loaded = dict[MatterId, Matter]

log = structlog.get_logger(__name__)


def compose(
    conn: Connection, sealer: Sealing, row: OutboxRow, at: datetime
) -> Letter | Nowhere | None:
    """Make a list's letter from what is true at `at` (world time).

    None, and the row void, where nothing of it waits. Raises LookupError where the program is
    unknown.
    """
    waiting = _waiting(conn, row)
    loaded = _loaded(conn, sealer, {one.matter_id for one in waiting})
    if not (open_still := [one for one in waiting if _may_stand(row, one, loaded)]):
        bursts.take_back(conn, row)
        return None
    program = programs.by_id(conn, row.program)
    if program is None:
        raise LookupError(row.program)
    part, parts = int(row.body["part"]), int(row.body["parts"])
    with speaking(people.languages(conn, row.program, [row.to])[row.to]):
        listed = _listed(conn, sealer, open_still, loaded, program.zone)
        message = page_list(listed, at, program.zone, part, parts)
    standing = Standing(
        row.program, None, "", "", person=row.to, channel=row.channel, outbox_key=row.key
    )
    return addressed(conn, row, Letter(row.key, message, standing), ())


def _waiting(conn: Connection, row: OutboxRow) -> list[AnyRow]:
    """The pages that were put on this list and are not sent or void, in the list's order."""
    order = bursts.pages_of(row.body)
    still = select(outbox).where(outbox.c.id.in_(order), outbox.c.outcome.is_(None))
    return sorted(conn.execute(still), key=lambda one: order.index(one.id))


def _loaded(conn: Connection, sealer: Sealing, ids: Iterable[MatterId]) -> Loaded:
    """Each matter that can be read."""
    wanted = list(ids)
    try:
        return matters.load_many(conn, sealer, wanted)
    except Exception:
        log.warning("naming.one_by_one", matters=len(wanted))
    found: Loaded = {}
    for one in wanted:
        try:
            found |= matters.load_many(conn, sealer, [one])
        except Exception:
            log.exception("naming.matter_unreadable", matter=one)
    return found


def _may_stand(row: OutboxRow, page: AnyRow, loaded: Loaded) -> bool:
    """Whether a page belongs on this list now: it is not over, and kept from nobody who reads it.

    What a matter has become counts too, and not only whom its page was to be kept from.
    """
    matter = loaded.get(page.matter_id)
    if matter is None:
        return True
    kept = kept_from(matter)
    readable = row.to not in kept if row.to is not None else not kept
    climb = _climb(matter, page)
    return readable and climb is not None and climb.state is not EscalationState.CLOSED


def _climb(matter: Matter, page: AnyRow) -> Escalation | None:
    """The escalation that a page is about: its episode is "2.1", and 2 the escalation."""
    no = str(page.body.get("episode")).partition(".")[0]
    return next((one for one in matter.escalations if str(one.no) == no), matter.open_escalation)


def _listed(
    conn: Connection, sealer: Sealing, pages: Iterable[AnyRow], loaded: Loaded, zone: str
) -> list[Listed]:
    abouts = _loaded(conn, sealer, {one.about for one in loaded.values() if one.about})
    both = [*loaded.values(), *abouts.values()]
    stops = (one.visit.stop for one in both if one.visit)
    known = places.by_ids(conn, {stop.place for stop in stops if stop.place})
    who: set[PersonId] = {one.worker for one in both}
    owners = (climb.owner for one in both for climb in one.escalations)
    directory = Directory(zone, names=people.names(conn, who.union(filter(None, owners))))
    listed: list[Listed] = []
    for page in pages:
        matter = loaded.get(page.matter_id)
        climb = _climb(matter, page) if matter else None
        if matter is None or climb is None:
            listed.append(MatterId(page.matter_id))
            continue
        about = abouts.get(matter.about) if matter.about else None
        listed.append((MatterView(matter, directory, about, known), climb))
    return listed
