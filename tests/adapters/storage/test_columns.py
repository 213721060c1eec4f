"""Columns give back what they were given, on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateTable
from tests.conversation.strategies import logs

from kefu.adapters.storage.columns import Json, UtcDateTime
from kefu.adapters.storage.schema import metadata
from kefu.conversation.codec import decode_state
from kefu.conversation.events import Recorded
from kefu.conversation.state import replay

DIALECTS = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
}
INNODB_KEY_BYTES = 3072
BYTES_PER_CHARACTER = 4


@given(logs)
def test_a_snapshot_decodes_to_the_state_that_was_stored(log: tuple[Recorded, ...]) -> None:
    state = replay(log)
    stored = Json().process_bind_param(state, DIALECTS["sqlite"])

    assert decode_state(Json().process_result_value(stored, DIALECTS["sqlite"])) == state


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_time_comes_back_as_the_same_instant_in_utc(dialect: sa.Dialect) -> None:
    beijing = datetime(2026, 11, 20, 20, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    stored = UtcDateTime().process_bind_param(beijing, dialect)
    back = UtcDateTime().process_result_value(stored, dialect)

    assert back == beijing
    assert back is not None
    assert back.tzinfo is UTC


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 20), DIALECTS["sqlite"])


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_can_be_written_for_every_database(table: sa.Table, dialect: sa.Dialect) -> None:
    assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=dialect))


def test_text_keys_tell_capitals_apart_on_mariadb() -> None:
    ddl = str(CreateTable(metadata.tables["messages"]).compile(dialect=DIALECTS["mysql"]))

    assert "client_message_id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" in ddl


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_key_fits_innodb(table: sa.Table) -> None:
    keys = [*table.indexes, *table.constraints]
    for key in keys:
        if isinstance(key, sa.Index | sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            characters = sum(getattr(column.type, "length", None) or 2 for column in key.columns)
            assert characters * BYTES_PER_CHARACTER <= INNODB_KEY_BYTES, key.name
