"""A pack's responses in one more language: a file in `responses/` that is named by a two-letter code.

    # responses/ja.yaml
    responses:                        # each key of the other files; Chinese and English stand there
      order.none: ご注文が見つかりません。
    words:                            # English texts of buttons, cards and flows' titles
      Talk to a person: 担当者と話す
    enums:                            # the tables of enums.yaml
      order_status: {paid: お支払い済み}
    intents:                          # what the bot calls an intent when it asks which one is meant
      order_cancel: 注文のキャンセル

A file that words only a part is refused, except that `en.yaml` holds nothing but intents.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

import yaml

from kefu.errors import Problem
from kefu.flows.document import Document, Node
from kefu.flows.expressions import ExpressionInvalid
from kefu.flows.vocabulary import LANGUAGES
from kefu.turn import phrases
from kefu.turn.filters import Enums
from kefu.turn.phrases import Phrase

_NAME = re.compile(r"[a-z]{2}")
_SECTIONS = ("responses", "words", "enums", "intents")


def is_translation(file: str) -> bool:
    """Whether the name says that the file holds one language."""
    return _NAME.fullmatch(PurePath(file).stem) is not None


@dataclass(slots=True)
class Translation:
    """One file being read. What stands in it and what is asked of it are compared at the end."""

    language: str
    document: Document
    responses: Mapping[str, Node]
    words: Mapping[str, Node]
    enums: Mapping[str, Mapping[str, Node]]
    intents: Mapping[str, str]
    _used: set[str] = field(default_factory=set[str])

    @property
    def whole(self) -> bool:
        """Whether the file has to word everything."""
        return self.language not in LANGUAGES

    def response(self, key: str, enums: Enums) -> Phrase | None:
        """The wording of one response; None, and a problem, when there is none."""
        self._used.add(key)
        node = self.responses.get(key)
        if node is None:
            self._missing(f"response `{key}` is not worded")
            return None
        return phrase(self.document, node, f"response `{key}`", enums)

    def word(self, english: str, enums: Enums) -> Phrase | None:
        """The translation of an English text of a button or card; None, and a problem, when there is none."""
        node = self.words.get(english)
        if node is None:
            self._missing(f"the words `{english}` are not translated")
            return None
        return phrase(self.document, node, f"`{english}`", enums)

    def enum(self, table: str, value: str) -> str | None:
        """The word for a value; None, and a problem, when there is none."""
        node = self.enums.get(table, {}).get(value)
        if node is None:
            self._missing(f"`{table}.{value}` is not translated")
            return None
        return self.document.text(node, f"`{table}.{value}`")

    def plain_words(self) -> Mapping[str, str]:
        """The translations by their English texts, for what is not a response."""
        return {
            english: node.value for english, node in self.words.items() if isinstance(node, yaml.ScalarNode)
        }

    def check(self) -> None:
        """Reports what nobody asked for: most often the misspelt key of something that is missing."""
        for key in sorted(self.responses.keys() - self._used):
            self.document.fault(self.responses[key], f"there is no response `{key}`")

    def _missing(self, message: str) -> None:
        problem = Problem(self.document.file, 0, message)
        if problem not in self.document.problems:
            self.document.problems.append(problem)


def read_translations(sources: Mapping[str, str], problems: list[Problem]) -> list[Translation]:
    """The translations among response files, given as file name → YAML text."""
    return [
        _translation(file, text, problems) for file, text in sorted(sources.items()) if is_translation(file)
    ]


def translated_enums(tables: Enums, translations: Iterable[Translation]) -> Enums:
    """The tables with every language's words."""
    wanted = [translation for translation in translations if translation.whole]
    return {
        table: {
            value: {
                **words,
                **{t.language: word for t in wanted if (word := t.enum(table, value)) is not None},
            }
            for value, words in rows.items()
        }
        for table, rows in tables.items()
    }


def phrase(document: Document, node: Node, what: str, enums: Enums) -> Phrase:
    """The phrase of a node; `""` is one that says nothing. A broken one is a problem and says nothing too."""
    says_nothing = isinstance(node, yaml.ScalarNode) and bool(node.style) and not node.value
    text = "" if says_nothing else document.text(node, what) or ""
    try:
        return phrases.parse(text, enums)
    except ExpressionInvalid as error:
        document.fault(node, error.detail)
        return Phrase(())


def _translation(file: str, text: str, problems: list[Problem]) -> Translation:
    document = Document(file, problems)
    language = PurePath(file).stem
    root = document.root(text)
    if root is None:
        return Translation(language, document, {}, {}, {}, {})
    optional = frozenset({"intents"}) if language in LANGUAGES else frozenset(_SECTIONS)
    sections = document.record(root, "a translation", required=frozenset(), optional=optional)
    responses, words, enums, intents = (_entries(document, sections.get(name), name) for name in _SECTIONS)
    return Translation(
        language,
        document,
        responses,
        words,
        {table: _entries(document, rows, f"table `{table}`") for table, rows in enums.items()},
        {name: title for name, node in intents.items() if (title := document.text(node, name)) is not None},
    )


def _entries(document: Document, node: Node | None, what: str) -> Mapping[str, Node]:
    return {} if node is None else {key: value for key, _, value in document.entries(node, what)}
