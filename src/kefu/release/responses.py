"""The responses that the product itself says: which they are, and whether a pack words them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kefu.errors import Problem
from kefu.flows.vocabulary import LANGUAGES, ResponseSignature
from kefu.release.files import did_you_mean
from kefu.understanding.catalogue import IntentDefinition

SMALL_TALK = "smalltalk"
"""The group of intents that are answered with the response `smalltalk.<intent>`."""

PRODUCT_RESPONSES: Mapping[str, frozenset[str]] = {
    "also_mentioned": frozenset({"title"}),
    "blocked": frozenset(),
    "clarify.ask": frozenset(),
    "effect.settled_done": frozenset({"title"}),
    "effect.settled_failed": frozenset({"title"}),
    "flow.nothing_to_cancel": frozenset(),
    "handoff.done": frozenset({"position"}),
    "internal_error": frozenset(),
    "knowledge.intro": frozenset(),
    "knowledge.none": frozenset(),
    "language.not_served": frozenset(),
    "offer.care": frozenset(),
    "offer.declined": frozenset(),
    "offer.human": frozenset(),
    "out_of_scope": frozenset(),
    "repeat.nothing": frozenset(),
    "smalltalk.affirm": frozenset(),
    "smalltalk.deny": frozenset(),
    "status.looking_up": frozenset(),
}
"""Beside those of flows (`kefu.flows.library.STOCK_RESPONSES`): each with the fields that it is given."""


@dataclass(frozen=True, slots=True)
class _Anything:
    languages: frozenset[str]
    needs: frozenset[str] = frozenset()


class AnyResponse(dict[str, ResponseSignature]):
    """Stands in for responses whose files are broken: every key is worded and needs nothing."""

    def __init__(self, languages: Iterable[str]) -> None:
        super().__init__()
        self._signature = _Anything(frozenset(languages))

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> ResponseSignature:
        return self._signature

    def get(self, key: str, default: object = None) -> ResponseSignature:  # type: ignore[override] -- never the default
        return self._signature


def response_problems(
    responses: Mapping[str, ResponseSignature], intents: Iterable[IntentDefinition]
) -> Iterator[Problem]:
    """Responses of the product that the pack does not word, or words with fields that it is not given."""
    talk = {
        f"{SMALL_TALK}.{intent.name}": frozenset[str]() for intent in intents if intent.group == SMALL_TALK
    }
    for key, fields in sorted({**PRODUCT_RESPONSES, **talk}.items()):
        response = responses.get(key)
        if response is None:
            unused = responses.keys() - PRODUCT_RESPONSES.keys() - talk.keys()
            yield Problem("responses", 0, f"`{key}` must be worded{did_you_mean(key, unused)}")
            continue
        missing = [language for language in LANGUAGES if language not in response.languages]
        if missing:
            yield Problem("responses", 0, f"`{key}` must be worded in {' and '.join(missing)}")
        for name in sorted(response.needs - fields):
            yield Problem("responses", 0, f"`{key}` has no field `{name}`")
