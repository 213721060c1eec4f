"""How Chinese characters sound, as far as people confuse them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pypinyin import lazy_pinyin

_RETROFLEX = re.compile("^(?:zh|ch|sh)")
_NASAL = re.compile("ng$")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def syllables_of(texts: Iterable[str]) -> Mapping[str, str]:
    """The commonest syllable, without tone, of each common character and of all that the texts hold.

    What input methods and speech recognition mix up is written alike: zh/z, ch/c, sh/s, n/l, -ng/-n.
    """
    characters = {character for text in texts for character in text if _HAN.match(character)}
    return {
        character: _confusable(lazy_pinyin(character)[0]) for character in sorted(characters | set(_common()))
    }


def _common() -> Iterator[str]:
    """The 6,763 characters of GB 2312: two bytes, the first from 0xB0 to 0xF7."""
    for high in range(0xB0, 0xF8):
        yield from bytes(byte for low in range(0xA1, 0xFF) for byte in (high, low)).decode("gb2312", "ignore")


def _confusable(syllable: str) -> str:
    sound = _NASAL.sub("n", _RETROFLEX.sub(lambda match: match[0][0], syllable))
    return f"l{sound[1:]}" if sound.startswith("n") else sound
