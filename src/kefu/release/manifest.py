"""`pack.yaml`: what the pack is called, when and where it plays, and what stands behind it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kefu.errors import Problem
from kefu.flows.document import Document, Node
from kefu.flows.vocabulary import LANGUAGES
from kefu.release.files import MANIFEST, PackFiles, decoded, did_you_mean

CONVERSATION_LANGUAGES = (
    "zh-Hans", "zh-Hant", "yue", "en", "ja", "ko", "es", "fr", "de", "ru", "pt", "ar", "th", "vi", "id", "it",
)  # fmt: skip
"""BCP 47 tags of the languages that can be served."""

PACK_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_REQUIRED = frozenset({"name", "title", "language"})
_OPTIONAL = frozenset({"clock", "backoffice", "demo"})


@dataclass(frozen=True, slots=True)
class BackOfficeFiles:
    """`openapi` describes the operations; `shop` is the folder of a stand-in's data, if there is one."""

    openapi: str
    shop: str | None = None


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """Who speaks on the demo page and in `kefu chat`, and what to try, by `zh` and `en`."""

    customer: str
    suggestions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`title` is by `zh` and `en`. Time starts at `clock` when there is one, else it is the real time."""

    name: str
    title: Mapping[str, str]
    language: str
    clock: datetime | None = None
    backoffice: BackOfficeFiles | None = None
    demo: DemoCustomer | None = None


def read_manifest(files: PackFiles) -> tuple[Manifest | None, Sequence[Problem]]:
    """The manifest, or None beside the reasons why there is none that can be used."""
    if MANIFEST not in files:
        return None, [Problem(MANIFEST, 0, "the file is missing: every pack has one")]
    text = decoded(MANIFEST, files[MANIFEST])
    if isinstance(text, Problem):
        return None, [text]
    document = Document(MANIFEST)
    root = document.root(text)
    manifest = None if root is None else _Reader(document, files).manifest(root)
    return manifest, document.problems


class _Reader:
    def __init__(self, document: Document, files: PackFiles) -> None:
        self._document = document
        self._files = files

    def manifest(self, root: Node) -> Manifest | None:
        keys = self._document.record(root, "the pack", required=_REQUIRED, optional=_OPTIONAL)
        name = self._name(keys["name"]) if "name" in keys else None
        title = self._document.localized(keys["title"], "title", LANGUAGES) if "title" in keys else None
        language = self._language(keys["language"]) if "language" in keys else None
        clock = self._clock(keys["clock"]) if "clock" in keys else None
        backoffice = self._backoffice(keys["backoffice"]) if "backoffice" in keys else None
        demo = self._demo(keys["demo"]) if "demo" in keys else None
        if name is None or language is None:
            return None
        return Manifest(name, title or {}, language, clock, backoffice, demo)

    def _name(self, node: Node) -> str | None:
        name = self._document.text(node, "name")
        if name is not None and not PACK_NAME.fullmatch(name):
            self._document.fault(node, f"name: `{name}` must be at most 40 lower-case letters, digits and -")
            return None
        return name

    def _language(self, node: Node) -> str | None:
        language = self._document.text(node, "language")
        if language is not None and language not in CONVERSATION_LANGUAGES:
            known = ", ".join(CONVERSATION_LANGUAGES)
            self._document.fault(node, f"language: `{language}` is none of {known}")
            return None
        return language

    def _clock(self, node: Node) -> datetime | None:
        text = self._document.text(node, "clock")
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            self._document.fault(
                node, f"clock: `{text}` must be a time with its zone, such as 2026-11-20T09:00:00+08:00"
            )
            return None
        return at

    def _backoffice(self, node: Node) -> BackOfficeFiles | None:
        keys = self._document.record(
            node, "backoffice", required=frozenset({"openapi"}), optional=frozenset({"shop"})
        )
        openapi = self._document.text(keys["openapi"], "backoffice.openapi") if "openapi" in keys else None
        shop = self._document.text(keys["shop"], "backoffice.shop") if "shop" in keys else None
        if openapi is not None and openapi not in self._files:
            hint = did_you_mean(openapi, self._files)
            self._document.fault(keys["openapi"], f"backoffice.openapi: there is no file {openapi}{hint}")
            return None
        if shop is not None and not any(path.startswith(f"{shop}/") for path in self._files):
            self._document.fault(keys["shop"], f"backoffice.shop: there is no folder {shop} with files in it")
        return None if openapi is None else BackOfficeFiles(openapi, shop)

    def _demo(self, node: Node) -> DemoCustomer | None:
        keys = self._document.record(
            node, "demo", required=frozenset({"customer"}), optional=frozenset({"suggestions"})
        )
        customer = self._document.text(keys["customer"], "demo.customer") if "customer" in keys else None
        suggestions = self._suggestions(keys["suggestions"]) if "suggestions" in keys else None
        return None if customer is None else DemoCustomer(customer, suggestions or {})

    def _suggestions(self, node: Node) -> Mapping[str, tuple[str, ...]]:
        by_language = self._document.record(
            node, "demo.suggestions", required=frozenset(), optional=frozenset(LANGUAGES)
        )
        found: dict[str, tuple[str, ...]] = {}
        for language, value in by_language.items():
            what = f"demo.suggestions.{language}"
            texts = (self._document.text(element, what) for element in self._document.elements(value, what))
            found[language] = tuple(text for text in texts if text is not None)
        return found
