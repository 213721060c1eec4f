"""Phrases in a short notation, for what customers describe in many words instead of naming it.

`太(大|小)了?` stands for 太大, 太大了, 太小 and 太小了: `(a|b)` for one of several, `?` for what may be
missing (the character or the group before it), `和*不一样` for anything short between two parts. There is no
repetition, so that no message can make matching slow.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

WIDEST_GAP = 8
"""Characters that a gap stands for at most; it never goes beyond a clause."""

_GAP = rf"[^,，。.!?;:、\n]{{0,{WIDEST_GAP}}}?"
_MOST_KEYS = 400
_LONG_ENOUGH = 3
"""A key of this length is found by chance rarely enough."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`pattern` is the phrase as a regular expression; every text that it matches holds one of `keys`.

    No match is longer than `longest`.
    """

    pattern: str
    keys: frozenset[str]
    longest: int


def parse(phrase: str) -> Phrase:
    """The phrase in a form that can be sought.

    Raises:
        ValueError: for a text that is not of the notation, or that could match nothing at all.
    """
    parts, end = _choice(phrase, 0)
    if end < len(phrase):
        raise ValueError(f"`{phrase}`: a parenthesis closes that never opened")
    keys = _keys(parts)
    if not keys:
        raise ValueError(f"`{phrase}`: at least one part must not be optional")
    return Phrase(_pattern(parts), keys, _longest(parts))


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


@dataclass(frozen=True, slots=True)
class _Gap:
    pass


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several sequences, or none where it is `optional`."""

    among: tuple[tuple["_Part", ...], ...]
    optional: bool = False


_Part = _Text | _Gap | _Choice


def _choice(phrase: str, start: int) -> tuple[_Choice, int]:
    """The alternatives from `start`, and where they end: at a closing parenthesis or the phrase's end."""
    first, end = _sequence(phrase, start)
    among = [first]
    while end < len(phrase) and phrase[end] == "|":
        following, end = _sequence(phrase, end + 1)
        among.append(following)
    return _Choice(tuple(among)), end


def _sequence(phrase: str, start: int) -> tuple[tuple[_Part, ...], int]:
    parts: list[_Part] = []
    place = start
    while place < len(phrase) and phrase[place] not in "|)":
        part: _Part
        match phrase[place]:
            case "(":
                part, place = _choice(phrase, place + 1)
                if place == len(phrase):
                    raise ValueError(f"`{phrase}`: a parenthesis does not close")
            case "?":
                raise ValueError(f"`{phrase}`: `?` must follow a character or a group")
            case "*":
                part = _Gap()
            case character:
                part = _Text(character)
        place += 1
        if place < len(phrase) and phrase[place] == "?":
            part, place = _Choice(((part,),), optional=True), place + 1
        parts.append(part)
    return tuple(parts), place


def _pattern(part: _Part) -> str:
    match part:
        case _Text(text):
            return re.escape(text)
        case _Gap():
            return _GAP
        case _Choice(among, optional):
            # The longest first, since the first that fits is taken.
            ordered = sorted(among, key=lambda each: -sum(map(_longest, each)))
            within = "|".join("".join(map(_pattern, sequence)) for sequence in ordered)
            return f"(?:{within}){'?' if optional else ''}"


def _longest(part: _Part) -> int:
    match part:
        case _Text(text):
            return len(text)
        case _Gap():
            return WIDEST_GAP
        case _Choice(among):
            return max(sum(map(_longest, sequence)) for sequence in among)


def _keys(part: _Choice) -> frozenset[str]:
    """Texts of which every match holds one; none where there are no such."""
    sets = [_best(_runs(sequence)) for sequence in part.among]
    return frozenset[str]().union(*sets) if all(sets) else frozenset()


def _runs(sequence: Sequence[_Part]) -> Iterator[frozenset[str]]:
    """For each run of neighbouring parts the texts that it stands for, as far as they are few and exact."""
    for index, part in enumerate(sequence):
        if isinstance(part, _Choice) and not part.optional:
            yield _keys(part)
        texts = frozenset([""])
        for following in sequence[index:]:
            more = _exact(following)
            if more is None or len(texts) * len(more) > _MOST_KEYS:
                break
            texts = frozenset(map("".join, product(texts, more)))
            yield texts


def _best(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """Of several sets that would do the one with the longest texts, and of these the smallest."""

    def worth(texts: frozenset[str]) -> tuple[int, int]:
        return min(_LONG_ENOUGH, *map(len, texts)) if texts else 0, -len(texts)

    best = reduce(lambda one, other: max(one, other, key=worth), sets, frozenset[str]())
    return best if all(best) else frozenset()


def _exact(part: _Part) -> frozenset[str] | None:
    """All texts of a part, or None when they are too many or hold a gap."""
    match part:
        case _Text(text):
            return frozenset([text])
        case _Gap():
            return None
        case _Choice(among, optional):
            found = {""} if optional else set[str]()
            for sequence in among:
                each = [_exact(inner) for inner in sequence]
                known = [texts for texts in each if texts is not None]
                if len(known) < len(each) or _combinations(known) > _MOST_KEYS:
                    return None
                found |= set(map("".join, product(*known)))
            return frozenset(found) if len(found) <= _MOST_KEYS else None


def _combinations(sets: Iterable[frozenset[str]]) -> int:
    return reduce(lambda count, texts: count * len(texts), sets, 1)
