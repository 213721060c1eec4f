"""What the entry points are given: the running parts of one application, built by `kefu.wiring`."""

from collections.abc import Mapping
from dataclasses import dataclass

from kefu.adapters.live import InProcessLive
from kefu.adapters.storage import Storage, WorkspaceStorage
from kefu.conversation.ids import Clock, WorkspaceId
from kefu.knowledge.passages import PassageIndex
from kefu.turn.runner import Turns
from kefu.turn.services import Bot


@dataclass(frozen=True, slots=True)
class Limits:
    """`message_length` in characters, `body_bytes` in bytes, `per_minute` for one key and caller."""

    message_length: int
    body_bytes: int
    per_minute: int


@dataclass(frozen=True, slots=True)
class Demo:
    """What the page at `/` shows on a loopback server: a customer with orders, and questions to try."""

    customer_id: str
    api_key: str
    widget_key: str
    suggestions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Workspace:
    """One tenant's running parts."""

    id: WorkspaceId
    store: WorkspaceStorage
    turns: Turns
    live: InProcessLive


@dataclass(frozen=True, slots=True)
class Application:
    """`identity_secret` signs the customer tokens that a merchant's site hands to its pages."""

    storage: Storage
    bot: Bot
    index: PassageIndex
    workspaces: Mapping[WorkspaceId, Workspace]
    clock: Clock
    limits: Limits
    identity_secret: bytes
    demo: Demo | None = None
