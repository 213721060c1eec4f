"""A grounded answer: text taken from passages, each use numbered, or an honest "not in the material"."""

from dataclasses import dataclass
from typing import Protocol

from kefu.conversation.messages import Citation
from kefu.knowledge.passages import Hit, Query


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` carries its citation marks (`[1]`); each index stands once in `citations`."""

    text: str
    citations: tuple[Citation, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class NotInMaterial:
    """Nothing found supports an answer. `nearest` is what came closest, for the operators' inbox."""

    nearest: tuple[Hit, ...]


class Answerer(Protocol):
    def answer(self, query: Query) -> Answer | NotInMaterial:
        """An answer composed only of retrieved text."""
        ...
