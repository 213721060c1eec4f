"""Act: run flows and answer, asking the ports for whatever the pure parts need."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from kefu import errors
from kefu.conversation.commands import Affirm, Command, Deny, HandoffReason, Priority
from kefu.conversation.events import (
    AnswerNotUnderstood,
    Event,
    FlowCancelled,
    HandedOff,
    Question,
    QuestionAsked,
    QuestionDropped,
)
from kefu.conversation.ids import ConversationId, MessageId, TicketId, new_id
from kefu.conversation.messages import Choice, Part, QuickReplies, Text
from kefu.conversation.values import Record
from kefu.desk.handoff import summarise
from kefu.flows.machine import advance
from kefu.flows.outcomes import (
    Advanced,
    AnswerGiven,
    Begin,
    Done,
    Heard,
    Input,
    NeedsAnswer,
    NeedsOperation,
    OperationCall,
    OperationFailed,
    OperationRefused,
    OperationReturned,
    Proceed,
    Say,
    Waiting,
)
from kefu.knowledge.answers import Answer, NotInMaterial
from kefu.knowledge.passages import Query
from kefu.operations.model import Call
from kefu.turn import effects
from kefu.turn.care import priority_of
from kefu.turn.decide import Answer as AnswerDecision
from kefu.turn.decide import (
    AskBack,
    BeginFlow,
    ContinueFlow,
    Decision,
    NameLanguages,
    OfferHuman,
    PassToHuman,
    ReturnToFlow,
    SayAgain,
    SayStock,
)
from kefu.turn.draft import Draft, FlowNote
from kefu.turn.response import reply_text
from kefu.turn.services import Services
from kefu.turn.store import Ticket

_LANGUAGE = "zh-Hans"
_PRIORITY_WORDS: Mapping[Priority, str] = {"low": "低", "high": "高", "urgent": "紧急"}
_MOST_ROUNDS = 40
"""Needs that flows may have in one turn. A checked pack stays far below; a human takes over beyond."""


class Acting:
    """The acts of one turn. `text` is what the customer said; `last_message` is what a yes is bound to."""

    def __init__(
        self,
        draft: Draft,
        services: Services,
        conversation_id: ConversationId,
        text: str,
        last_message: MessageId,
    ) -> None:
        self._draft = draft
        self._services = services
        self._conversation_id = conversation_id
        self._text = text
        self._last_message = last_message

    async def carry_out(self, decisions: Iterable[Decision]) -> None:
        """Does what was decided, in order. Only one flow runs in a turn: the others are told to wait."""
        self._drop_passed_question()
        begun = False
        for decision in decisions:
            match decision:
                case BeginFlow() if begun and self._draft.state.flow is not None:
                    title = self._title(decision.flow)
                    self.say("also_mentioned", {"title": title})
                case BeginFlow():
                    begun = True
                    effects.drop_open_proposal(self._draft)
                    await self._run(Begin(decision.flow, decision.commands))
                case ContinueFlow():
                    begun = True
                    await self._continue(decision.commands)
                case ReturnToFlow():
                    await self._run(Proceed())
                case AnswerDecision():
                    self.answer(decision.query)
                case SayStock():
                    self._say_stock(decision.response)
                case AskBack():
                    self._ask_back(decision.intents)
                case PassToHuman():
                    await self.hand_off(decision.reason)
                case OfferHuman():
                    if self._draft.state.question is None and self._draft.state.owner.kind == "bot":
                        self.offer_human("offer.care")
                case NameLanguages():
                    self._name_languages()
                case SayAgain():
                    self._say_again()
                case _:
                    assert_never(decision)

    def say(
        self, response: str, fields: Record | None = None, *, language: str | None = None
    ) -> tuple[Part, ...]:
        parts = self._services.bot.wording.render(response, fields or {}, language or self._language)
        self._draft.say(parts)
        return parts

    def answer(self, query: str) -> bool:
        """Answers from knowledge; says honestly when the material has nothing. True if it had."""
        bot = self._services.bot
        # Rules come into force at midnight where the merchant is.
        found = bot.answerer.answer(Query(query, self._services.clock().astimezone(bot.wording.timezone)))
        match found:
            case Answer():
                self.say("knowledge.intro")
                self._draft.answer(found)
                return True
            case NotInMaterial():
                self._draft.record(AnswerNotUnderstood())
                self.offer_human("knowledge.none")
                return False
            case _:
                assert_never(found)

    async def hand_off(self, reason: HandoffReason) -> None:
        """Gives the conversation to a queue, with a ticket and a summary. From here on the bot is silent."""
        services, draft = self._services, self._draft
        effects.drop_open_proposal(draft)
        queue = services.bot.policy.queues.choose(draft.state.intent, reason)
        priority = priority_of(draft.state.moods, services.bot.policy)
        summary = summarise(draft.state, reason, services.mask)
        if priority != "normal":
            summary = f"优先级:{_PRIORITY_WORDS[priority]}\n{summary}"
        now = services.clock()
        ticket_id = TicketId(new_id("tkt", now))
        while draft.state.flow is not None:
            draft.record(FlowCancelled(draft.state.flow.flow, "handoff"))
        draft.tickets.append(Ticket(ticket_id, self._conversation_id, reason, queue, summary, now))
        position = await services.line.waiting(queue) + 1
        self.say("handoff.done", {"position": position})
        draft.record(HandedOff(reason, queue, summary, ticket_id, priority))
        draft.position = position
        draft.rung = "human"

    @property
    def _language(self) -> str:
        return self._draft.state.language or _LANGUAGE

    def _drop_passed_question(self) -> None:
        """An offer or a choice outside a flow is for the next message only: a later yes must not reach it."""
        if self._draft.state.question is not None and self._draft.state.flow is None:
            self._draft.record(QuestionDropped())

    def _say_stock(self, response: str) -> None:
        known = response if response in self._services.bot.wording.responses else "out_of_scope"
        self.say(known)

    def _say_again(self) -> None:
        lines = [line.text for line in self._draft.state.recent if line.role == "bot"]
        if lines:
            self._draft.say((Text(lines[-1]),))
        else:
            self.say("repeat.nothing")

    def _name_languages(self) -> None:
        """In Chinese and in English, for whoever wrote in neither; a human may speak the customer's."""
        parts = self._services.bot.wording.render("language.not_served", {}, _LANGUAGE)
        self._draft.say(part for part in parts if isinstance(part, Text))
        self.offer_human("language.not_served", language="en")

    def _ask_back(self, intents: tuple[str, ...]) -> None:
        bot = self._services.bot
        titles = {intent: bot.intent_titles.get(intent, intent) for intent in intents}
        # The choice sends the pack's own title, which understanding knows, whatever its label is in.
        choices = tuple(
            Choice(bot.wording.intent_title(intent, title, self._language), title)
            for intent, title in titles.items()
        )
        self.say("clarify.ask")
        self._draft.say((QuickReplies(choices),))
        self._draft.record(QuestionAsked(Question("clarify", choices=choices)))

    def offer_human(self, response: str, *, language: str | None = None) -> None:
        parts = self.say(response, language=language)
        if self._draft.state.flow is None:
            self._draft.record(QuestionAsked(Question("offer_human", choices=_choices(parts))))

    def _title(self, flow: str) -> str:
        bot = self._services.bot
        return bot.wording.localized(bot.flows.flows[flow].title, self._language)

    async def _continue(self, commands: tuple[Command, ...]) -> None:
        question = self._draft.state.question
        if question is not None and question.kind == "confirm":
            if any(isinstance(command, Affirm) for command in commands):
                effects.confirm(self._draft, self._last_message)
            elif any(isinstance(command, Deny) for command in commands):
                effects.drop_open_proposal(self._draft, "declined")
        await self._run(Heard(commands, self._text))

    async def _run(self, given: Input) -> None:
        """Drives the flow on top of the stack until it waits for the customer or the stack is empty."""
        following: Input | None = given
        for _ in range(_MOST_ROUNDS):
            if following is None:
                return
            outcome = advance(self._services.bot.flows, self._draft.state, following)
            self._take(outcome.events, outcome.says)
            match outcome:
                case Advanced():
                    following = None
                case Waiting():
                    self._wait(outcome)
                    following = None
                case NeedsOperation():
                    following = await self._operate(outcome.call)
                case NeedsAnswer():
                    self.answer(outcome.query)
                    following = AnswerGiven()
                case Done():
                    self._note_flow(outcome.flow, "completed" if outcome.end == "completed" else "cancelled")
                    if outcome.hand_off is not None:
                        await self.hand_off(outcome.hand_off)
                        return
                    following = Proceed() if self._draft.state.flow is not None else None
                case _:
                    assert_never(outcome)
        await self.hand_off("outage")

    def _take(self, events: tuple[Event, ...], says: tuple[Say, ...]) -> None:
        """Words what the flow says, then records its events; an asked question remembers its buttons."""
        buttons: tuple[Choice, ...] = ()
        for say in says:
            parts = self._services.bot.wording.speak(say, self._language)
            self._draft.say(parts)
            buttons = _choices(parts)
        for event in events:
            if isinstance(event, QuestionAsked):
                self._draft.record(QuestionAsked(replace(event.question, choices=buttons)))
            else:
                self._draft.record(event)

    def _wait(self, outcome: Waiting) -> None:
        if outcome.proposal is not None:
            effects.propose(self._draft, self._conversation_id, outcome.proposal, self._services)
        else:
            effects.drop_open_proposal(self._draft)
        frame = self._draft.state.flow
        if frame is not None:
            self._note_flow(frame.flow, "waiting", frame.step)

    def _note_flow(self, flow: str, status: str, step: str = "") -> None:
        match status:
            case "waiting" | "completed" | "cancelled":
                self._draft.flow = FlowNote(flow, step, status)
            case _:
                raise AssertionError(status)

    async def _operate(self, call: OperationCall) -> Input:
        if call.kind == "write":
            return await effects.write(self._draft, self._conversation_id, call, self._services)
        services = self._services
        self._announce()
        begin = services.monotonic()
        try:
            result = await services.back_office.run(
                Call(call.operation, call.arguments, self._draft.customer_id)
            )
        except errors.OperationRefused as refused:
            self._ran(call, begin, refused.reason)
            details: Record = {"message": refused.detail, **refused.details}
            return OperationRefused(refused.reason, details)
        except (errors.OperationUnavailable, errors.OperationUnknown) as failure:
            self._ran(call, begin, failure.code)
            return OperationFailed("unavailable")
        self._ran(call, begin)
        return OperationReturned(result)

    def _ran(self, call: OperationCall, begin: float, failure: str | None = None) -> None:
        duration_ms = (self._services.monotonic() - begin) * 1000
        status = "failed" if failure else "executed"
        self._draft.ran(call.operation, "read", call.arguments, status, duration_ms, failure)

    def _announce(self) -> None:
        """Tells who watches that something is being looked up."""
        parts = self._services.bot.wording.render("status.looking_up", {}, self._language)
        frame: Record = {"type": "status", "turn_id": self._draft.turn_id, "text": reply_text(parts)}
        self._services.live.publish(self._conversation_id, frame)


def _choices(parts: Iterable[Part]) -> tuple[Choice, ...]:
    return tuple(option for part in parts if isinstance(part, QuickReplies) for option in part.options)
