"""No row of any table holds a note or an answer in the clear, as a dump would show it.

Values are written out one by one: a printed SQLAlchemy row leaves out the middle of long values,
and with it what is looked for.
"""

from dataclasses import replace

from sqlalchemy import select

from storage import tables
from tests.storage.samples import effect, matter, open_matter, plan, visit

NOTE, ANSWER = "ask for Sam", "bluebird"


def dump(conn):
    return "\n".join(
        f"{table.name}.{column}: {value}"
        for table in tables.metadata.sorted_tables
        for row in conn.execute(select(table)).mappings()
        for column, value in row.items()
    )


def test_a_dump_of_the_database_holds_no_note_and_no_answer(database):
    secret = visit(plan=plan(note=NOTE))
    secret = replace(secret, answers=(replace(secret.answers[0], said=ANSWER),))
    database.run_sync(open_matter, matter(visit=secret), effect("Tell"))
    text = database.run_sync(dump)
    assert NOTE not in text
    assert ANSWER not in text
    # Both are there, sealed: otherwise this would find nothing whatever stood in the rows.
    assert "sealed:visit/m1/note:" in text
    assert "sealed:visit/m1/answer:" in text
