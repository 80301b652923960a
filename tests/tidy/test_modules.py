"""This finds modules that nothing leads to, and parts of the rules and rows that say nothing."""

import ast

from tests.tidy import tree

# Started by name, not by import. Alembic finds its environment and its revisions by path.
ENTRY_POINTS = {"bot.__main__", "sandbox.__main__", "storage.migrations.env"}
ENTRY_FOLDERS = ("storage/migrations/versions/",)
DOCUMENTED = ("protocol", "storage")


def test_every_module_is_imported_by_another_or_is_an_entry_point():
    imported = {target for name in tree.modules(*tree.PACKAGES) for target in imports(name)}
    dead = [
        name
        for name in tree.modules(*tree.PACKAGES)
        if not name.endswith("/__init__.py")
        and not name.startswith(ENTRY_FOLDERS)
        and dotted_name(name) not in imported | ENTRY_POINTS
    ]
    assert not dead, tree.listing(
        dead, "Import these where they are used, or delete them; tests do not count as use."
    )


def test_every_module_class_and_function_of_rules_and_rows_says_what_it_is():
    silent = [
        f"{name}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', 'the module')}"
        for name in tree.modules(*DOCUMENTED)
        if not name.startswith(tree.GENERATED)
        for node in public_parts(tree.tree(name))
        if not ast.get_docstring(node)
    ]
    assert not silent, tree.listing(
        silent, 'Give each a docstring whose first line goes on from "This ...".'
    )


def public_parts(module):
    """This is a module with its public classes and functions; methods carry their class's word."""
    yield module
    for node in module.body:
        if isinstance(node, ast.ClassDef | tree.FunctionNode) and not node.name.startswith("_"):
            yield node


def dotted_name(name):
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(name):
    """This yields all that a module may have imported: `from a import b` yields a and a.b."""
    own_name = dotted_name(name)
    package = own_name if name.endswith("/__init__.py") else own_name.rpartition(".")[0]
    for node in ast.walk(tree.tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
