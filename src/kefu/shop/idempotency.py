"""Each write happens once for its key, and says the same thing again for a day."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from kefu.shop.database import Transaction
from kefu.shop.problems import Refusal
from kefu.shop.schemas import Json

_KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the HTTP status and the JSON body before masking."""

    status: int
    body: bytes


def digest(operation: str, customer_id: str, values: Mapping[str, Json]) -> str:
    """The same for the same request, however its JSON was spaced or ordered."""
    canonical = msgspec.json.encode([operation, customer_id, values], order="deterministic")
    return hashlib.sha256(canonical).hexdigest()


def recall(tx: Transaction, key: str, request: str, now: datetime) -> Answer | None:
    """The first answer under this key, or ``None`` when there is none of the last 24 hours.

    Raises ``idempotency_conflict`` when the key stood for another request (``request`` is its digest).
    """
    tx.connection.execute("DELETE FROM answers WHERE expires_at <= ?", (now.timestamp(),))
    row = tx.connection.execute(
        "SELECT digest, status, body FROM answers WHERE idempotency_key = ?", (key,)
    ).fetchone()
    if row is None:
        return None
    if row[0] != request:
        raise Refusal("idempotency_conflict", "幂等键已被另一请求使用")
    return Answer(row[1], row[2])


def remember(tx: Transaction, key: str, request: str, answer: Answer, now: datetime) -> None:
    tx.connection.execute(
        "INSERT INTO answers VALUES (?, ?, ?, ?, ?)",
        (key, request, answer.status, answer.body, (now + _KEPT_FOR).timestamp()),
    )


def record_execution(tx: Transaction, key: str, operation: str, customer_id: str, now: datetime) -> None:
    """Notes that a write took effect; unlike answers, these notes are kept for good."""
    tx.connection.execute(
        "INSERT INTO executions (idempotency_key, operation, customer_id, executed_at) VALUES (?, ?, ?, ?)",
        (key, operation, customer_id, now.isoformat()),
    )


def executions(tx: Transaction) -> list[dict[str, str | int]]:
    """How often each key took effect, oldest first."""
    rows = tx.connection.execute(
        "SELECT idempotency_key, operation, customer_id, count(*), max(executed_at) FROM executions "
        "GROUP BY idempotency_key, operation, customer_id ORDER BY min(id)"
    )
    names = ("idempotency_key", "operation", "customer_id", "executions", "last_executed_at")
    return [dict(zip(names, row, strict=True)) for row in rows]
