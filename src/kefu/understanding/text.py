"""Cleaning: the message as the tiers match it, with the way back to the message as it was typed.

Matching is done on half-width, lower-case, simplified text without invisible characters and emoji. Answers,
slots and entity spans always speak of the text as typed.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from kefu.understanding.scripts import simplified

LONGEST_MESSAGE = 2000
"""Characters that understanding looks at. What stands beyond has never changed a request."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SYMBOLS = frozenset({"So", "Sk"})
_MEANING = {"👌": "好", "👍": "好", "✅": "好", "🆗": "ok", "❌": "不", "🙅": "不", "🙏": "谢谢", "💢": "气"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text[i]` comes from character number `origin[i]` of `typed`."""

    typed: str
    text: str
    origin: tuple[int, ...]

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the non-empty span `text[start:end]` begins and ends in `typed`."""
        return self.origin[start], self.origin[end - 1] + 1

    def cleaned_span(self, start: int, end: int) -> tuple[int, int]:
        """The part of `text` that `typed[start:end]` became; empty when nothing is left of it."""
        return bisect_left(self.origin, start), bisect_left(self.origin, end)


def clean(typed: str) -> Cleaned:
    """The matching form of any string, lone surrogates included."""
    head = typed[:LONGEST_MESSAGE]
    if head.isascii() and head.isprintable():
        return Cleaned(typed, head.lower(), tuple(range(len(head))))
    pairs = [(letter, index) for index, character in enumerate(head) for letter in _matching_form(character)]
    folded = "".join(letter for letter, _ in pairs)
    return Cleaned(typed, simplified(folded), tuple(index for _, index in pairs))


def squeezed(text: str) -> str:
    """The text without white space and punctuation."""
    return "".join(letter for letter in text if unicodedata.category(letter)[0] in "LNM")


@cache
def _matching_form(character: str) -> str:
    if character in _MEANING:
        return _MEANING[character]
    if character in "\t\n\r\u3000":
        return " "
    if character == "，":
        return character  # half width, it would join 500，249元 to one number
    category = unicodedata.category(character)
    if category in _INVISIBLE or 0xFE00 <= ord(character) <= 0xFE0F or category == "Me":
        return ""
    if category in _SYMBOLS:
        return " " if ord(character) > 0xFF else character
    return unicodedata.normalize("NFKC", character).lower()
