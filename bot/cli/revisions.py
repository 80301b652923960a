"""Commands about the matrix's history: matrix propose, proposals and versions."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from sqlalchemy import Connection

from bot import revising
from bot.cli import base
from bot.context import Context
from bot.matrix import body, change, shipped, told
from bot.matrix.change import Change
from bot.matrix.model import Matrix, Row
from bot.matrix.packs import Pack, Phrases
from bot.matrix.problems import BadMatrixError
from bot.proposing import propose as propose_it
from bot.runner import Write, write
from protocol.ids import PersonId, ProgramId
from storage import incidents, matrix_versions, people, programs
from storage import proposals as stored
from storage.matrix_versions import Version
from storage.proposals import Proposal
from storage.revision_tables import Source

T = TypeVar("T")
Which = Annotated[str, typer.Option("--program", help="Its id, where there are several.")]


class _CannotError(Exception):
    """This says in a sentence why a command does nothing."""


def propose(
    file: Annotated[Path, typer.Argument(help="A folder or an exported file, as it is to be.")],
    by: Annotated[str, typer.Option(help="Id of the person who proposes it.")],
    reason: Annotated[str, typer.Option(help="Why, for those who sign it.")],
    program: Which = "",
) -> None:
    """Propose a changed matrix. It counts when the peer supervisor and the clinical lead signed."""
    wanted = _file(file)
    if not reason.strip():
        _stop("Say why, for those who sign it.")
    before, changes = _run(lambda ctx: _propose(ctx, program, wanted, PersonId(by), reason.strip()))
    if not changes:
        typer.echo(f"Nothing to propose: it says what version {before.version} says.")
        return
    for line in said(before, changes):
        typer.echo(line)
    typer.echo("Proposed. The peer supervisor and the clinical lead sign it in Slack.")


def proposals(
    program: Which = "",
    show: Annotated[str, typer.Option("--show", help="One of them in full, by its id.")] = "",
) -> None:
    """List what is proposed and waits, with its effect on the known questions; or show one."""
    if show:
        for line in _whole(show):
            typer.echo(line)
        return
    found = _run(lambda ctx: ctx.database.run(_waiting, program))
    for one in found:
        typer.echo(f"{one.id}  {one.at:%Y-%m-%d %H:%M}Z  {one.source.value}  by {one.author}")
        typer.echo(f"  {one.reason}")
        typer.echo(f"  Touches: {_touched(one)}. Effect: {_effect(one)}. Signed: {_signed(one)}.")
    if not found:
        typer.echo("Nothing waits.")


def _whole(which: str) -> Iterator[str]:
    """A proposal in full: every line that goes or comes, and every answer that it changes."""
    ours = shipped.ours()
    one, now = _run(lambda ctx: ctx.database.run(_one, which, ours))
    yield f"{one.id}  {one.at:%Y-%m-%d %H:%M}Z  {one.source.value}  by {one.author}"
    yield f"  {one.reason}"
    yield f"  Signed: {_signed(one)}. Written against {one.base}; in use is {now.version}."
    if one.ended_how is not None:
        yield f"  Ended: {one.ended_how.value}."
    yield f"Difference from {now.version} (− goes, + comes):"
    try:
        changes = change.parse(one.changes)
    except change.UnfitError as problem:
        yield problem.sentence
        return
    for each in changes:
        yield from said(now, [each])
        yield from (f"  {line}" for line in told.whole(now, each))
    yield f"Effect: {_effect(one)}."
    for known in (one.effect or {}).get("examples", ()):
        falls = "  LOST" if known.get("lost") else "  LESS URGENT" if known.get("less") else ""
        yield f"  {known['text']}: {_first(known['before'])} -> {_first(known['after'])}{falls}"


def _first(seen: Sequence[str | None]) -> str:
    row, tier = seen
    return f"{row} ({tier or 'no page'})" if row else "no row"


def versions(program: Which = "") -> None:
    """List the versions of a program's own matrix, the newest first."""
    found, after = _run(lambda ctx: ctx.database.run(_versions, program))
    for one in found:
        came = f" (after an incident of {after[one.id]})" if one.id in after else ""
        typer.echo(
            f"{one.number}  {one.version}  {one.at:%Y-%m-%d %H:%M}Z  by {one.author}, signed by "
            f"{one.peer_supervisor} and {one.clinical_lead}: {one.reason}{came}"
        )
    if not found:
        typer.echo("It has no version of its own: the shipped matrix counts.")


def numbered(number: int, program: str) -> Matrix:
    """The matrix of a version by its number; ends the command where there is none."""
    found = _run(lambda ctx: ctx.database.run(_numbered, program, number))
    try:
        return body.read(found.text, f"version {number}")
    except BadMatrixError as problems:
        _stop(str(problems))


def present(program: str) -> Matrix:
    """The matrix that a program goes by now: its newest version, else the shipped one."""
    ours = shipped.ours()
    try:
        return _run(lambda ctx: ctx.database.run(_present, program, ours))
    except BadMatrixError as problems:
        _stop(str(problems))


def said(before: Matrix, changes: Iterable[Change]) -> Iterator[str]:
    """What changes are, by row, in plain words."""
    for one in changes:
        match one:
            case change.PutRow(row=row):
                yield f"{row.key}: {_row(before.by_key.get(row.key), row)}"
            case change.DropRow(key=key):
                yield f"{key}: taken out"
            case change.Phrase(row=key, text=text):
                yield f"{key}: one phrasing more: {text}"
            case change.Outside(text=text):
                yield f"outside: one text more: {text}"
            case change.PutPack(row=key, pack=pack):
                yield f"{key}: {_more_and_less(_texts(before.packs.get(key)), _texts(pack))}"
            case change.PutBackground(name=name, phrases=phrases):
                was = _said_of(before.background.get(name))
                yield f"outside, {name}: {_more_and_less(was, _said_of(phrases))}"
            case change.PutTiers():
                yield "tiers: what they promise, or their ladders"
            case change.PutNames():
                yield "titles of roles, owners, or what is called first"
            case change.PutSlang():
                yield "slang: how it is read"


