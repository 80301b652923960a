"""What a huddle's row of the outbox becomes: its post, its gaps, a pattern, or an edit of those.

Everything is drawn when it is sent, from what is true then: the outbox holds only what it is about,
and no words of a question (docs/decisions/0046).
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.matrix import change
from bot.matrix.model import Matrix
from bot.proposing import asked_at
from bot.scheduler.compose import Draft, Edits, Letter, Nowhere, addressed
from bot.scheduler.huddle import may_show
from bot.scheduler.patterns import MatrixOf
from bot.slack.render import huddle as draw
from bot.slack.render import patterns as draw_patterns
from bot.slack.render.view import Rendered
from bot.slack.words.speech import speaking
from protocol.ids import PersonId, ProgramId
from storage import (
    agenda,
    declines,
    dumping,
    gaps,
    huddles,
    messages,
    people,
    programs,
    proposals,
)
from storage.huddles import Wanted
from storage.messages import Standing
from storage.outbox import OutboxRow
from storage.proposals import SIGNERS, Proposal


def compose(conn: Connection, row: OutboxRow, matrix_of: MatrixOf, now: datetime) -> Draft:
    """Make a row's draft from what is true at this instant, in the language of whoever reads it."""
    matrix = matrix_of(row.program)
    with speaking(people.languages(conn, row.program, [row.to])[row.to]):
        if row.body["part"] == huddles.SETTLED:
            where = str(row.body["channel"]), str(row.body["ts"])
            return _edit(conn, row, where, matrix, now)
        if row.body["part"] == huddles.AGREED:
            place = huddles.place_of(conn, row.program, f"pattern/{row.body['id']}")
            return _edit(conn, row, place, matrix, now) if place else Edits()
        message = _drawn(conn, row.program, row.body, matrix, now)
    if message is None:
        return Nowhere("gone")
    standing = Standing(
        row.program, None, "", "", person=row.to, channel=row.channel, outbox_key=row.key
    )
    return addressed(conn, row, Letter(row.key, message, standing), ())


def _edit(
    conn: Connection,
    row: OutboxRow,
    where: tuple[str, str],
    matrix: Matrix | None,
    now: datetime,
) -> Draft:
    standing, said = messages.at(conn, *where), huddles.queued_as(conn, *where)
    if standing is None or said is None or said[0] != row.program:
        return Edits()
    message = _drawn(conn, row.program, said[1], matrix, now)
    return Edits(((standing, message),)) if message else Edits()


def _drawn(
    conn: Connection, program: ProgramId, body: dict[str, Any], matrix: Matrix | None, now: datetime
) -> Rendered | None:
    of = huddles.wanted(conn, program)[0]
    match body["part"]:
        case huddles.POST:
            return _post(conn, of, body, matrix, now)
        case huddles.GAPS:
            found = [one for one in gaps.some(conn, body["gaps"]) if may_show(one, matrix)]
            settled = people.names(conn, [one.settled_by for one in found if one.settled_by])
            return draw.gaps(found, matrix, of.zone, settled) if found else None
        case huddles.PATTERN:
            item = dumping.one(conn, body["id"])
            return draw_patterns.item(item, of.zone, matrix) if item else None
        case _:
            return None


def _post(
    conn: Connection, of: Wanted, body: dict[str, Any], matrix: Matrix | None, now: datetime
) -> Rendered | None:
    held = huddles.by_id(conn, body["id"])
    if held is None:
        return None
    local = now.astimezone(ZoneInfo(of.zone))
    tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    visits, risks = agenda.going(conn, of.program, tomorrow), agenda.risks(conn, of.program)
    row = matrix.by_key.get(held.row) if matrix and held.row else None
    private = {one.key for one in matrix.rows if one.private} if matrix else set()
    named: set[PersonId] = {one.worker for one in visits}
    named |= {one.partner for one in visits if one.partner is not None}
    named |= {one.owner for one in risks if one.owner is not None}
    waits = _waits(conn, of.program, private, now)
    named |= {who for one in waits for _role, asked in one.missing for who in asked}
    found = [one for one in declines.patterns(conn, of.program, now) if one.row not in private]
    return draw.post(
        draw.PostView(
            zone=of.zone,
            now=now,
            visits=visits,
            risks=risks,
            patterns=found,
            waits=waits,
            gaps=int(body.get("gaps", 0)),
            matrix=matrix,
            row=None if row is None or row.private else row,
            names=people.names(conn, named),
        )
    )


def _waits(
    conn: Connection, program: ProgramId, private: set[str], now: datetime
) -> list[draw.Waits]:
    """The proposals that wait longer than the program's policy wants, and for whom."""
    of = programs.by_id(conn, program)
    if of is None:
        return []
    before = now - timedelta(days=of.policy.proposal_wait_days)
    found = [one for one in proposals.waiting(conn, program) if one.at < before]
    return [_wait(conn, one, private, now) for one in found]


def _wait(conn: Connection, one: Proposal, private: set[str], now: datetime) -> draw.Waits:
    try:
        rows = change.touched(change.parse(one.changes)) - private
    except change.UnfitError:
        rows = frozenset()
    stands = {role: one.signed_by(role) for role in SIGNERS if role not in one.unseen}
    signed = set(stands.values())
    missing = tuple(
        (
            role,
            tuple(who for who in asked_at(conn, one.program, role, now) if who not in signed),
        )
        for role in SIGNERS
        if stands.get(role) is None
    )
    effect = one.effect or {}
    stuck = bool(effect.get("lost") or effect.get("unfit"))
    return draw.Waits(one.at, tuple(sorted(rows)), missing, stuck)
