"""Commands about the matrix: matrix lint, show and export; who."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import base, partners, revisions, rota
from bot.clock import SystemClock
from bot.matrix import lint as checks
from bot.matrix import shipped
from bot.matrix.answer import Answer, Hit
from bot.matrix.engine import Engine
from bot.matrix.export import export as exported
from bot.matrix.extend import TooMuchError
from bot.matrix.model import Matrix, Row
from bot.matrix.problems import BadMatrixError
from protocol.people import Language

# Learning takes a minute of all there is: whoever keeps a clock goes first.
BEHIND_OTHERS = 10
CACHE = Path("belay-matrix")  # in the folder where Belay is started, as the database is

matrix_commands = typer.Typer(help="Who handles what: the matrix.", no_args_is_help=True)

File = Annotated[
    Path | None,
    typer.Option("--matrix", help="A folder with matrix.yml and packs/, or an exported file."),
]
Version = Annotated[
    int | None, typer.Option("--version", help="A version of a program's own; see matrix versions.")
]
Program = Annotated[str, typer.Option("--program", help="A program's own, by the program's id.")]
Cache = Annotated[Path, typer.Option("--cache", help="Where vectors are kept for the next time.")]


@matrix_commands.command()
def lint(
    matrix: File = None,
    cache: Cache = CACHE,
    database: Annotated[
        bool, typer.Option("--database", help="Also hold routes and lines against the program.")
    ] = False,
) -> None:
    """Say what is wrong or weak in the matrix: routes, reviews, phrasings, words."""
    read = _read(matrix)
    engine = _engine(read, cache)
    today = SystemClock().now().date()
    found = [*checks.rows(read, today), *checks.packs(read), *checks.confusable(engine)]
    if database:
        found += base.run(lambda ctx: partners.gaps(ctx, read))
        # Without a file each program's routes are those of its own matrix, if it has one.
        found += base.run(lambda ctx: rota.gaps(ctx, read, own=matrix is None))
    for one in found:
        typer.echo(str(one))
    if engine.degraded:
        typer.echo(f"The matcher goes on with less: {engine.degraded}.", err=True)
    serious = sum(one.serious for one in found)
    typer.echo(f"{len(read.rows)} rows, {serious} to mend, {len(found) - serious} worth knowing.")
    if serious:
        raise typer.Exit(base.FOUND)


@matrix_commands.command()
def show(
    key: Annotated[str, typer.Argument(help="A row's key; without it, all rows are listed.")] = "",
    matrix: File = None,
    spanish: Annotated[bool, typer.Option("--spanish", help="In Spanish.")] = False,
    version: Version = None,
    program: Program = "",
) -> None:
    """Show the matrix, or one row of it: the shipped one, a file's, or a version of a program."""
    read = _wanted(matrix, version, program)
    if key and key not in read.by_key:
        typer.echo(f"There is no row {key}. `belay matrix show` lists them.", err=True)
        raise typer.Exit(base.CANNOT)
    lines = _row(read, read.by_key[key], spanish=spanish) if key else _list(read, spanish=spanish)
    for line in lines:
        typer.echo(line)


@matrix_commands.command()
def export(matrix: File = None, version: Version = None, program: Program = "") -> None:
    """Write the whole matrix as one YAML file, which can be proposed again.

    The shipped one, a file's, or a version of a program.
    """
    read = _wanted(matrix, version, program)
    if version is not None or program:
        day = revisions.after_incident(version, program)
        if day:
            typer.echo(f"# Version {read.version}, after an incident of {day}.")
    typer.echo(exported(read), nl=False)


@matrix_commands.command()
def learn(
    matrix: File = None,
    cache: Cache = CACHE,
    words: Annotated[bool, typer.Option("--words", help="Compare words alone.")] = False,
    version: Version = None,
    program: Program = "",
) -> None:
    """Learn the matrix, unless it is learnt already. `belay run` does so beside itself.

    The shipped one, a file's, or a program's own: its newest version, or an older one by number.
    """
    from bot.encoders import build

    os.nice(BEHIND_OTHERS)
    models = ((), None) if words else None
    read = _wanted(matrix, version, program)
    build.engine(read, cache, progress=_progress, models=models)


matrix_commands.command()(revisions.propose)
matrix_commands.command()(revisions.proposals)
matrix_commands.command()(revisions.versions)


def who(
    text: Annotated[str, typer.Argument(help="The question, in quotes.")] = "",
    batch: Annotated[
        Path | None, typer.Option(help="JSON lines with id and text; - is standard input.")
    ] = None,
    matrix: File = None,
    cache: Cache = CACHE,
    version: Version = None,
    program: Program = "",
) -> None:
    """Say who handles something. Nothing of the question is kept or leaves this machine.

    With --program it answers as that program is answered: by its own newest version, or with
    --version by an older one. A program without its own is answered by the shipped matrix.
    With --batch, one JSON line for each question: id, outside, rows (as shown; each with key,
    tier, how sure and why) and ms. `key` is the wide row, `row` the narrower one where one applies.
    `tier` is the tier that applies; null where no page is offered because nothing is happening.
    """
    if bool(text) == (batch is not None):
        typer.echo("Give a question in quotes, or --batch with a file.", err=True)
        raise typer.Exit(base.CANNOT)
    read = _wanted(matrix, version, program)
    engine = _engine(read, cache) if matrix else _as_in_the_bot(read, cache)
    if engine.degraded:
        typer.echo(f"The matcher goes on with less: {engine.degraded}.", err=True)
    if batch is None:
        for line in _answer(engine, engine.ask(text)):
            typer.echo(line)
        return
    for number, (name, question) in enumerate(_questions(batch), 1):
        if number == 1:
            engine.ask(question)  # loads the models, which is not part of an answer's time
        began = time.perf_counter()
        answer = engine.ask(question)
        spent = (time.perf_counter() - began) * 1000
        typer.echo(json.dumps(_as_json(name, answer, spent), ensure_ascii=False))


