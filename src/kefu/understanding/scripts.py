"""Writing systems: which one a text is in, and simplified and traditional characters by OpenCC's tables."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from opencc import OpenCC

_RANGES: Mapping[str, str] = MappingProxyType(
    {
        "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
        "latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
        "kana": "\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d",
        "hangul": "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e",
        "cyrillic": "\u0400-\u052f",
        "arabic": "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
        "\ufb50-\ufdfb\ufe70-\ufefc",
        "thai": "\u0e01-\u0e3a\u0e40-\u0e4e",
        "devanagari": "\u0900-\u0963\u0971-\u097f",
        "greek": "\u0370-\u0373\u0376-\u03ff\u1f00-\u1fff",
        "hebrew": "\u05d0-\u05ea",
        "armenian": "\u0531-\u0587",
        "georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
        "bengali": "\u0980-\u09e3\u09f0-\u09fe",
        "gurmukhi": "\u0a01-\u0a5e\u0a70-\u0a75",
        "gujarati": "\u0a81-\u0ae3",
        "tamil": "\u0b82-\u0bd0",
        "telugu": "\u0c00-\u0c63",
        "kannada": "\u0c80-\u0ce3",
        "malayalam": "\u0d00-\u0d63",
        "sinhala": "\u0d82-\u0ddf",
        "lao": "\u0e81-\u0edf",
        "tibetan": "\u0f40-\u0fbc",
        "burmese": "\u1000-\u103f\u1050-\u108f",
        "khmer": "\u1780-\u17d3",
        "ethiopic": "\u1200-\u135a",
    }
)
_RUNS = re.compile("|".join(f"(?P<{script}>[{letters}]+)" for script, letters in _RANGES.items()))


def letters_by_script(text: str) -> Mapping[str, int]:
    """How many letters each writing system has in the text; letters of unlisted ones count under `other`."""
    counts: dict[str, int] = {}
    known = 0
    for run in _RUNS.finditer(text):
        length = run.end() - run.start()
        script = run.lastgroup or ""
        counts[script] = counts.get(script, 0) + length
        known += length
    if not known:
        other = sum(letter.isalpha() for letter in text)
        if other:
            counts["other"] = other
    return counts


def simplified(text: str) -> str:
    """Simplified characters for traditional ones; as many characters as before."""
    convert = _converter("t2s")
    converted = convert(text)
    if len(converted) == len(text):
        return converted
    # A phrase rule changed the length: spans that point into the text matter more than the phrase.
    return "".join(each if len(each := convert(letter)) == 1 else letter for letter in text)


def traditional_letters(text: str) -> int:
    """How many characters are written otherwise in simplified Chinese."""
    return _changed(text, _converter("t2s"))


def simplified_letters(text: str) -> int:
    """How many characters are written otherwise in traditional Chinese."""
    return _changed(text, _converter("s2t"))


def _changed(text: str, convert: Callable[[str], str]) -> int:
    converted = convert(text)
    if converted == text:
        return 0
    return sum(before != after for before, after in zip(text, converted, strict=False))


@cache
def _converter(direction: Literal["t2s", "s2t"]) -> Callable[[str], str]:
    # Loading the tables takes milliseconds; converting a message takes two microseconds.
    return cast("Callable[[str], str]", OpenCC(direction).convert)  # pyright: ignore[reportUnknownMemberType] -- OpenCC has no types
