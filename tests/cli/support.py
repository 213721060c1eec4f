"""How a command ended."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """The exit code, with what was printed."""

    code: int
    out: str
    err: str


Kefu = Callable[..., Ran]
