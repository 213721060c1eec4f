"""The fakes that ship keep the same promises as the real ones."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from kefu.adapters.fakes import (
    FakeBackOffice,
    HashedEmbedder,
    RecordingChannel,
    ScriptedUnderstanding,
    reading_of,
)
from kefu.conversation.commands import Affirm, Unsure
from kefu.conversation.ids import CustomerId
from kefu.errors import OperationRefused, OperationUnavailable
from kefu.operations.model import Call, Operation
from kefu.understanding.reading import Context

from ..contracts.back_office import KEY, BackOfficeContract, Cases
from ..contracts.channel import ChannelContract
from ..contracts.embedder import EmbedderContract
from ..conversation.strategies import NOON

GET = Operation("orders.get", "read", {"order_id": True})
CANCEL = Operation(
    "orders.cancel",
    "write",
    {"order_id": True, "reason": True},
    refusals=frozenset({"order_not_cancellable"}),
)
C1 = CustomerId("C1")


class TestFakeBackOffice(BackOfficeContract):
    @pytest.fixture
    def cases(self) -> Cases:
        return Cases(
            read=Call("orders.get", {"order_id": "YL1"}, C1),
            read_shows={"status": "paid"},
            refused_read=Call("orders.find", {"order_id": "YL9"}, C1),
            refused_read_code="order_not_found",
            write=Call("orders.cancel", {"order_id": "YL1", "reason": "other"}, C1, KEY),
            write_shows={"result": "cancelled"},
            refused_write=Call("orders.stop", {"order_id": "YL2", "reason": "other"}, C1, KEY),
            refused_write_code="order_not_cancellable",
        )

    @pytest.fixture
    def back_office(self) -> FakeBackOffice:
        find = Operation("orders.find", "read", {"order_id": True})
        stop = Operation("orders.stop", "write", CANCEL.arguments)
        office = FakeBackOffice(GET, find, CANCEL, stop)
        office.answers("orders.get", {"order_id": "YL1", "status": "paid"})
        office.answers("orders.find", OperationRefused("order_not_found", "订单不存在"))
        office.answers("orders.cancel", {"result": "cancelled"})
        office.answers("orders.stop", OperationRefused("order_not_cancellable", "订单已发货"))
        return office

    @pytest.fixture
    def unreachable(self, back_office: FakeBackOffice) -> FakeBackOffice:
        for operation in back_office.operations:
            back_office.fails(operation, OperationUnavailable(f"{operation} cannot be reached"))
        return back_office

    @pytest.fixture
    def losing_answers(self, back_office: FakeBackOffice) -> FakeBackOffice:
        back_office.loses_answers("orders.cancel")
        return back_office

    @pytest.fixture
    def executions(self, back_office: FakeBackOffice) -> Callable[[str], Awaitable[int]]:
        async def count(key: str) -> int:
            return [call.idempotency_key for call in back_office.executed].count(key)

        return count


async def test_answers_are_given_in_order_and_the_last_one_stays() -> None:
    office = FakeBackOffice(GET)
    office.answers("orders.get", {"status": "paid"}, {"status": "packed"})
    answers = [await office.run(Call("orders.get", {"order_id": "YL1"}, C1)) for _ in range(3)]
    assert answers == [{"status": "paid"}, {"status": "packed"}, {"status": "packed"}]


async def test_a_read_whose_answer_is_lost_is_merely_unavailable() -> None:
    office = FakeBackOffice(GET)
    office.answers("orders.get", {"status": "paid"})
    office.loses_answers("orders.get")
    with pytest.raises(OperationUnavailable):
        await office.run(Call("orders.get", {"order_id": "YL1"}, C1))


class TestRecordingChannel(ChannelContract):
    @pytest.fixture
    def channel(self) -> RecordingChannel:
        return RecordingChannel("sms")

    @pytest.fixture
    def arrived(self, channel: RecordingChannel) -> Callable[[str], Sequence[str]]:
        def texts(recipient: str) -> list[str]:
            messages: list[Any] = [
                sent.payload["message"] for sent in channel.sent if sent.recipient == recipient
            ]
            return [message["data"]["parts"][0]["text"] for message in messages]

        return texts

    @pytest.fixture
    def refuse_next(self, channel: RecordingChannel) -> Callable[[], None]:
        return channel.refuses


async def test_scripted_understanding_reads_what_its_script_says_and_is_unsure_of_the_rest() -> None:
    understanding = ScriptedUnderstanding({"好的": reading_of(Affirm(), intent="affirm")})
    known = await understanding.read("好的", Context(NOON))
    unknown = await understanding.read("嗯?", Context(NOON))
    assert (known.commands, unknown.commands) == ((Affirm(),), (Unsure(),))
    assert [text for text, _ in understanding.heard] == ["好的", "嗯?"]


class TestHashedEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> HashedEmbedder:
        return HashedEmbedder()

    @pytest.fixture
    def another(self) -> HashedEmbedder:
        return HashedEmbedder(model="hashed again")

    @pytest.fixture
    def failing(self, embedder: HashedEmbedder) -> HashedEmbedder:
        embedder.fails()
        return embedder


async def test_texts_of_one_meaning_have_one_vector() -> None:
    embedder = HashedEmbedder(meaning=lambda text: text.replace("return", "退货"))
    [vector] = await embedder.embed(["return"])
    [same] = await HashedEmbedder().embed(["退货"])
    assert (vector == same).all()
