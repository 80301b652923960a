"""doctor: what is wrong with this installation, for people and for the operator."""

import typer
from sqlalchemy import Connection

from bot.cli import base, findings
from bot.cli.findings import Finding, Level
from bot.cli.slack_findings import of_slack
from bot.context import Context
from bot.settings import SettingsError
from protocol.policy import ChannelRole
from storage import programs


def doctor() -> None:
    """Look for everything that would fail when it is needed. Ends with 1 where there is a fault."""
    found = base.run(examine)
    for line in findings.lines(found):
        typer.echo(line)
    faults = sum(one.level is Level.FAULT for one in found)
    typer.echo(f"{faults} faults, {len(found) - faults} warnings.")
    if faults:
        raise typer.Exit(base.FOUND)


async def examine(ctx: Context) -> list[Finding]:
    """Every finding. The database and its keys were checked by opening it."""
    found = list(findings.of_settings(ctx.settings))
    try:
        ctx.settings.to_run()
    except SettingsError as error:
        found += [findings.fault("Belay cannot start.", problem) for problem in error.problems]
    found += await ctx.database.run(findings.of_database, ctx.clock.now())
    if ctx.settings.slack_bot_token.get_secret_value():
        channels = await ctx.database.run(_channels)
        found += [one async for one in of_slack(ctx.settings, channels, ctx.clock.transport())]
    return found


def _channels(conn: Connection) -> dict[str, dict[ChannelRole, str]]:
    return {program.id: program.channels for program in programs.all_programs(conn)}
