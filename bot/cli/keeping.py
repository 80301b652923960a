"""Commands for whoever keeps Belay running: verify-audit, keys, manifest, protocol."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import base
from bot.settings import load
from bot.slack import manifest as app_manifest
from bot.slack.render import records as record_pages
from protocol import diagram
from storage import rotation, verification
from storage.sealing import generate_key

key_commands = typer.Typer(help="The keys that seal what is private.", no_args_is_help=True)


def verify_audit(
    anchors: Annotated[
        Path | None,
        typer.Option(help="Anchors that left the database: lines of a number and a digest."),
    ] = None,
) -> None:
    """Check the history against its own digests, and against anchors kept elsewhere."""
    known = {}
    if anchors is not None:
        try:
            lines = [line.split() for line in anchors.read_text(encoding="utf-8").splitlines()]
            known = {int(no): digest for no, digest in filter(None, lines)}
        except (OSError, ValueError):
            typer.echo(f"{anchors}: each line is a number, a space and a digest.", err=True)
            raise typer.Exit(base.CANNOT) from None
    report = base.run(lambda ctx: ctx.database.run(verification.verify, known))
    typer.echo(
        f"{report.lines} lines, {report.anchors} anchors, {report.shredded} bodies shredded, "
        f"{report.unanchored} lines after the last anchor."
    )
    for problem in report.problems:
        typer.echo(f"{problem.fault.value}: {problem.chain} {problem.seq}", err=True)
    if not report.ok:
        raise typer.Exit(base.FOUND)
    typer.echo("Nothing was altered.")


@key_commands.command()
def generate() -> None:
    """Make a new key. Put it first in BELAY_KEYS, and keep a copy outside this machine."""
    typer.echo(generate_key())


@key_commands.command()
def rotate() -> None:
    """Seal everything anew with the first key of BELAY_KEYS; then the others may go.

    First restart every running Belay with both keys, the new one in front.
    """
    count = base.run(lambda ctx: asyncio.to_thread(rotation.rotate, ctx.database, ctx.sealer))
    typer.echo(f"{count} values were sealed anew. Keep only the first key in BELAY_KEYS now.")


def manifest(
    write: Annotated[
        bool, typer.Option("--write", help=f"Write {app_manifest.FILE} here.")
    ] = False,
    url: Annotated[
        str,
        typer.Option(
            "--http", "--url", help="https://, where Slack reaches Belay; without it, Socket Mode."
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, which Slack's own command line reads.")
    ] = False,
) -> None:
    """Show the app manifest: what to paste when the Slack app is made."""
    if url and not url.startswith("https://"):
        typer.echo("Slack delivers to an address that begins with https:// only.", err=True)
        raise typer.Exit(base.CANNOT)
    with base.faults_as_sentences():
        text = app_manifest.text(load(), url)
        if as_json:
            text = json.dumps(app_manifest.build(load(), url), indent=2) + "\n"
    if write:
        Path(app_manifest.FILE).write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)


def records() -> None:
    """Show what Belay records about people, as docs/records.md has it."""
    typer.echo(record_pages.document(), nl=False)


def protocol() -> None:
    """Show every state and every move, as docs/protocol.md has them."""
    typer.echo(diagram.page(), nl=False)
