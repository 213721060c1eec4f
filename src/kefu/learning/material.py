"""What a classifier is trained from."""

from collections.abc import Sequence
from dataclasses import dataclass

from kefu.understanding.catalogue import Utterance
from kefu.understanding.labelled import LabelledMessage
from kefu.understanding.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Material:
    """`examples` teach too, but are never judged: those of the intents' definitions. `moods` are messages
    under their sentiment; without them no sentiment is learned. `glossaries` are read as one: where they
    differ about a word, the first counts."""

    utterances: Sequence[Utterance]
    examples: Sequence[Utterance] = ()
    moods: Sequence[LabelledMessage] = ()
    glossaries: tuple[Lexicon, ...] = ()
