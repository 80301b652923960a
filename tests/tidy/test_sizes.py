"""This keeps files and functions short enough to be read in one go (docs/decisions/0020)."""

from tests.tidy import tree

FILE_LINES = 400
FUNCTION_LINES = 70
FILE_BYTES = 1_000_000


def test_no_file_is_longer_than_400_lines():
    long_files = [
        f"{name}: {lines} lines"
        for name in tree.modules()
        if not name.startswith(tree.GENERATED)
        and (lines := len(tree.text(name).splitlines())) > FILE_LINES
    ]
    assert not long_files, tree.listing(
        long_files, f"Split these by idea: {FILE_LINES} lines is the end, 200 the aim."
    )


def test_no_function_is_longer_than_70_lines():
    long_functions = [
        f"{name}:{function.lineno} {function.name}: {lines} lines"
        for name in tree.modules()
        if not name.startswith(tree.GENERATED)
        for function in tree.functions(tree.tree(name))
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    ]
    assert not long_functions, tree.listing(
        long_functions, f"Take a pure part out of these: {FUNCTION_LINES} lines is the end."
    )


def test_no_file_is_larger_than_one_megabyte():
    large = [
        f"{name}: {size:,} bytes"
        for name in tree.files()
        if (size := (tree.ROOT / name).stat().st_size) > FILE_BYTES
    ]
    assert not large, tree.listing(large, "Make these when they are needed, or make them smaller.")