def _questions(file: Path) -> Iterator[tuple[object, str]]:
    try:
        content = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        for line in filter(str.strip, content.splitlines()):
            one = json.loads(line)
            yield one["id"], str(one["text"])
    except (OSError, UnicodeDecodeError):
        problem = f"{file}: the file cannot be read."
    except (ValueError, KeyError, TypeError):
        problem = f"{file}: each line is a JSON object with id and text."
    else:
        return
    typer.echo(problem, err=True)
    raise typer.Exit(base.CANNOT)


def _as_json(name: object, answer: Answer, spent: float) -> dict[str, object]:
    return {
        "id": name,
        "outside": answer.outside,
        "rows": [
            {
                "key": hit.key,
                "row": hit.row,
                "tier": hit.tier.value if hit.tier else None,
                "score": round(hit.score, 4),
                "live": round(hit.live, 4),
                "why": hit.why.example if hit.why else "",
            }
            for hit in answer.rows
        ],
        "denied": list(answer.denied),
        "version": answer.version,
        "ms": round(spent, 2),
    }


def _answer(engine: Engine, answer: Answer) -> Iterator[str]:
    if answer.outside:
        yield "Outside the matrix. Pause and ask the supervisor on call."
    for hit in answer.rows:
        yield from _hit(engine.matrix, hit)
    for key in answer.denied:
        yield f"Mentioned, but denied: {engine.matrix.by_key[key].title.en}"
    yield f"Matrix {answer.version}. Is somebody in danger now? Call 911."


def _hit(matrix: Matrix, hit: Hit) -> Iterator[str]:
    row = matrix.by_key[hit.row]
    tier = hit.tier.value if hit.tier else "no page: not happening now"
    yield f"{row.title.en} ({hit.row}): {tier}, {hit.score:.0%}"
    if hit.tier and row.call_first:
        yield "  First: " + ", ".join(matrix.lines[one].text.en for one in row.call_first)
    yield f"  Who: {matrix.owners[row.owner].title.en}"
    if hit.why:
        yield f"  Like: {hit.why.example} ({hit.why.share:.0%})"


def _list(matrix: Matrix, *, spanish: bool) -> Iterator[str]:
    for wide in matrix.wide_rows():
        for row in (wide, *matrix.narrower(wide.key)):
            indent = "  " if row.under else ""
            title = row.title.es if spanish else row.title.en
            yield f"{indent}{row.key}  {row.kind.value}  {row.tier.value}  {title}"
    yield f"{len(matrix.rows)} rows, {len(matrix.packs)} packs, version {matrix.version}"


def _row(matrix: Matrix, row: Row, *, spanish: bool) -> Iterator[str]:
    language = Language.ES if spanish else Language.EN
    yield f"{row.title.in_(language)} ({row.key}, {row.kind.value}, {row.tier.value})"
    yield row.wording.in_(language)
    for line in row.call_first:
        number = matrix.lines[line].number
        yield f"First: {matrix.lines[line].text.in_(language)}{f' ({number})' if number else ''}"
    yield from (f"Do: {line}" for line in row.first_actions.in_(language))
    yield from (f"Do not: {line}" for line in row.do_not.in_(language))
    owner = matrix.owners[row.owner].title.in_(language)
    yield f"Who: {owner}; behind it: {row.route.backup.value}"
    yield f"Owed within {row.owed.within} minutes: {row.owed.es if spanish else row.owed.en}"
    yield f"Reviewed {row.reviewed_on}, next by {row.review_by}. Matrix {matrix.version}."


def _read(path: Path | None) -> Matrix:
    try:
        return shipped.matrix(path)
    except BadMatrixError as problems:
        typer.echo(str(problems), err=True)
    except (OSError, UnicodeDecodeError):
        typer.echo(f"{path}: there is no matrix to read here.", err=True)
    raise typer.Exit(base.CANNOT)


def _wanted(file: Path | None, version: int | None, program: str) -> Matrix:
    """The matrix that a command is about: a file's, a program's own, or the shipped one."""
    if file is not None and (version is not None or program):
        typer.echo(
            "One matrix at a time: give --matrix for a file, or --program and --version for a "
            "program's own.",
            err=True,
        )
        raise typer.Exit(base.CANNOT)
    if version is not None:
        return revisions.numbered(version, program)
    return revisions.present(program) if program else _read(file)


def _as_in_the_bot(matrix: Matrix, cache: Path) -> Engine:
    """The engine that Belay itself answers by: learnt in full, or grown from the shipped one.

    What is too different to be grown is learnt, as a new matrix is.
    """
    from bot.encoders import build

    ours = shipped.ours()
    if matrix.version == ours.version:
        return _engine(ours, cache)
    found = build.kept(matrix, cache)
    if found is not None:
        return found
    try:
        return _engine(ours, cache).grown(matrix)
    except TooMuchError:
        return _engine(matrix, cache)


def _engine(matrix: Matrix, cache: Path) -> Engine:
    from bot.encoders import build

    return build.engine(matrix, cache, progress=_progress)


def _progress(what: str, done: int, of: int) -> None:
    if sys.stderr.isatty() or done in (0, of):
        typer.echo(f"The matrix is new here. {what}: {done} of {of}", err=True)
