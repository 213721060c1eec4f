"""What is trained on and judged: the built-in pack, and public sets that lie outside the repository.

The official test parts of the public sets are not among them: figures are those of the valid part, or of a
fifth of the training part, and the second kind comes from less training data than published figures do.
"""

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu.adapters.packs import load_pack
from kefu.learning.spread import by_intent
from kefu.learning.syllables import confusable_syllables
from kefu.understanding.catalogue import OUT_OF_SCOPE, Utterance, examples_of
from kefu.understanding.features import LanguageKnowledge
from kefu.understanding.lexicon import Lexicon

PACK = "yunlan"
"""The name of the built-in pack among the sets."""

FEWEST = 10
"""Utterances of a label; a set's rarer labels are left out of both parts."""

_FIFTH = 5
_GLOSSARIES = ("dialects", "glossary", "english")
"""Those of `kefu.wiring`, in its order."""


class DataMissing(Exception):
    """The public sets are not where they are looked for; the message says what to do."""


@dataclass(frozen=True, slots=True)
class IntentSet:
    """`parts` are what is judged, by name; nothing of them is in `train`. `split` says whence they come."""

    name: str
    train: Sequence[Utterance]
    parts: Mapping[str, Sequence[Utterance]]
    split: str
    glossaries: tuple[Lexicon, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({utterance.intent for utterance in self.train}))

    def knowledge(self) -> LanguageKnowledge:
        """What the product knows of words before any example."""
        glossary: dict[str, tuple[str, ...]] = {}
        for lexicon in self.glossaries:
            for word, others in lexicon.entries.items():
                glossary[word] = (*glossary.get(word, ()), *others)
        return LanguageKnowledge(glossary, confusable_syllables())


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a public set's parts lie; without `valid`, a fifth of each label is held out."""

    train: str
    valid: str | None = None
    label: Callable[[Mapping[str, Any]], str] = lambda row: row["label"]


_SOURCES: Mapping[str, _Source] = {
    "banking77": _Source("banking77/train.jsonl.gz"),
    "clinc150": _Source("clinc150/train.jsonl.gz", "clinc150/valid.jsonl.gz"),
    "hwu64": _Source("hwu64/train.jsonl.gz", "hwu64/valid.jsonl"),
    "smp2017": _Source("smp2017_ecdt/train.jsonl", "smp2017_ecdt/valid.jsonl"),
    "smp2019": _Source("smp2019_ecdt/train.jsonl.gz", label=lambda row: f"{row['domain']}/{row['intent']}"),
    "cais": _Source("cais/train.jsonl.gz", "cais/valid.jsonl"),
    "arbanking77": _Source("arbanking77/train.jsonl.gz", "arbanking77/valid.jsonl.gz"),
    "bitext": _Source("bitext/train_intents.jsonl.gz"),
}
PUBLIC = tuple(_SOURCES)

_OUTSIDE = {"oos": OUT_OF_SCOPE}
"""What sets call messages of no intent."""


def data_folder(given: Path | None) -> Path:
    """The folder of the public sets: the given one, else `shared/data` beside the repository.

    Raises:
        DataMissing: there is none.
    """
    folder = given or Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        raise DataMissing(
            f"there is no folder {folder}: the public sets are not part of the repository. "
            "Name the folder that has them with --data; benchmarks/intent_study/sets.py lists the files"
        )
    return folder


def public_set(name: str, folder: Path) -> IntentSet:
    """A public set. Raises `DataMissing` when its files are not in the folder."""
    source = _SOURCES[name]
    train = list(_utterances(source, source.train, folder))
    if source.valid is None:
        train, held_out = _split(_common(train))
        return IntentSet(name, train, {"a fifth": held_out}, "a fifth of each label, drawn with seed 0")
    known = _common(train)
    labels = {utterance.intent for utterance in known}
    valid = [u for u in _utterances(source, source.valid, folder) if u.intent in labels]
    return IntentSet(name, known, {"valid": valid}, "the set's own valid part")


def pack_set() -> tuple[IntentSet, str]:
    """The built-in pack with a part held out, and the pack's release.

    Authors wrote one after another under every heading of a file, so the last third under each is mostly a
    single author's, and an author of whom little is left to learn from.
    """
    pack = load_pack(PACK).pack
    train, last = _last_third(pack.utterances)
    glossaries = tuple(pack.lexicons[name] for name in _GLOSSARIES if name in pack.lexicons)
    taught = [*train, *examples_of(pack.intents)]
    parts = {"validation": pack.validation, "last third": last}
    split = "validation/, and the last third under each heading of each intent"
    return IntentSet(PACK, taught, parts, split, glossaries), pack.release


def fewer(utterances: Sequence[Utterance], most: int | None) -> list[Utterance]:
    """At most so many of each label, drawn with seed 0: fewer are always among more."""
    drawn: list[Utterance] = []
    for own in by_intent(utterances).values():
        shuffled = list(own)
        random.Random(0).shuffle(shuffled)
        drawn += shuffled[:most]
    return drawn


def some(utterances: Sequence[Utterance], most: int) -> Sequence[Utterance]:
    """At most so many in all, drawn with seed 0."""
    return random.Random(0).sample(utterances, most) if len(utterances) > most else utterances


def _utterances(source: _Source, file: str, folder: Path) -> Iterator[Utterance]:
    path = folder / file
    if not path.exists():
        raise DataMissing(f"{path} is missing: leave the set out, or name another folder with --data")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in text.decode().split("\n"):  # some texts hold U+2028, which splitlines() would divide
        if line:
            row = json.loads(line)
            label = source.label(row)
            yield Utterance(row["text"], _OUTSIDE.get(label, label), "")


def _common(utterances: Sequence[Utterance]) -> list[Utterance]:
    counts = Counter(utterance.intent for utterance in utterances)
    return [utterance for utterance in utterances if counts[utterance.intent] >= FEWEST]


def _split(utterances: Sequence[Utterance]) -> tuple[list[Utterance], list[Utterance]]:
    train: list[Utterance] = []
    held_out: list[Utterance] = []
    for own in by_intent(utterances).values():
        shuffled = list(own)
        random.Random(0).shuffle(shuffled)
        held_out += shuffled[: len(own) // _FIFTH]
        train += shuffled[len(own) // _FIFTH :]
    return train, held_out


def _last_third(utterances: Iterable[Utterance]) -> tuple[list[Utterance], list[Utterance]]:
    under: dict[tuple[str, str], list[Utterance]] = {}
    for utterance in utterances:
        under.setdefault((utterance.intent, utterance.style), []).append(utterance)
    train: list[Utterance] = []
    last: list[Utterance] = []
    for own in under.values():
        kept = len(own) - len(own) // 3
        train += own[:kept]
        last += own[kept:]
    return train, last
