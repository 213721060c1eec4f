"""Whether the original packaging is still there."""

import re
from collections.abc import Iterator

from kefu.understanding.described import Phrases, phrases_of
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.spans import Span

UNOPENED = "unopened"
"""The list that counts only where goods are to go back: 未拆封 may also be a question about keeping."""

_VALUES = {"true": True, "false": False, UNOPENED: True}
_GOES_BACK = re.compile("退|换|寄回|return|exchange|refund")


class Packaging:
    """Finds in cleaned text what the phrases of the pack's lexicon say about the packaging."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        self._phrases = Phrases(phrases_of(lexicon))

    def find(self, text: str) -> Iterator[Span]:
        """Spans with true, false, or null for a list of the lexicon that has no meaning."""
        for start, end, key in self._phrases.find(text):
            if key != UNOPENED or _GOES_BACK.search(text):
                yield Span("has_package", start, end, _VALUES.get(key))
