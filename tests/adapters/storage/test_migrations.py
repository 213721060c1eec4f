"""Migrations lead to exactly the tables that the code expects, and back."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kefu.adapters.storage.schema import metadata
from kefu.adapters.storage.upgrading import HEAD, downgrade, revision_of, upgrade


@pytest.fixture
def url(tmp_path: Path) -> sa.URL:
    return sa.URL.create("sqlite", database=str(tmp_path / "kefu.db"))


def tables_of(url: sa.URL) -> set[str]:
    with sa.create_engine(url).connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_the_migrations_make_exactly_the_schema(url: sa.URL) -> None:
    upgrade(url)

    with sa.create_engine(url).connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_the_head_that_a_start_looks_for_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "kefu.adapters.storage:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_upgrading_twice_changes_nothing(url: sa.URL) -> None:
    upgrade(url)
    before = tables_of(url)
    upgrade(url)

    assert tables_of(url) == before


def test_downgrading_to_the_base_leaves_no_table(url: sa.URL) -> None:
    upgrade(url)
    downgrade(url, to="base")

    assert tables_of(url) == {"alembic_version"}


def test_a_downgraded_database_can_be_upgraded_again(url: sa.URL) -> None:
    upgrade(url)
    downgrade(url, to="base")
    upgrade(url)

    with sa.create_engine(url).connect() as connection:
        assert revision_of(connection) == HEAD


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_belongs_to_a_workspace(table: sa.Table) -> None:
    assert "workspace_id" in table.c
    assert not table.c.workspace_id.nullable
