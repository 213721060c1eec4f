"""The trace of a turn: what each stage did and how long it took. Kept beside the log, never read by it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kefu.conversation.values import Record, Value


@dataclass(frozen=True, slots=True)
class Stage:
    """`name` is the design's word for the step, such as `understand`; times are in milliseconds."""

    name: str
    duration_ms: float
    detail: Record = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class TurnTrace:
    """`stages` in the order in which they ended."""

    stages: tuple[Stage, ...]
    total_ms: float

    def duration_of(self, name: str) -> float:
        """Milliseconds spent in all stages of that name."""
        return sum(stage.duration_ms for stage in self.stages if stage.name == name)


class Tracer:
    """Collects the stages of one turn. `monotonic` counts seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._begin = monotonic()
        self._stages: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Generator[dict[str, Value]]:
        """Times a stage; what the block puts into the yielded mapping becomes its detail."""
        begin = self._monotonic()
        detail: dict[str, Value] = {}
        try:
            yield detail
        finally:
            self._stages.append(Stage(name, (self._monotonic() - begin) * 1000, detail))

    def finish(self) -> TurnTrace:
        return TurnTrace(tuple(self._stages), (self._monotonic() - self._begin) * 1000)
