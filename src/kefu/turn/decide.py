"""Decide: state and reading to decisions. Pure; nothing here waits for anything."""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Clarify,
    Command,
    CorrectSlot,
    Deny,
    HandOff,
    HandoffReason,
    Repeat,
    SetSlot,
    SmallTalk,
    StartFlow,
    Unsure,
)
from kefu.conversation.state import ConversationState
from kefu.turn.care import caring
from kefu.turn.policy import Policy
from kefu.understanding.reading import Reading


@dataclass(frozen=True, slots=True)
class BeginFlow:
    """`commands` are the slots that the same message already gave."""

    flow: str
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class ContinueFlow:
    """The customer spoke to the flow on top of the stack."""

    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class ReturnToFlow:
    """After a digression: ask again what was being asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    query: str


@dataclass(frozen=True, slots=True)
class SayStock:
    """Approved wording by its response key."""

    response: str


@dataclass(frozen=True, slots=True)
class AskBack:
    """Show the readings and let the customer choose."""

    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassToHuman:
    reason: HandoffReason


@dataclass(frozen=True, slots=True)
class OfferHuman:
    """Beside the answer, unless it left a question open."""


@dataclass(frozen=True, slots=True)
class NameLanguages:
    """Say, politely and so that it can be read, that this language is not spoken here."""


@dataclass(frozen=True, slots=True)
class SayAgain:
    """Repeat the last reply."""


Decision: TypeAlias = (
    BeginFlow
    | ContinueFlow
    | ReturnToFlow
    | Answer
    | SayStock
    | AskBack
    | PassToHuman
    | OfferHuman
    | NameLanguages
    | SayAgain
)

_DEFAULT = Policy()
_OWN_TONE = frozenset({"abuse", "chitchat", "goodbye", "praise", "thanks"})
"""Small talk whose responses answer a mood themselves, or a talk in which no mood is the shop's fault."""
_DISCONTENT = frozenset({"angry", "upset"})
_COMPLAINING = frozenset({"angry", "repeated", "threat"})


def decide(
    state: ConversationState, reading: Reading, text: str, policy: Policy = _DEFAULT
) -> tuple[Decision, ...]:
    """What to do about one message, in order. Never empty: some answer is always owed."""
    care = caring(state, reading, policy)
    opening: tuple[Decision, ...] = (SayStock(care.opening),) if care.opening else ()
    if care.hands_off is not None:
        return (*opening, PassToHuman(care.hands_off))
    if not policy.serves(reading.language) and not _acts(reading):
        return _ordered(state, (NameLanguages(),))
    decisions = _plain(state, reading, text)
    if all(
        isinstance(decision, SayStock) and decision.response.removeprefix("smalltalk.") in _OWN_TONE
        for decision in decisions
    ):
        if reading.signals and opening:
            return (*opening, OfferHuman())
        if reading.sentiment in _DISCONTENT and SmallTalk("praise") in reading.commands:
            # Praise in anger is sarcasm, or misheard; to thank for it would be an insult.
            return (*opening, OfferHuman())
        return decisions
    offer: tuple[Decision, ...] = (OfferHuman(),) if care.offers_human else ()
    return (*opening, *decisions, *offer)


def _acts(reading: Reading) -> bool:
    """Whether there is something to act on: numbers and plain wishes are alike in many languages, but what a
    classifier makes of the words of one that it was never taught is chance."""
    vague = StartFlow | AskKnowledge | SmallTalk | Clarify | Unsure
    return reading.tier == "rules" or not all(isinstance(command, vague) for command in reading.commands)


def _plain(state: ConversationState, reading: Reading, text: str) -> tuple[Decision, ...]:
    """What to do about a message whatever its mood."""
    kind = state.question.kind if state.question else None
    if kind == "offer_human":
        offered = _to_an_offer(state, reading)
        if offered is not None:
            return (offered,)
    decisions: list[Decision] = []
    slots = tuple(c for c in reading.commands if isinstance(c, SetSlot | CorrectSlot))
    for command in reading.commands:
        decision = _decision(state, reading, command, slots, text)
        if decision is not None and decision not in decisions:
            decisions.append(decision)
    if not decisions:
        decisions.append(ContinueFlow(slots) if state.flow else Answer(text))
    return _ordered(state, tuple(decisions))


def _to_an_offer(state: ConversationState, reading: Reading) -> Decision | None:
    complains = not _COMPLAINING.isdisjoint(state.moods)
    if any(isinstance(c, Affirm) for c in reading.commands):
        return PassToHuman("complaint" if complains else "not_in_material")
    if complains and any(isinstance(c, HandOff) for c in reading.commands):
        return PassToHuman("complaint")
    if any(isinstance(c, Deny) for c in reading.commands):
        return SayStock("offer.declined")
    return None


def _decision(
    state: ConversationState,
    reading: Reading,
    command: Command,
    slots: tuple[SetSlot | CorrectSlot, ...],
    text: str,
) -> Decision | None:
    in_flow = state.flow is not None
    match command:
        case StartFlow() if in_flow and state.flow and state.flow.flow == command.flow:
            return ContinueFlow(slots)
        case StartFlow():
            return BeginFlow(command.flow, slots)
        case SetSlot() | CorrectSlot():
            starting = any(isinstance(c, StartFlow) for c in reading.commands)
            return ContinueFlow(slots) if in_flow and not starting else None
        case Affirm():
            return _yes(state, reading)
        case Deny():
            return ContinueFlow((command, *slots)) if in_flow else SayStock("smalltalk.deny")
        case CancelFlow():
            return ContinueFlow((command,)) if in_flow else SayStock("flow.nothing_to_cancel")
        case AskKnowledge():
            return Answer(command.query)
        case SmallTalk():
            return SayStock(f"smalltalk.{command.kind}")
        case Clarify():
            return AskBack(command.intents)
        case HandOff():
            return PassToHuman(command.reason)
        case Repeat():
            return SayAgain()
        case Unsure():
            return _not_understood(state, reading, text)
        case _:
            assert_never(command)


def _yes(state: ConversationState, reading: Reading) -> Decision:
    if state.flow is None:
        return SayStock("smalltalk.affirm")
    # A write hangs on this yes: a guess of the classifier is not the customer's word.
    explicit = reading.tier != "classifier" and len(reading.commands) == 1
    if state.question and state.question.kind == "confirm" and not explicit:
        return ContinueFlow(())
    return ContinueFlow((Affirm(),))


def _not_understood(state: ConversationState, reading: Reading, text: str) -> Decision:
    if state.flow is not None:
        return ContinueFlow(())
    return SayStock("out_of_scope") if reading.out_of_scope else Answer(text)


def _ordered(state: ConversationState, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """A human first and alone; a digression leads back to the question that it left open."""
    for decision in decisions:
        if isinstance(decision, PassToHuman):
            return (decision,)
    digressed = not any(isinstance(d, BeginFlow | ContinueFlow) for d in decisions)
    if state.flow is not None and state.question is not None and digressed:
        return (*decisions, ReturnToFlow())
    return decisions
