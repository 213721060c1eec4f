"""The embedded database: batches, failures, locking, opening and closing."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.adapters.storage import Storage
from kefu.adapters.storage.schema import workspaces
from kefu.adapters.storage.sqlite import EmbeddedDatabase
from kefu.errors import SettingsInvalid, StorageError

from .support import SetClock, opened


@pytest.fixture
async def database(tmp_path: Path):
    database = EmbeddedDatabase(tmp_path / "kefu.db")
    await database.start()
    yield database
    await database.close()


def add(name: str):
    row = {"workspace_id": name, "name": name, "created_at": SetClock().now}

    def job(connection: sa.Connection) -> str:
        connection.execute(workspaces.insert(), row)
        return name

    return job


def add_and_raise(name: str):
    def job(connection: sa.Connection) -> str:
        add(name)(connection)
        raise LookupError(name)

    return job


def names(connection: sa.Connection) -> set[str]:
    return set(connection.execute(sa.select(workspaces.c.name)).scalars())


def lose_the_transaction(connection: sa.Connection) -> None:
    """What SQLite does by itself when, for one, the disk is full."""
    connection.exec_driver_sql("ROLLBACK")
    connection.exec_driver_sql("SELECT * FROM nowhere")


async def test_each_job_gets_its_own_result(database: EmbeddedDatabase) -> None:
    wanted = [f"w{n}" for n in range(600)]
    assert await asyncio.gather(*(database.write(add(name)) for name in wanted)) == wanted
    assert await database.read(names) == set(wanted)


async def test_a_job_that_raises_leaves_nothing_and_disturbs_nobody(database: EmbeddedDatabase) -> None:
    outcomes = await asyncio.gather(
        database.write(add("a")),
        database.write(add_and_raise("b")),
        database.write(add("c")),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], LookupError)
    assert await database.read(names) == {"a", "c"}


async def test_a_broken_rule_of_the_schema_is_a_storage_error_of_that_job_alone(
    database: EmbeddedDatabase,
) -> None:
    outcomes = await asyncio.gather(
        database.write(add("a")), database.write(add("a")), database.write(add("b")), return_exceptions=True
    )

    assert isinstance(outcomes[1], StorageError)
    assert await database.read(names) == {"a", "b"}


async def test_a_transaction_that_sqlite_gave_up_fails_everything_in_it(database: EmbeddedDatabase) -> None:
    outcomes = await asyncio.gather(
        database.write(add("a")), database.write(lose_the_transaction), return_exceptions=True
    )

    assert all(isinstance(outcome, StorageError) for outcome in outcomes)
    assert await database.read(names) == set()


async def test_a_commit_that_fails_fails_everything_in_it(database: EmbeddedDatabase) -> None:
    def owe_a_parent(connection: sa.Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(
            "INSERT INTO audit_log (workspace_id, at, actor, action, subject, details)"
            " VALUES ('nowhere', '2026-11-20 12:00:00.000000', '', '', '', '{}')"
        )

    outcomes = await asyncio.gather(
        database.write(add("a")), database.write(owe_a_parent), return_exceptions=True
    )

    assert all(isinstance(outcome, StorageError) for outcome in outcomes)
    assert await database.read(names) == set()


async def test_writing_goes_on_after_a_failure(database: EmbeddedDatabase) -> None:
    with pytest.raises(StorageError):
        await database.write(lose_the_transaction)

    assert await database.write(add("a")) == "a"


async def test_a_caller_that_gave_up_waiting_does_not_stop_the_others(database: EmbeddedDatabase) -> None:
    waiting = [asyncio.ensure_future(database.write(add(name))) for name in ("a", "b")]
    await asyncio.sleep(0)
    waiting[0].cancel()

    assert await waiting[1] == "b"


async def test_reading_cannot_write(database: EmbeddedDatabase) -> None:
    for read in (database.read, database.scan):
        with pytest.raises(StorageError):
            await read(add("a"))


async def test_an_acknowledged_write_is_seen_by_every_read(database: EmbeddedDatabase) -> None:
    for n in range(20):
        name = await database.write(add(f"w{n}"))
        assert name in await database.read(names)
        assert name in await database.scan(names)


async def test_closing_finishes_the_writes_that_wait(tmp_path: Path) -> None:
    database = EmbeddedDatabase(tmp_path / "kefu.db")
    await database.start()
    waiting = [asyncio.ensure_future(database.write(add(f"w{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()

    assert len(await asyncio.gather(*waiting)) == 50


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = EmbeddedDatabase(tmp_path / "kefu.db")
    await database.start()
    await database.close()
    await database.close()

    for use in (database.read, database.scan, database.write):
        with pytest.raises(StorageError):
            await use(names)


async def test_a_second_server_on_the_same_data_is_told_so(tmp_path: Path) -> None:
    async with opened(tmp_path):
        with pytest.raises(SettingsInvalid, match="in use by another Kefu process"):
            await EmbeddedDatabase(tmp_path / "kefu.db").start()


async def test_the_data_is_free_again_once_its_server_closed(tmp_path: Path) -> None:
    for _ in range(2):
        async with opened(tmp_path):
            pass


async def test_a_command_beside_the_server_and_the_server_both_write(tmp_path: Path) -> None:
    async with (
        opened(tmp_path) as server,
        Storage.embedded(tmp_path / "kefu.db", SetClock(), exclusive=False) as command,
    ):
        owners = [server.open((await server.workspaces())[0]), command.open((await command.workspaces())[0])]
        await asyncio.gather(*(owners[n % 2].create_key(frozenset({"chat"}), f"key {n}") for n in range(40)))

        assert len(await owners[0].keys()) == len(await owners[1].keys()) == 40


@pytest.mark.parametrize("content", [b"this is no database, and is long enough to show it" * 40])
async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "kefu.db"
    file.write_bytes(content)

    with pytest.raises(SettingsInvalid, match="cannot be opened"):
        await EmbeddedDatabase(file).start()
    assert file.read_bytes() == content


async def test_a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "kefu.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(SettingsInvalid, match="this release cannot use the database"):
        await EmbeddedDatabase(tmp_path / "kefu.db").start()
