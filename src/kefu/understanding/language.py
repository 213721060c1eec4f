"""Which language a message is written in: by its script, then by its characters or words.

A language is told, not whether the shop serves it: that is the pack's policy.
"""

import re
from collections.abc import Mapping

from kefu.understanding.chinese import chinese_or_japanese
from kefu.understanding.language_model import guessers
from kefu.understanding.scripts import letters_by_script
from kefu.understanding.text import LONGEST_MESSAGE

UNDETERMINED = "und"

_OF_SCRIPT: Mapping[str, str] = {
    "kana": "ja",
    "hangul": "ko",
    "thai": "th",
    "greek": "el",
    "hebrew": "he",
    "armenian": "hy",
    "georgian": "ka",
    "bengali": "bn",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "sinhala": "si",
    "lao": "lo",
    "tibetan": "bo",
    "burmese": "my",
    "khmer": "km",
    "ethiopic": "am",
}
_LIKELIEST: Mapping[str, str] = {"latin": "en", "cyrillic": "ru", "arabic": "ar", "devanagari": "hi"}
"""Of scripts that several languages share: what a message in it is when its words tell nothing."""

_OF_REGION: Mapping[str, str] = {
    "zh": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-hant": "zh-Hant",
    "cmn": "zh-Hans",
    "in": "id",
    "iw": "he",
    "no": "nb",
}

_CODES = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,64}|(?<![A-Za-z0-9])[A-Za-z]*[0-9][A-Za-z0-9-]*",
    re.ASCII,
)
"""Addresses and numbers. They are written alike in every language."""
_FACES = re.compile(
    r"[^\s\w]?\([^()\w]*[^()\s.,!?:;'\"-][^()]{0,8}\)[^\s\w]?|[ヾヽっシツ]+(?=[(（])|(?<=[)）])[ノシっ]"
)
"""Faces such as (っ´▽`)っ, whose eyes are letters of some script."""

_ORNAMENTS = str.maketrans("", "", "のノツシ")
"""Kana that Chinese customers adorn their own words with: 我の快递."""
_FEW_LETTERS = 6
_KEEPING = 2.0
"""The logarithmic odds by which a conversation's language is likelier to go on than any other to begin."""
_FOREIGN_CLAUSE = 8
"""So many times as many Latin letters as others make a message that only quotes the other script."""


def detect(text: str, before: str | None = None) -> str:
    """A BCP 47 tag such as `zh-Hans`, `zh-Hant`, `yue`, `en`, `ja` or `pl`; `und` for an unknown script.

    `before` is the conversation's language so far, a tag or a customer's locale; it is kept for texts that
    say too little.
    """
    known = tag_of(before)
    readable = text[:LONGEST_MESSAGE].encode("utf-8", "ignore").decode()  # lone surrogates are no letters
    words = _CODES.sub(" ", readable)
    if "(" in words or "（" in words:
        words = _FACES.sub(" ", words)
    letters = letters_by_script(words)
    if not letters:
        return known or "zh-Hans"
    script = _prevailing(letters, words)
    if script == "han":
        return chinese_or_japanese(words, known)
    if script in _LIKELIEST:
        return _of_shared(script, letters[script], words, known)
    return _OF_SCRIPT.get(script) or known or UNDETERMINED


def tag_of(locale: str | None) -> str | None:
    """The tag of a locale such as `zh_TW` or `pt-BR`, as `detect` would give it."""
    if not locale:
        return None
    parts = locale.replace("_", "-").lower().split("-")
    for length in (2, 1):
        tag = _OF_REGION.get("-".join(parts[:length]))
        if tag is not None:
            return tag
    return parts[0]


def _prevailing(letters: Mapping[str, int], words: str) -> str:
    if "kana" in letters and letters_by_script(words.translate(_ORNAMENTS)).get("kana"):
        return "kana"
    others = {script: count for script, count in letters.items() if script not in ("latin", "kana")}
    if not others:
        return "latin" if "latin" in letters else "kana"
    script = max(others, key=lambda script: others[script])
    # Chinese mixed with English is Chinese; a title or brand in Latin letters turns no other language over.
    return "latin" if letters.get("latin", 0) >= _FOREIGN_CLAUSE * others[script] else script


def _of_shared(script: str, letters: int, words: str, before: str | None) -> str:
    guesser = guessers()[script]
    if script == "latin" and before is not None:
        if letters < _FEW_LETTERS:
            return before
        # One foreign word, a brand perhaps, does not turn a Chinese conversation over.
        if not guesser.knows(before) and len(words.split()) == 1:
            return before
    guess = guesser.guess(words, before, _KEEPING)
    if guess is None:
        return before or _LIKELIEST[script]
    return guess
