"""What a classifier is trained from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kefu.understanding.catalogue import Utterance
from kefu.understanding.embedding import Vectors
from kefu.understanding.labelled import LabelledMessage
from kefu.understanding.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the sentence-embedding model named `model` makes of the texts to learn from: a row for each
    utterance, then one for each example; zeros where a text is blank."""

    model: str
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Material:
    """`examples` teach too, but are never judged: those of the intents' definitions. `moods` are messages
    under their sentiment; without them no sentiment is learned. `several` are messages with several requests;
    without them only connectives tell requests apart. `glossaries` are read as one: where they
    differ about a word, the first counts. With `sentences` the intents are learned from these too."""

    utterances: Sequence[Utterance]
    examples: Sequence[Utterance] = ()
    moods: Sequence[LabelledMessage] = ()
    several: Sequence[LabelledMessage] = ()
    glossaries: tuple[Lexicon, ...] = ()
    # Neither printed nor compared: what the material is, its texts say.
    sentences: Sentences | None = field(default=None, repr=False, compare=False)
