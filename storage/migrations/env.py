"""This is run by Alembic; `storage.schema` hands it a connection that is in a transaction."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot change a table in place: Alembic copies it, and copies only rules with names.
    render_as_batch=True,
    # On both engines a migration is done as a whole or not at all.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
