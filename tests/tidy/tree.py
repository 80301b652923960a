"""This reads the tree that is about to be committed: files git tracks or would add, parsed once."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "storage", "protocol", "sandbox")
GENERATED = ("storage/migrations/versions/",)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[str, ...]:
    """This lists every file that is committed or would be, as paths from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def modules(*folders: str) -> list[str]:
    """This lists the Python files below these folders, or all of them."""
    wanted = tuple(f"{folder}/" for folder in folders)
    return [
        name for name in files() if name.endswith(".py") and (not wanted or name.startswith(wanted))
    ]


@cache
def text(name: str) -> str:
    """This is what stands in a file, and nothing for a file that is not text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), filename=name)


def functions(node: ast.AST) -> Iterator[FunctionNode]:
    """This walks every function below a node, nested ones too."""
    for child in ast.walk(node):
        if isinstance(child, FunctionNode):
            yield child


def dotted(node: ast.AST) -> str:
    """This spells a name or a chain of attributes as it is written, and is empty for the rest."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def used_names(name: str) -> Iterator[tuple[int, str]]:
    """This yields each dotted name of a module with its line, imports spelled out in full.

    ``from time import monotonic as m`` followed by ``m()`` yields ``time.monotonic``.
    """
    full = _imported_names(tree(name))
    for node in ast.walk(tree(name)):
        spelled = dotted(node)
        if spelled:
            first, dot, rest = spelled.partition(".")
            yield getattr(node, "lineno", 0), full.get(first, first) + dot + rest


def _imported_names(module: ast.Module) -> dict[str, str]:
    full: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            full |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return full


def listing(findings: list[str], advice: str) -> str:
    """This is a failure's message: what to do first, then where."""
    return "\n".join(["", advice, *(f"  {finding}" for finding in findings)])
