"""This holds the routes of a matrix against the people there are: who holds a role, and when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from bot import revising
from bot.context import Context
from bot.matrix.lint import Weakness
from bot.matrix.model import Matrix, Route
from protocol.people import Cover, Role
from storage import people, programs, situation

AHEAD = timedelta(days=7)


async def gaps(ctx: Context, matrix: Matrix, *, own: bool = False) -> list[Weakness]:
    """Which roles of routes nobody holds, or has no one on duty for, in the next seven days.

    With `own`, a program's own matrix is held against its people instead, where it has one.
    """
    return await ctx.database.run(_gaps, matrix, own, ctx.clock.now())


def _gaps(conn: Connection, given: Matrix, own: bool, now: datetime) -> list[Weakness]:
    found: list[Weakness] = []
    for program in programs.all_programs(conn):
        matrix = revising.present(conn, program.id, given) if own else given
        urgent = {role for row in matrix.rows if row.urgent for role in _roles(row.route)}
        wanted = {role for row in matrix.rows for role in _roles(row.route)}
        serving = people.serving(conn, program.id, now)
        cover = situation.cover(conn, program.id, now, now + AHEAD, peers=serving)
        for role in sorted(wanted):
            rows = [row.key for row in matrix.rows if role in _roles(row.route)]
            if not cover.holding(role):
                what = f"nobody in {program.id} holds the role {role.value} that it pages"
                found += [Weakness(key, what, True) for key in rows]
            elif role in urgent and (hole := next(_holes(cover, role, now), None)):
                found.append(
                    Weakness(
                        rows[0],
                        f"in {program.id} no {role.value} is on duty {hole}; then its holders are "
                        "paged, whether on duty or not",
                        False,
                    )
                )
    return found


def _roles(route: Route) -> tuple[Role, Role]:
    return route.role, route.backup


def _holes(cover: Cover, role: Role, now: datetime) -> Iterator[str]:
    end = now + AHEAD
    edges = {now, end}
    for duty in cover.duties:
        edges |= {at for at in (duty.from_at, duty.until_at) if now < at < end}
    for begin, finish in pairwise(sorted(edges)):
        if not cover.on_duty(role, begin):
            yield f"from {begin:%a %d %b %H:%M} to {finish:%a %H:%M} UTC"
