"""Signals of messages that cannot wait, by the words of the pack's `urgency` lexicon.

The lexicon's lists are `self_harm`, `threat` (to report or expose the shop), `repeated` (asked or complained
before) and `deadline`, each with regular expressions under `<signal>_patterns`; `neutral` holds what only
looks like one of them: 跳楼价 holds 跳楼.
"""

from collections.abc import Iterable
from typing import get_args

from kefu.conversation.events import Signal
from kefu.understanding.lexicon import Gazetteer, Lexicon
from kefu.understanding.patterns import any_pattern
from kefu.understanding.text import Cleaned

SIGNALS: tuple[Signal, ...] = get_args(Signal)
"""The gravest first."""

_NEUTRAL = "neutral"


class UrgencyLexicon:
    """Finds the signals of a message."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Raises `PackInvalid` for a pattern that is no regular expression."""
        known = (*SIGNALS, _NEUTRAL)
        self._words = Gazetteer((word, key) for word, key in lexicon.pairs() if key in known)
        self._patterns = {
            signal: patterns for signal in SIGNALS if (patterns := any_pattern(lexicon, f"{signal}_patterns"))
        }

    def read(self, message: Cleaned, known: Iterable[Signal] = ()) -> tuple[Signal, ...]:
        """Every signal once, the gravest first; `known` are those that somebody else has found."""
        found = {*known, *(key for _, _, key in self._words.find(message.text))}
        return tuple(
            signal
            for signal in SIGNALS
            if signal in found
            or ((pattern := self._patterns.get(signal)) is not None and pattern.search(message.text))
        )
