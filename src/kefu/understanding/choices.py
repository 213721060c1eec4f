"""Choosing from what the bot offered: by the button's own words, or by its number."""

import re
from collections.abc import Sequence

from kefu.conversation.messages import Choice
from kefu.understanding.numerals import parse_number
from kefu.understanding.text import clean, squeezed

_NUMBERED = re.compile(
    r"(?:我?(?:要|选|就|是)?)?第?(?P<number>[0-9]{1,2}|[一二两三四五六七八九十])(?P<noun>个|号|项|种|条|单|位|款)?(?:吧|的|呢)?"
)
_LAST = re.compile(
    r"(?:最后|最下面)(?:那|一)*(?:个|项|条|单)?(?:吧|的)?|(?:the)?last(?:one|order|parcel)?(?:please)?"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_ENGLISH = re.compile(
    rf"(?:the)?(?P<ordinal>{'|'.join(_ORDINALS)})(?:one|order|parcel|option)?(?:please)?"
    r"|(?:no|number|option)(?P<number>[0-9])(?:please)?"
)
_MARKED = re.compile(r"第|个|号|项|种|条|单|款|选|[0-9]")


def chosen(choices: Sequence[Choice], text: str) -> int | None:
    """Which of the choices a cleaned message picks, counted from 0; None when it does something else."""
    said = squeezed(text)
    if not choices or not said:
        return None
    for index, choice in enumerate(choices):
        if said in (squeezed(clean(choice.label).text), squeezed(clean(choice.message).text)):
            return index
    if _LAST.fullmatch(said):
        return len(choices) - 1
    number = _number_said(said)
    return number - 1 if number is not None and 1 <= number <= len(choices) else None


def _number_said(said: str) -> int | None:
    english = _ENGLISH.fullmatch(said)
    if english is not None:
        ordinal = english["ordinal"]
        return _ORDINALS.index(ordinal) + 1 if ordinal else int(english["number"])
    match = _NUMBERED.fullmatch(said)
    if match is None or not _MARKED.search(said):
        return None
    number = parse_number(match["number"])
    return None if number is None else int(number)
