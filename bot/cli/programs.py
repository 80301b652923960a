"""Commands about a program's file and its places: apply, check-config, place add."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from bot.cli import base
from bot.context import Context
from protocol.ids import PersonId, ProgramId
from storage import places, programs
from storage.database import Forbidden

place_commands = typer.Typer(help="The registry of places.", no_args_is_help=True)


class _OnlyLookingError(Exception):
    """This undoes a dry run; it carries what would have changed."""

    def __init__(self, changes: list[programs.Change]) -> None:
        super().__init__()
        self.changes = changes


def apply(
    file: Annotated[Path, typer.Argument(help="The program's file.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Bring the database to what a program's file says. A bad file changes nothing."""
    reading = _read(file)
    changes = base.run(lambda ctx: _apply(ctx, reading.file, dry_run=dry_run))
    for change in changes:
        typer.echo(str(change))
    if not changes:
        typer.echo("Nothing to change.")
    elif dry_run:
        typer.echo("Nothing was changed: this was a dry run.")


def check_config(
    files: Annotated[list[Path] | None, typer.Argument(help="Program files to check.")] = None,
) -> None:
    """Check the settings, and program files: every fault with its line and its remedy."""
    with base.faults_as_sentences():
        base.settings()
    bad = 0
    for file in files or []:
        try:
            reading = programs.read(file)
        except programs.BadProgramFileError as problems:
            bad += 1
            typer.echo(str(problems), err=True)
        else:
            for warning in reading.warnings:
                typer.echo(f"{warning} (a warning)", err=True)
            typer.echo(f"{file.name}: can be applied.")
    if bad:
        raise typer.Exit(base.FOUND)


@place_commands.command("add")
def add_place(
    program: Annotated[str, typer.Argument(help="The program's id.")],
    label: Annotated[str, typer.Argument(help="What Slack may show, such as Home 17.")],
    by: Annotated[str, typer.Option(help="Id of the person who adds it.")],
    send: Annotated[
        str | None, typer.Option(help="Whom to send there, as agreed with the peers.")
    ] = None,
    solo_transport_prohibited: Annotated[
        bool, typer.Option("--solo-transport-prohibited", help="Nobody drives anyone alone there.")
    ] = False,
) -> None:
    """Add a place. Its exact address is asked for, sealed, and never shown in Slack."""
    address = typer.prompt(
        "Exact address (sealed; leave empty for none)", default="", show_default=False
    )

    async def add(ctx: Context) -> str:
        return await ctx.database.run(
            places.add_place,
            ctx.sealer,
            ProgramId(program),
            label,
            address or None,
            at=ctx.clock.now(),
            by=PersonId(by),
            send=send,
            solo_transport_prohibited=solo_transport_prohibited,
        )

    try:
        typer.echo(f"Added {base.run(add)}.")
    except Forbidden as refusal:
        typer.echo(
            f"Not added ({refusal}): there is no such program or person, or a place has that name.",
            err=True,
        )
        raise typer.Exit(base.FOUND) from None


def _read(file: Path) -> programs.Reading:
    try:
        reading = programs.read(file)
    except programs.BadProgramFileError as problems:
        typer.echo(str(problems), err=True)
        raise typer.Exit(base.FOUND) from None
    for warning in reading.warnings:
        typer.echo(f"{warning} (a warning)", err=True)
    return reading


async def _apply(
    ctx: Context, file: programs.ProgramFile, *, dry_run: bool
) -> list[programs.Change]:
    def work(conn: Connection) -> list[programs.Change]:
        changes = programs.apply(conn, ctx.sealer, file, ctx.clock.now())
        if dry_run:
            raise _OnlyLookingError(changes)
        return changes

    try:
        return await ctx.database.run(work)
    except _OnlyLookingError as looked:
        return looked.changes
    except programs.ApplyRefusedError as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(base.FOUND) from None
