"""Identifiers: one type for each kind of thing, so that passing one for another fails in the type checker."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
CustomerId = NewType("CustomerId", str)
AgentId = NewType("AgentId", str)
ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
TurnId = NewType("TurnId", str)
EffectId = NewType("EffectId", str)
TicketId = NewType("TicketId", str)
PassageId = NewType("PassageId", str)
ReleaseId = NewType("ReleaseId", str)

Clock = Callable[[], datetime]
"""The current time, aware of its zone. Injected everywhere; nothing reads the system's clock itself."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: str, at: datetime) -> str:
    """A fresh identifier such as `msg_06f3…`: sorts by time, and 80 random bits keep it unguessable."""
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    digits: list[str] = []
    for _ in range(26):
        number, index = divmod(number, 32)
        digits.append(_ALPHABET[index])
    return f"{prefix}_{''.join(reversed(digits))}"
