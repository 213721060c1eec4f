"""API keys: what a caller shows to be let into a workspace. Only their digests are kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from kefu.adapters.storage.schema import LABEL, api_keys
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.ids import WorkspaceId, new_id
from kefu.errors import BadRequest, NotFound

PREFIX = "kefu_"
"""Lets secret scanners know a leaked key for what it is."""


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whom a secret belongs to, and what it opens."""

    workspace_id: WorkspaceId
    key_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. This is the only time that its secret can be read."""

    key_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key as a screen lists it."""

    key_id: str
    label: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None


CACHE_LASTS: Final = timedelta(seconds=30)
"""How long a key that another process revoked may still be let in by this one."""


class KeyCache:
    """Owners of keys seen lately. Unknown secrets are never kept: anybody can make up more of them."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[KeyOwner, datetime]] = {}
        self.generation = 0
        """Grows with every revocation, so that a look-up that began before one is not kept after it."""

    def get(self, digest: str, now: datetime) -> KeyOwner | None:
        owner, until = self._owners.get(digest, (None, now))
        return owner if now < until else None

    def keep(self, digest: str, owner: KeyOwner, now: datetime, generation: int) -> None:
        if generation == self.generation:
            self._owners[digest] = (owner, now + CACHE_LASTS)

    def forget(self) -> None:
        self.generation += 1
        self._owners.clear()


_ALL = sa.select(api_keys).where(api_keys.c.workspace_id == HERE).order_by(api_keys.c.created_at.desc())
_REVOKE = sa.update(api_keys).where(
    api_keys.c.workspace_id == HERE, api_keys.c.key_id == sa.bindparam("of"), api_keys.c.revoked_at.is_(None)
)
_ONE = sa.select(api_keys.c.key_id).where(
    api_keys.c.workspace_id == HERE, api_keys.c.key_id == sa.bindparam("of")
)
_OWNER = sa.select(api_keys.c.workspace_id, api_keys.c.key_id, api_keys.c.scopes).where(
    api_keys.c.secret_sha256 == sa.bindparam("digest"), api_keys.c.revoked_at.is_(None)
)


def create(scope: Scope, label: str, scopes: frozenset[str], at: datetime) -> NewKey:
    if not 0 < len(label) <= LABEL:
        raise BadRequest(f"label must have 1 to {LABEL} characters", field="label")
    key = NewKey(new_id("key", at), PREFIX + secrets.token_urlsafe(32))
    scope.insert(
        api_keys,
        {
            "key_id": key.key_id,
            "secret_sha256": digest_of(key.secret),
            "label": label,
            "scopes": sorted(scopes),
            "created_at": at,
        },
    )
    return key


def revoke(scope: Scope, key_id: str, at: datetime) -> None:
    """Revoking twice keeps the first time. Raises `NotFound`."""
    if not scope.change(_REVOKE, of=key_id, revoked_at=at) and scope.one(_ONE, of=key_id) is None:
        raise NotFound(f"key {key_id} does not exist", field="key_id")


def listing(scope: Scope) -> Sequence[Key]:
    return [
        Key(row.key_id, row.label, frozenset(row.scopes), row.created_at, row.revoked_at)
        for row in scope.query(_ALL)
    ]


def owner_of(connection: sa.Connection, digest: str) -> KeyOwner | None:
    """The one look-up that cannot know its workspace, since its answer tells which one it is."""
    row = connection.execute(_OWNER, {"digest": digest}).first()
    if row is None:
        return None
    return KeyOwner(WorkspaceId(row.workspace_id), row.key_id, frozenset(row.scopes))


def digest_of(secret: str) -> str:
    """A plain SHA-256 is enough: the secret has 256 random bits, which leaves nothing to guess."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
