"""API keys: shown once, found by their secret, gone when revoked."""

from datetime import timedelta
from pathlib import Path

import pytest

from kefu.adapters.storage import DEFAULT_WORKSPACE, KeyOwner, Storage, WorkspaceStorage
from kefu.errors import BadRequest, NotFound

from .support import SetClock, opened

CHAT = frozenset({"chat"})


async def test_a_secret_leads_to_its_workspace_and_scopes(
    storage: Storage, workspace: WorkspaceStorage
) -> None:
    key = await workspace.create_key(frozenset({"chat", "read"}), "website")

    expected = KeyOwner(DEFAULT_WORKSPACE, key.key_id, frozenset({"chat", "read"}))
    assert await storage.authenticate(key.secret) == expected
    assert await storage.authenticate(key.secret) == expected


@pytest.mark.parametrize("secret", ["", "kefu_", "kefu_" + "x" * 43, "half \ud83d of a pair"])
async def test_an_unknown_secret_belongs_to_nobody(storage: Storage, secret: str) -> None:
    assert await storage.authenticate(secret) is None


async def test_the_secret_is_not_stored(tmp_path: Path) -> None:
    async with opened(tmp_path) as storage:
        key = await storage.open(DEFAULT_WORKSPACE).create_key(CHAT, "website")

    assert key.secret.encode() not in (tmp_path / "kefu.db").read_bytes()


async def test_a_revoked_key_is_refused_at_once(storage: Storage, workspace: WorkspaceStorage) -> None:
    key = await workspace.create_key(CHAT, "website")
    await storage.authenticate(key.secret)
    await workspace.revoke_key(key.key_id)

    assert await storage.authenticate(key.secret) is None


async def test_a_key_that_another_process_revoked_is_refused_within_half_a_minute(
    tmp_path: Path, storage: Storage, workspace: WorkspaceStorage, clock: SetClock
) -> None:
    key = await workspace.create_key(CHAT, "website")
    await storage.authenticate(key.secret)
    async with Storage.embedded(tmp_path / "kefu.db", clock, exclusive=False) as command:
        await command.open(DEFAULT_WORKSPACE).revoke_key(key.key_id)
    clock.advance(timedelta(seconds=30))

    assert await storage.authenticate(key.secret) is None


async def test_keys_are_listed_newest_first_with_those_revoked(
    workspace: WorkspaceStorage, clock: SetClock
) -> None:
    old = await workspace.create_key(CHAT, "old")
    clock.advance(timedelta(days=1))
    await workspace.create_key(CHAT, "new")
    await workspace.revoke_key(old.key_id)

    listed = await workspace.keys()
    assert [(key.label, key.revoked_at) for key in listed] == [("new", None), ("old", clock.now)]


async def test_revoking_again_keeps_the_first_time(workspace: WorkspaceStorage, clock: SetClock) -> None:
    key = await workspace.create_key(CHAT, "website")
    await workspace.revoke_key(key.key_id)
    first = (await workspace.keys())[0].revoked_at
    clock.advance(timedelta(days=1))
    await workspace.revoke_key(key.key_id)

    assert (await workspace.keys())[0].revoked_at == first


async def test_a_key_that_does_not_exist_cannot_be_revoked(workspace: WorkspaceStorage) -> None:
    with pytest.raises(NotFound):
        await workspace.revoke_key("key_nowhere")


@pytest.mark.parametrize("label", ["", "x" * 201])
async def test_a_label_that_cannot_be_kept_is_refused(workspace: WorkspaceStorage, label: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await workspace.create_key(CHAT, label)

    assert refused.value.field == "label"
