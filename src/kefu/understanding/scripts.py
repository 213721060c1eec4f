"""Simplified and traditional characters, by OpenCC's tables."""

from collections.abc import Callable
from functools import cache
from typing import Literal, cast

from opencc import OpenCC


def simplified(text: str) -> str:
    """Simplified characters for traditional ones; as many characters as before."""
    convert = _converter("t2s")
    converted = convert(text)
    if len(converted) == len(text):
        return converted
    # A phrase rule changed the length: spans that point into the text matter more than the phrase.
    return "".join(each if len(each := convert(letter)) == 1 else letter for letter in text)


def is_simplified(text: str) -> bool:
    """Whether the text holds no character that is written otherwise in simplified Chinese."""
    return simplified(text) == text


def is_traditional(text: str) -> bool:
    """Whether the text holds no character that is written otherwise in traditional Chinese."""
    return _converter("s2t")(text) == text


@cache
def _converter(direction: Literal["t2s", "s2t"]) -> Callable[[str], str]:
    # Loading the tables takes milliseconds; converting a message takes two microseconds.
    return cast("Callable[[str], str]", OpenCC(direction).convert)  # pyright: ignore[reportUnknownMemberType] -- OpenCC has no types
