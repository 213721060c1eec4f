"""The conversation store's contract, on SQLite."""

import pytest
from tests.contracts.conversation_store import ConversationStoreContract

from kefu.adapters.storage import WorkspaceStorage
from kefu.turn.store import ConversationStore


class TestSqlite(ConversationStoreContract):
    @pytest.fixture
    def store(self, workspace: WorkspaceStorage) -> ConversationStore:
        return workspace
