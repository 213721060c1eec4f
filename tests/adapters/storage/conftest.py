"""Storages on disk."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.adapters.storage import DEFAULT_WORKSPACE, Storage, WorkspaceStorage
from kefu.adapters.storage.upgrading import upgrade

from .support import SetClock, opened


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once: migrating takes longer than most of the tests."""
    path = tmp_path_factory.mktemp("storage") / "kefu.db"
    upgrade(sa.URL.create("sqlite", database=str(path)))
    return path


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def storage(tmp_path: Path, clock: SetClock, empty_database: Path) -> AsyncIterator[Storage]:
    shutil.copy(empty_database, tmp_path / "kefu.db")
    async with opened(tmp_path, clock) as storage:
        yield storage


@pytest.fixture
def workspace(storage: Storage) -> WorkspaceStorage:
    return storage.open(DEFAULT_WORKSPACE)
