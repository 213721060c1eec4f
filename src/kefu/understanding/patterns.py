"""Regular expressions that a pack's lexicon lists.

The lexicon gives them in their matching form, in lower case: write `[^0-9]`, never `\\D`.
"""

import re

from kefu.errors import PackInvalid, Problem
from kefu.understanding.lexicon import Lexicon


def any_pattern(lexicon: Lexicon, name: str) -> re.Pattern[str] | None:
    """One expression for all those of a list; None when the list is empty or absent.

    Raises:
        PackInvalid: naming what is no regular expression, or matches every text.
    """
    expressions = lexicon.entries.get(name, ())
    for expression in expressions:
        try:
            compiled = re.compile(expression)
        except re.error as error:
            raise _invalid(lexicon, f"`{name}`: `{expression}` is no regular expression: {error}") from error
        if compiled.search("") is not None:
            raise _invalid(lexicon, f"`{name}`: `{expression}` matches the empty text, so it matches all")
    return re.compile("|".join(f"(?:{expression})" for expression in expressions)) if expressions else None


def _invalid(lexicon: Lexicon, message: str) -> PackInvalid:
    return PackInvalid([Problem(f"lexicons/{lexicon.name}.yaml", 0, message)])
