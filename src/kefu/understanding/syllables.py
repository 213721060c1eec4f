"""How Chinese characters are read: one Mandarin syllable each, without its tone."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def syllables() -> Mapping[str, str]:
    """From each of the 6,763 characters of GB 2312 to its first reading, as Unihan (kMandarin) gives it."""
    found: dict[str, str] = {}
    for line in files("kefu.understanding").joinpath("syllables.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            syllable, characters = line.split(" ")
            found.update(dict.fromkeys(characters, syllable))
    return found


def romanised(word: str) -> str | None:
    """The word in pinyin without tones and spaces, or None when it holds anything but such characters."""
    readings = [syllables().get(character) for character in word]
    return "".join(reading or "" for reading in readings) if all(readings) else None
