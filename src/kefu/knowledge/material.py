"""What reading a merchant's material gives: passages, and the faults in its files."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from kefu.conversation.ids import PassageId
from kefu.errors import Problem
from kefu.knowledge.passages import Passage

_DIGEST_BYTES = 6


@dataclass(frozen=True, slots=True)
class Material:
    """`passages` are sound even when there are `problems`: a faulty entry is left out, the others stay."""

    passages: tuple[Passage, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: "Material") -> "Material":
        return Material(self.passages + other.passages, self.problems + other.problems)


def joined(parts: Iterable[Material]) -> Material:
    """All parts as one; a source that two files claim is a problem of whoever joins them, not seen here."""
    passages: list[Passage] = []
    problems: list[Problem] = []
    for part in parts:
        passages.extend(part.passages)
        problems.extend(part.problems)
    return Material(tuple(passages), tuple(sorted(problems)))


def passage_id(owner: str, *content: str) -> PassageId:
    """An identifier such as `HB-31-4c1f09ab77de`.

    The same content has the same one wherever it stands in its file, any other content has another, and it
    needs no escaping in a URL as long as `owner` is letters, digits and `-`.
    """
    digest = hashlib.blake2s("\x1f".join(content).encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return PassageId(f"{owner}-{digest}")
