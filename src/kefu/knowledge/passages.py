"""A passage: the piece of knowledge that is found, shown and cited."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from kefu.conversation.ids import PassageId

Audience = Literal["customer", "agent"]


@dataclass(frozen=True, slots=True)
class Passage:
    """`source` is what a citation shows, such as `faq:F012` or `handbook:HB-04`; `heading`: outermost first.

    `questions` are phrasings that the passage answers: searched, never shown. `text` is what is shown.
    """

    passage_id: PassageId
    source: str
    kind: Literal["faq", "section", "row", "steps"]
    title: str
    heading: tuple[str, ...]
    text: str
    questions: tuple[str, ...] = ()
    category: str = ""
    audience: frozenset[Audience] = frozenset({"customer", "agent"})
    language: str = "zh-Hans"
    effective_from: date | None = None
    effective_to: date | None = None

    def in_force(self, at: datetime) -> bool:
        day = at.date()
        started = self.effective_from is None or self.effective_from <= day
        return started and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. `score` is between 0 and 1 and comparable between queries."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. `at` selects the rules in force at that time; `audience` hides what is not theirs."""

    text: str
    at: datetime
    audience: Audience = "customer"
    limit: int = 5

    def may_see(self, passage: Passage) -> bool:
        """Whether the passage is written for this audience and in force at the time asked about."""
        return self.audience in passage.audience and passage.in_force(self.at)


class PassageIndex(Protocol):
    """Hybrid search over passages. A rebuildable cache: whatever it holds can be made again."""

    def search(self, query: Query) -> tuple[Hit, ...]:
        """The best passages first, at most `limit`."""
        ...

    def get(self, passage_id: PassageId) -> Passage | None: ...
