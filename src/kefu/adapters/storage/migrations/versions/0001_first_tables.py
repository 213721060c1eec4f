"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from kefu.adapters.storage.columns import Json, Serial, UtcDateTime, exact

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_workspaces"),
    )
    op.create_table(
        "api_keys",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("key_id", exact(64), nullable=False),
        sa.Column("secret_sha256", exact(64), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.workspace_id"], name="fk_api_keys_workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "key_id", name="pk_api_keys"),
        sa.UniqueConstraint("secret_sha256", name="uq_api_keys_secret_sha256"),
    )
    op.create_table(
        "audit_log",
        sa.Column("entry_id", Serial, autoincrement=True, nullable=False),
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", exact(128), nullable=False),
        sa.Column("action", exact(64), nullable=False),
        sa.Column("subject", exact(128), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.workspace_id"], name="fk_audit_log_workspaces"
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_workspace_id_at", "audit_log", ["workspace_id", "at"])
    op.create_table(
        "conversations",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("customer_id", exact(128), nullable=False),
        sa.Column("customer_name", sa.String(200)),
        sa.Column("channel", exact(64), nullable=False),
        sa.Column("release", exact(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", exact(16), nullable=False),
        sa.Column("owner_kind", exact(16), nullable=False),
        sa.Column("queue", exact(64)),
        sa.Column("agent_id", exact(64)),
        sa.Column("language", exact(35)),
        sa.Column("intent", exact(128)),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("snapshot", Json),
        sa.Column("snapshot_version", sa.Integer, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.workspace_id"], name="fk_conversations_workspaces"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", name="pk_conversations"),
    )
    op.create_index(
        "ix_conversations_workspace_id_customer_id_updated_at",
        "conversations",
        ["workspace_id", "customer_id", "updated_at"],
    )
    op.create_index(
        "ix_conversations_workspace_id_owner_kind_updated_at",
        "conversations",
        ["workspace_id", "owner_kind", "updated_at"],
    )
    op.create_index(
        "ix_conversations_workspace_id_pending_updated_at",
        "conversations",
        ["workspace_id", "pending", "updated_at"],
    )
    op.create_index(
        "ix_conversations_workspace_id_updated_at_conversation_id",
        "conversations",
        ["workspace_id", "updated_at", "conversation_id"],
    )
    op.create_table(
        "effects",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("effect_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("operation", exact(128), nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("digest", exact(64), nullable=False),
        sa.Column("status", exact(16), nullable=False),
        sa.Column("customer_id", exact(128), nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("reserved_at", UtcDateTime),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("result", Json),
        sa.Column("failure", exact(128)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversations.workspace_id", "conversations.conversation_id"],
            name="fk_effects_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "effect_id", name="pk_effects"),
    )
    op.create_index("ix_effects_workspace_id_conversation_id", "effects", ["workspace_id", "conversation_id"])
    op.create_index(
        "ix_effects_workspace_id_status_reserved_at", "effects", ["workspace_id", "status", "reserved_at"]
    )
    op.create_table(
        "events",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("type", exact(64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversations.workspace_id", "conversations.conversation_id"],
            name="fk_events_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "seq", name="pk_events"),
    )
    op.create_table(
        "messages",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("message_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("channel", exact(64), nullable=False),
        sa.Column("client_message_id", exact(128)),
        sa.Column("channel_message_id", exact(128)),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("turn_id", exact(64)),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversations.workspace_id", "conversations.conversation_id"],
            name="fk_messages_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "message_id", name="pk_messages"),
        sa.UniqueConstraint(
            "workspace_id",
            "channel",
            "channel_message_id",
            name="uq_messages_workspace_id_channel_channel_message_id",
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "conversation_id",
            "client_message_id",
            name="uq_messages_workspace_id_conversation_id_client_message_id",
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("message_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("channel", exact(64), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("status", exact(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("failure", sa.Text),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversations.workspace_id", "conversations.conversation_id"],
            name="fk_outbox_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "message_id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_workspace_id_conversation_id_seq", "outbox", ["workspace_id", "conversation_id", "seq"]
    )
    op.create_index("ix_outbox_workspace_id_status_due_at", "outbox", ["workspace_id", "status", "due_at"])
    op.create_table(
        "tickets",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("ticket_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("reason", exact(64), nullable=False),
        sa.Column("queue", exact(64), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("status", exact(16), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversations.workspace_id", "conversations.conversation_id"],
            name="fk_tickets_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "ticket_id", name="pk_tickets"),
    )
    op.create_index("ix_tickets_workspace_id_conversation_id", "tickets", ["workspace_id", "conversation_id"])
    op.create_index(
        "ix_tickets_workspace_id_created_at_ticket_id", "tickets", ["workspace_id", "created_at", "ticket_id"]
    )
    op.create_table(
        "turns",
        sa.Column("workspace_id", exact(64), nullable=False),
        sa.Column("conversation_id", exact(64), nullable=False),
        sa.Column("turn_id", exact(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("response", Json, nullable=False),
        sa.Column("trace", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "conversation_id"],
            ["conversations.workspace_id", "conversations.conversation_id"],
            name="fk_turns_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "conversation_id", "turn_id", name="pk_turns"),
    )


def downgrade() -> None:

    op.drop_table("turns")
    op.drop_table("tickets")
    op.drop_table("outbox")
    op.drop_table("messages")
    op.drop_table("events")
    op.drop_table("effects")
    op.drop_table("conversations")
    op.drop_table("audit_log")
    op.drop_table("api_keys")
    op.drop_table("workspaces")
