"""A pack's `knowledge.yaml`: how customers word what the material words otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from kefu.errors import Problem
from kefu.yaml_nodes import compose

_SECTIONS = ("words", "same", "wider", "english", "ignore")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All words simplified and lower case. An empty lexicon is valid: text is then compared as it is.

    `words` stay whole when text is cut; `same` maps a phrase to the one that stands for it; `wider` maps a
    word to wider ones under which the material may speak of it; `ignore` says nothing about what is asked.
    """

    words: frozenset[str] = frozenset()
    same: Mapping[str, str] = field(default_factory=dict[str, str])
    wider: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    ignore: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Reading:
    file: str
    problems: list[Problem] = field(default_factory=list[Problem])
    words: set[str] = field(default_factory=set[str])
    same: dict[str, str] = field(default_factory=dict[str, str])
    wider: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    ignore: set[str] = field(default_factory=set[str])

    def fault(self, node: yaml.Node, message: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, message))

    def stands_for(self, phrase: yaml.ScalarNode, word: str) -> None:
        known = self.same.setdefault(_word(phrase), word)
        if known != word:
            self.fault(
                phrase, f"`{phrase.value}` stands for `{known}` already, so it cannot stand for `{word}`"
            )


def read_lexicon(text: str, file: str) -> tuple[Lexicon, tuple[Problem, ...]]:
    """The lexicon without its faulty entries, and what is wrong with those."""
    reading = _Reading(file)
    try:
        root = compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return Lexicon(), (Problem(file, line, f"not YAML: {error.problem}"),)
    for key, value in _pairs(root, reading) if root else ():
        match key.value:
            case "words":
                reading.words.update(_word(word) for word in _list(value, reading))
            case "ignore":
                reading.ignore.update(_word(word) for word in _list(value, reading))
            case "same":
                _read_same(value, reading)
            case "wider":
                _read_wider(value, reading)
            case "english":
                _read_english(value, reading)
            case _:
                reading.fault(key, f"unknown key `{key.value}`; known are {', '.join(_SECTIONS)}")
    lexicon = Lexicon(frozenset(reading.words), reading.same, reading.wider, frozenset(reading.ignore))
    return lexicon, tuple(reading.problems)


def _read_same(node: yaml.Node, reading: _Reading) -> None:
    if not isinstance(node, yaml.SequenceNode):
        reading.fault(node, "`same` must be a list of lists")
        return
    for group in node.value:
        phrases = list(_list(group, reading))
        for phrase in phrases:
            reading.stands_for(phrase, _word(phrases[0]))


def _read_wider(node: yaml.Node, reading: _Reading) -> None:
    for wide, narrow in _pairs(node, reading):
        for word in _list(narrow, reading):
            known = reading.wider.get(_word(word), ())
            reading.wider[_word(word)] = (*known, _word(wide))


def _read_english(node: yaml.Node, reading: _Reading) -> None:
    for phrase, word in _pairs(node, reading):
        if isinstance(word, yaml.ScalarNode):
            reading.stands_for(phrase, _word(word))
        else:
            reading.fault(word, f"`{phrase.value}` must be given one word")


def _pairs(node: yaml.Node, reading: _Reading) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        reading.fault(node, "a mapping must stand here")
        return
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
    for key, value in pairs:
        if isinstance(key, yaml.ScalarNode):
            yield key, value
        else:
            reading.fault(key, "a key must be a word")


def _list(node: yaml.Node, reading: _Reading) -> Iterator[yaml.ScalarNode]:
    if not isinstance(node, yaml.SequenceNode):
        reading.fault(node, "a list of words must stand here")
        return
    for entry in node.value:
        if isinstance(entry, yaml.ScalarNode) and entry.value.strip():
            yield entry
        else:
            reading.fault(entry, "each entry must be a word")


def _word(node: yaml.ScalarNode) -> str:
    return node.value.strip().lower()
