"""This holds migrations to adding: older code runs on for a moment beside the newer schema.

Between `belay migrate` and the next look of a replica that was not stopped lies a second or two, in
which it still sweeps and answers. What it reads must be there, and what it writes must be taken.
"""

import ast

import pytest

from tests.tidy import tree

FOLDER = "storage/migrations/versions/"
# What came before has nothing older beside it: there was no release yet.
FIRST = "0008"
# A migration that cannot be like that says here why, and CHANGELOG.md says: stop every Belay first.
BREAKS: dict[str, str] = {
    "0010": "a rule is replaced by a wider one; older code writes nothing that it forbids",
}
TAKES_AWAY = {
    "alter_column",
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_primary_key",
    "create_unique_constraint",
    "drop_column",
    "drop_constraint",
    "drop_table",
    "execute",
    "rename_table",
}


def test_a_migration_only_adds():
    wrong = [
        f"{name}:{line} {what}"
        for name in tree.modules(FOLDER.rstrip("/"))
        if (revision := name.removeprefix(FOLDER)[:4]) >= FIRST and revision.isdigit()
        if revision not in BREAKS
        for line, what in taken_away(tree.tree(name))
    ]
    assert not wrong, tree.listing(
        wrong, "Add now, and take away in the release after the next (docs/operations.md, Upgrade)."
    )


@pytest.mark.parametrize(
    ("line", "is_wrong"),
    [
        ("op.create_table('a', sa.Column('b', sa.String(), nullable=False))", False),
        ("op.create_index('a', 'b', ['c'])", False),
        ("op.drop_index('a')", False),
        ("op.create_index('a', 'b', ['c'], unique=True)", True),
        ("op.add_column('a', sa.Column('b', sa.String()))", False),
        ("op.add_column('a', sa.Column('b', sa.String(), nullable=False))", True),
        (
            "op.add_column('a', sa.Column('b', sa.String(), nullable=False, server_default=''))",
            False,
        ),
        ("batch.add_column(sa.Column('b', sa.String(), nullable=False))", True),
        ("op.drop_table('a')", True),
        ("batch.alter_column('a', new_column_name='b')", True),
        ("op.execute('DELETE FROM matter')", True),
    ],
)
def test_what_takes_away_is_told_from_what_adds(line, is_wrong):
    module = ast.parse(f"def upgrade():\n    {line}\n\ndef downgrade():\n    op.drop_table('b')")
    assert bool(list(taken_away(module))) is is_wrong


def taken_away(module):
    """This yields each call in a migration's way forward that older code could trip over."""
    (upgrade,) = (one for one in module.body if getattr(one, "name", "") == "upgrade")
    for call in (node for node in ast.walk(upgrade) if isinstance(node, ast.Call)):
        name = tree.dotted(call.func).rpartition(".")[2]
        given = {word.arg: ast.unparse(word.value) for word in call.keywords}
        if name in TAKES_AWAY or (name == "create_index" and given.get("unique") == "True"):
            yield call.lineno, name
        if name == "add_column":
            column = next(one for one in call.args if isinstance(one, ast.Call))
            words = {word.arg: ast.unparse(word.value) for word in column.keywords}
            if words.get("nullable") == "False" and "server_default" not in words:
                yield call.lineno, "add_column, not null and without a default"
