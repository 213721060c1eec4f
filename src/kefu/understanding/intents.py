"""The classifier tier: what a message asks for, how sure that is, and what to do when it is not."""

import re
from collections.abc import Iterable, Iterator

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
from kefu.understanding.text import squeezed

_JOINT = re.compile(
    r"[，,。.;；!！?？\s]*(?:顺便(?:再?问一?下|说一?下)?|另外|还有(?=[^没多])|对了|还想|再问|再帮|以及|同时"
    r"|also|and also|by the way)"
)
_SHORTEST_REQUEST = 4
_CORRECTION = re.compile(
    r"不对|错了|说错|打错|写错|弄错|搞错|不是这个|应该是|改成|改为|换成|更正|换一[个单]|not this|i mean|sorry"
)
_WHOLE_MESSAGE = frozenset({"text", "address", "person", "invoice_title"})


class ClassifierTier:
    """Acts on a guess only in the accepted band; in the band below it asks back or searches."""

    def __init__(self, classifier: Classifier, menu: Menu) -> None:
        self._classifier = classifier
        self._menu = menu

    def propose(self, message: Message) -> Proposal:
        """Always a proposal; `sure` is false where another tier may know better."""
        prediction = self._classifier.predict(message.cleaned.text)
        answer = self._answer(message, prediction)
        if answer is not None:
            return answer
        requests = self._requests(message)
        if len(requests) > 1:
            return self._several(requests, prediction.intents, message)
        return self._single(prediction, message)

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
            return Proposal(self._commands(intent, message.typed, message), guesses, "classifier")
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
            return (AskKnowledge(message.typed),)
        if message.context.flow is not None:
            return (Unsure(),)  # the flow's own question comes before a question about the customer's
        second = next((name for name, _ in ranking[1:] if self._worth_offering(name)), None)
        return (Clarify((best, second) if second else (best,)),)

    def _acts(self, intent: str) -> bool:
        return intent in self._menu.flow_by_intent or intent in self._menu.handoff_intents

    def _worth_offering(self, intent: str) -> bool:
        return intent not in self._menu.smalltalk_intents

    def _requests(self, message: Message) -> list[tuple[str, float, str]]:
        """The requests that a message joins with words such as 顺便, each with its own words."""
        found: dict[str, tuple[str, float, str]] = {}
        for start, end in _joined(message.cleaned.text):
            part = message.cleaned.text[start:end]
            if len(squeezed(part)) < _SHORTEST_REQUEST:
                continue
            prediction = self._classifier.predict(part)
            intent, confidence = prediction.intents[0]
            # The joining word itself says that something else is asked: half as sure is sure enough.
            if confidence >= prediction.bands.suggest and self._worth_offering(intent):
                first, last = message.cleaned.typed_span(start, end)
                found.setdefault(intent, (intent, confidence, message.typed[first:last].strip()))
        return list(found.values())

    def _several(
        self, requests: list[tuple[str, float, str]], ranking: Ranking, message: Message
    ) -> Proposal:
        commands: list[Command] = []
        for intent, _, words in requests:
            commands += [c for c in self._commands(intent, words, message) if c not in commands]
        asked = tuple(IntentGuess(intent, confidence, requested=True) for intent, confidence, _ in requests)
        names = {guess.name for guess in asked}
        others = tuple(guess for guess in _guesses(ranking, requested=()) if guess.name not in names)
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


def _joined(text: str) -> list[tuple[int, int]]:
    """The spans between joining words, without these."""
    joints = [match.span() for match in _JOINT.finditer(text) if match.start() > 0]
    starts = [0, *(end for _, end in joints)]
    ends = [*(start for start, _ in joints), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
