"""Commands that copy the database and put a copy back: backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import base
from bot.clock import SystemClock
from bot.context import Context
from bot.reports import out as roster
from bot.scheduler import Sweep
from bot.settings import for_children
from storage import backups
from storage.backup_parts import CannotCopyError
from storage.backups import Facts
from storage.sealing import Sealer

KEY_SHOWN = 16  # characters of a fingerprint, as other messages about keys show it


def backup(
    file: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")],
) -> None:
    """Copy the whole database into a file, also while Belay runs, and check the copy.

    The keys are not in it. Keep BELAY_KEYS where the backups are not: neither is of use alone.
    """
    with base.faults_as_sentences():
        found = base.settings()
        try:
            made = backups.save(found.database_url, file, for_children())
        except CannotCopyError as problem:
            raise _refused(problem) from None
    typer.echo(f"{file}: {_holds(made)}")
    keys = ", ".join(key[:KEY_SHOWN] for key in made.keys)
    typer.echo(f"It opens with key {keys} alone, which is not in it: keep that elsewhere.")
    if not made.audit.ok:
        typer.echo("The history in it was altered: see belay verify-audit.", err=True)
        raise typer.Exit(base.FOUND)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that belay backup made.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Put the database that is there aside, under another name."),
    ] = False,
) -> None:
    """Put a backup in the place of the database, while no Belay runs; then decide what is overdue.

    What was due since is decided at once, and its messages wait for `belay run`, which looks for
    each before it sends it: some may have been sent already.
    """
    with base.faults_as_sentences():
        found = base.settings()
        sealer = Sealer.from_text(base.with_keys(found).keys.get_secret_value())
        try:
            held, aside = backups.restore(
                found.database_url,
                file,
                sealer,
                for_children(),
                at=SystemClock().now(),
                replace=replace,
            )
        except CannotCopyError as problem:
            raise _refused(problem) from None
    typer.echo(f"Restored: {_holds(held)}")
    if aside:
        typer.echo(f"What was there before is now {aside}.")
    decided, waiting, groups = base.run(lambda ctx: _catch_up(ctx, held))
    typer.echo(
        f"{decided} deadlines had passed and are decided; {waiting} messages wait, and are looked "
        "for before they are sent.\nBelay does not know what happened since. Call these people, "
        "then start Belay:\n"
    )
    typer.echo(groups, nl=False)


async def _catch_up(ctx: Context, held: Facts) -> tuple[int, int, str]:
    """Decide what is due, doubt all that is unsent, and read who is out."""
    sweep, decided = Sweep(ctx), 0
    while done := await sweep.work():
        decided += done
    now = ctx.clock.now()
    waiting = await ctx.database.run(backups.perhaps_sent, held.as_of, ctx.clock.transport())
    groups = await ctx.database.run(roster.read, now)
    return decided, waiting, roster.text(groups, now)


def _holds(found: Facts) -> str:
    as_of = "nothing has happened yet" if found.as_of is None else f"as of {found.as_of:%F %T} UTC"
    return (
        f"{as_of}; {found.open_matters} open, {found.open_escalations} of them missed or called "
        f"for help; {found.unsent} messages unsent; {found.audit.lines} lines of history, "
        f"version {found.revision}."
    )


def _refused(problem: CannotCopyError) -> typer.Exit:
    typer.echo(str(problem), err=True)
    return typer.Exit(base.CANNOT)
