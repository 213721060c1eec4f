"""What may be proposed: from an intent to the commands that act on it. Anything off the menu is `Unsure`."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    Command,
    Deny,
    HandOff,
    SetSlot,
    SmallTalk,
    StartFlow,
)
from kefu.understanding.catalogue import IntentDefinition
from kefu.understanding.reading import Entity


def _no_flows() -> Mapping[str, str]:
    return {}


def _no_slots() -> Mapping[str, Mapping[str, str]]:
    return {}


@dataclass(frozen=True, slots=True)
class Menu:
    """`slot_types` gives, by flow, the type of each slot; `titles` the wording of each intent's choice."""

    flow_by_intent: Mapping[str, str] = field(default_factory=_no_flows)
    slot_types: Mapping[str, Mapping[str, str]] = field(default_factory=_no_slots)
    handoff_intents: AbstractSet[str] = frozenset({"human_agent"})
    smalltalk_intents: AbstractSet[str] = frozenset()
    titles: Mapping[str, str] = field(default_factory=_no_flows)

    @classmethod
    def of(
        cls,
        intents: Iterable[IntentDefinition],
        flow_by_intent: Mapping[str, str],
        slot_types: Mapping[str, Mapping[str, str]],
        *,
        smalltalk_groups: AbstractSet[str] = frozenset({"smalltalk"}),
        also_smalltalk: AbstractSet[str] = frozenset({"praise"}),
    ) -> "Menu":
        """The menu of a pack; an intent that a flow serves is never small talk."""
        listed = tuple(intents)
        chatting = {intent.name for intent in listed if intent.group in smalltalk_groups} | also_smalltalk
        return cls(
            flow_by_intent,
            slot_types,
            smalltalk_intents=frozenset(chatting - flow_by_intent.keys()),
            titles={intent.name: intent.title for intent in listed},
        )

    def commands_for(
        self, intent: str, text: str, entities: Iterable[Entity], *, asked: bool
    ) -> tuple[Command, ...]:
        """What to do about one accepted intent. `asked` says that a question of the bot is open."""
        if intent in self.handoff_intents:
            return (HandOff("customer_asked"),)
        if intent in self.flow_by_intent:
            flow = self.flow_by_intent[intent]
            return (StartFlow(flow), *self.slots_for(flow, entities))
        if asked and intent == "affirm":
            return (Affirm(),)
        if asked and intent == "deny":
            return (Deny(),)
        if intent in self.smalltalk_intents:
            return (SmallTalk(intent),)
        return (AskKnowledge(text),)

    def slots_for(self, flow: str, entities: Iterable[Entity]) -> tuple[SetSlot, ...]:
        """The entities that the flow has a slot for, in the order of the message, each type once."""
        slots = self.slot_types.get(flow, {})
        given: dict[str, SetSlot] = {}
        for entity in entities:
            name = slot_of(slots, entity.type)
            if name is not None and entity.value is not None:
                given.setdefault(name, SetSlot(name, entity.value))
        return tuple(given.values())


def slot_of(slots: Mapping[str, str], entity_type: str) -> str | None:
    """The slot that takes an entity: the one of its name, else the only one of its type."""
    if entity_type in slots:
        return entity_type
    of_type = [name for name, kind in slots.items() if kind == entity_type]
    return of_type[0] if len(of_type) == 1 else None
