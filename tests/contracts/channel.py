"""What every channel that is pushed to must do.

A suite gives three fixtures: the `channel`; `arrived`, which lists the texts that a recipient got, in order;
and `refuse_next`, which makes the far side take nothing for the next try.
"""

from collections.abc import Callable, Sequence

import pytest

from kefu.channels.channel import Channel
from kefu.conversation.codec import encode_recorded
from kefu.conversation.events import BotReplied, Recorded
from kefu.conversation.ids import MessageId, TurnId
from kefu.conversation.messages import Text
from kefu.conversation.values import Record
from kefu.errors import DeliveryFailed

from ..conversation.strategies import NOON

Arrived = Callable[[str], Sequence[str]]


def payload(text: str, recipient: str = "C1") -> Record:
    """What the outbox gives a channel."""
    reply = BotReplied(TurnId("turn"), MessageId("msg"), (), (Text(text),))
    return {"to": recipient, "message": encode_recorded(Recorded(1, NOON, reply))}


class ChannelContract:
    async def test_it_has_a_name(self, channel: Channel) -> None:
        assert channel.name

    async def test_a_reply_arrives_at_its_recipient_only(self, channel: Channel, arrived: Arrived) -> None:
        await channel.send("C1", payload("您好"), key="msg_1")
        assert (arrived("C1"), arrived("C2")) == (["您好"], [])

    async def test_replies_arrive_in_the_order_in_which_they_were_sent(
        self, channel: Channel, arrived: Arrived
    ) -> None:
        for number in range(5):
            await channel.send("C1", payload(str(number)), key=f"msg_{number}")
        assert arrived("C1") == ["0", "1", "2", "3", "4"]

    async def test_a_repeated_key_arrives_once(self, channel: Channel, arrived: Arrived) -> None:
        for _ in range(2):
            await channel.send("C1", payload("您好"), key="msg_1")
        assert arrived("C1") == ["您好"]

    async def test_what_is_not_taken_is_worth_another_try(
        self, channel: Channel, arrived: Arrived, refuse_next: Callable[[], None]
    ) -> None:
        refuse_next()
        with pytest.raises(DeliveryFailed) as failed:
            await channel.send("C1", payload("您好"), key="msg_1")
        assert failed.value.retryable
        assert arrived("C1") == []
        await channel.send("C1", payload("您好"), key="msg_1")
        assert arrived("C1") == ["您好"]
