"""Words written with characters that only sound like theirs: slips of pinyin input and speech recognition."""

from collections.abc import Iterable, Mapping
from functools import cache

import rjieba

from kefu.understanding.lexicon import Gazetteer
from kefu.understanding.syllables import syllables

# Pairs that southern speakers, and therefore their keyboards, do not tell apart.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_FIRST_CODE = 0xE000
"""Syllables are matched as single characters of Unicode's private area."""
_SHORT = 4
"""Words of fewer characters sound like much else."""
# The most frequent characters of modern Chinese: what stands next to them may be anything.
_FREQUENT = frozenset(
    "的一是了我不在人有这个们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没"
    "成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间知世什两次使身者被高"
    "已亲其进此话常与活正感见明问力理点文几定本公特做外孩相西果走将月十实向声车全信重三机工物气每并别真打太新比才便再书部水像眼等体却"
    "加电主界门利海受听表德少代员许先口由死安写性马光白或住难望教命花结乐色更拉东神记处让母父应直字场平报友关放至张认接告入笑内英候民"
    "岁往何度山觉路带万男边风解叫任金快原吃妈变通师立象数四失满远格士音轻目条呢包宝券单付买卖退换货零五六七八九红黄蓝绿黑刀"
)

# Verbs and particles that stand before anything, so that a word is not known by them.
_LOOSE = frozenset("开发手地上下点可起动打收加看要干")


class Homophones:
    """Puts words in their right spelling where they are written as others that sound the same."""

    def __init__(self, words: Iterable[str]) -> None:
        """Of the `words` only those with two Chinese characters or more count."""
        codes = _codes()
        self._listed = frozenset(words)
        self._words = Gazetteer(
            (word.translate(codes), word)
            for word in self._listed
            if sum(ord(letter) in codes for letter in word) > 1
        )

    def mended(self, text: str) -> str:
        """Cleaned text with the misspelt words, as long as before. What makes sense as it stands is kept."""
        pieces: list[str] = []
        done = 0
        for start, end, word in self._words.find(text.translate(_codes())):
            written = text[start:end]
            if written != word and self._is_slip(written, word) and _makes_no_sense(text, start, word):
                pieces += (text[done:start], word)
                done = end
        return "".join((*pieces, text[done:])) if pieces else text

    def _is_slip(self, written: str, word: str) -> bool:
        """Whether few characters are wrong, and they are not other words: the 加 of 毛巾加红枣."""
        wrong = [letter for letter, right in zip(written, word, strict=True) if letter != right]
        kept = _kept(written, word)
        if len(word) == 2:
            return len(wrong) == 1 and kept not in _LOOSE and not _FREQUENT.issuperset(written)
        return len(wrong) <= len(word) // 2 and not (kept in self._listed and _FREQUENT.issuperset(wrong))


def _kept(written: str, word: str) -> str:
    return "".join(letter for letter, right in zip(written, word, strict=True) if letter == right)


def _makes_no_sense(text: str, start: int, word: str) -> bool:
    """Whether no ordinary word reaches into the wrong characters, or is spelt by them without need."""
    written = text[start : start + len(word)]
    vague = len(word) == 2 or _FREQUENT.issuperset(_kept(written, word))
    first = max(0, start - _SHORT)
    place = first - start
    for token in rjieba.cut(text[first : start + len(word) + _SHORT], False):
        begin, place = place, place + len(token)
        if len(token) > 1 and begin < len(word) and place > 0:
            within = begin >= 0 and place <= len(word)
            if not within or (vague and len(word) < _SHORT and token != word[begin:place]):
                return False
    return True


@cache
def _codes() -> Mapping[int, str]:
    """From each character to the code of its syllable."""
    numbers: dict[str, str] = {}
    return {
        ord(character): numbers.setdefault(_merged(syllable), chr(_FIRST_CODE + len(numbers)))
        for character, syllable in syllables().items()
    }


def _merged(syllable: str) -> str:
    for one, other in _INITIALS:
        if syllable.startswith(one):
            syllable = other + syllable.removeprefix(one)
            break
    for one, other in _FINALS:
        if syllable.endswith(one):
            return syllable.removesuffix(one) + other
    return syllable
