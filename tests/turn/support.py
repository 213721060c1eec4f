"""A small house to run turns in: two flows, a scripted understanding, a fake back office, a memory store."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, cast
from zoneinfo import ZoneInfo

from kefu.adapters.fakes import FakeBackOffice, MemoryStore, ScriptedUnderstanding, reading_of
from kefu.adapters.live import InProcessLive
from kefu.conversation.commands import (
    Affirm,
    AskKnowledge,
    CancelFlow,
    Deny,
    HandOff,
    SetSlot,
    SmallTalk,
    StartFlow,
)
from kefu.conversation.events import Customer, Event, Recorded
from kefu.conversation.ids import ConversationId, CustomerId, PassageId, ReleaseId
from kefu.conversation.messages import Citation
from kefu.conversation.state import ConversationState, replay
from kefu.conversation.values import Record, Value
from kefu.desk.care import Care
from kefu.desk.handoff import Queues
from kefu.errors import StorageError
from kefu.flows.library import read_library
from kefu.flows.vocabulary import Vocabulary
from kefu.knowledge.answers import Answer, NotInMaterial
from kefu.knowledge.passages import Query
from kefu.operations.ledger import Effect
from kefu.operations.model import BackOffice, Call, Operation
from kefu.safety.input_guard import InputGuard
from kefu.safety.personal_data import mask
from kefu.turn.policy import Policy
from kefu.turn.runner import Turns
from kefu.turn.services import Bot, Live, Services
from kefu.turn.store import Accepted, Commit, ConversationStore, Incoming
from kefu.turn.wording_parser import read_wording
from kefu.understanding.reading import Reading, Understanding

NOW = datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8)))
ORDER = "YL20261108000123"
OTHER_ORDER = "YL20261108000456"
AMY = Customer(CustomerId("C1"), verified=True, name="王小姐")

OPERATIONS = (
    Operation("orders.get", "read", {"order_id": True}, "查订单", frozenset({"order_not_found"})),
    Operation(
        "orders.cancel",
        "write",
        {"order_id": True},
        "取消订单",
        frozenset({"order_not_cancellable"}),
    ),
    Operation("invoices.request", "write", {"order_id": True}, "开发票"),
)

FLOWS = {
    "cancel_order.yaml": """
flow: cancel_order
title: {zh: 取消订单, en: Cancel an order}
intents: [order_cancel]
slots:
  order_id: {type: order_id, scope: conversation}
steps:
  - {id: which, collect: order_id, ask: cancel.which}
  - id: look
    operation: orders.get
    arguments: {order_id: "{order_id}"}
    keep: order
    on: {order_not_found: unknown_order}
  - id: do
    operation: orders.cancel
    arguments: {order_id: "{order.order_id}"}
    confirm: cancel.confirm
    on: {declined: kept, order_not_cancellable: refused}
  - {id: done, say: cancel.done, go: end}
  - {id: kept, say: cancel.kept, go: end}
  - {id: refused, say: cancel.refused, go: end}
  - {id: unknown_order, say: cancel.unknown_order, go: end}
""",
    "request_invoice.yaml": """
flow: request_invoice
title: {zh: 开发票, en: Request an invoice}
intents: [invoice_request]
slots:
  order_id: {type: order_id, scope: conversation}
steps:
  - {id: which, collect: order_id, ask: cancel.which}
  - id: do
    operation: invoices.request
    arguments: {order_id: "{order_id}"}
    confirm: invoice.confirm
    on: {expired: late}
  - {id: done, say: invoice.done, go: end}
  - {id: late, say: invoice.late, go: do}
