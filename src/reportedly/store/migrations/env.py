"""Alembic runs this file for every command; `store.migrate` hands it the connection."""

from alembic import context

from reportedly.store.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
context.run_migrations()
