"""doctor: what is wrong with this installation, for people and for the operator."""

import asyncio
from datetime import datetime
from typing import Annotated

import aiohttp
import typer

from bot.cli import (
    base,
    findings,
    program_findings,
    room_findings,
    running_findings,
    settings_findings,
    slack_findings,
)
from bot.cli.findings import Finding, Kind, Level
from bot.cli.program_findings import Named
from bot.clock import SystemClock
from bot.settings import TOKEN_STARTS, Settings, SettingsError
from bot.slack.send import Slack, make_client
from storage.database import Database, Unavailable
from storage.sealing import BadKeyError


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
) -> None:
    """Look for everything that would fail when it is needed. Ends with 1 where there is a fault."""
    with base.faults_as_sentences():
        found = findings.in_order(_examined())
    exit_code = base.FOUND if findings.count(found, Level.FAULT) else 0
    if as_json:
        typer.echo(findings.as_json(found, exit_code))
    else:
        typer.echo("\n".join(findings.lines(found, exit_code)))
    raise typer.Exit(exit_code)


def _examined() -> list[Finding]:
    try:
        settings = base.settings()
    except SettingsError as error:
        return list(settings_findings.of_wrong_settings(error.problems))
    return asyncio.run(examine(settings))


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be found. What one fault hides is left out, not guessed."""
    now = SystemClock().transport()
    found = list(settings_findings.of_settings(settings, now))
    in_database, named = await _of_database(settings)
    found += in_database
    async with aiohttp.ClientSession() as http:
        found += [one async for one in slack_findings.of_app_token(settings, http)]
        found += await _of_slack(settings, http, named, now)
        found += await running_findings.of_running(settings, http)
    return found


async def _of_database(settings: Settings) -> tuple[list[Finding], Named]:
    try:
        unfit = await _of_version(settings.database_url)
        if unfit is not None or not settings.keys.get_secret_value():
            return [unfit] if unfit else [], Named()
        async with base.context(settings) as ctx:
            return await ctx.database.run(program_findings.of_programs, ctx.clock.now())
    except Unavailable:
        return [program_findings.SILENT], Named()
    except BadKeyError as problem:
        user = "Belay cannot start."
        return [Finding(Kind.KEY_WRONG, user, f"BELAY_KEYS: {problem}")], Named()


async def _of_version(url: str) -> Finding | None:
    database = Database.open(url)
    try:
        return await database.run(program_findings.of_version)
    finally:
        await asyncio.to_thread(database.dispose)


async def _of_slack(
    settings: Settings, http: aiohttp.ClientSession, named: Named, now: datetime
) -> list[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    if not token.startswith(TOKEN_STARTS["slack_bot_token"]):
        return []
    answer = await slack_findings.ask(http, settings.slack_base_url, "auth.test", token)
    found = slack_findings.of_auth(answer, now)
    if answer.error is not None:
        return found  # everything below would fail for the same reason
    call = Slack(make_client(token, settings.slack_base_url, http)).call
    found += [one async for one in room_findings.of_channels(call, named.channels, now)]
    own_team = str(answer.body.get("team_id"))
    found += [one async for one in room_findings.of_people(call, named.people, own_team)]
    return found
