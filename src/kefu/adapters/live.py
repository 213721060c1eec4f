"""Live fan-out within one process: who watches a conversation gets its frames, in order."""

import asyncio
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from kefu.conversation.ids import ConversationId
from kefu.conversation.values import Record

_BACKLOG = 1000


class Subscription:
    """The frames of one conversation since the subscription began; close it by leaving its `with` block."""

    def __init__(self, on_close: "Callable[[Subscription], None]") -> None:
        self._frames: asyncio.Queue[Record] = asyncio.Queue(_BACKLOG)
        self._on_close = on_close
        self.lagging = False

    def offer(self, frame: Record) -> None:
        """Never blocks the turn: a reader that is too far behind is told to reload instead."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.lagging = True

    async def next(self) -> Record:
        return await self._frames.get()

    def drain(self) -> Iterator[Record]:
        """What is there already, without waiting."""
        while not self._frames.empty():
            yield self._frames.get_nowait()

    def close(self) -> None:
        """No more frames. Closing twice is fine."""
        self._on_close(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class InProcessLive:
    """Implements `kefu.turn.services.Live`."""

    def __init__(self) -> None:
        self._watchers: dict[ConversationId, set[Subscription]] = {}

    def publish(self, conversation_id: ConversationId, frame: Record) -> None:
        for watcher in self._watchers.get(conversation_id, ()):
            watcher.offer(frame)

    def subscribe(self, conversation_id: ConversationId) -> Subscription:
        """Frames from now on."""

        def leave(subscription: Subscription) -> None:
            watchers = self._watchers.get(conversation_id, set())
            watchers.discard(subscription)
            if not watchers:
                self._watchers.pop(conversation_id, None)

        subscription = Subscription(leave)
        self._watchers.setdefault(conversation_id, set()).add(subscription)
        return subscription
