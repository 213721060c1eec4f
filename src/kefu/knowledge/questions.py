"""Questions with known answers, and how well search and answers do on them."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

import yaml

from kefu.errors import Problem
from kefu.knowledge.answers import Answer, Answerer
from kefu.knowledge.passages import PassageIndex, Query
from kefu.yaml_nodes import compose

Kind = Literal["faq", "document", "date", "unanswerable"]
_KEYS = frozenset({"ask", "sources", "facts", "at"})
_FOUND_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Question:
    """`sources`: where the answer stands, any of them; none for what the material does not answer.

    `facts`: what the shown answer must contain, white space aside. `at`: when it is asked, if not now.
    """

    kind: Kind
    ask: str
    sources: frozenset[str] = frozenset()
    facts: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`rank` counts from 1 and is None when no right source was among the first five."""

    question: Question
    rank: int | None
    answered: bool
    factual: bool


@dataclass(frozen=True, slots=True)
class Report:
    outcomes: tuple[Outcome, ...]

    def hit_at(self, depth: int, kind: Kind) -> float:
        """The share of the kind's questions with a right source among the first `depth` hits."""
        return _share(one.rank is not None and one.rank <= depth for one in self._of(kind))

    def factual(self, kind: Kind) -> float:
        """The share whose shown answer holds every required fact."""
        return _share(one.factual for one in self._of(kind))

    @property
    def refused(self) -> float:
        """The share of answerable questions that got no answer."""
        return _share(not one.answered for one in self.outcomes if one.question.sources)

    @property
    def invented(self) -> float:
        """The share of unanswerable questions that got one."""
        return _share(one.answered for one in self.outcomes if not one.question.sources)

    def summary(self) -> str:
        """A line for each kind of question, and one for what was refused and invented."""
        shares = [
            f"{kind}: hit@1 {self.hit_at(1, kind):.3f}, hit@3 {self.hit_at(3, kind):.3f}, "
            f"hit@5 {self.hit_at(5, kind):.3f}, facts {self.factual(kind):.3f}"
            for kind in ("faq", "document", "date")
        ]
        return "\n".join([*shares, f"refused {self.refused:.3f}, invented {self.invented:.3f}"])

    def _of(self, kind: Kind) -> Iterator[Outcome]:
        return (one for one in self.outcomes if one.question.kind == kind)


def measure(questions: Sequence[Question], index: PassageIndex, answerer: Answerer, at: datetime) -> Report:
    """Asks every question at its own time, or else at `at`."""
    return Report(tuple(_outcome(question, index, answerer, question.at or at) for question in questions))


def _outcome(question: Question, index: PassageIndex, answerer: Answerer, at: datetime) -> Outcome:
    query = Query(question.ask, at, limit=_FOUND_WITHIN)
    ranks = [
        rank
        for rank, hit in enumerate(index.search(query), start=1)
        if hit.passage.source in question.sources
    ]
    answer = answerer.answer(query)
    text = _squeezed(answer.text) if isinstance(answer, Answer) else ""
    return Outcome(
        question=question,
        rank=ranks[0] if ranks else None,
        answered=isinstance(answer, Answer),
        factual=bool(text) and all(_squeezed(fact) in text for fact in question.facts),
    )


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _share(cases: Iterator[bool]) -> float:
    found = list(cases)
    return sum(found) / len(found) if found else 0.0


def read_questions(text: str, file: str) -> tuple[tuple[Question, ...], tuple[Problem, ...]]:
    """The sound questions of a YAML file, listed there under their kind, and what is wrong with others."""
    problems: list[Problem] = []
    try:
        root = compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return (), (Problem(file, line, f"not YAML: {error.problem}"),)
    questions: list[Question] = []
    for kind, node in _entries(root):
        if kind not in get_args(Kind) or not isinstance(node, yaml.SequenceNode):
            expected = ", ".join(get_args(Kind))
            problems.append(Problem(file, _line(node), f"`{kind}` must be a list named one of {expected}"))
            continue
        for entry in node.value:
            question, fault = _question(kind, entry)
            if fault:
                problems.append(Problem(file, _line(entry), fault))
            else:
                questions.append(question)
    return tuple(questions), tuple(problems)


def _question(kind: str, node: yaml.Node) -> tuple[Question, str]:
    fields = dict(_entries(node))
    ask, at = _text(fields.get("ask")), _text(fields.get("at"))
    question = Question(
        kind=next(known for known in get_args(Kind) if known == kind),
        ask=ask,
        sources=frozenset(_texts(fields.get("sources"))),
        facts=tuple(_texts(fields.get("facts"))),
    )
    if unknown := fields.keys() - _KEYS:
        return question, f"unknown key `{min(unknown)}`; known are {', '.join(sorted(_KEYS))}"
    if not ask:
        return question, "`ask` is missing"
    if bool(question.sources) == (kind == "unanswerable"):
        return question, "`sources` must name where the answer stands, and only there where there is one"
    if not at:
        return question, ""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return question, f"`at` must be a moment such as 2026-12-05T10:00:00+08:00, not `{at}`"
    return replace(question, at=moment), "" if moment.tzinfo else "`at` must name its offset from UTC"


def _entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
        yield from ((_text(key), value) for key, value in pairs)


def _texts(node: yaml.Node | None) -> Iterator[str]:
    if isinstance(node, yaml.SequenceNode):
        yield from (_text(entry) for entry in node.value)


def _text(node: yaml.Node | None) -> str:
    return node.value.strip() if isinstance(node, yaml.ScalarNode) else ""


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
