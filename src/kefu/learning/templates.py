"""Template families: utterances of one intent that were written by filling in the same sentence.

Marks with a value stay as they are worded: how a reason is put is the author's own sentence, which product
is named is not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kefu.learning.likeness import compared
from kefu.understanding.catalogue import Mark, Utterance

LARGEST_FAMILY = 3
"""Utterances that may be the same but for entities and numbers: a classifier learns no more from a fourth."""

PIECE = 8
"""Characters. Chinese of that length in many utterances is a sentence that was filled in, not a phrase."""
FEWEST_WITH_PIECE = 6
SHARE_WITH_PIECE = 0.04
"""A piece may be in so many utterances of its intent, or in that share of them, whichever is more."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Family:
    """Utterances that share `pattern`, by their rows: the whole sentence, or one piece of it."""

    pattern: str
    rows: tuple[int, ...]


def filled_in(utterances: Sequence[Utterance]) -> Iterator[Family]:
    """Too many utterances that are equal when entities are replaced by their type and numbers by 0."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, utterance in enumerate(utterances):
        rows[_skeleton(utterance)].append(row)
    for pattern, family in rows.items():
        if len(family) > LARGEST_FAMILY:
            yield Family(pattern, tuple(family))


def repeated_pieces(utterances: Sequence[Utterance]) -> Iterator[Family]:
    """Chinese pieces, entities aside, that too many utterances share: the first piece of each family."""
    limit = max(FEWEST_WITH_PIECE, int(SHARE_WITH_PIECE * len(utterances)))
    rows: dict[str, set[int]] = defaultdict(set)
    for row, utterance in enumerate(utterances):
        for piece in _pieces(utterance):
            rows[piece].add(row)
    common = {piece: frozenset(found) for piece, found in rows.items() if len(found) > limit}
    for family, piece in _by_family(common).items():
        yield Family(piece, tuple(sorted(family)))


def _skeleton(utterance: Utterance) -> str:
    parts = [_NUMBER.sub("0", compared(text)) for text in _between(utterance)]
    types = [f"<{mark.type}>" for mark in _names(utterance)]
    return "".join(part for pair in zip(parts, [*types, ""], strict=True) for part in pair)


def _pieces(utterance: Utterance) -> Iterator[str]:
    for text in _between(utterance):
        for run in _HAN.findall(compared(text)):
            yield from (run[i : i + PIECE] for i in range(len(run) - PIECE + 1))


def _between(utterance: Utterance) -> Iterator[str]:
    """The texts before, between and after the names: one more than there are names."""
    end = 0
    for mark in _names(utterance):
        yield utterance.text[end : mark.start]
        end = mark.end
    yield utterance.text[end:]


def _names(utterance: Utterance) -> list[Mark]:
    return [mark for mark in utterance.marks if mark.value is None]


def _by_family(pieces: Mapping[str, frozenset[int]]) -> Mapping[frozenset[int], str]:
    """One piece for each set of utterances; a set within a larger one is the same family again."""
    found: dict[frozenset[int], str] = {}
    for piece, rows in sorted(pieces.items(), key=lambda item: -len(item[1])):
        if not any(rows <= larger for larger in found):
            found[rows] = piece
    return found
