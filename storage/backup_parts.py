"""What copying has in common on both engines: one error, private files, and names for what was."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

OWNER_ONLY = 0o600


class CannotCopyError(Exception):
    """This says in words for an operator why there is no copy, or why nothing was restored."""


@contextmanager
def beside(file: Path, ending: str) -> Iterator[Path]:
    """This is a new, empty file beside another, for its owner alone; gone unless it was renamed.

    On the same disk, so that it takes the other's name at once or not at all.
    """
    part = file.with_name(f".{file.name}.{ending}")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    except OSError as error:
        raise CannotCopyError(f"{part} cannot be written ({error.strerror}).") from None
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def take_place(part: Path, file: Path) -> None:
    """This gives a finished file its name, and is over when the disk has both."""
    to_disk(part)
    part.replace(file)
    to_disk(file.parent)


def to_disk(path: Path) -> None:
    """This returns when the disk has a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def of_a_copy(file: Path, begins: bytes) -> bool:
    """Whether a file begins as copies of this kind do. Raises CannotCopyError."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(begins)) == begins
    except OSError as error:
        raise CannotCopyError(f"{file} cannot be read ({error.strerror}).") from None


def named_aside(name: str, at: datetime) -> str:
    """This is what something is called that was put aside: its name and when that was."""
    return f"{name}_before_restore_{at:%Y%m%d%H%M%S}"
