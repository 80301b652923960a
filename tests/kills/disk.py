"""A disk that is full at will.

With root a small tmpfs: the kernel says ENOSPC to the database's own writes, as a full disk does;
only fsync is for nothing there. Without root the process may make no file any larger
(RLIMIT_FSIZE, with SIGXFSZ ignored as Python has it): EFBIG instead, on the same calls.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SIZE_MB = 48
BLOCK = 65536


class Disk(Protocol):
    """Somewhere to put a database, that can be full."""

    folder: Path
    kind: str

    def fill(self, pids: list[int]) -> None: ...
    def free(self, pids: list[int]) -> None: ...


@dataclass
class Small:
    """A tmpfs, filled by a file of ours."""

    folder: Path
    kind: str = "tmpfs, ENOSPC"

    def fill(self, pids: list[int]) -> None:
        """Take all the space that is left."""
        with (self.folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            block = BLOCK
            while block:
                try:
                    while True:
                        filler.write(b"x" * block)
                except OSError:
                    block //= 16

    def free(self, pids: list[int]) -> None:
        """Give it back."""
        (self.folder / "filler").unlink(missing_ok=True)


@dataclass
class Limited:
    """A folder in which these processes may let no file grow."""

    folder: Path
    kind: str = "RLIMIT_FSIZE, EFBIG"

    def fill(self, pids: list[int]) -> None:
        """Let no file grow, nor be written to beyond its first byte."""
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    def free(self, pids: list[int]) -> None:
        """Let files grow again."""
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk in this folder, which is there and empty; gone afterwards."""
    if os.geteuid() == 0:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]
        if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
            try:
                yield Small(folder)
            finally:
                subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)
            return
    yield Limited(folder)