""",
}

_WORDS = {
    "cancel.which": "请问是哪个订单?",
    "cancel.confirm": "订单 {order.order_id} 将取消,确认吗?",
    "cancel.done": "已取消",
    "cancel.kept": "订单保留",
    "cancel.refused": "订单已发货,不能取消",
    "cancel.unknown_order": "没有这个订单",
    "invoice.confirm": "给订单 {order_id} 开发票,确认吗?",
    "invoice.done": "发票已申请",
    "invoice.late": "等得有点久,再确认一次",
    "flow.cancelled": "先不办了",
    "flow.declined": "没有改动",
    "flow.expired": "等待确认的时间过了",
    "flow.failed": "没办成",
    "flow.not_understood": "没听明白",
    "flow.refused": "没有受理",
    "flow.resume": "接着刚才的",
    "flow.unavailable": "系统连不上",
    "flow.unknown": "请求已发出,还没有结果",
    "flow.nothing_to_cancel": "没有正在办的事",
    "smalltalk.greeting": "您好",
    "smalltalk.affirm": "好的",
    "smalltalk.deny": "好的,不用",
    "out_of_scope": "这个我帮不了",
    "knowledge.none": "资料里没有",
    "knowledge.intro": "",
    "language.not_served": "这种语言我不会",
    "care.angry": "非常抱歉",
    "care.self_harm": "我很担心您",
    "offer.care": "要请同事跟进吗?",
    "offer.declined": "好的",
    "offer.human": "需要转人工吗?",
    "clarify.ask": "您是想问哪一个?",
    "repeat.nothing": "我还没说过话",
    "handoff.done": "已转人工,第 {position} 位",
    "blocked": "这个请求不能处理",
    "also_mentioned": "还提到了{title}",
    "internal_error": "系统出了点问题",
    "effect.settled_done": "核实完成:{title}",
    "effect.settled_failed": "核实没有成功:{title}",
    "status.looking_up": "正在查询",
}
_RESPONSES = "\n".join(f"{key}: {{zh: '{text}', en: '{text}'}}" for key, text in _WORDS.items())
_WORDING = read_wording({"responses.yaml": _RESPONSES}, ZoneInfo("Asia/Shanghai"))
_LIBRARY = read_library(FLOWS, Vocabulary({one.name: one for one in OPERATIONS}, _WORDING.responses))

SCRIPT: Mapping[str, Reading] = {
    "你好": reading_of(SmallTalk("greeting"), intent="greeting"),
    "取消订单": reading_of(StartFlow("cancel_order"), intent="order_cancel"),
    f"取消 {ORDER}": reading_of(StartFlow("cancel_order"), SetSlot("order_id", ORDER), intent="order_cancel"),
    f"给 {ORDER} 开发票": reading_of(
        StartFlow("request_invoice"), SetSlot("order_id", ORDER), intent="invoice_request"
    ),
    ORDER: reading_of(SetSlot("order_id", ORDER)),
    OTHER_ORDER: reading_of(SetSlot("order_id", OTHER_ORDER)),
    "确认": reading_of(Affirm(), intent="affirm"),
    "应该可以吧": reading_of(Affirm(), intent="affirm", tier="classifier"),
    "先不取消": reading_of(Deny(), intent="deny"),
    "算了": reading_of(CancelFlow()),
    "运费怎么算": reading_of(AskKnowledge("运费"), intent="shipping_fee", tier="classifier"),
    "有没有优惠": reading_of(AskKnowledge("优惠"), intent="promotion_query", tier="classifier"),
    "转人工": reading_of(HandOff("customer_asked"), intent="human_agent"),
}


_POLICY = Policy(
    queues=Queues("general"),
    languages=frozenset({"zh-Hans", "zh-Hant", "en"}),
    care={
        "self_harm": Care("care.self_harm", "urgent", "at_once", "policy"),
        "angry": Care("care.angry", "high", "offer"),
    },
)


class Clock:
    """Business time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


class Material:
    """Knows about postage and nothing else."""

    def answer(self, query: Query) -> Answer | NotInMaterial:
        if query.text != "运费":
            return NotInMaterial(())
        citation = Citation(1, PassageId("faq:F001#0"), "faq:F001", "运费", 0.9)
        return Answer("满 99 元包邮[1]", (citation,), 0.9)


class EmptyLine:
    async def waiting(self, queue: str) -> int:
        return 0


