"""What the storage needs of a database: to run a function on one of its connections."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class Database(Protocol):
    """Jobs are synchronous functions on a Core connection, written once for every database.

    A job must not keep the connection, and must give the same result when it is run again.
    """

    async def start(self) -> None:
        """Opens the database and brings its schema up to date. Raises `OperatorError` or `StorageError`."""
        ...

    async def close(self) -> None:
        """Finishes what was begun and lets go of the database. Closing twice is fine."""
        ...

    async def read(self, job: Callable[[Connection], T]) -> T:
        """The job's result, from one consistent view that includes every write that was acknowledged.

        For a few rows that are found by their key: the embedded database runs it right where it is called.

        Raises:
            StorageError: the database cannot be used right now.
        """
        ...

    async def scan(self, job: Callable[[Connection], T]) -> T:
        """Like `read`, for a job that may take long: a list, a whole conversation."""
        ...

    async def write(self, job: Callable[[Connection], T]) -> T:
        """The job's result, once what it wrote is durable. If it raises, nothing of it was written.

        Raises:
            StorageError: the database cannot be used right now; nothing was written.
        """
        ...
