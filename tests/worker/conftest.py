"""The worker over a real database, in a folder of its own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from kefu.adapters.storage import DEFAULT_WORKSPACE, Storage, WorkspaceStorage

from ..turn.support import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncGenerator[WorkspaceStorage]:
    async with Storage.embedded(tmp_path / "kefu.db", clock) as storage:
        yield storage.open(DEFAULT_WORKSPACE)
