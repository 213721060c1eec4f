"""What is refused before anybody tries to understand it.

The real defence against a hostile message is that operations check who asks; this guard keeps the plain
attempts out of prompts, logs and the desk. It blocks on verb–object patterns only (a verb such as 忽略 beside
an object such as 系统提示): single words are far too common among innocent customers.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_INVISIBLE = dict.fromkeys(
    code
    for low, high in (
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFE00, 0xFE0F),
        (0xE0000, 0xE007F),
    )
    for code in range(low, high + 1)
)
_SEPARATORS = re.compile(r"[\s\W_]+")


@dataclass(frozen=True, slots=True)
class Blocked:
    """`kind` is what the message is taken for, `rule` which pattern said so."""

    kind: str
    rule: str


class InputGuard:
    """Built from the pack's `guard.yaml`: for each kind, named regular expressions."""

    def __init__(self, patterns: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._rules = [
            (kind, name, re.compile("|".join(f"(?:{expression})" for expression in expressions)))
            for kind, named in patterns.items()
            for name, expressions in named.items()
        ]

    def check(self, text: str) -> Blocked | None:
        """The first rule that fires on the text as read, or with all its separators taken out."""
        plain = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).lower()
        views = (plain, _SEPARATORS.sub("", plain))
        for kind, name, pattern in self._rules:
            if any(pattern.search(view) for view in views):
                return Blocked(kind, name)
        return None
