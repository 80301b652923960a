"""Commands about this moment: due, out, check-in."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot import runner
from bot.cli import base
from bot.context import Context
from bot.reports import out as roster
from bot.request import OfMatter, Outcome, Request
from protocol.events import ProxyCheckIn
from protocol.ids import MatterId, PersonId
from protocol.matter import next_deadline
from storage import deadlines, matters, people
from storage.database import Conflict
from storage.sealing import Sealer

SHOWN = 50
AHEAD = timedelta(days=2)


def due() -> None:
    """Show what is due next, by id alone."""
    now, rows = base.run(_due)
    for id_, due_at in rows:
        late = "  LATE" if due_at is not None and due_at < now else ""
        typer.echo(f"{_utc(due_at)}  {id_}{late}")
    if not rows:
        typer.echo("Nothing is due within two days.")


def out() -> None:
    """Show who is out right now."""
    now, groups = base.run(_out)
    typer.echo(roster.text(groups, now), nl=False)


def check_in(
    proxy: Annotated[str, typer.Option(help="Id of the person who is safe.")],
    by: Annotated[str, typer.Option(help="Id of the person who spoke to them.")],
    challenge_right: Annotated[
        bool, typer.Option("--challenge-right/--challenge-wrong", help="Was the challenge right?")
    ],
) -> None:
    """Check somebody in for them, after speaking to them; for when Slack is away.

    The rules are the same as in Slack: it never closes a call for help.
    """
    outcome = base.run(lambda ctx: _check_in(ctx, PersonId(proxy), PersonId(by), challenge_right))
    if isinstance(outcome, str):
        typer.echo(outcome, err=True)
        raise typer.Exit(base.FOUND)
    typer.echo(f"Recorded: {outcome.decision.reason.value}." if outcome.decision else "Recorded.")


async def _due(ctx: Context) -> tuple[datetime, list[tuple[MatterId, datetime | None]]]:
    now = ctx.clock.now()
    return now, await ctx.database.run(_read_due, ctx.sealer, now)


def _read_due(
    conn: Connection, sealer: Sealer, now: datetime
) -> list[tuple[MatterId, datetime | None]]:
    found = matters.load_many(conn, sealer, deadlines.due(conn, now + AHEAD, SHOWN))
    return sorted(
        ((id_, next_deadline(matter)) for id_, matter in found.items()),
        key=lambda row: (row[1] is None, row[1], row[0]),
    )


async def _out(ctx: Context) -> tuple[datetime, list[roster.Group]]:
    now = ctx.clock.now()
    return now, await ctx.database.run(roster.read, now)


async def _check_in(
    ctx: Context, proxy: PersonId, by: PersonId, challenge_right: bool
) -> Outcome | str:
    found = await ctx.database.run(people.by_ids, [proxy, by])
    if absent := [who for who in (proxy, by) if who not in found]:
        return f"There is no person {absent[0]}. Ids stand in the program's file."
    slack_user = found[by].slack_user
    if slack_user is None:
        return f"{by} has no Slack id in the program's file, so nobody could answer for them."
    matter = await ctx.database.run(matters.current_of, proxy)
    if matter is None:
        return f"{proxy} is on no visit."
    at = ctx.clock.now()
    request = Request(
        key=f"cli/{secrets.token_hex(8)}",
        user=slack_user,
        target=OfMatter(matter),
        event=lambda person: ProxyCheckIn(at, person, challenge_right),
    )
    try:
        outcome = await runner.run(ctx, request)
    except Conflict:
        return "Not recorded: somebody else was writing at the same time. Try again."
    if outcome.problem is not None:
        return f"Not recorded: {outcome.problem.value}."
    if outcome.decision is not None and outcome.decision.refused:
        return f"Refused: {outcome.decision.reason.value}."
    return outcome


def _utc(at: datetime | None) -> str:
    return "unknown             " if at is None else f"{at:%Y-%m-%d %H:%M:%S}Z"
