"""A write whose outcome is unknown is asked about again under its key, and the customer is told."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import structlog
import yaml

from kefu.adapters.fakes import ScriptedUnderstanding
from kefu.adapters.live import InProcessLive
from kefu.adapters.operations.http import HttpBackOffice
from kefu.adapters.storage import WorkspaceStorage
from kefu.conversation.events import AgentJoined, BotReplied, EffectExecuted, EffectFailed
from kefu.conversation.ids import AgentId, ConversationId, CustomerId, EffectId
from kefu.conversation.messages import Text
from kefu.errors import OperationRefused, OperationUnavailable, OperationUnknown, StorageError
from kefu.operations.ledger import Effect, digest_of
from kefu.shop.app import create_shop
from kefu.turn.effects import carry_out
from kefu.turn.runner import Turns
from kefu.turn.store import Incoming
from kefu.worker.reconcile import reconcile

from ..turn.support import AMY, ORDER, SCRIPT, Clock, House, services_over, settled

PACK = Path(__file__).parents[2] / "src" / "kefu" / "packs" / "yunlan"
CANCEL = "orders.cancel"


@pytest.fixture
def house() -> House:
    return House()


async def _in_doubt(house: House, *, executed: bool = True) -> ConversationId:
    """The customer said yes a while ago, and nobody knows what became of it."""
    conversation = await house.talk(f"取消 {ORDER}")
    if executed:
        house.office.loses_answers(CANCEL)
    else:
        house.office.fails(CANCEL, OperationUnknown("no answer"))
    await house.say("确认", conversation)
    house.clock.advance(minutes=5)
    return conversation


async def _reconciled(house: House) -> int:
    with structlog.testing.capture_logs():
        return await reconcile(house.turns)


async def _last_words(house: House, conversation: ConversationId) -> list[str]:
    replies = [event for event in await house.events(conversation) if isinstance(event, BotReplied)]
    return [part.text for part in replies[-1].parts if isinstance(part, Text)]


async def test_a_write_that_did_happen_is_settled_and_told(house: House) -> None:
    conversation = await _in_doubt(house)
    assert await _reconciled(house) == 1
    assert await _last_words(house, conversation) == ["核实完成:取消订单"]
    assert (await house.effect()).status == "executed"
    assert any(isinstance(event, EffectExecuted) for event in await house.events(conversation))


async def test_a_write_that_did_not_happen_the_first_time_happens_now_once(house: House) -> None:
    conversation = await _in_doubt(house, executed=False)
    assert await _reconciled(house) == 1
    assert [call.operation for call in house.office.executed].count(CANCEL) == 1
    assert await _last_words(house, conversation) == ["核实完成:取消订单"]


async def test_it_asks_with_the_recorded_call(house: House) -> None:
    await _in_doubt(house)
    await _reconciled(house)
    first, second = (call for call in house.office.calls if call.operation == CANCEL)
    assert first == second


async def test_a_write_that_is_refused_now_is_told_not_to_have_happened(house: House) -> None:
    conversation = await _in_doubt(house, executed=False)
    house.office.answers(CANCEL, OperationRefused("order_not_cancellable", "已发货"))
    assert await _reconciled(house) == 1
    assert await _last_words(house, conversation) == ["核实没有成功:取消订单"]
    failures = [event for event in await house.events(conversation) if isinstance(event, EffectFailed)]
    assert [(event.failure, event.code) for event in failures] == [("refused", "order_not_cancellable")]


@pytest.mark.parametrize("failure", [OperationUnknown("no answer"), OperationUnavailable("down")])
async def test_while_the_back_office_gives_no_answer_the_effect_stays_in_doubt(
    house: House, failure: OperationUnknown | OperationUnavailable
) -> None:
    conversation = await _in_doubt(house)
    before = len(await house.events(conversation))
    house.office.fails(CANCEL, failure)
    assert await _reconciled(house) == 0
    assert (await house.effect()).status == "unknown"
    assert len(await house.events(conversation)) == before


async def test_doubt_ends_with_the_first_answer(house: House) -> None:
    await _in_doubt(house)
    house.office.fails(CANCEL, OperationUnavailable("down"))
    assert [await _reconciled(house), await _reconciled(house), await _reconciled(house)] == [0, 1, 0]


async def test_a_turn_of_a_moment_ago_settles_its_own_effects(house: House) -> None:
    conversation = await house.talk(f"取消 {ORDER}")
    house.office.loses_answers(CANCEL)
    await house.say("确认", conversation)
    house.clock.advance(seconds=59)
    assert await _reconciled(house) == 0


async def test_a_turn_that_is_owed_settles_its_effect_itself_and_the_customer_hears_it_once(
    house: House,
) -> None:
    conversation = await house.talk(f"取消 {ORDER}")
    house.store.dies_at_commit = True
    with structlog.testing.capture_logs(), pytest.raises(StorageError):
        await house.say("确认", conversation)
    house.clock.advance(minutes=5)
    house.restarted()
    assert await _reconciled(house) == 0
    await settled(house.turns)
    assert await _last_words(house, conversation) == ["已取消"]
    assert await _reconciled(house) == 0


async def test_the_customer_is_told_even_when_an_agent_has_the_conversation(house: House) -> None:
    conversation = await _in_doubt(house)
    await house.turns.append(conversation, AgentJoined(AgentId("amelie")))
    await _reconciled(house)
    assert await _last_words(house, conversation) == ["核实完成:取消订单"]
    assert (await house.state(conversation)).owner.kind == "agent"


async def test_who_watches_sees_the_news(house: House) -> None:
    conversation = await _in_doubt(house)
    with house.live.subscribe(conversation) as watcher:
        await _reconciled(house)
        types = [frame["type"] for frame in watcher.drain()]
    assert types == ["message", "owner"]


async def test_the_news_goes_out_through_a_channel_that_is_pushed_to(house: House) -> None:
    accepted = await house.accept(f"取消 {ORDER}", channel="sms")
    await house.turns.answer(accepted)
    house.office.loses_answers(CANCEL)
    yes = await house.accept("确认", accepted.conversation_id, channel="sms")
    await house.turns.answer(yes)
    house.clock.advance(minutes=5)
    await _reconciled(house)
    assert len(house.store.outgoing) == 3


# --- over the real database and the real shop


@pytest.fixture
async def shop(clock: Clock) -> AsyncGenerator[httpx.AsyncClient]:
    application = create_shop(
        PACK / "shop", clock=clock, tokens={"t": frozenset({"oms:read", "oms:write"})}, admin=True
    )
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(application),
            base_url="http://shop.test",
            headers={"Authorization": "Bearer t"},
        ) as client,
    ):
        yield client


async def test_a_call_that_comes_back_from_the_database_is_the_same_request_to_the_shop(
    store: WorkspaceStorage, clock: Clock, shop: httpx.AsyncClient
) -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load((PACK / "backend-openapi.yaml").read_bytes(), Loader=loader)  # noqa: S506 -- a safe one
    office = HttpBackOffice(shop, document)
    services = services_over(store, office, clock, InProcessLive(), ScriptedUnderstanding(SCRIPT))
    turns = Turns(services)
    customer = CustomerId("C00001")
    accepted = await turns.accept(Incoming(AMY, "api", "你好"))
    await turns.answer(accepted)
    arguments = {"order_id": "YL20261119020743", "reason": "other"}
    effect = Effect(
        effect_id=EffectId("eff_0123456789abcdef"),
        conversation_id=accepted.conversation_id,
        operation=CANCEL,
        arguments=arguments,
        digest=digest_of(CANCEL, arguments),
        status="reserved",
        customer_id=customer,
        proposed_at=clock(),
        confirmed_at=clock() - timedelta(seconds=1, microseconds=123_456),
    )
    await store.reserve(effect)
    await carry_out(effect, office, clock)  # and the process died before it could tell
    clock.advance(minutes=2)
    with structlog.testing.capture_logs():
        assert await reconcile(turns) == 1
    row = await store.effect(effect.effect_id)
    assert row is not None
    assert row.status == "executed"
    executions = (await shop.get("/_admin/executions")).json()["items"]
    assert [one["executions"] for one in executions] == [1]


async def test_an_effect_that_cannot_be_settled_does_not_hold_up_those_after_it(house: House) -> None:
    conversation = await _in_doubt(house)
    lost = Effect(
        EffectId("eff_of_another_pack"), conversation, "gone.operation", {}, "", "reserved", AMY.id,
        house.clock() - timedelta(days=1), reserved_at=house.clock() - timedelta(days=1),
    )  # fmt: skip
    await house.store.reserve(lost)
    assert await _reconciled(house) == 1
    assert await _last_words(house, conversation) == ["核实完成:取消订单"]
