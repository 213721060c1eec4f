"""The embedded index: tantivy proposes by words and by characters, the ranking decides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import tantivy

from kefu.conversation.ids import PassageId
from kefu.knowledge.evidence import Weights
from kefu.knowledge.passages import Audience, Hit, Passage, Query
from kefu.knowledge.ranking import Asked, Ranking
from kefu.knowledge.segment import Segmenter

# Each costs some 30 µs. Ranking every passage instead finds one development question of 225 more.
_SHORTLIST = 24
_PROPOSED = 30  # by each of the two fields
_RANK_OFFSET = 60  # reciprocal rank fusion, Cormack et al. 2009
_HEAP_BYTES = 15_000_000  # the least that tantivy takes for one indexing thread
_REMEMBERED = 2048  # searches; each takes 1 kB and its text
_ALWAYS = (date.min.toordinal(), date.max.toordinal())

_Conditions = list[tuple[tantivy.Occur, tantivy.Query]]


class EmbeddedIndex:
    """Built anew from its passages: 800 take a third of a second. Safe to search from several threads.

    With a `folder` the index lies there instead of in memory; what the folder held before is replaced.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        segmenter: Segmenter,
        folder: Path | None = None,
        weights: Weights | None = None,
    ) -> None:
        self._passages = tuple(passages)
        self._by_id = {passage.passage_id: passage for passage in passages}
        self._ranking = Ranking(passages, segmenter, weights)
        self._schema = _schema()
        self._index = _index(self._schema, folder)
        self._write()
        self._searcher = self._index.searcher()
        # Customers ask alike, and what is searched never changes.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._search)

    def search(self, query: Query) -> tuple[Hit, ...]:
        return self._remembered(query.text, query.at.date(), query.audience, query.limit)

    def get(self, passage_id: PassageId) -> Passage | None:
        return self._by_id.get(passage_id)

    def _search(self, text: str, day: date, audience: Audience, limit: int) -> tuple[Hit, ...]:
        asked = self._ranking.ask(text)
        return self._ranking.rank(asked, self._shortlist(asked, self._visible(day, audience)), limit)

    def _shortlist(self, asked: Asked, visible: _Conditions) -> list[int]:
        """The positions that both fields together propose, of passages that are `visible`."""
        fused: defaultdict[int, float] = defaultdict(float)
        words = {*asked.terms.words, *(wide for wider in asked.wider.values() for wide in wider)}
        for field, terms in (("words", words), ("grams", set(asked.terms.grams))):
            for rank, position in enumerate(self._proposed(field, terms, visible)):
                fused[position] += 1 / (_RANK_OFFSET + rank)
        return sorted(fused, key=lambda position: -fused[position])[:_SHORTLIST]

    def _proposed(self, field: str, terms: Iterable[str], visible: _Conditions) -> list[int]:
        any_term = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, field, term, "freq"))
            for term in sorted(terms)
        ]
        if not any_term:
            return []
        found = self._searcher.search(
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, tantivy.Query.boolean_query(any_term)), *visible]
            ),
            limit=_PROPOSED,
            count=False,
        )
        addresses = [address for _, address in found.hits]
        positions = self._searcher.fast_field_values("position", addresses)
        return [position for position in positions if isinstance(position, int)]

    def _visible(self, of: date, audience: Audience) -> _Conditions:
        day = of.toordinal()
        conditions = (
            tantivy.Query.term_query(self._schema, "audience", audience, "basic"),
            _range(self._schema, "since", _ALWAYS[0], day),
            _range(self._schema, "until", day, _ALWAYS[1]),
        )
        # A condition must not add to the score by which the shortlist is ordered.
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in conditions]

    def _write(self) -> None:
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        writer.delete_all_documents()
        for position, terms in enumerate(self._ranking.indexed()):
            passage = self._passages[position]
            document = tantivy.Document()
            document.add_text("words", " ".join(terms.words))
            document.add_text("grams", " ".join(terms.grams))
            document.add_text("audience", " ".join(sorted(passage.audience)))
            document.add_integer("position", position)
            document.add_integer("since", _ordinal(passage.effective_from, _ALWAYS[0]))
            document.add_integer("until", _ordinal(passage.effective_to, _ALWAYS[1]))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field, option in (("words", "freq"), ("grams", "freq"), ("audience", "basic")):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option=option)
    for field in ("position", "since", "until"):
        builder.add_integer_field(field, indexed=True, fast=True)
    return builder.build()


def _index(schema: tantivy.Schema, folder: Path | None) -> tantivy.Index:
    if folder is None:
        return tantivy.Index(schema)
    folder.mkdir(parents=True, exist_ok=True)
    return tantivy.Index(schema, path=str(folder))


def _range(schema: tantivy.Schema, field: str, first: int, last: int) -> tantivy.Query:
    return tantivy.Query.range_query(schema, field, tantivy.FieldType.Integer, first, last)


def _ordinal(day: date | None, otherwise: int) -> int:
    return day.toordinal() if day else otherwise
