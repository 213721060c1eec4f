"""A turn, as its table of contents: guard · understand · decide · act · compose · guard · commit.

Loading and the commit itself are the runner's (`kefu.turn.runner`), because a lost race repeats everything
between the two.
"""

from dataclasses import dataclass

from kefu.conversation.codec import encode
from kefu.conversation.commands import Unsure
from kefu.conversation.events import MessageUnderstood
from kefu.conversation.ids import ConversationId, MessageId
from kefu.conversation.state import ConversationState
from kefu.conversation.trace import Tracer
from kefu.conversation.values import Record
from kefu.safety.input_guard import Blocked
from kefu.turn.act import Acting
from kefu.turn.compose import compose, guard_output
from kefu.turn.context import context_of
from kefu.turn.decide import Decision, SayStock, decide
from kefu.turn.draft import Draft
from kefu.turn.policy import Policy
from kefu.turn.response import response_of
from kefu.turn.services import Services
from kefu.turn.store import TurnRecord
from kefu.understanding.reading import Reading


@dataclass(frozen=True, slots=True)
class Heard:
    """What the turn answers: every unanswered message, as one text."""

    text: str
    messages: tuple[MessageId, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A turn that is ready to be committed."""

    draft: Draft
    record: TurnRecord


def owes_a_reply(state: ConversationState) -> bool:
    """Whether the bot has to say something: there is an open message and no human owns the conversation."""
    return state.owner.kind == "bot" and bool(state.unanswered)


async def handle(conversation_id: ConversationId, state: ConversationState, services: Services) -> Settled:
    """One turn over everything that the customer said since the last reply."""
    trace = Tracer(services.monotonic)
    draft = Draft(state, services.clock)
    heard = _heard(state)
    with trace.stage("guard") as detail:
        blocked = services.bot.input_guard.check(heard.text)
        detail["blocked"] = encode(blocked) if blocked else None
    with trace.stage("understand") as detail:
        reading = await services.bot.understanding.read(
            heard.text, context_of(state, services.bot.flows, services.clock())
        )
        draft.record(_understood(draft, reading, blocked))
        detail |= _in_short(reading)
    with trace.stage("decide") as detail:
        decisions = _decisions(state, reading, blocked, heard.text, services.bot.policy)
        detail["decisions"] = [type(decision).__name__ for decision in decisions]
    with trace.stage("act") as detail:
        acting = Acting(draft, services, conversation_id, heard.text, heard.messages[-1])
        await acting.carry_out(decisions)
        detail["operations"] = [note.name for note in draft.operations]
    with trace.stage("compose"):
        compose(draft, reading, acting, services.bot.policy)
    with trace.stage("guard"):
        guard_output(draft, services.mask)
    draft.reply(heard.messages)
    finished = trace.finish()
    response = response_of(conversation_id, draft, reading, blocked, finished)
    trace_record: Record = {"stages": encode(finished.stages), "total_ms": finished.total_ms}
    return Settled(draft, TurnRecord(draft.turn_id, heard.messages, response, trace_record))


def _heard(state: ConversationState) -> Heard:
    lines = [line.text for line in state.recent if line.message_id in state.unanswered]
    return Heard("\n".join(lines), state.unanswered)


def _understood(draft: Draft, reading: Reading, blocked: Blocked | None) -> MessageUnderstood:
    unsure = blocked is not None or all(isinstance(command, Unsure) for command in reading.commands)
    return MessageUnderstood(
        draft.turn_id,
        None if unsure or reading.intent is None else reading.intent.name,
        reading.intent.confidence if reading.intent else 0.0,
        reading.tier,
        reading.language,
        reading.sentiment,
        reading.signals,
    )


def _decisions(
    state: ConversationState, reading: Reading, blocked: Blocked | None, text: str, policy: Policy
) -> tuple[Decision, ...]:
    return decide(state, reading, text, policy) if blocked is None else (SayStock("blocked"),)


def _in_short(reading: Reading) -> Record:
    return {
        "tier": reading.tier,
        "intent": reading.intent.name if reading.intent else None,
        "commands": [type(command).__name__ for command in reading.commands],
        "sentiment": reading.sentiment,
        "signals": list(reading.signals),
    }
