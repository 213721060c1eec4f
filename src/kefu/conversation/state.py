"""The state of a conversation: a pure fold over its events. `replay` is the only way to make one.

`apply` is total. Whatever order customer, bot and agent events come in, the result has exactly one owner and
its version is the number of events. Whether an event *should* happen is decided before it is recorded.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Literal, assert_never

from kefu.conversation.events import (
    AgentJoined,
    AgentSpoke,
    AnswerNotUnderstood,
    BotReplied,
    ConversationOpened,
    Customer,
    CustomerSpoke,
    EffectBecameUnknown,
    EffectConfirmed,
    EffectExecuted,
    EffectFailed,
    EffectProposed,
    FeedbackGiven,
    FlowCancelled,
    FlowCompleted,
    FlowStarted,
    HandedOff,
    MessageUnderstood,
    OperationRan,
    Question,
    QuestionAsked,
    QuestionDropped,
    Rated,
    Recorded,
    Resolved,
    ResultKept,
    ReturnedToBot,
    SlotCleared,
    SlotFilled,
    StepReached,
)
from kefu.conversation.ids import AgentId, EffectId, MessageId, ReleaseId, TicketId
from kefu.conversation.messages import Text
from kefu.conversation.values import Record, Value

_DISCONTENT = frozenset({"angry", "upset"})

RECENT_LINES = 12
"""How much of the talk the state itself keeps; the rest stays in the log."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers: the bot, a queue that waits for an agent, or one agent. Exactly one, always."""

    kind: Literal["bot", "queue", "agent"] = "bot"
    queue: str | None = None
    agent_id: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the recent talk, as understanding reads it for context."""

    role: Literal["customer", "bot", "agent"]
    message_id: MessageId
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlowFrame:
    """A flow in progress. `results` holds what its operations returned, `slots` what the customer gave it."""

    flow: str
    run: int
    step: str
    slots: Record = field(default_factory=dict[str, Value])
    results: Record = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class PendingEffect:
    """A write that was proposed and is not settled; `confirmed` once the customer said yes to its digest."""

    effect_id: EffectId
    run: int
    step: str
    operation: str
    arguments: Record
    digest: str
    expires_at: datetime
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    reason: str
    queue: str
    summary: str
    ticket_id: TicketId
    at: datetime
    priority: str = "normal"


@dataclass(frozen=True, slots=True)
class ConversationState:
    """`flows` is a stack, its top last. `unanswered` holds customer messages that no reply settles yet.

    `moods` are the sentiments and signals that the customer has shown in this episode, each once, in the
    order in which they came; who is angry or upset again has shown `repeated` too.
    """

    version: int = 0
    customer: Customer | None = None
    channel: str = ""
    release: ReleaseId | None = None
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    owner: Owner = Owner()
    status: Literal["open", "resolved"] = "open"
    episode: int = 0
    runs: int = 0
    flows: tuple[FlowFrame, ...] = ()
    slots: Record = field(default_factory=dict[str, Value])
    question: Question | None = None
    tries: int = 0
    effect: PendingEffect | None = None
    handoff: Handoff | None = None
    language: str | None = None
    intent: str | None = None
    sentiment: str = "neutral"
    moods: tuple[str, ...] = ()
    misunderstood: int = 0
    recent: tuple[Line, ...] = ()
    unanswered: tuple[MessageId, ...] = ()

    @property
    def flow(self) -> FlowFrame | None:
        """The flow on top of the stack: the one that the customer is in."""
        return self.flows[-1] if self.flows else None


INITIAL = ConversationState()

_After = Callable[..., ConversationState]
"""Makes the state after an event from the fields that it changes."""


def replay(events: Iterable[Recorded], since: ConversationState = INITIAL) -> ConversationState:
    """The state after `events`; pass a snapshot as `since` to continue from it."""
    state = since
    for recorded in events:
        state = apply(state, recorded)
    return state


def apply(state: ConversationState, recorded: Recorded) -> ConversationState:
    """The state after one more event. Never raises: a fact is a fact."""
    at, event = recorded.at, recorded.event
    # One copy for each event: what all of them change goes with what this one changes.
    after: _After = partial(replace, state, version=state.version + 1, updated_at=at)
    match event:
        case ConversationOpened():
            return after(
                customer=event.customer,
                channel=event.channel,
                release=event.release,
                opened_at=at,
                language=event.customer.locale,
            )
        case CustomerSpoke():
            reopened = state.status != "open" or not state.episode
            return after(
                status="open",
                episode=state.episode + reopened,
                recent=_heard(state, Line("customer", event.message_id, event.text, at)),
                unanswered=(*state.unanswered, event.message_id),
            )
        case MessageUnderstood():
            return after(
                intent=event.intent,
                language=event.language,
                sentiment=event.sentiment,
                moods=moods_after(state.moods, event.sentiment, event.signals),
                misunderstood=state.misunderstood if event.intent is None else 0,
            )
        case AnswerNotUnderstood():
            return after(tries=state.tries + 1, misunderstood=state.misunderstood + 1)
        case FlowStarted():
            frame = FlowFrame(event.flow, event.run, event.step)
            return after(flows=(*state.flows, frame), runs=max(state.runs, event.run), question=None, tries=0)
        case StepReached() | SlotFilled() | SlotCleared() | ResultKept() | FlowCompleted() | FlowCancelled():
            return _flow_moved(state, event, after)
        case QuestionAsked():
            return after(question=event.question)
        case QuestionDropped():
            return after(question=None, tries=0)
        case EffectProposed() | EffectConfirmed() | EffectExecuted() | EffectFailed() | EffectBecameUnknown():
            return _effect_moved(state, event, after)
        case BotReplied():
            return after(
                recent=_heard(state, Line("bot", event.message_id, _text_of(event), at)),
                unanswered=tuple(m for m in state.unanswered if m not in event.answers),
            )
        case AgentSpoke():
            return after(
                recent=_heard(state, Line("agent", event.message_id, _text_of(event), at)),
                unanswered=(),
            )
        case HandedOff():
            return after(
                owner=Owner("queue", queue=event.queue),
                handoff=Handoff(
                    event.reason, event.queue, event.summary, event.ticket_id, at, event.priority
                ),
                question=None,
                tries=0,
            )
        case AgentJoined():
            return after(owner=Owner("agent", agent_id=event.agent_id), question=None, tries=0)
        case ReturnedToBot():
            return after(owner=Owner(), handoff=None, unanswered=())
        case Resolved():
            return _episode_over(after)
        case OperationRan() | Rated() | FeedbackGiven():
            return after()
        case _:
            assert_never(event)


def moods_after(before: tuple[str, ...], sentiment: str, signals: Iterable[str]) -> tuple[str, ...]:
    """The moods of an episode after one more message."""
    again = sentiment in _DISCONTENT and not _DISCONTENT.isdisjoint(before)
    shown = (*before, *signals, *(("repeated",) if again else ()), sentiment)
    return tuple(mood for mood in dict.fromkeys(shown) if mood != "neutral")


def _episode_over(after: _After) -> ConversationState:
    return after(
        status="resolved",
        owner=Owner(),
        handoff=None,
        flows=(),
        question=None,
        tries=0,
        effect=None,
        unanswered=(),
        moods=(),
        misunderstood=0,
    )


def _flow_moved(
    state: ConversationState,
    event: StepReached | SlotFilled | SlotCleared | ResultKept | FlowCompleted | FlowCancelled,
    after: _After,
) -> ConversationState:
    top = state.flow
    match event:
        case SlotFilled(scope="conversation"):
            return after(slots=_with(state.slots, event.slot, event.value))
        case SlotCleared() if event.slot in state.slots and (top is None or event.slot not in top.slots):
            return after(slots=_without(state.slots, event.slot))
        case FlowCompleted() | FlowCancelled():
            return after(flows=state.flows[:-1], question=None, tries=0)
        case StepReached() if top:
            moved = replace(top, step=event.step)
            return after(flows=(*state.flows[:-1], moved), question=None, tries=0)
        case SlotFilled() if top:
            moved = replace(top, slots=_with(top.slots, event.slot, event.value))
            return after(flows=(*state.flows[:-1], moved))
        case SlotCleared() if top:
            moved = replace(top, slots=_without(top.slots, event.slot))
            return after(flows=(*state.flows[:-1], moved))
        case ResultKept() if top:
            moved = replace(top, results=_with(top.results, event.name, event.value))
            return after(flows=(*state.flows[:-1], moved))
        case StepReached() | SlotFilled() | SlotCleared() | ResultKept():
            return after()
        case _:
            assert_never(event)


def _effect_moved(
    state: ConversationState,
    event: EffectProposed | EffectConfirmed | EffectExecuted | EffectFailed | EffectBecameUnknown,
    after: _After,
) -> ConversationState:
    match event:
        case EffectProposed():
            pending = PendingEffect(
                event.effect_id,
                event.run,
                event.step,
                event.operation,
                event.arguments,
                event.digest,
                event.expires_at,
            )
            return after(effect=pending)
        case EffectConfirmed():
            if state.effect is None or state.effect.effect_id != event.effect_id:
                return after()
            return after(effect=replace(state.effect, confirmed=True))
        case EffectExecuted() | EffectFailed() | EffectBecameUnknown():
            settled = state.effect is not None and state.effect.effect_id == event.effect_id
            return after(effect=None) if settled else after()
        case _:
            assert_never(event)


def _heard(state: ConversationState, line: Line) -> tuple[Line, ...]:
    return (*state.recent, line)[-RECENT_LINES:]


def _text_of(event: BotReplied | AgentSpoke) -> str:
    return "\n".join(part.text for part in event.parts if isinstance(part, Text))


def _with(values: Record, name: str, value: Value) -> Mapping[str, Value]:
    return {**values, name: value}


def _without(values: Record, name: str) -> Mapping[str, Value]:
    return {key: value for key, value in values.items() if key != name}
