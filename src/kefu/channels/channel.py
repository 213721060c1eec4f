"""The port to a channel that is pushed to. Pull channels (HTTP, the widget) read the log instead."""

from typing import Protocol

from kefu.conversation.values import Record


class Channel(Protocol):
    """Adapters and `kefu.adapters.fakes` pass `tests/contracts/channel.py`."""

    @property
    def name(self) -> str: ...

    async def send(self, recipient: str, payload: Record, *, key: str) -> None:
        """Delivers one reply. `key` is the same over retries, so that the far side can tell a repeat.

        Raises:
            DeliveryFailed: the channel did not take it; worth another try later.
        """
        ...
