"""The cascade: each tier is asked only if the one before was unsure."""

from collections.abc import Mapping
from dataclasses import replace

from kefu.conversation.commands import Unsure
from kefu.understanding.choices import chosen
from kefu.understanding.classifier import Classifier
from kefu.understanding.ellipsis import resolved
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.intents import ClassifierTier
from kefu.understanding.language import detect
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message, Proposal
from kefu.understanding.reading import Context, Reading, Understanding
from kefu.understanding.rules import Rule, RulesTier
from kefu.understanding.sentence_vectors import SentenceVectors
from kefu.understanding.sentiment import Guess, SentimentLexicon
from kefu.understanding.text import clean
from kefu.understanding.urgency import UrgencyLexicon

_MOODS_TAUGHT = frozenset({"zh-Hans", "zh-Hant", "yue", "en"})
"""The languages in which moods are taught; of others a classifier only knows that they are strange to it."""


class Cascade:
    """Rules, then the classifier, then the model if there is one. Itself an `Understanding`."""

    def __init__(
        self,
        rules: tuple[Rule, ...],
        classifier: Classifier,
        entities: EntityExtractor,
        menu: Menu,
        lexicons: Mapping[str, Lexicon],
        model: Understanding | None = None,
        vectors: SentenceVectors | None = None,
    ) -> None:
        self._rules = RulesTier(rules, menu)
        self._heads = classifier
        self._classifier = ClassifierTier(classifier, menu)
        self._entities = entities
        self._sentiment = SentimentLexicon(lexicons.get("sentiment", Lexicon("sentiment", {})))
        self._urgency = UrgencyLexicon(lexicons.get("urgency", Lexicon("urgency", {})))
        self._model = model
        self._vectors = vectors

    async def read(self, text: str, context: Context) -> Reading:
        """The reading of one message, of any text; the worst is `Unsure`."""
        cleaned = clean(text)
        entities = self._entities.extract(cleaned, context.now, context.expects)
        message = Message(cleaned, entities, context, self._whole(text, context))
        proposal = self._rules.propose(message)
        if proposal is None:
            await self._fetch_vectors(message)
            proposal = self._classifier.propose(message)
        if not proposal.sure and self._model is not None:
            reading = await self._model.read(text, context)
            if not all(isinstance(command, Unsure) for command in reading.commands):
                # Words of danger are noticed whoever reads the rest.
                return replace(reading, signals=self._urgency.read(cleaned, reading.signals))
        return self._reading(message, proposal)

    async def _fetch_vectors(self, message: Message) -> None:
        """Puts within reach what the classifier, which cannot wait, is about to look up."""
        if self._vectors is not None:
            texts = (message.cleaned.text, clean(message.whole).text if message.whole else "")
            await self._vectors.fetch([text for text in texts if text and self._heads.listens(text)])

    def _whole(self, text: str, context: Context) -> str | None:
        said = [line.text for line in context.recent if line.role == "customer"]
        # A turn reads what the log holds already; whoever asks for a reading alone does not.
        before = said[:-1] if said and said[-1] == text else said
        return resolved(text, before, lambda cleaned: self._entities.extract(cleaned, context.now))

    def _reading(self, message: Message, proposal: Proposal) -> Reading:
        intent = next((guess for guess in proposal.intents if guess.requested), None)
        language = _language(message)
        return Reading(
            proposal.commands,
            intent,
            proposal.intents,
            proposal.tier,
            message.entities,
            language,
            self._sentiment.read(message.cleaned, self._mood(message, proposal, language)),
            proposal.out_of_scope,
            self._urgency.read(message.cleaned),
        )

    def _mood(self, message: Message, proposal: Proposal, language: str) -> Guess:
        """What the classifier thinks of the mood, where it was asked anyway and was taught the language."""
        if proposal.tier != "classifier" or language not in _MOODS_TAUGHT:
            return ()
        return self._heads.predict(message.cleaned.text).mood


def _language(message: Message) -> str:
    """The language of the customer's own words: what a button sends is not in them."""
    question, before = message.context.question, message.context.language
    if (
        before is not None
        and question is not None
        and chosen(question.choices, message.cleaned.text) is not None
    ):
        return before
    return detect(message.typed, before)
