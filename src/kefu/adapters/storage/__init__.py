"""The database, and the sole home of SQLAlchemy. `Storage` is the way in."""

from kefu.adapters.storage.audit import AuditEntry
from kefu.adapters.storage.door import DEFAULT_WORKSPACE, Storage
from kefu.adapters.storage.keys import Key, KeyOwner, NewKey
from kefu.adapters.storage.outbox import Undelivered, Waiting
from kefu.adapters.storage.views import ConversationFilter, ConversationRow, Page, TranscriptLine
from kefu.adapters.storage.workspace import WorkspaceStorage

__all__ = [
    "DEFAULT_WORKSPACE",
    "AuditEntry",
    "ConversationFilter",
    "ConversationRow",
    "Key",
    "KeyOwner",
    "NewKey",
    "Page",
    "Storage",
    "TranscriptLine",
    "Undelivered",
    "Waiting",
    "WorkspaceStorage",
]
