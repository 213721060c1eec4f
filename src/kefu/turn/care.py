"""How a customer who is angry, worried or in need is met, by the pack's policy. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from kefu.conversation.commands import HandoffReason, Priority
from kefu.conversation.state import ConversationState, moods_after
from kefu.desk.care import GRAVEST_FIRST
from kefu.turn.policy import Policy
from kefu.understanding.reading import Reading

_PRIORITIES: tuple[Priority, ...] = get_args(Priority)


@dataclass(frozen=True, slots=True)
class Caring:
    """What is done about the mood of one message. `opening` is a response."""

    opening: str | None = None
    offers_human: bool = False
    hands_off: HandoffReason | None = None


def caring(state: ConversationState, reading: Reading, policy: Policy) -> Caring:
    """What the policy wants for the gravest mood of this message; `state` is that before the message.

    A mood is met once in an episode, and again only when it gets worse: nobody wants to be soothed at every
    turn. A human who is to come at once comes each time, and so do the words that go with it.
    """
    # Whether this message repeats a complaint depends on the episode, and only it may show that.
    again = moods_after(state.moods, reading.sentiment, reading.signals)
    shown = {*reading.signals, reading.sentiment, *(again[len(state.moods) :])}
    mood = next((mood for mood in GRAVEST_FIRST if mood in shown and mood in policy.care), None)
    if mood is None:
        return Caring()
    care = policy.care[mood]
    worse = all(_rank(mood) < _rank(before) for before in state.moods)
    at_once = care.human == "at_once"
    return Caring(
        opening=care.opening if worse or at_once else None,
        offers_human=worse and care.human == "offer",
        hands_off=care.reason if at_once else None,
    )


def _rank(mood: str) -> int:
    return GRAVEST_FIRST.index(mood) if mood in GRAVEST_FIRST else len(GRAVEST_FIRST)


def priority_of(moods: Iterable[str], policy: Policy) -> Priority:
    """How soon a human should see a customer who has shown these moods."""
    found = {policy.care[mood].priority for mood in moods if mood in policy.care}
    raised: list[Priority] = [each for each in _PRIORITIES if each in found and each != "normal"]
    return raised[-1] if raised else "normal"
