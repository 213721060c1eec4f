"""How a customer feels, by the words of the pack's `sentiment` lexicon: a first version without a model."""

from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.reading import Sentiment

_WEIGHTS = {"furious": 3, "angry": 2, "upset": 1, "neutral": 0, "happy": -2}
_ANGRY, _UPSET, _HAPPY = 3, 1, -2
_SHOUTING = ("!!", "!?", "?!", "???")


class SentimentLexicon:
    """Adds up the weights of what was said.

    The lexicon's lists are `furious`, `angry`, `upset`, `happy`, and `neutral` for words that only look like
    one of the others: 麻烦 holds 烦.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = Gazetteer((word, _WEIGHTS[key]) for word, key in lexicon.pairs() if key in _WEIGHTS)

    def read(self, text: str) -> Sentiment:
        """The sentiment of a cleaned message."""
        score = sum(weight for _, _, weight in self._words.find(text))
        if score > 0:
            score += sum(mark in text for mark in _SHOUTING) + (text.count("!") > 0)
        if score >= _ANGRY:
            return "angry"
        if score >= _UPSET:
            return "upset"
        return "happy" if score <= _HAPPY else "neutral"
