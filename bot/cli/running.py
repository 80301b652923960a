"""Commands that make the bot run: run, demo, migrate."""

import asyncio
from typing import Annotated

import typer

from bot.app import serve
from bot.cli import base
from protocol.people import Language


def run() -> None:
    """Run the bot until it is told to stop."""
    with base.faults_as_sentences():
        asyncio.run(serve(base.settings(quiet=False)))


def demo(
    story: Annotated[
        bool, typer.Option("--story", help="Play the story here, as a transcript, then stay.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="Play the story here, and end when it is over.")
    ] = False,
    speed: Annotated[
        float, typer.Option(help="1 for a reader's pace, 0 for as fast as it goes.")
    ] = 0.0,
    language: Annotated[
        Language, typer.Option(help="What the county speaks at first.")
    ] = Language.EN,
    port: Annotated[int, typer.Option(help="The page's port; 0 for any that is free.")] = 0,
    matcher: Annotated[
        str, typer.Option(help="How questions are compared: full, words or off.")
    ] = "full",
) -> None:
    """Show the whole product on a page of this machine: a workspace, the bot, and its people."""
    from bot.demo import play

    play.main(play.Wanted(story, once, speed, language, port, matcher))


def migrate(
    to: Annotated[str, typer.Option(help="Revision to go to.")] = "",
    down: Annotated[bool, typer.Option("--down", help="Go back; needs --to.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Go back although rows are lost that somebody needs.")
    ] = False,
) -> None:
    """Bring the database to the version that this program needs."""
    from storage import schema

    with base.faults_as_sentences():
        url = base.settings().database_url
        if not down:
            schema.upgrade(url, to or "head")
        elif not to:
            typer.echo("Say where to: --down --to REVISION, or --to base.", err=True)
            raise typer.Exit(base.CANNOT)
        else:
            try:
                schema.downgrade(url, to, force=force)
            except RuntimeError as refusal:
                typer.echo(f"{refusal} Give --force to do it all the same.", err=True)
                raise typer.Exit(base.FOUND) from None
    typer.echo("The database is at " + (to or "the newest version") + ".")
