"""Answers made of retrieved text alone: nothing is written here that no passage says."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kefu.conversation.messages import Citation
from kefu.knowledge.answers import Answer, NotInMaterial
from kefu.knowledge.passages import Hit, Passage, PassageIndex, Query
from kefu.knowledge.segment import Segmenter

THRESHOLD = 0.33
"""Below it the material is taken to be silent. It was chosen on the development questions, where one
answerable question in ten is refused and one unanswerable one in five is answered. On the held-out
questions three answerable ones in ten are refused and three unanswerable ones in twenty are answered."""

_LONGEST = 300  # characters of one answer's excerpts, unless they are steps
_ROWS = 3
_ROW_MARGIN = 0.05
_CANDIDATES = 8
_NEAREST = 3
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?|\n")
_PROCEDURE = re.compile(r"怎么|怎样|如何|咋|流程|步骤|操作|办理|手续|how (?:to|do|can)", re.IGNORECASE)
_FULL_STOPS = "。！？.!?"


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """What is shown of one hit."""

    hit: Hit
    text: str


class ExtractiveAnswerer:
    """Answers with the best passage's own words, cut to what was asked.

    `threshold` is the least score that counts as an answer: raise it to refuse more and invent less.
    """

    def __init__(self, index: PassageIndex, segmenter: Segmenter, threshold: float = THRESHOLD) -> None:
        self._index = index
        self._segmenter = segmenter
        self._threshold = threshold

    def answer(self, query: Query) -> Answer | NotInMaterial:
        hits = self._index.search(replace(query, limit=max(query.limit, _CANDIDATES)))
        if not hits or hits[0].score < self._threshold:
            return NotInMaterial(hits[:_NEAREST])
        best = hits[0]
        if best.passage.kind == "row":
            excerpts = [_Excerpt(hit, hit.passage.text) for hit in _rows_beside(best, hits)]
        else:
            excerpts = [_Excerpt(best, self._excerpt(best.passage, query.text))]
        return _composed(excerpts)

    def _excerpt(self, passage: Passage, question: str) -> str:
        if passage.kind == "faq" or len(passage.text) <= _LONGEST:
            return passage.text
        if passage.kind == "steps" and _PROCEDURE.search(question):
            return passage.text
        return self._window(passage.text, question)

    def _window(self, text: str, question: str) -> str:
        """The sentence that says most of what is asked, with as many neighbours as there is room for."""
        sentences = [match.group() for match in _SENTENCE.finditer(text)]
        first = last = self._most_telling(sentences, question)
        while True:
            narrow = (first, last)
            if last + 1 < len(sentences) and _length(sentences, first, last + 1) <= _LONGEST:
                last += 1
            if first > 0 and _length(sentences, first - 1, last) <= _LONGEST:
                first -= 1
            if (first, last) == narrow:
                return "".join(sentences[first : last + 1]).strip()

    def _most_telling(self, sentences: Sequence[str], question: str) -> int:
        """A term that every sentence has tells none of them apart, therefore the weight by rarity here."""
        asked = self._segmenter.terms(question)
        grams = [frozenset(self._segmenter.terms(sentence).grams) for sentence in sentences]
        spread = Counter(gram for one in grams for gram in one)
        wanted = {gram: 1 / spread[gram] for gram in asked.grams if gram in spread}
        told = [sum(weight for gram, weight in wanted.items() if gram in one) for one in grams]
        return told.index(max(told))


def title_of(passage: Passage) -> str:
    """What a citation is headed by: a FAQ's question, or the document and the place in it."""
    return " › ".join((passage.title, *passage.heading))


def _rows_beside(best: Hit, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The best row, and those of the same table that fit nearly as well: the question did not choose."""
    yield best
    left, room = _ROWS - 1, _LONGEST - len(best.passage.text)
    for hit in hits[1:]:
        same_table = (hit.passage.source, hit.passage.heading) == (best.passage.source, best.passage.heading)
        close = hit.passage.kind == "row" and hit.score >= best.score - _ROW_MARGIN
        if left and same_table and close and len(hit.passage.text) <= room:
            left, room = left - 1, room - len(hit.passage.text)
            yield hit


def _composed(excerpts: Sequence[_Excerpt]) -> Answer:
    lines = [f"{_ended(excerpt.text)}[{index}]" for index, excerpt in enumerate(excerpts, start=1)]
    first = excerpts[0].hit.passage
    if first.kind != "faq":
        place = first.heading[-1] if first.heading else first.title
        lines = [f"{place}：" + ("\n" if len(lines) > 1 or "\n" in lines[0] else "") + lines[0], *lines[1:]]
    citations = tuple(
        Citation(
            index=index,
            passage_id=excerpt.hit.passage.passage_id,
            source=excerpt.hit.passage.source,
            title=title_of(excerpt.hit.passage),
            score=round(excerpt.hit.score, 4),
        )
        for index, excerpt in enumerate(excerpts, start=1)
    )
    return Answer("\n".join(lines), citations, excerpts[0].hit.score)


def _ended(text: str) -> str:
    return text if text.endswith(tuple(_FULL_STOPS)) else f"{text.rstrip('；;，,：:')}。"


def _length(sentences: Sequence[str], first: int, last: int) -> int:
    return sum(len(sentence) for sentence in sentences[first : last + 1])
