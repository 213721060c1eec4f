"""Which language a message is written in, by its script: no model knows a four-character message better."""

import re

from kefu.understanding.scripts import is_simplified, is_traditional
from kefu.understanding.text import LONGEST_MESSAGE

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3\u1100-\u11ff]")
# Characters and words that written Mandarin does not use.
_CANTONESE = re.compile(
    r"[嘅咗啲嗰佢喺冇乜哋嚟啱攞揾搵睇嘢瞓咁噉㗎喇唞嗮孭畀俾閪嬲咩啩噃]|唔|係咪|边度|點解|点解|邊度|几时|幾時|听日|聽日|寻日|尋日|而家|做乜|邊個|边个|几多|幾多|真係|即係"
)
_NOT_CANTONESE = re.compile(r"咩咩|吖咩")
_CODES = re.compile(
    r"\b(?:YL|SF|YT|ZTO|JD|STO|EMS|YD|SKU|YLQ)[0-9A-Z]*[0-9][0-9A-Z]*\b|\S+@\S+|https?://\S+", re.IGNORECASE
)
_FEW_LETTERS = 6


def detect(text: str, before: str | None = None) -> str:
    """A BCP 47 tag: `zh-Hans`, `zh-Hant`, `yue`, `en`, `ja`, `ko`, or `und` when another script prevails.

    `before` is the conversation's language so far; it is kept for texts that say too little.
    """
    readable = text[:LONGEST_MESSAGE].encode("utf-8", "ignore").decode()  # lone surrogates are no letters
    words = _CODES.sub(" ", readable)
    han, latin = len(_HAN.findall(words)), len(_LATIN.findall(words))
    if _KANA.search(words):
        return "ja"
    if len(_HANGUL.findall(words)) > han:
        return "ko"
    if han:
        return _chinese(words, before)
    if latin >= _FEW_LETTERS:
        return "en"
    if latin or not any(letter.isalpha() for letter in words):
        return before or ("en" if latin and before is None and latin > 1 else "zh-Hans")
    return before or "und"


def _chinese(text: str, before: str | None) -> str:
    if _CANTONESE.search(text) and not _NOT_CANTONESE.search(text):
        return "yue"
    if not is_simplified(text):
        return "zh-Hant"
    # Characters that are the same in both scripts tell nothing about a customer who wrote traditional before.
    if before in ("zh-Hant", "yue") and is_traditional(text):
        return before
    return "zh-Hans"
