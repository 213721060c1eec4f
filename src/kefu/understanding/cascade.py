"""The cascade: each tier is asked only if the one before was unsure."""

from collections.abc import Mapping

from kefu.conversation.commands import Unsure
from kefu.understanding.classifier import Classifier
from kefu.understanding.entities import EntityExtractor
from kefu.understanding.intents import ClassifierTier
from kefu.understanding.language import detect
from kefu.understanding.lexicon import Lexicon
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message, Proposal
from kefu.understanding.reading import Context, Reading, Understanding
from kefu.understanding.rules import Rule, RulesTier
from kefu.understanding.sentiment import SentimentLexicon
from kefu.understanding.text import clean


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
    ) -> None:
        self._rules = RulesTier(rules, menu)
        self._classifier = ClassifierTier(classifier, menu)
        self._entities = entities
        self._sentiment = SentimentLexicon(lexicons.get("sentiment", Lexicon("sentiment", {})))
        self._model = model

    async def read(self, text: str, context: Context) -> Reading:
        """The reading of one message, of any text; the worst is `Unsure`."""
        cleaned = clean(text)
        entities = self._entities.extract(cleaned, context.now, context.expects)
        message = Message(cleaned, entities, context)
        proposal = self._rules.propose(message) or self._classifier.propose(message)
        if not proposal.sure and self._model is not None:
            reading = await self._model.read(text, context)
            if not all(isinstance(command, Unsure) for command in reading.commands):
                return reading
        return self._reading(message, proposal)

    def _reading(self, message: Message, proposal: Proposal) -> Reading:
        intent = next((guess for guess in proposal.intents if guess.requested), None)
        return Reading(
            proposal.commands,
            intent,
            proposal.intents,
            proposal.tier,
            message.entities,
            detect(message.typed, message.context.language),
            self._sentiment.read(message.cleaned.text),
            proposal.out_of_scope,
        )
