"""`python -m tests.seeded [NAME ...]`: seeds each defect in a process of its own, two at a time.

The exit code is 1 when a defect goes unnoticed, or when a test that should notice it is not there
or fails without it.
"""

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from tests.seeded.faults import FAULTS, named
from tests.seeded.proof import AT_ONCE, Proof, Verdict, prove_all
from tests.seeded.table import line, page


def main(names: list[str]) -> int:
    """This proves the defects of these names, or all of them, and prints each and the table."""
    began = monotonic()
    faults = [named(name) for name in names] if names else list(FAULTS)
    done = itertools.count(1)

    def show(proof: Proof) -> None:
        sys.stdout.write(line(proof, next(done), len(faults)) + "\n")
        sys.stdout.flush()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        proofs = prove_all(faults, pool, show)
    sys.stdout.write(f"\n{page(proofs, monotonic() - began)}\n")
    return int(any(proof.verdict is not Verdict.CAUGHT for proof in proofs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
