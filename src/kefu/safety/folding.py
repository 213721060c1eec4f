"""Text as recognisers read it, with the way back to the text as it was typed."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_CHINESE_DIGITS = str.maketrans("零〇幺一二三四五六七八九", "001123456789")
_SPOKEN_NUMBER = re.compile(r"[零〇幺一二三四五六七八九]{7,}")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Mn"})


@dataclass(frozen=True, slots=True)
class Folded:
    """`text[i]` comes from the original's character number `origin[i]`."""

    text: str
    origin: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the non-empty span `text[start:end]` begins and ends in the original."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Half-width and lower case, no invisible characters, numbers that were read out as digits."""
    if text.isascii() and text.isprintable():
        return Folded(text.lower(), tuple(range(len(text))))
    pairs = [(letter, index) for index, character in enumerate(text) for letter in _folded(character)]
    plain = "".join(letter for letter, _ in pairs)
    # A translation keeps lengths, so the origins stay right.
    digits = _SPOKEN_NUMBER.sub(lambda run: run[0].translate(_CHINESE_DIGITS), plain)
    return Folded(digits, tuple(index for _, index in pairs))


@cache
def _folded(character: str) -> str:
    if unicodedata.category(character) in _DROPPED and character not in "\t\n\r":
        return ""
    return unicodedata.normalize("NFKC", character).lower()
