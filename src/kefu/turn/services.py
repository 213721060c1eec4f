"""What a turn is given: the release's own parts, and the ports to everything outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kefu.conversation.ids import Clock, ConversationId, ReleaseId
from kefu.conversation.values import Record
from kefu.flows.library import FlowLibrary
from kefu.knowledge.answers import Answerer
from kefu.operations.model import BackOffice
from kefu.safety.input_guard import InputGuard
from kefu.turn.policy import Policy
from kefu.turn.store import ConversationStore
from kefu.turn.wording import Wording
from kefu.understanding.reading import Understanding


@dataclass(frozen=True, slots=True)
class Bot:
    """One release: everything that operators change together. `intent_titles` is by language."""

    release: ReleaseId
    understanding: Understanding
    flows: FlowLibrary
    answerer: Answerer
    wording: Wording
    policy: Policy
    input_guard: InputGuard
    intent_titles: Mapping[str, str]


class Live(Protocol):
    """Fan-out to whoever watches a conversation right now: the widget, the desk. Nothing depends on it."""

    def publish(self, conversation_id: ConversationId, frame: Record) -> None: ...


class Line(Protocol):
    """How many wait in a queue."""

    async def waiting(self, queue: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Services:
    """`monotonic` counts seconds; `mask` hides personal data in text."""

    bot: Bot
    store: ConversationStore
    line: Line
    back_office: BackOffice
    live: Live
    clock: Clock
    monotonic: Callable[[], float]
    mask: Callable[[str], str]
