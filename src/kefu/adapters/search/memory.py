"""The index without an engine: every question meets every passage. For tests and small material."""

from collections.abc import Sequence

from kefu.conversation.ids import PassageId
from kefu.knowledge.evidence import Weights
from kefu.knowledge.passages import Hit, Passage, Query
from kefu.knowledge.ranking import Ranking
from kefu.knowledge.segment import Segmenter


class MemoryIndex:
    """The exact result that an engine's shortlist approximates."""

    def __init__(
        self, passages: Sequence[Passage], segmenter: Segmenter, weights: Weights | None = None
    ) -> None:
        self._passages = tuple(passages)
        self._ranking = Ranking(passages, segmenter, weights)
        self._by_id = {passage.passage_id: passage for passage in passages}

    def search(self, query: Query) -> tuple[Hit, ...]:
        shown = [position for position, passage in enumerate(self._passages) if query.may_see(passage)]
        return self._ranking.rank(self._ranking.ask(query.text), shown, query.limit)

    def get(self, passage_id: PassageId) -> Passage | None:
        return self._by_id.get(passage_id)
