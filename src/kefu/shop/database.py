"""Where the shop keeps its records: one SQLite database, one thread, one transaction at a time.

A unit of work is a plain function that runs inside a transaction on the database's own thread. Because they
run one after another, what a rule read is still true when it writes.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from kefu.shop.documents import (
    Coupon,
    Customer,
    Document,
    Invoice,
    Order,
    Product,
    Return,
    Shipment,
    TicketRecord,
    WarehouseRequest,
)
from kefu.shop.times import BEIJING

D = TypeVar("D", bound=Document)
T = TypeVar("T")

ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Collection(Generic[D]):
    """A table of documents: keyed by ``key``, searchable by ``columns``."""

    name: str
    kind: type[D]
    key: Callable[[D], str]
    columns: Mapping[str, Callable[[D], str]]


ORDERS = Collection(
    "orders", Order, lambda order: order.order_id, {"customer_id": lambda order: order.customer_id}
)
SHIPMENTS = Collection(
    "shipments", Shipment, lambda parcel: parcel.tracking_no, {"order_id": lambda parcel: parcel.order_id}
)
RETURNS = Collection(
    "returns",
    Return,
    lambda claim: claim.return_id,
    {"order_id": lambda claim: claim.order_id},
)
PRODUCTS = Collection(
    "products", Product, lambda product: product.sku, {"category": lambda product: product.category}
)
CUSTOMERS = Collection("customers", Customer, lambda customer: customer.customer_id, {})
COUPONS = Collection(
    "coupons", Coupon, lambda coupon: coupon.coupon_code, {"customer_id": lambda coupon: coupon.customer_id}
)
INVOICES = Collection(
    "invoices", Invoice, lambda invoice: invoice.invoice_id, {"order_id": lambda invoice: invoice.order_id}
)
TICKETS = Collection(
    "tickets",
    TicketRecord,
    lambda record: record.ticket.ticket_id,
    {"customer_id": lambda record: record.customer_id},
)
WAREHOUSE_REQUESTS = Collection(
    "warehouse_requests", WarehouseRequest, lambda request: f"{request.order_id}/{request.kind}", {}
)

_COLLECTIONS = (
    ORDERS,
    SHIPMENTS,
    RETURNS,
    PRODUCTS,
    CUSTOMERS,
    COUPONS,
    INVOICES,
    TICKETS,
    WAREHOUSE_REQUESTS,
)

_OTHER_TABLES = """
CREATE TABLE IF NOT EXISTS sequences (series TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
    idempotency_key TEXT PRIMARY KEY, digest TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
    expires_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_expires_at ON answers (expires_at);
CREATE TABLE IF NOT EXISTS executions (
    id INTEGER PRIMARY KEY, idempotency_key TEXT NOT NULL, operation TEXT NOT NULL,
    customer_id TEXT NOT NULL, executed_at TEXT NOT NULL
);
"""


class Transaction:
    """The records as one unit of work sees and changes them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def get(self, collection: Collection[D], key: str) -> D | None:
        row = self.connection.execute(
            f"SELECT document FROM {collection.name} WHERE id = ?",  # noqa: S608 - a constant of this module
            (key,),
        ).fetchone()
        return msgspec.json.decode(row[0], type=collection.kind) if row else None

    def find(self, collection: Collection[D], **where: str) -> list[D]:
        """Those whose columns equal ``where`` (all of them when it is empty), in the order of their ids."""
        condition = " AND ".join(f"{name} = ?" for name in where) or "1"
        rows = self.connection.execute(
            f"SELECT document FROM {collection.name} WHERE {condition} ORDER BY id",  # noqa: S608 - constants
            tuple(where.values()),
        )
        return [msgspec.json.decode(row[0], type=collection.kind) for row in rows]

    def put(self, collection: Collection[D], document: D) -> None:
        """Stores the document in place of the one with the same key."""
        values = [collection.key(document), *(read(document) for read in collection.columns.values())]
        marks = ", ".join("?" for _ in range(len(values) + 1))
        self.connection.execute(
            f"INSERT OR REPLACE INTO {collection.name} VALUES ({marks})",  # noqa: S608 - a constant
            (*values, ENCODER.encode(document)),
        )

    def next_id(self, prefix: str, width: int, now: datetime) -> str:
        """``prefix``, the Beijing date, and the day's next number in ``width`` digits."""
        series = f"{prefix}{now.astimezone(BEIJING):%Y%m%d}"
        row = self.connection.execute(
            "INSERT INTO sequences VALUES (?, 1) ON CONFLICT (series) DO UPDATE SET last = last + 1 "
            "RETURNING last",
            (series,),
        ).fetchone()
        return f"{series}{row[0]:0{width}d}"

    def continue_after(self, taken: Sequence[str]) -> None:
        """Makes :meth:`next_id` go on behind the ids that exist already."""
        for identifier in taken:
            digits = identifier.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            split = len(identifier) - len(digits) + 8
            self.connection.execute(
                "INSERT INTO sequences VALUES (?, ?) "
                "ON CONFLICT (series) DO UPDATE SET last = max(last, excluded.last)",
                (identifier[:split], int(identifier[split:])),
            )

    def is_empty(self) -> bool:
        return not self.connection.execute("SELECT EXISTS (SELECT 1 FROM products)").fetchone()[0]

    @contextmanager
    def attempt(self) -> Generator[None]:
        """A part that leaves no trace when it raises, while the transaction around it goes on."""
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self.connection.execute("RELEASE attempt")


class Database:
    """Usable from :meth:`open` to :meth:`close`; ``path`` is a file, or ``:memory:`` for a passing one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shop-database")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        await self._in_thread(self._open)

    async def close(self) -> None:
        """Waits for the unit of work that is running, then frees the file."""
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` returns, once its changes are committed; if it raises, they never were.

        A caller that is cancelled no longer hears the answer, but the work goes on to its end.
        """
        return await self._in_thread(lambda: self._transact(work))

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _open(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA busy_timeout = 5000")
        for collection in _COLLECTIONS:
            columns = "".join(f"{name} TEXT NOT NULL, " for name in collection.columns)
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {collection.name} "
                f"(id TEXT PRIMARY KEY, {columns}document BLOB NOT NULL)"
            )
            for name in collection.columns:
                connection.execute(
                    f"CREATE INDEX IF NOT EXISTS {collection.name}_{name} ON {collection.name} ({name})"
                )
        connection.executescript(_OTHER_TABLES)
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _transact(self, work: Callable[[Transaction], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the shop's database is not open: run the application's lifespan first")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(Transaction(self._connection))
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result
