"""What was acknowledged survives the death of the process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.conversation.events import CustomerSpoke
from kefu.conversation.ids import ConversationId
from kefu.conversation.state import replay

from .support import opened

TALKER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from kefu.adapters.storage import DEFAULT_WORKSPACE, Storage
from kefu.conversation.events import Customer
from kefu.turn.store import Incoming

async def talk(store, customer):
    conversation_id = None
    while True:
        incoming = Incoming(Customer(customer), "api", "在吗", conversation_id)
        accepted = await store.accept(incoming, release="rel_1", at=datetime.now(UTC))
        conversation_id = accepted.conversation_id
        sys.stdout.write(f"{conversation_id} {accepted.message_id}\\n")
        sys.stdout.flush()

async def main():
    async with Storage.embedded(Path(sys.argv[1]), lambda: datetime.now(UTC)) as storage:
        store = storage.open(DEFAULT_WORKSPACE)
        await asyncio.gather(*(talk(store, f"C{n}") for n in range(20)))

asyncio.run(main())
"""


def acknowledged_before_kill(database: Path, messages: int) -> list[tuple[str, str]]:
    """Runs the talker until it acknowledged that many messages, kills it, and returns all it acknowledged."""
    command = [sys.executable, "-c", TALKER, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as talker:
        assert talker.stdout is not None
        lines = [talker.stdout.readline() for _ in range(messages)]
        os.kill(talker.pid, signal.SIGKILL)
        lines += talker.stdout.readlines()
    whole = [line for line in lines if line.endswith("\n")]
    return [(conversation_id, message_id) for conversation_id, message_id in map(str.split, whole)]


@pytest.mark.fault
async def test_every_acknowledged_message_is_there_after_kill_9(tmp_path: Path) -> None:
    told: set[tuple[str, str]] = set()
    for _ in range(2):
        told |= set(acknowledged_before_kill(tmp_path / "kefu.db", 100))

    async with opened(tmp_path) as storage:
        store = storage.open(DEFAULT_WORKSPACE)
        kept: set[tuple[str, str]] = set()
        for conversation_id in {conversation for conversation, _ in told}:
            log = await store.events(ConversationId(conversation_id))
            assert replay(log) == await store.load(ConversationId(conversation_id))
            kept |= {
                (conversation_id, one.event.message_id) for one in log if isinstance(one.event, CustomerSpoke)
            }
        unanswered = set(await store.unanswered())
    assert told <= kept
    assert {conversation for conversation, _ in told} <= unanswered
