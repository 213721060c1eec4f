"""The classifier tier: what a message asks for, how sure that is, and what to do when it is not."""

import re
from collections.abc import Iterable, Iterator, Sequence

from kefu.conversation.commands import (
    AskKnowledge,
    Clarify,
    Command,
    CorrectSlot,
    SetSlot,
    SmallTalk,
    Unsure,
)
from kefu.understanding.classifier import Classifier, Prediction, Ranking
from kefu.understanding.menu import Menu
from kefu.understanding.message import Message, Proposal
from kefu.understanding.reading import Entity, IntentGuess
from kefu.understanding.requests import Request, RequestFinder
from kefu.understanding.text import clean, squeezed

_SHORTEST_REQUEST = 4
_MARKS = " ,，。.;；!！?？"
_CORRECTION = re.compile(
    r"不对|错了|说错|打错|写错|弄错|搞错|不是这个|应该是|改成|改为|换成|更正|换一[个单]|not this|i mean|sorry"
)
_WHOLE_MESSAGE = frozenset({"text", "address", "person", "invoice_title"})


class ClassifierTier:
    """Acts on a guess only in the accepted band; in the band below it asks back or searches."""

    def __init__(self, classifier: Classifier, menu: Menu) -> None:
        self._classifier = classifier
        self._menu = menu
        self._requests = RequestFinder(classifier.predict, classifier.request_judge)

    def propose(self, message: Message) -> Proposal:
        """Always a proposal; `sure` is false where another tier may know better."""
        prediction = self._classifier.predict(message.cleaned.text)
        answer = self._answer(message, prediction)
        if answer is not None:
            return answer
        found = self._requests.find(message.cleaned.text, prediction)
        requests = [request for request in found if self._worth_offering(request.intent)]
        if len(requests) > 1:
            return self._several(requests, prediction, message)
        return self._single(self._in_context(prediction, message), message)

    def _in_context(self, alone: Prediction, message: Message) -> Prediction:
        """What a follow-up asks for, read together with what it leans on.

        Alone it counts when it plainly wants something done: «那帮我取消吧» after whatever was asked before.
        """
        if message.whole is None:
            return alone
        intent, confidence = alone.intents[0]
        plain = confidence >= alone.bands.accept and not alone.outside
        if plain and (self._acts(intent) or intent in self._menu.smalltalk_intents):
            return alone
        together = self._classifier.predict(clean(message.whole).text)
        return together if together.intents[0][1] >= together.bands.suggest else alone

    def _answer(self, message: Message, prediction: Prediction) -> Proposal | None:
        """The message as an answer to the slot question that is open, if it is one."""
        question, expects = message.context.question, message.context.expects
        if message.context.flow is None or question is None:
            return None
        guesses = _guesses(prediction.intents, requested=())
        corrections = _corrections(message)
        if corrections:
            return Proposal(corrections, guesses, "rules")
        if question.kind != "slot" or self._turns_away(message, prediction):
            return None
        slot = question.slot or expects or ""
        given = tuple(_slots_from(message, slot, expects))
        if given:
            return Proposal(given, guesses, "rules")
        instead = self._menu.slots_for(message.context.flow, message.entities)
        if instead and not _says_more(message):
            # "the beige coat" says which order as well as its number does
            return Proposal(instead, guesses, "rules")
        if expects in _WHOLE_MESSAGE:
            return Proposal((SetSlot(slot, message.typed.strip()),), guesses, "rules")
        return None

    def _turns_away(self, message: Message, prediction: Prediction) -> bool:
        """Whether the customer asks for something else although a question is open."""
        intent, confidence = prediction.intents[0]
        if confidence < prediction.bands.accept or prediction.outside:
            return False
        flow = self._menu.flow_by_intent.get(intent)
        elsewhere = flow is not None and flow != message.context.flow
        return (elsewhere or intent in self._menu.handoff_intents) and _says_more(message)

    def _single(self, prediction: Prediction, message: Message) -> Proposal:
        ranking, bands = prediction.intents, prediction.bands
        if prediction.outside:
            sure = prediction.nothing >= bands.accept
            return Proposal((Unsure(),), _guesses(ranking, requested=()), "classifier", sure, True)
        intent, confidence = ranking[0]
        guesses = _guesses(ranking, requested=(intent,))
        if confidence >= bands.accept:
            return Proposal(self._commands(intent, message.query, message), guesses, "classifier")
        if confidence >= bands.suggest:
            return Proposal(self._tentative(ranking, message), guesses, "classifier", sure=False)
        return Proposal((Unsure(),), guesses, "classifier", sure=False)

    def _tentative(self, ranking: Ranking, message: Message) -> tuple[Command, ...]:
        """Between the bands: search when that serves every likely reading, otherwise ask what is meant."""
        best = ranking[0][0]
        likely = [name for name, p in ranking[:2] if p >= ranking[0][1] / 4]
        if best in self._menu.smalltalk_intents:
            return (SmallTalk(best),) if len(likely) == 1 and message.question is None else (Unsure(),)
        if not any(self._acts(intent) for intent in likely):
            return (AskKnowledge(message.query),)
        if message.context.flow is not None:
            return (Unsure(),)  # the flow's own question comes before a question about the customer's
        second = next((name for name, _ in ranking[1:] if self._worth_offering(name)), None)
        return (Clarify((best, second) if second else (best,)),)

    def _acts(self, intent: str) -> bool:
        return intent in self._menu.flow_by_intent or intent in self._menu.handoff_intents

    def _worth_offering(self, intent: str) -> bool:
        return intent not in self._menu.smalltalk_intents

    def _several(self, requests: Sequence[Request], whole: Prediction, message: Message) -> Proposal:
        """What to do about each request, in their order; of the guesses first what the whole is likeliest to
        ask for. A request that is hardly known is only listed, unless it is that one."""
        likely = [intent for intent, _ in whole.intents]
        ordered = sorted(
            requests, key=lambda one: likely.index(one.intent) if one.intent in likely else len(likely)
        )
        commands: list[Command] = []
        for request in requests:
            if request.confidence >= whole.bands.suggest or request is ordered[0]:
                first, last = message.cleaned.typed_span(request.start, request.end)
                words = message.typed[first:last].strip(_MARKS)
                commands += [c for c in self._commands(request.intent, words, message) if c not in commands]
        asked = [IntentGuess(one.intent, one.confidence, requested=True) for one in ordered]
        names = {guess.name for guess in asked}
        others = [guess for guess in _guesses(whole.intents, requested=()) if guess.name not in names]
        return Proposal(tuple(commands), (*asked, *others), "classifier")

    def _commands(self, intent: str, words: str, message: Message) -> tuple[Command, ...]:
        asked = message.question is not None
        return self._menu.commands_for(intent, words, message.entities, asked=asked)


