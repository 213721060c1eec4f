"""How well entities are found: marked spans against those that understanding found."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kefu.learning.figures import LabelScore, Rate, label_score, proportion
from kefu.understanding.catalogue import Mark
from kefu.understanding.reading import Entity

ALL = "*"
"""Stands for every type."""


@dataclass(frozen=True, slots=True)
class EntityScore:
    """`exact` counts entities of the right type with exactly the marked span, `overlapping` those that share
    a character with it. `values`: of the exact ones whose mark gives a value, how many have that value."""

    exact: LabelScore
    overlapping: LabelScore
    values: Rate


@dataclass(frozen=True, slots=True)
class EntityFigures:
    """`by_type` has every type that was marked or found, in alphabetical order."""

    messages: int
    overall: EntityScore
    by_type: Mapping[str, EntityScore]


def entity_figures(messages: Iterable[tuple[Sequence[Mark], Sequence[Entity]]]) -> EntityFigures:
    """The figures of messages, each with its marks and with the entities that were found in it."""
    counts: Counter[tuple[str, str]] = Counter()
    number = 0
    for marks, entities in messages:
        number += 1
        for kind, what in _counted(marks, entities):
            counts[kind, what] += 1
            counts[ALL, what] += 1
    types = sorted({kind for kind, _ in counts} - {ALL})
    return EntityFigures(number, _score(counts, ALL), {kind: _score(counts, kind) for kind in types})


def _counted(marks: Sequence[Mark], entities: Sequence[Entity]) -> Iterable[tuple[str, str]]:
    """Everything that is to be counted in one message: the type, and as what."""
    left = list(entities)
    for entity in entities:
        yield entity.type, "found"
    for mark in marks:
        yield mark.type, "truth"
        exact = next((entity for entity in entities if _span(entity) == _span(mark)), None)
        if exact is not None:
            yield mark.type, "exact"
            if mark.value is not None:
                yield mark.type, "valued"
                if str(mark.value) == str(exact.value):
                    yield mark.type, "value right"
        # One entity cannot stand for two marks.
        touching = exact if exact in left else next((e for e in left if _overlap(mark, e)), None)
        if touching is not None:
            left.remove(touching)
            yield mark.type, "overlapping"


def _span(part: Mark | Entity) -> tuple[str, int, int]:
    return part.type, part.start, part.end


def _overlap(mark: Mark, entity: Entity) -> bool:
    return mark.type == entity.type and mark.start < entity.end and entity.start < mark.end


def _score(counts: Counter[tuple[str, str]], kind: str) -> EntityScore:
    truth, found = counts[kind, "truth"], counts[kind, "found"]
    return EntityScore(
        label_score(truth, found, counts[kind, "exact"]),
        label_score(truth, found, counts[kind, "overlapping"]),
        proportion(counts[kind, "value right"], counts[kind, "valued"]),
    )
