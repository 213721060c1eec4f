"""A storage on disk, for tests."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kefu.adapters.storage import Storage


@dataclass
class SetClock:
    """A clock that moves when it is told to."""

    now: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@asynccontextmanager
async def opened(folder: Path, clock: SetClock | None = None) -> AsyncGenerator[Storage]:
    async with Storage.embedded(folder / "kefu.db", clock or SetClock()) as storage:
        yield storage