def _guesses(ranking: Ranking, *, requested: Iterable[str]) -> tuple[IntentGuess, ...]:
    asked = frozenset(requested)
    return tuple(IntentGuess(name, p, name in asked) for name, p in ranking)


def _slots_from(message: Message, slot: str, expects: str | None) -> Iterator[SetSlot]:
    """The asked-for value first, then whatever else the answer brought along."""
    fitting = [entity for entity in message.entities if _fits(entity, slot, expects)]
    if not fitting or fitting[0].value is None:
        return
    yield SetSlot(slot, fitting[0].value)
    for entity in message.entities:
        if entity.type not in (slot, expects) and entity.value is not None:
            yield SetSlot(entity.type, entity.value)


def _fits(entity: Entity, slot: str, expects: str | None) -> bool:
    return entity.type in (expects, slot) or (expects == "boolean" and entity.value in (True, False))


def _corrections(message: Message) -> tuple[CorrectSlot, ...]:
    if not _CORRECTION.search(message.cleaned.text) or message.question not in ("confirm", "slot"):
        return ()
    if message.question == "slot" and not message.cleaned.text.startswith(
        ("不对", "错了", "不是", "说错", "打错")
    ):
        return ()
    given = {entity.type: entity.value for entity in message.entities if entity.value is not None}
    return tuple(CorrectSlot(kind, value) for kind, value in given.items())


def _says_more(message: Message) -> bool:
    """Whether more is left than an answer when the entities are taken out."""
    rest = message.typed
    for entity in reversed(message.entities):
        rest = rest[: entity.start] + rest[entity.end :]
    return len(squeezed(rest)) >= _SHORTEST_REQUEST
