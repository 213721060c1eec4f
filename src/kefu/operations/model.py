"""An operation as Kefu sees it, and the port through which one is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from kefu.conversation.ids import CustomerId
from kefu.conversation.values import Record, Value

Kind = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Operation:
    """`arguments` maps each argument to whether it is required; `refusals` are the codes it may answer."""

    name: str
    kind: Kind
    arguments: Mapping[str, bool]
    summary: str = ""
    refusals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Call:
    """One call, ready to send.

    Writes carry an `idempotency_key` and the time of the customer's yes; both stay the same over retries.
    """

    operation: str
    arguments: Record
    customer_id: CustomerId
    idempotency_key: str | None = None
    confirmed_at: datetime | None = None


class BackOffice(Protocol):
    """The merchant's order system. Adapters and fakes pass `tests/contracts/back_office.py`."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        """What can be called, by name."""
        ...

    async def run(self, call: Call) -> Value:
        """The result, as JSON data.

        Raises:
            OperationRefused: the back office said no; `reason` is its own code.
            OperationUnavailable: it certainly did not carry out the call.
            OperationUnknown: a write was sent and no answer came; it may have happened.
        """
        ...
