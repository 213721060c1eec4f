"""The one guarded door: `Storage.open(workspace_id)` is the only way to a workspace's data."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import sqlalchemy as sa

from kefu.adapters.storage.database import Database
from kefu.adapters.storage.keys import KeyCache, KeyOwner, digest_of, owner_of
from kefu.adapters.storage.schema import LABEL, workspaces
from kefu.adapters.storage.sqlite import EmbeddedDatabase
from kefu.adapters.storage.workspace import WorkspaceStorage
from kefu.conversation.ids import Clock, WorkspaceId

DEFAULT_WORKSPACE: Final = WorkspaceId("default")
"""The workspace that a new database begins with, for the merchant who needs only one."""


class Storage:
    """A database of workspaces. Start it before use and close it after, or use it in `async with`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._keys = KeyCache()

    @classmethod
    def embedded(cls, path: Path, clock: Clock, *, exclusive: bool = True) -> Self:
        """The storage in one SQLite file, which is made if absent.

        `exclusive` refuses a second server on the same file; a command that runs beside the server passes
        False.
        """
        return cls(EmbeddedDatabase(path, exclusive=exclusive), clock)

    async def start(self) -> None:
        """Opens the database, brings its tables up to date and sees that it has a workspace.

        Raises:
            SettingsInvalid: the database cannot be opened, is newer than this release, or is in use.
        """
        await self._database.start()
        if not await self.workspaces():
            await self.create_workspace(DEFAULT_WORKSPACE, "Default")

    async def close(self) -> None:
        """Finishes the writes that were begun, and closes the database. Later calls raise `StorageError`."""
        await self._database.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def open(self, workspace_id: WorkspaceId) -> WorkspaceStorage:
        return WorkspaceStorage(self._database, self._clock, workspace_id, self._keys)

    async def workspaces(self) -> Sequence[WorkspaceId]:
        def job(connection: sa.Connection) -> list[WorkspaceId]:
            found = connection.execute(sa.select(workspaces.c.workspace_id).order_by(workspaces.c.created_at))
            return [WorkspaceId(one) for one in found.scalars()]

        return await self._database.read(job)

    async def create_workspace(self, workspace_id: WorkspaceId, name: str) -> None:
        """Makes a workspace; one that is there already is left as it is."""
        row = {"workspace_id": workspace_id, "name": name[:LABEL], "created_at": self._clock()}
        present = sa.select(workspaces.c.workspace_id).where(workspaces.c.workspace_id == workspace_id)

        def job(connection: sa.Connection) -> None:
            if connection.execute(present).first() is None:
                connection.execute(workspaces.insert(), row)

        await self._database.write(job)

    async def authenticate(self, secret: str) -> KeyOwner | None:
        """Whom an API key belongs to, or None if it is unknown or revoked."""
        digest, now = digest_of(secret), self._clock()
        known = self._keys.get(digest, now)
        if known is not None:
            return known
        generation = self._keys.generation
        owner = await self._database.read(lambda connection: owner_of(connection, digest))
        if owner is not None:
            self._keys.keep(digest, owner, now, generation)
        return owner