def _row(before: Row | None, after: Row) -> str:
    if before is None:
        return f"new, {after.tier.value}, {after.title.en}"
    names = [name for name in Row.model_fields if getattr(before, name) != getattr(after, name)]
    tier = f" ({before.tier.value} to {after.tier.value})" if "tier" in names else ""
    return f"changed: {', '.join(names)}{tier}"


def _texts(pack: Pack | None) -> list[str]:
    if pack is None:
        return []
    groups = [*pack.live.values(), *pack.not_live.values()]
    return [*(text for one in groups for text in _said_of(one)), *(d.text for d in pack.denied)]


def _said_of(phrases: Phrases | None) -> list[str]:
    return [phrase.text for _, phrase in phrases.all()] if phrases else []


def _more_and_less(before: list[str], after: list[str]) -> str:
    more, less = len(set(after) - set(before)), len(set(before) - set(after))
    return f"{more} phrasings more, {less} less" if more or less else "phrasings put elsewhere"


def _touched(one: Proposal) -> str:
    try:
        return ", ".join(sorted(change.touched(change.parse(one.changes)))) or "no row"
    except change.UnfitError as problem:
        return problem.sentence


def _effect(one: Proposal) -> str:
    if one.effect is None:
        return "not worked out yet"
    if one.effect.get("unfit"):
        return str(one.effect["unfit"])
    lost = one.effect.get("lost")
    told = f"{one.effect.get('changed')} of {one.effect.get('asked')} known questions"
    if one.less:
        told += f", {one.less} urgent ones less urgent, which whoever signs must tick"
    return f"{told}, {lost} urgent ones lost, so that nobody can sign it" if lost else told


def _signed(one: Proposal) -> str:
    by = [who for who in (one.peer_supervisor, one.clinical_lead) if who]
    return ", ".join(by) or "by nobody yet"


def _program(conn: Connection, named: str) -> ProgramId:
    known = [one.id for one in programs.all_programs(conn)]
    if named in known:
        return ProgramId(named)
    if not named and len(known) == 1:
        return known[0]
    raise _CannotError(f"Name the program with --program: {', '.join(known) or 'there is none'}.")


def _waiting(conn: Connection, named: str) -> list[Proposal]:
    return stored.waiting(conn, _program(conn, named))


def _one(conn: Connection, which: str, ours: Matrix) -> tuple[Proposal, Matrix]:
    found = stored.one(conn, which)
    if found is None:
        raise _CannotError(f"There is no proposal {which}. See belay matrix proposals.")
    return found, revising.present(conn, found.program, ours)


def _present(conn: Connection, named: str, ours: Matrix) -> Matrix:
    return revising.present(conn, _program(conn, named), ours)


def _versions(conn: Connection, named: str) -> tuple[list[Version], dict[str, str]]:
    """The versions, and the local day of the incident that one of them came from, by its id."""
    program = _program(conn, named)
    of, found = programs.by_id(conn, program), matrix_versions.numbered(conn, program)
    after = {one.id: incidents.before(conn, one) for one in found}
    zone = of.zone_info if of else UTC
    return found, {
        key: f"{at.astimezone(zone):%Y-%m-%d}" for key, at in after.items() if at is not None
    }


def after_incident(number: int | None, program: str) -> str:
    """The local day of the incident that a version (else the newest) came from, or ""."""
    found, after = _run(lambda ctx: ctx.database.run(_versions, program))
    of = [one for one in found if number is None or one.number == number]
    return after.get(of[0].id, "") if of else ""


def _numbered(conn: Connection, named: str, number: int) -> Version:
    found = matrix_versions.of(conn, _program(conn, named), number)
    if found is None:
        raise _CannotError(f"There is no version {number}. See belay matrix versions.")
    return found


async def _propose(
    ctx: Context, named: str, wanted: Matrix, by: PersonId, reason: str
) -> tuple[Matrix, tuple[Change, ...]]:
    # Both are read before the transaction, which must not hold up anybody's clock.
    ours = shipped.ours()
    return await write(ctx, _kept, named, (ours, wanted), by, reason)


def _kept(
    conn: Connection,
    write: Write,
    named: str,
    matrices: tuple[Matrix, Matrix],
    by: PersonId,
    reason: str,
) -> tuple[Matrix, tuple[Change, ...]]:
    program = _program(conn, named)
    if not people.roles(conn, program, by, write.at):
        raise _CannotError(f"{by} has no role in {program}.")
    ours, wanted = matrices
    before = revising.present(conn, program, ours)
    changes = change.difference(before, wanted)
    if changes:
        one = Proposal(
            secrets.token_hex(8),
            program,
            before.version,
            Source.IMPORT,
            tuple(change.dump(changes)),
            reason,
            by,
            write.at,
        )
        propose_it(conn, write, one)
    return before, changes


def _file(file: Path) -> Matrix:
    try:
        return shipped.matrix(file)
    except BadMatrixError as problems:
        _stop(str(problems))
    except (OSError, UnicodeDecodeError):
        _stop(f"{file}: there is no matrix to read here.")


def _run(work: Callable[[Context], Awaitable[T]]) -> T:
    try:
        return base.run(work)
    except _CannotError as problem:
        _stop(str(problem))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(base.CANNOT)
