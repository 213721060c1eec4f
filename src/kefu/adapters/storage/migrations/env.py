"""Runs migrations on the connection that `kefu.adapters.storage.upgrading` opened."""

from alembic import context

from kefu.adapters.storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_server_default=True,
    # SQLite can roll back DDL, which Alembic does not assume.
    transactional_ddl=True if connection.dialect.name == "sqlite" else None,
)
with context.begin_transaction():
    context.run_migrations()
