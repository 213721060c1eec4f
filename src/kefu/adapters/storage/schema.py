"""The tables. Every one carries `workspace_id`, and every key of a workspace's rows begins with it.

Keys stay under InnoDB's 3,072 bytes at four bytes a character, so that the same tables fit MariaDB.
"""

import sqlalchemy as sa

from kefu.adapters.storage.columns import Json, Serial, UtcDateTime, exact
from kefu.adapters.storage.rules import ID, LANGUAGE, NAME, OUTER_ID

LABEL = 200
"""How many characters a text for people may have that is shown in one line."""

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _workspace() -> sa.Column[str]:
    return sa.Column("workspace_id", exact(ID), nullable=False)


def _of_workspace() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.workspace_id"])


def _of_conversation() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "conversation_id"],
        ["conversations.workspace_id", "conversations.conversation_id"],
        ondelete="CASCADE",
    )


workspaces = sa.Table(
    "workspaces",
    metadata,
    _workspace(),
    sa.Column("name", sa.String(LABEL), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("workspace_id"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    _workspace(),
    sa.Column("key_id", exact(ID), nullable=False),
    sa.Column("secret_sha256", exact(64), nullable=False),
    sa.Column("label", sa.String(LABEL), nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.PrimaryKeyConstraint("workspace_id", "key_id"),
    sa.UniqueConstraint("secret_sha256"),
    _of_workspace(),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _workspace(),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("customer_id", exact(OUTER_ID), nullable=False),
    sa.Column("customer_name", sa.String(LABEL)),
    sa.Column("channel", exact(NAME), nullable=False),
    sa.Column("release", exact(ID), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("status", exact(16), nullable=False),
    sa.Column("owner_kind", exact(16), nullable=False),
    sa.Column("queue", exact(NAME)),
    sa.Column("agent_id", exact(ID)),
    sa.Column("language", exact(LANGUAGE)),
    sa.Column("intent", exact(OUTER_ID)),
    sa.Column("pending", sa.Boolean, nullable=False),
    sa.Column("snapshot", Json),
    sa.Column("snapshot_version", sa.Integer, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("workspace_id", "conversation_id"),
    _of_workspace(),
    sa.Index(None, "workspace_id", "updated_at", "conversation_id"),
    sa.Index(None, "workspace_id", "customer_id", "updated_at"),
    sa.Index(None, "workspace_id", "owner_kind", "updated_at"),
    sa.Index(None, "workspace_id", "pending", "updated_at"),
)

events = sa.Table(
    "events",
    metadata,
    _workspace(),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("type", exact(NAME), nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "seq"),
    _of_conversation(),
)

messages = sa.Table(
    "messages",
    metadata,
    _workspace(),
    sa.Column("message_id", exact(ID), nullable=False),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("channel", exact(NAME), nullable=False),
    sa.Column("client_message_id", exact(OUTER_ID)),
    sa.Column("channel_message_id", exact(OUTER_ID)),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("turn_id", exact(ID)),
    sa.PrimaryKeyConstraint("workspace_id", "message_id"),
    sa.UniqueConstraint("workspace_id", "conversation_id", "client_message_id"),
    sa.UniqueConstraint("workspace_id", "channel", "channel_message_id"),
    _of_conversation(),
)

turns = sa.Table(
    "turns",
    metadata,
    _workspace(),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("turn_id", exact(ID), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("response", Json, nullable=False),
    sa.Column("trace", Json, nullable=False),
    sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "turn_id"),
    _of_conversation(),
)

effects = sa.Table(
    "effects",
    metadata,
    _workspace(),
    sa.Column("effect_id", exact(ID), nullable=False),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("operation", exact(OUTER_ID), nullable=False),
    sa.Column("arguments", Json, nullable=False),
    sa.Column("digest", exact(64), nullable=False),
    sa.Column("status", exact(16), nullable=False),
    sa.Column("customer_id", exact(OUTER_ID), nullable=False),
    sa.Column("proposed_at", UtcDateTime, nullable=False),
    sa.Column("confirmed_at", UtcDateTime),
    sa.Column("reserved_at", UtcDateTime),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("result", Json),
    sa.Column("failure", exact(OUTER_ID)),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("workspace_id", "effect_id"),
    _of_conversation(),
    sa.Index(None, "workspace_id", "conversation_id"),
    sa.Index(None, "workspace_id", "status", "reserved_at"),
)

tickets = sa.Table(
    "tickets",
    metadata,
    _workspace(),
    sa.Column("ticket_id", exact(ID), nullable=False),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("reason", exact(NAME), nullable=False),
    sa.Column("queue", exact(NAME), nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("status", exact(16), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("workspace_id", "ticket_id"),
    _of_conversation(),
    sa.Index(None, "workspace_id", "conversation_id"),
    sa.Index(None, "workspace_id", "created_at", "ticket_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    _workspace(),
    sa.Column("message_id", exact(ID), nullable=False),
    sa.Column("conversation_id", exact(ID), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("channel", exact(NAME), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("status", exact(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("failure", sa.Text),
    sa.PrimaryKeyConstraint("workspace_id", "message_id"),
    _of_conversation(),
    sa.Index(None, "workspace_id", "conversation_id", "seq"),
    sa.Index(None, "workspace_id", "status", "due_at"),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("entry_id", Serial, nullable=False, autoincrement=True),
    _workspace(),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", exact(OUTER_ID), nullable=False),
    sa.Column("action", exact(NAME), nullable=False),
    sa.Column("subject", exact(OUTER_ID), nullable=False),
    sa.Column("details", Json, nullable=False),
    sa.PrimaryKeyConstraint("entry_id"),
    _of_workspace(),
    sa.Index(None, "workspace_id", "at"),
)
