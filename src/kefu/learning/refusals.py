"""What must not be in training data, because it only looks like more of it, or flatters every evaluation.

- Near-duplicates: two utterances of an intent whose character bigrams have a Jaccard similarity of .8 or
  more; of .9 or more where one of them has fewer than 8 bigrams (`kefu.learning.likeness`).
- The same text under two intents, or under two moods.
- Leaks: training messages that are near-duplicates of validation messages, whatever the labels. Of fewer
  than 6 characters they are no leak: such messages are common property, and a pack that may not teach 开票
  because validation asks it would be the worse for it. They are counted all the same.
- Template families: more than 3 utterances of an intent that are equal but for entities and numbers; a piece
  of 8 Chinese characters in more than 6 utterances and 4 % of an intent (`kefu.learning.templates`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kefu.errors import Problem
from kefu.learning.likeness import Comparison, Likeness, compared
from kefu.learning.spread import by_intent
from kefu.learning.templates import Family, filled_in, repeated_pieces
from kefu.understanding.catalogue import Utterance
from kefu.understanding.labelled import LabelledMessage, LabelledSets

COMMON = 6
"""Characters below which a message that validation has too is a coincidence."""

_SHOWN = 30
_LISTED = 8


@dataclass(frozen=True, slots=True)
class TrainingData:
    """`utterances`, `examples` and `sets` teach; nothing may be taught of `validation` and
    `validation_sets`."""

    utterances: Sequence[Utterance]
    examples: Sequence[Utterance]
    sets: LabelledSets
    validation: Sequence[Utterance]
    validation_sets: LabelledSets


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text with its label and its place. Line 0 is the whole file: examples do not know theirs."""

    text: str
    label: str
    compared: str
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def quoted(self) -> str:
        return f"«{self.text[:_SHOWN]}{'…' if len(self.text) > _SHOWN else ''}»"


@dataclass(frozen=True, slots=True)
class Found:
    """`refused` and `coincidences` with validation, each in the order of files and lines; every problem names
    all its lines."""

    refused: tuple[Problem, ...]
    coincidences: tuple[Problem, ...]


def examine(data: TrainingData) -> Found:
    """What is wrong with training data."""
    taught = [_utterance(each, "utterances") for each in data.utterances]
    examples = [_utterance(each, "utterances") for each in data.examples]
    sets = _sets(data.sets, "utterances")
    kept_apart = [
        *(_utterance(each, "validation") for each in data.validation),
        *(message for group in _sets(data.validation_sets, "validation") for message in group),
    ]
    everything = [*taught, *examples, *(message for group in sets for message in group)]
    leaks = list(_leaks(everything, kept_apart))
    refused = [
        *_contradictions([*taught, *examples]),
        *_contradictions(_placed(m, m.heading, "utterances", "sentiment") for m in data.sets.sentiment),
        *(problem for message, problem in leaks if len(message.compared) >= COMMON),
        *(problem for group in (*_grouped(taught), *sets) for problem in _near_duplicates(group)),
        *(problem for own in by_intent(data.utterances).values() for problem in _families(own)),
    ]
    coincidences = [problem for message, problem in leaks if len(message.compared) < COMMON]
    return Found(tuple(sorted(set(refused))), tuple(sorted(set(coincidences))))


def _utterance(utterance: Utterance, folder: str) -> _Placed:
    file = f"{folder}/{utterance.intent}.txt" if utterance.line else "intents.yaml"
    return _Placed(utterance.text, utterance.intent, compared(utterance.text), file, utterance.line)


def _placed(message: LabelledMessage, label: str, folder: str, name: str) -> _Placed:
    return _Placed(message.text, label, compared(message.text), f"{folder}/{name}.txt", message.line)


def _sets(sets: LabelledSets, folder: str) -> list[list[_Placed]]:
    """The messages of each label of each set: its intents where it is about these, else its heading."""
    placed = (
        _placed(message, " + ".join(message.intents) or message.heading, folder, name)
        for name, messages in sets.by_name().items()
        for message in messages
    )
    return _grouped(placed)


def _grouped(messages: Iterable[_Placed]) -> list[list[_Placed]]:
    groups: dict[tuple[str, str], list[_Placed]] = {}
    for message in messages:
        groups.setdefault((message.file, message.label), []).append(message)
    return list(groups.values())


def _contradictions(messages: Iterable[_Placed]) -> Iterator[Problem]:
    first: dict[str, _Placed] = {}
    for message in messages:
        other = first.setdefault(message.compared, message)
        if other.label != message.label:
            what = f"{message.quoted} stands under `{other.label}` too, in {other.place}: keep one of them"
            yield Problem(message.file, message.line, what)


def _near_duplicates(messages: Sequence[_Placed]) -> Iterator[Problem]:
    texts = [message.compared for message in messages]
    for found in Comparison(texts, texts).earlier_near_duplicates():
        message, other = messages[found.row], messages[found.other]
        what = f"{message.quoted} is {_how_alike(found)} of {other.place} {other.quoted}"
        yield Problem(message.file, message.line, what)


def _leaks(taught: Sequence[_Placed], kept_apart: Sequence[_Placed]) -> Iterator[tuple[_Placed, Problem]]:
    """The validation message is not quoted: whoever writes training data must not read it."""
    comparison = Comparison([each.compared for each in taught], [each.compared for each in kept_apart])
    for found in comparison.near_duplicates():
        message, other = taught[found.row], kept_apart[found.other]
        what = f"{message.quoted} is {_how_alike(found)} of {other.place}: nothing there may be taught"
        yield message, Problem(message.file, message.line, what)


def _how_alike(found: Likeness) -> str:
    return "the same as that" if found.similarity == 1 else f"a near-duplicate ({found.similarity:.2f})"


def _families(utterances: Sequence[Utterance]) -> Iterator[Problem]:
    for family in filled_in(utterances):
        yield _family(utterances, family, "are the same but for entities and numbers")
    for family in repeated_pieces(utterances):
        yield _family(utterances, family, f"of {len(utterances)} share one piece")


def _family(utterances: Sequence[Utterance], family: Family, what: str) -> Problem:
    own = [utterances[row] for row in family.rows]
    lines = ", ".join(str(each.line) for each in own[:_LISTED]) + (", …" if len(own) > _LISTED else "")
    file = f"utterances/{own[0].intent}.txt"
    return Problem(file, own[0].line, f"{len(own)} utterances {what}, «{family.pattern}»: lines {lines}")
