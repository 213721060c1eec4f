"""The pack's response files, from YAML text to `Wording`; every fault is collected with its line."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import PurePath
from typing import cast, get_args

import yaml

from kefu.errors import PackInvalid, Problem
from kefu.flows import expressions
from kefu.flows.document import Document, Node
from kefu.flows.expressions import Expression, ExpressionInvalid
from kefu.flows.vocabulary import LANGUAGES
from kefu.turn.filters import Enums
from kefu.turn.phrases import Phrase
from kefu.turn.translations import (
    Translation,
    is_translation,
    phrase,
    read_translations,
    translated_enums,
)
from kefu.turn.wording import Button, CardKind, CardWording, Phrases, Response, Timeline, Wording

ENUMS_FILE = "enums.yaml"

_KINDS: frozenset[str] = frozenset(get_args(CardKind))
_LANGUAGES = frozenset(LANGUAGES)
_CARD_OPTIONAL = frozenset({"subtitle", "status", "fields", "timeline", "actions", "url"})
_MOMENTS = 5


def read_wording(sources: Mapping[str, str], timezone: tzinfo) -> Wording:
    """The wording of a pack's response files, given as file name → YAML text; times are told in `timezone`.

    Raises:
        PackInvalid: with every problem of every file, each with its line.
    """
    problems: list[Problem] = []
    translations = read_translations(sources, problems)
    tables: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for file, text in sources.items():
        if PurePath(file).name == ENUMS_FILE:
            tables.update(_read_enums(file, text, problems))
    enums = translated_enums(tables, translations)
    whole = [translation for translation in translations if translation.whole]
    responses: dict[str, Response] = {}
    for file, text in sorted(sources.items()):
        if PurePath(file).name != ENUMS_FILE and not is_translation(file):
            for response, line in _Reader(file, enums, problems, whole).responses(text):
                if response.key in responses:
                    problems.append(
                        Problem(file, line, f"response `{response.key}` stands in another file too")
                    )
                responses[response.key] = response
    for translation in whole:
        translation.check()
    if problems:
        raise PackInvalid(problems)
    return Wording(
        responses,
        enums,
        timezone,
        {translation.language: translation.plain_words() for translation in whole},
        {translation.language: translation.intents for translation in translations},
    )


def _read_enums(file: str, text: str, problems: list[Problem]) -> dict[str, Mapping[str, Mapping[str, str]]]:
    document = Document(file, problems)
    root = document.root(text)
    if root is None:
        return {}
    return {
        table: {
            value: document.localized(words, f"`{table}.{value}`", LANGUAGES)
            for value, _, words in document.entries(rows, f"table `{table}`")
        }
        for table, _, rows in document.entries(root, "the file")
    }


class _Reader:
    def __init__(
        self, file: str, enums: Enums, problems: list[Problem], translations: Sequence[Translation]
    ) -> None:
        self._document = Document(file, problems)
        self._enums = enums
        self._translations = translations

    def responses(self, text: str) -> list[tuple[Response, int]]:
        root = self._document.root(text)
        if root is None:
            return []
        entries = self._document.entries(root, "the file")
        return [(self._response(key, node), key_node.start_mark.line + 1) for key, key_node, node in entries]

    def _response(self, key: str, node: Node) -> Response:
        optional = frozenset({"card", "quick_replies"})
        parts = self._document.record(node, f"response `{key}`", required=_LANGUAGES, optional=optional)
        text = {language: self._phrase(parts[language], key) for language in LANGUAGES if language in parts}
        for translation in self._translations:
            worded = translation.response(key, self._enums)
            if worded is not None:
                text[translation.language] = worded
        return Response(
            key,
            text,
            self._card(parts["card"], key) if "card" in parts else None,
            self._buttons(parts["quick_replies"], f"{key}: quick_replies")
            if "quick_replies" in parts
            else (),
        )

    def _card(self, node: Node, key: str) -> CardWording | None:
        what = f"{key}: card"
        parts = self._document.record(
            node, what, required=frozenset({"kind", "title"}), optional=_CARD_OPTIONAL
        )
        kind = self._document.text(parts["kind"], f"{what}.kind") if "kind" in parts else None
        if kind is not None and kind not in _KINDS:
            self._document.fault(parts["kind"], f"{what}: kind is one of {', '.join(sorted(_KINDS))}")
        told = {
            name: self._phrases(parts[name], f"{what}.{name}")
            for name in ("title", "subtitle", "status", "url")
            if name in parts
        }
        if kind not in _KINDS or "title" not in told:
            return None
        return CardWording(
            kind=cast("CardKind", kind),
            title=told["title"],
            subtitle=told.get("subtitle"),
            status=told.get("status"),
            fields=self._fields(parts["fields"], what) if "fields" in parts else (),
            timeline=self._timeline(parts["timeline"], what) if "timeline" in parts else None,
            actions=self._buttons(parts["actions"], f"{what}.actions") if "actions" in parts else (),
            url=told.get("url"),
        )

    def _fields(self, node: Node, what: str) -> tuple[tuple[Phrases, Phrases], ...]:
        found: list[tuple[Phrases, Phrases]] = []
        for element in self._document.elements(node, f"{what}.fields"):
            parts = self._document.record(
                element, f"{what}: a field", required=frozenset({"label", "value"}), optional=frozenset()
            )
            if parts.keys() == {"label", "value"}:
                label, value = (self._phrases(parts[name], f"{what}.{name}") for name in ("label", "value"))
                found.append((label, value))
        return tuple(found)

    def _timeline(self, node: Node, what: str) -> Timeline | None:
        what = f"{what}.timeline"
        required = frozenset({"from", "time", "text"})
        parts = self._document.record(node, what, required=required, optional=frozenset({"last"}))
        source = self._expression(parts["from"], what) if "from" in parts else None
        last = (
            self._document.integer(parts["last"], f"{what}.last", least=1, most=20)
            if "last" in parts
            else None
        )
        if source is None or not required <= parts.keys():
            return None
        time, text = (self._phrases(parts[name], f"{what}.{name}") for name in ("time", "text"))
        return Timeline(source, time, text, last or _MOMENTS)

    def _buttons(self, node: Node, what: str) -> tuple[Button, ...]:
        found: list[Button] = []
        for element in self._document.elements(node, what):
            parts = self._document.record(element, what, required=_LANGUAGES, optional=frozenset({"message"}))
            label = self._translated(
                {language: node for language, node in parts.items() if language in _LANGUAGES}, what
            )
            message = self._phrases(parts["message"], f"{what}.message") if "message" in parts else label
            found.append(Button(label, message))
        return tuple(found)

    def _phrases(self, node: Node, what: str) -> Phrases:
        """A text in each language, or one for all."""
        if isinstance(node, yaml.ScalarNode):
            languages = (*LANGUAGES, *(translation.language for translation in self._translations))
            return dict.fromkeys(languages, self._phrase(node, what))
        parts = self._document.record(node, what, required=_LANGUAGES, optional=frozenset())
        return self._translated(parts, what)

    def _translated(self, parts: Mapping[str, Node], what: str) -> Phrases:
        """The texts that stand here, and those that other files translate from the English one."""
        texts = {language: self._phrase(node, what) for language, node in parts.items()}
        english = parts.get("en")
        if not isinstance(english, yaml.ScalarNode):
            return texts
        if len({str(node.value) for node in parts.values()}) == 1:
            # Nothing but fields: there is nothing to translate.
            return {**texts, **{one.language: texts["en"] for one in self._translations}}
        for translation in self._translations:
            word = translation.word(str(english.value), self._enums)
            if word is not None:
                texts[translation.language] = word
        return texts

    def _phrase(self, node: Node, what: str) -> Phrase:
        return phrase(self._document, node, what, self._enums)

    def _expression(self, node: Node, what: str) -> Expression | None:
        text = self._document.text(node, f"{what}.from")
        try:
            return expressions.parse(text) if text is not None else None
        except ExpressionInvalid as error:
            self._document.fault(node, error.detail)
            return None
