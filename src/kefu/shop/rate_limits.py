"""The contract's limit on calls: so many reads and writes a second for each token."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kefu.shop.problems import Refusal

_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Calls a second and token."""

    reads: int = 50
    writes: int = 10


class RateLimiter:
    """A sliding window: any second holds at most the limit. ``timer`` gives monotonic seconds."""

    def __init__(self, limits: RateLimits, timer: Callable[[], float]) -> None:
        self._limits = limits
        self._timer = timer
        self._recent: dict[tuple[str, str], deque[float]] = {}

    def take(self, token: str, kind: Literal["read", "write"]) -> None:
        """Counts one call; raises ``rate_limited`` with whole seconds to wait when the window is full."""
        limit = self._limits.writes if kind == "write" else self._limits.reads
        calls = self._recent.setdefault((token, kind), deque(maxlen=limit))
        now = self._timer()
        if len(calls) == limit and (wait := calls[0] + _WINDOW_S - now) > 0:
            raise Refusal("rate_limited", "请求过于频繁", retry_after=max(1, math.ceil(wait)))
        calls.append(now)