class Office(FakeBackOffice):
    """Lets a test do something while an operation runs."""

    def __init__(self) -> None:
        super().__init__(*OPERATIONS)
        self.meanwhile: Callable[[Call], Awaitable[None]] | None = None
        self.answers("orders.get", {"order_id": ORDER, "status": "paid"})
        self.answers("orders.cancel", {"result": "cancelled"})
        self.answers("invoices.request", {"invoice_id": "I1"})

    async def run(self, call: Call) -> Value:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile(call)
        return await super().run(call)


class Store(MemoryStore):
    """Holds every snapshot against a replay of the log, and dies at the next commit when it is told to."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.dies_at_commit = False

    async def commit(self, commit: Commit) -> None:
        if self.dies_at_commit:
            self.dies_at_commit = False
            raise StorageError("the process died")
        await super().commit(commit)
        assert replay(await self.events(commit.conversation_id)) == commit.state


def services_over(
    store: ConversationStore,
    back_office: BackOffice,
    clock: Clock,
    live: Live,
    understanding: Understanding,
) -> Services:
    bot = Bot(
        release=ReleaseId("shop@1"),
        understanding=understanding,
        flows=_LIBRARY,
        answerer=Material(),
        wording=_WORDING,
        policy=_POLICY,
        input_guard=InputGuard({"injection": {"override": ["忽略.{0,4}指令"]}}),
        intent_titles={"order_cancel": "取消订单", "return_apply": "退货"},
    )
    return Services(
        bot=bot,
        store=store,
        line=EmptyLine(),
        back_office=back_office,
        live=live,
        clock=clock,
        monotonic=lambda: 0.0,
        mask=mask,
    )


class House:
    """One workspace: its parts, and the verbs of a customer."""

    def __init__(self, understanding: Understanding | None = None) -> None:
        self.clock = Clock()
        self.office = Office()
        self.store = Store(self.clock)
        self.live = InProcessLive()
        self.understanding = understanding or ScriptedUnderstanding(SCRIPT)
        self.push_channels = frozenset({"sms"})
        self.turns = self.restarted()

    def restarted(self) -> Turns:
        """The turns of a new process over the same store."""
        services = services_over(self.store, self.office, self.clock, self.live, self.understanding)
        self.turns = Turns(services, self.push_channels)
        return self.turns

    async def accept(
        self,
        text: str,
        conversation_id: ConversationId | None = None,
        *,
        client_message_id: str | None = None,
        channel: str = "api",
    ) -> Accepted:
        incoming = Incoming(AMY, channel, text, conversation_id, client_message_id)
        return await self.turns.accept(incoming)

    async def say(
        self,
        text: str,
        conversation_id: ConversationId | None = None,
        *,
        client_message_id: str | None = None,
    ) -> dict[str, Any]:
        """One message and the response to it."""
        accepted = await self.accept(text, conversation_id, client_message_id=client_message_id)
        return dict(await self.turns.answer(accepted))

    async def talk(self, *texts: str) -> ConversationId:
        """A conversation in which these messages were said and answered, one after the other."""
        conversation_id: ConversationId | None = None
        for text in texts:
            conversation_id = conversation_of(await self.say(text, conversation_id))
        if conversation_id is None:
            raise AssertionError("a conversation begins with a message")
        return conversation_id

    async def state(self, conversation_id: ConversationId) -> ConversationState:
        """As stored, whatever a process remembers."""
        return await self.store.load(conversation_id)

    async def events(self, conversation_id: ConversationId) -> list[Event]:
        return [recorded.event for recorded in await self.store.events(conversation_id)]

    async def effect(self) -> Effect:
        """The ledger's row of the only write that was called."""
        [key] = {call.idempotency_key for call in self.office.calls if call.idempotency_key}
        row = await self.store.effect(cast("Any", key))
        assert row is not None
        return row


def conversation_of(response: Record) -> ConversationId:
    return ConversationId(str(response["conversation_id"]))


def kinds(events: Sequence[Event | Recorded]) -> list[str]:
    return [type(event.event if isinstance(event, Recorded) else event).__name__ for event in events]


async def settled(turns: Turns) -> None:
    """Lets everything that was woken run to its end."""
    await asyncio.sleep(0)
    await turns.finish()
