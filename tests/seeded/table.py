"""This prints what was proved: a line for each defect as it is proved, and a page at the end."""

from collections.abc import Iterator, Sequence

from tests.report import Row, table
from tests.seeded.fault import Fault, Origin
from tests.seeded.faults import GROUPS
from tests.seeded.proof import Proof, Verdict

WIDTH = 100
NAME_WIDTH = 41


def line(proof: Proof, number: int, of: int) -> str:
    """This is one defect, what it is drawn from, and the test that caught it."""
    told = f"{number:>3} of {of}  {proof.verdict} {proof.seconds:4.1f} s  {proof.fault.name}"
    return "\n".join(
        [
            _cut(told),
            _cut(f"    {proof.fault.drawn_from}"),
            _cut(f"    {_sentence(proof)}"),
        ]
    ).rstrip()


def page(proofs: Sequence[Proof], seconds: float) -> str:
    """This is the table, by where the defects are drawn from and by what they are about.

    What was not caught stands below it by name; `seconds` is the whole.
    """
    by_name = {proof.fault.name: proof for proof in proofs}
    rows = [
        Row("By origin"),
        *(_row(str(origin), [p for p in proofs if p.fault.origin is origin]) for origin in Origin),
        Row("By what they are about"),
        *(_row(name, _of(group, by_name)) for name, group in GROUPS.items()),
    ]
    title = f"Deliberate defects, and whether the tests notice them ({seconds:.0f} s)"
    shown = table(title, [row for row in rows if row.seen != "0 of 0"])
    return "\n".join([shown, *_uncaught(proofs)])


def _of(group: tuple[Fault, ...], by_name: dict[str, Proof]) -> list[Proof]:
    return [by_name[fault.name] for fault in group if fault.name in by_name]


def _row(what: str, proofs: Sequence[Proof]) -> Row:
    caught = sum(proof.verdict is Verdict.CAUGHT for proof in proofs)
    seen, met = f"{caught} of {len(proofs)}", caught == len(proofs)
    return Row(f"  {what}", seen, "all", met)


def _uncaught(proofs: Sequence[Proof]) -> Iterator[str]:
    for proof in proofs:
        if proof.verdict is not Verdict.CAUGHT:
            yield f"{proof.verdict}: {proof.fault.name}"
            yield from (f"    {line}" for line in proof.by.splitlines())


def _sentence(proof: Proof) -> str:
    if proof.verdict is not Verdict.CAUGHT:
        return ""
    file, _, test = proof.by.partition("::")
    words = test.partition("[")[0].removeprefix("test_").replace("_", " ")
    return f"{file.removeprefix('tests/').removesuffix('.py')}: {words}"


def _cut(line: str) -> str:
    return line.rstrip() if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
