"""This holds the lines of a matrix against the partners there are, and their numbers."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.context import Context
from bot.matrix import settling
from bot.matrix.lint import Weakness
from bot.matrix.model import Matrix
from bot.matrix.settling import Unsettled, What
from storage import partners, programs

SAID: Final = {
    What.AUTHORITY: "nobody has held its rule to local law",
    What.NO_PARTNER: "no partner answers this line: add one to partners:",
    What.NO_NUMBER: "the partner has no number: add number:",
    What.NO_HOURS: "the partner has no hours: add hours:",
    What.NOT_CHECKED: "nobody has checked the number: call it, and add checked:",
    What.CHECKED_LONG_AGO: "the number was checked more than 180 days ago: call it again",
    What.NO_LINE: "the matrix has no such line: correct line:",
}


async def gaps(ctx: Context, matrix: Matrix) -> list[Weakness]:
    """Lines without a partner, and partners whose number nobody has checked in half a year."""
    return await ctx.database.run(found, matrix, ctx.clock.now())


def found(conn: Connection, matrix: Matrix, now: datetime) -> list[Weakness]:
    """The same, as of an instant (aware)."""
    weak: list[Weakness] = []
    for program in programs.all_programs(conn):
        today = now.astimezone(program.zone_info).date()
        known = partners.of(conn, program.id)
        open_ones = [*settling.lines(matrix, known), *settling.directory(matrix, known, today)]
        weak += [_weakness(program.id, one) for one in open_ones]
    return weak


def _weakness(program: str, one: Unsettled) -> Weakness:
    return Weakness(one.key, f"in {program} {SAID[one.what]}", one.what is not What.NO_HOURS)
