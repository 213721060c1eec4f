"""The embedded database: SQLite with group commit.

One thread writes. It takes the jobs that wait, runs each in a savepoint of its own, and makes them durable
with one COMMIT, which costs one fsync however many they are. While that fsync runs, the next batch gathers.

Reading never waits for writing (write-ahead log). A look-up by key runs in the caller's thread: measured at
20 sessions, handing it to another cost a quarter of the throughput, mostly in passing the interpreter lock.
Longer reads have threads of their own.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from kefu.adapters.storage.upgrading import upgrade
from kefu.errors import SettingsInvalid, StorageError

T = TypeVar("T")

BATCH_JOBS: Final = 256
BATCH_SECONDS: Final = 0.010
"""How long a batch takes in further jobs: it bounds what the first one of them waits."""
BUSY_SECONDS: Final = 5
"""How long to wait for another process that writes, such as a command run beside the server."""
SCANNERS: Final = 2

DatabaseFailed: Final = (DBAPIError, sqlite3.Error)
"""What a failing database raises: prepared statements meet the driver's own error, which Core would wrap."""


class EmbeddedDatabase:
    """A `Database` in one file, for one serving process at a time."""

    def __init__(self, path: Path, *, exclusive: bool = True) -> None:
        """`exclusive` refuses a second server on the same file.

        A command that runs beside the server may go without it: every write begins with SQLite's own write
        lock, so both stay correct and wait for each other.
        """
        self._path = path
        self._exclusive = exclusive
        self._guard: sqlite3.Connection | None = None
        self._writer: _Writer | None = None
        self._reader: _Reader | None = None
        self._scanners: _Scanners | None = None

    async def start(self) -> None:
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    async def read(self, job: Callable[[sa.Connection], T]) -> T:
        if self._reader is None:
            raise _closed()
        return self._reader.run(job)

    async def scan(self, job: Callable[[sa.Connection], T]) -> T:
        if self._scanners is None:
            raise _closed()
        return await self._scanners.run(job)

    async def write(self, job: Callable[[sa.Connection], T]) -> T:
        if self._writer is None:
            raise _closed()
        return await self._writer.run(job)

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._exclusive:
                self._guard = _lock(self._path)
            upgrade(sa.URL.create("sqlite", database=str(self._path)))
            self._writer = _Writer(self._path)
            self._reader = _Reader(self._path)
            self._scanners = _Scanners(self._path)
        except (OSError, DBAPIError, sqlite3.Error) as error:
            self._close()
            raise SettingsInvalid(f"the database {self._path} cannot be opened: {error}") from error

    def _close(self) -> None:
        if self._scanners is not None:
            self._scanners.close()
            self._scanners = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._guard is not None:
            self._guard.close()
            self._guard = None


def _lock(database: Path) -> sqlite3.Connection:
    """Locks an empty database beside the real one: the system unlocks it however the process ends."""
    beside = database.with_name(database.name + ".lock")
    guard = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        guard.execute("PRAGMA journal_mode = MEMORY")  # a killed process would leave a journal file behind
        guard.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        guard.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        raise SettingsInvalid(
            f"{database} is in use by another Kefu process: stop that one, or use another data folder"
        ) from error
    return guard


def _closed() -> StorageError:
    return StorageError("the database is not open")


def _unavailable(error: Exception) -> StorageError:
    unavailable = StorageError("the database cannot be used right now")
    unavailable.__cause__ = error
    return unavailable


def _engine(path: Path, *, begin: str, read_only: bool) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, too late and not IMMEDIATE
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    def start_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start_transaction)
    return engine


@dataclass(slots=True)
class _Job(Generic[T]):
    run: Callable[[sa.Connection], T]
    future: asyncio.Future[T]
    result: T | None = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Gives the outcome to whoever waits, in whose loop this runs; a cancelled one waits no more."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # pyright: ignore[reportArgumentType] -- ran, so it is a T


class _Writer:
    """The one thread that writes."""

    def __init__(self, path: Path) -> None:
        self._connection = _engine(path, begin="BEGIN IMMEDIATE", read_only=False).connect()
        self._cursor = self._connection.connection.cursor()
        self._jobs = queue.SimpleQueue[_Job[Any] | None]()
        self._gate = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._work, name="kefu-write", daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[sa.Connection], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._gate:  # else a job could come to stand behind the end of the queue
            if not self._open:
                raise _closed()
            self._jobs.put(_Job(job, future))
        return await future

    def close(self) -> None:
        with self._gate:
            self._open = False
            self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._commit_with(job)

    def _commit_with(self, first: _Job[Any]) -> None:
        """Commits `first` together with what waits behind it, then tells those who wait."""
        batch: list[_Job[Any]] = []
        try:
            with self._connection.begin():
                for job in self._waiting(first):
                    batch.append(job)
                    self._attempt(job)
        except DatabaseFailed as error:  # BEGIN, COMMIT, or SQLite gave up the whole transaction
            for job in batch or [first]:
                job.error = _unavailable(error)
        _tell(batch or [first])

    def _waiting(self, first: _Job[Any]) -> Iterator[_Job[Any]]:
        until = time.monotonic() + BATCH_SECONDS
        yield first
        for _ in range(BATCH_JOBS - 1):
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is None:
                self._jobs.put(None)  # nothing stands behind it
                return
            yield job
            if time.monotonic() > until:
                return

    def _attempt(self, job: _Job[Any]) -> None:
        self._cursor.execute("SAVEPOINT job")
        try:
            job.result = job.run(self._connection)
        except BaseException as error:  # noqa: BLE001 -- whatever it is, it belongs to the caller and goes there
            job.error = _unavailable(error) if isinstance(error, DatabaseFailed) else error
            self._cursor.execute("ROLLBACK TO job")
        self._cursor.execute("RELEASE job")


def _tell(jobs: Sequence[_Job[Any]]) -> None:
    waiting: defaultdict[asyncio.AbstractEventLoop, list[_Job[Any]]] = defaultdict(list)
    for job in jobs:
        waiting[job.future.get_loop()].append(job)
    for loop, settled in waiting.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, settled)


def _settle(jobs: Sequence[_Job[Any]]) -> None:
    for job in jobs:
        job.settle()


class _Reader:
    """A connection that can only read, for one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = _engine(path, begin="BEGIN", read_only=True).connect()

    def run(self, job: Callable[[sa.Connection], T]) -> T:
        try:
            with self._connection.begin():
                return job(self._connection)
        except DatabaseFailed as error:
            raise _unavailable(error) from error

    def close(self) -> None:
        self._connection.close()


class _Scanners:
    """Threads for long reads, each of which takes a reader that is free."""

    def __init__(self, path: Path) -> None:
        self._free = queue.SimpleQueue[_Reader]()
        for _ in range(SCANNERS):
            self._free.put(_Reader(path))
        self._threads = ThreadPoolExecutor(SCANNERS, "kefu-scan")

    async def run(self, job: Callable[[sa.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._scan, job)

    def _scan(self, job: Callable[[sa.Connection], T]) -> T:
        reader = self._free.get()
        try:
            return reader.run(job)
        finally:
            self._free.put(reader)

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        for _ in range(SCANNERS):
            self._free.get().close()
