"""How Chinese characters sound, as far as people confuse them."""

import re
from collections.abc import Mapping

from kefu.understanding.syllables import syllables

_RETROFLEX = re.compile("^(?:zh|ch|sh)")
_NASAL = re.compile("ng$")


def confusable_syllables() -> Mapping[str, str]:
    """The syllable of each common character. What input methods and speech recognition mix up is written
    alike: zh/z, ch/c, sh/s, n/l, -ng/-n."""
    return {character: _confusable(syllable) for character, syllable in syllables().items()}


def _confusable(syllable: str) -> str:
    sound = _NASAL.sub("n", _RETROFLEX.sub(lambda match: match[0][0], syllable))
    return f"l{sound[1:]}" if sound.startswith("n") else sound
