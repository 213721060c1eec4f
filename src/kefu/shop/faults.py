"""Faults on purpose, for tests and drills: what a real back office does on a bad day."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as a fault plan sees it, before anything is checked."""

    operation: str
    customer_id: str | None
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Delay:
    """Answer late: ``before`` the work is done, or ``after`` it is committed."""

    seconds: float
    when: Literal["before", "after"] = "before"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """503 and nothing done."""

    retry_after_s: int = 1


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The work is done and committed, and the caller sees a 503 all the same."""

    retry_after_s: int = 1


Fault: TypeAlias = Delay | Unavailable | AnswerLost


class Faults(Protocol):
    """Consulted once a request; ``None`` lets it pass."""

    def __call__(self, incoming: Incoming, /) -> Fault | None: ...


def no_faults(_incoming: Incoming, /) -> Fault | None:
    """Every day is a good day."""
    return None
