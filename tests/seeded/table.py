"""This prints what was proved: two lines for each defect, so that a page holds them all."""

from collections.abc import Iterator, Sequence

from tests.seeded.proof import Proof, Verdict

WIDTH = 120
NAME_WIDTH = 41


def lines(proofs: Sequence[Proof], seconds: float) -> Iterator[str]:
    """This is the table, with what was not caught at its end once more; `seconds` is the whole."""
    for proof in proofs:
        yield f"{proof.fault.name:<{NAME_WIDTH}}{proof.fault.drawn_from}"
        yield _cut(f"  {proof.verdict} {proof.seconds:4.1f} s  {_sentence(proof)}")
    caught = [proof for proof in proofs if proof.verdict is Verdict.CAUGHT]
    yield ""
    yield f"{len(caught)} of {len(proofs)} defects caught, in {seconds:.0f} s."
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
