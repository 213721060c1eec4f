"""How a customer feels: by the words of the pack's `sentiment` lexicon, and by a classifier's guess.

The lexicon's lists are `furious`, `angry`, `upset`, `happy`, and with less weight `flaw` and `polite`.
`negation` and `intensifier` change the words beside them. `outburst` and `sarcasm` hold regular expressions,
and `neutral` what only looks like one of the others: 麻烦 holds 烦.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from kefu.understanding.emoji import MOODS
from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.patterns import any_pattern
from kefu.understanding.reading import Sentiment
from kefu.understanding.text import Cleaned

Guess = Sequence[tuple[Sentiment, float]]
"""Moods with their probabilities, as a classifier's head gives them."""

_SENTIMENTS: tuple[Sentiment, ...] = get_args(Sentiment)
_SIGNS: Mapping[str, tuple[Sentiment, float]] = {
    "furious": ("angry", 3.0),
    "angry": ("angry", 2.0),
    "upset": ("upset", 1.5),
    "happy": ("happy", 2.0),
    "flaw": ("upset", 0.6),
    "polite": ("happy", 0.6),
    "neutral": ("neutral", 0.0),
}
_EMOJI = 2.0
_OUTBURST = 1.4
_SARCASM = 2.5
_STRONGER = 1.5
_OPPOSITE = 0.8
_CALM = 1.0
"""What speaks for no mood in every message: one polite word is not yet a happy customer."""
_LOUD, _LOUDEST = 0.4, 1.2
_LOOK_BACK = 6
_ASKING = re.compile(r"\?|吗|什么|多少|怎么|哪|能不能|可不可以|有没有|是不是|请问|麻烦")
_LOUD_MARKS = re.compile(r"!|\?{2,}|\?!")


class SentimentLexicon:
    """Weighs what was said, word by word."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Raises `PackInvalid` for a pattern that is no regular expression."""
        lists = lexicon.entries
        self._words = Gazetteer((word, key) for word, key in lexicon.pairs() if key in _SIGNS)
        self._negations = lists.get("negation", ())
        self._intensifiers = lists.get("intensifier", ())
        self._outburst, self._sarcasm = (any_pattern(lexicon, name) for name in ("outburst", "sarcasm"))

    def read(self, message: Cleaned, guess: Guess = ()) -> Sentiment:
        """The likeliest mood; `guess` is what a classifier thinks of the same message, if there is one."""
        weights = self.weigh(message)
        for mood, probability in guess:
            weights[mood] += math.log(max(probability, 1e-6))
        return max(_SENTIMENTS, key=lambda mood: weights[mood])

    def weigh(self, message: Cleaned) -> dict[Sentiment, float]:
        """What speaks for each mood, on the scale of logarithmic odds."""
        weights = dict.fromkeys(_SENTIMENTS, 0.0)
        for mood, weight in (*self._signs(message.text), *_emoji(message.typed)):
            weights[mood] += weight
        if _ASKING.search(message.text):
            # 这件显瘦吗 praises nothing.
            weights["happy"] /= 2
        if self._outburst is not None and self._outburst.search(message.text):
            weights["angry"] += _OUTBURST
        if self._sarcasm is not None and self._sarcasm.search(message.text):
            # Praise is a part of sarcasm.
            weights["angry"] += _SARCASM
            weights["happy"] = 0.0
        feeling = max(("angry", "upset", "happy"), key=lambda mood: weights[mood])
        if weights[feeling] > 0:
            weights[feeling] += min(_LOUD * len(_LOUD_MARKS.findall(message.text)), _LOUDEST)
        weights["neutral"] += _CALM
        return weights

    def _signs(self, text: str) -> Iterator[tuple[Sentiment, float]]:
        for start, end, key in self._words.find(text):
            mood, weight = _SIGNS[key]
            if not weight:
                continue
            before = text[max(0, start - _LOOK_BACK) : start].rstrip()
            plain = self._without_intensifier(before)
            if plain != before or text.startswith(self._intensifiers, end):
                weight *= _STRONGER
            if not plain.endswith(self._negations):
                yield mood, weight
            elif mood == "happy" and weight > _CALM:
                yield "upset", weight
            elif mood != "happy":
                # Nothing to complain of is what a content customer says.
                yield "happy", _OPPOSITE * weight

    def _without_intensifier(self, text: str) -> str:
        for word in self._intensifiers:
            if text.endswith(word):
                return text.removesuffix(word).rstrip()
        return text


def _emoji(typed: str) -> Iterator[tuple[Sentiment, float]]:
    if typed.isascii():
        return
    for sign in dict.fromkeys(typed):
        mood = MOODS.get(sign)
        if mood is not None:
            yield mood, _EMOJI
