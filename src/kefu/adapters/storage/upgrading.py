"""Brings a database's schema to what this release expects."""

import threading

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from kefu.errors import SettingsInvalid

HEAD = "0001"
"""The newest migration, known here so that a start needs no Alembic; a test holds it to the files."""


_ALEMBIC = threading.Lock()
"""Alembic keeps what it works on in module globals: two databases of one process must take turns."""


def upgrade(url: sa.URL, *, to: str = HEAD) -> None:
    """Runs the migrations that are missing, all or nothing where the database can. Quick when there are none.

    Raises:
        SettingsInvalid: the database was written by a newer release.
        sqlalchemy.exc.DBAPIError: the database cannot be used.
    """
    with _engine(url).connect() as connection:
        if revision_of(connection) != to:
            _migrate(connection, to)


def downgrade(url: sa.URL, *, to: str) -> None:
    """Undoes migrations back to `to`, or all of them for `base`."""
    with _engine(url).connect() as connection:
        _migrate(connection, to, down=True)


def revision_of(connection: sa.Connection) -> str | None:
    """The migration that the database is at, or None for an empty one."""
    with connection.begin():
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _engine(url: sa.URL) -> sa.Engine:
    """Foreign keys stay off on SQLite: a migration may rebuild a table that others refer to."""
    engine = sa.create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver alone leaves DDL outside transactions

        event.listen(engine, "begin", begin)
    return engine


def _migrate(connection: sa.Connection, to: str, *, down: bool = False) -> None:
    # Alembic takes longer to import than a start may take, and most starts have nothing to migrate.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "kefu.adapters.storage:migrations")
    config.attributes["connection"] = connection
    try:
        with _ALEMBIC:
            (command.downgrade if down else command.upgrade)(config, to)
    except CommandError as error:
        raise SettingsInvalid(f"this release cannot use the database: {error}") from error
