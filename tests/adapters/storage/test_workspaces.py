"""One workspace never sees, finds or changes what belongs to another."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.contracts.conversation_store import (
    NOON,
    RELEASE,
    a_commit,
    a_message,
    a_reply,
    a_turn,
    accepted,
    an_effect,
)

from kefu.adapters.storage import (
    DEFAULT_WORKSPACE,
    AuditEntry,
    Storage,
    WorkspaceStorage,
    audit,
    commits,
    keys,
    ledger,
    log,
    messages,
    outbox,
    views,
)
from kefu.adapters.storage.prepared import Prepared
from kefu.conversation.ids import EffectId, MessageId, TicketId, TurnId, WorkspaceId
from kefu.errors import NotFound
from kefu.turn.store import Accepted, Outgoing, Ticket

OTHER = WorkspaceId("other")
LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def theirs(storage: Storage) -> WorkspaceStorage:
    await storage.create_workspace(OTHER, "Other merchant")
    return storage.open(OTHER)


async def fill(workspace: WorkspaceStorage) -> Accepted:
    """One of everything that a workspace can hold."""
    first = await accepted(workspace, a_message(client_message_id="c1", channel_message_id="wx1"))
    commit = await a_commit(
        workspace, first.conversation_id, a_reply(first.message_id), turn=a_turn(first.message_id)
    )
    ticket = Ticket(TicketId("tkt_1"), first.conversation_id, "policy", "general", "摘要", NOON)
    reply = Outgoing(first.conversation_id, MessageId("turn_1_reply"), 3, "wechat", {"text": "在路上"})
    effect = replace(an_effect(first.conversation_id), status="reserved", reserved_at=NOON)
    await workspace.commit(replace(commit, effects=(effect,), tickets=(ticket,), outgoing=(reply,)))
    await workspace.create_key(frozenset({"chat"}), "website")
    await workspace.audit(AuditEntry(NOON, "agent_1", "keys.create", "key_1", {}))
    return first


async def test_a_new_database_begins_with_the_default_workspace(storage: Storage) -> None:
    assert list(await storage.workspaces()) == [DEFAULT_WORKSPACE]


async def test_making_a_workspace_twice_leaves_it_as_it_is(storage: Storage) -> None:
    await storage.create_workspace(OTHER, "Other")
    await storage.create_workspace(OTHER, "Another")

    assert OTHER in await storage.workspaces()


async def test_a_workspace_that_does_not_exist_takes_no_message(storage: Storage) -> None:
    with pytest.raises(NotFound, match="workspace"):
        await accepted(storage.open(WorkspaceId("nowhere")))


async def test_lists_of_another_workspace_stay_empty(
    workspace: WorkspaceStorage, theirs: WorkspaceStorage
) -> None:
    await fill(workspace)

    assert (await theirs.conversations()).rows == ()
    assert (await theirs.tickets()).rows == ()
    assert not await theirs.unanswered()
    assert not await theirs.unsettled_effects(reserved_before=LATER)
    assert not await theirs.due(LATER)
    assert not await theirs.keys()
    assert not await theirs.audit_entries()


async def test_ids_of_another_workspace_are_not_found(
    workspace: WorkspaceStorage, theirs: WorkspaceStorage
) -> None:
    first = await fill(workspace)
    (key,) = await workspace.keys()

    for read in (
        theirs.load(first.conversation_id),
        theirs.events(first.conversation_id),
        theirs.conversation(first.conversation_id),
        theirs.transcript(first.conversation_id),
        theirs.export(first.conversation_id),
        theirs.trace(first.conversation_id, TurnId("turn_1")),
        theirs.append(first.conversation_id, [], NOON),
        theirs.revoke_key(key.key_id),
        accepted(theirs, a_message(conversation_id=first.conversation_id)),
    ):
        with pytest.raises(NotFound):
            await read
    assert await theirs.response_to(first.message_id) is None
    assert await theirs.effect(EffectId("eff_1")) is None


async def test_writes_by_another_workspaces_ids_change_nothing(
    workspace: WorkspaceStorage, theirs: WorkspaceStorage
) -> None:
    await fill(workspace)
    await theirs.delivered(MessageId("turn_1_reply"), NOON)
    await theirs.failed(MessageId("turn_1_reply"), NOON, "gone", retry_at=None)

    assert len(await workspace.due(LATER)) == 1


async def test_the_same_ids_in_two_workspaces_are_two_things(
    workspace: WorkspaceStorage, theirs: WorkspaceStorage
) -> None:
    mine, other = await fill(workspace), await fill(theirs)

    assert mine.conversation_id != other.conversation_id
    repeat = await theirs.accept(a_message(channel_message_id="wx1"), release=RELEASE, at=NOON)
    assert repeat.message_id == other.message_id


def statements() -> Mapping[str, str]:
    """The text of every statement that the storage keeps ready."""
    dialect = sa.create_engine("sqlite://").dialect
    found: dict[str, str] = {}
    for module in (audit, commits, keys, ledger, log, messages, outbox, views):
        for name, value in vars(module).items():
            if isinstance(value, Prepared):
                found[f"{module.__name__}.{name}"] = value.plan(dialect).sql
            elif isinstance(value, sa.Executable):
                found[f"{module.__name__}.{name}"] = str(value)
    return found


def test_every_statement_names_its_workspace() -> None:
    look_up_by_secret = "kefu.adapters.storage.keys._OWNER"
    loose = {name for name, sql in statements().items() if not is_scoped(sql)}

    assert loose == {look_up_by_secret}


def is_scoped(sql: str) -> bool:
    if sql.startswith("INSERT"):
        return "workspace_id" in sql
    return any(f"workspace_id = {here}" in sql for here in ("?", ":here"))
