"""Who watches a conversation sees its frames, in order, and slows nobody down."""

import asyncio

from kefu.adapters.live import InProcessLive
from kefu.conversation.ids import ConversationId

HERE, ELSEWHERE = ConversationId("conv_here"), ConversationId("conv_elsewhere")


def test_a_watcher_sees_the_frames_of_its_conversation_in_order() -> None:
    live = InProcessLive()
    with live.subscribe(HERE) as watcher:
        for number in range(3):
            live.publish(HERE, {"seq": number})
        live.publish(ELSEWHERE, {"seq": 9})
        assert list(watcher.drain()) == [{"seq": 0}, {"seq": 1}, {"seq": 2}]


def test_every_watcher_sees_every_frame() -> None:
    live = InProcessLive()
    with live.subscribe(HERE) as first, live.subscribe(HERE) as second:
        live.publish(HERE, {"seq": 1})
        assert list(first.drain()) == list(second.drain()) == [{"seq": 1}]


async def test_a_watcher_that_waits_gets_the_next_frame() -> None:
    live = InProcessLive()
    with live.subscribe(HERE) as watcher:
        waiting = asyncio.create_task(watcher.next())
        await asyncio.sleep(0)
        live.publish(HERE, {"seq": 1})
        assert await waiting == {"seq": 1}


def test_frames_from_before_are_not_shown() -> None:
    live = InProcessLive()
    live.publish(HERE, {"seq": 1})
    with live.subscribe(HERE) as watcher:
        assert list(watcher.drain()) == []


def test_a_watcher_that_left_gets_nothing_more() -> None:
    live = InProcessLive()
    with live.subscribe(HERE) as stays:
        with live.subscribe(HERE) as leaves:
            pass
        live.publish(HERE, {"seq": 1})
        assert (list(leaves.drain()), list(stays.drain())) == ([], [{"seq": 1}])


def test_a_watcher_that_is_too_far_behind_is_told_so_and_blocks_nobody() -> None:
    live = InProcessLive()
    with live.subscribe(HERE) as slow, live.subscribe(HERE) as quick:
        seen = 0
        for number in range(1001):
            live.publish(HERE, {"seq": number})
            seen += len(list(quick.drain()))
        assert (slow.lagging, quick.lagging, seen) == (True, False, 1001)
        assert len(list(slow.drain())) == 1000
