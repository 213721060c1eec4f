"""What operators decide about customers who are angry, worried, in a hurry or in need."""

from dataclasses import dataclass
from typing import Literal, get_args

from kefu.conversation.commands import HandoffReason, Priority

Mood = Literal["self_harm", "threat", "repeated", "angry", "deadline", "upset", "happy"]
"""The sentiments and signals that something can be decided about; `neutral` calls for nothing."""

GRAVEST_FIRST: tuple[Mood, ...] = get_args(Mood)


@dataclass(frozen=True, slots=True)
class Care:
    """What a mood changes. `opening` is the response that is said before everything else; `human` says
    whether one is offered or comes at once, and then for which `reason`."""

    opening: str | None = None
    priority: Priority = "normal"
    human: Literal["offer", "at_once"] | None = None
    reason: HandoffReason = "complaint"
