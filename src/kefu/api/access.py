"""Who calls: API keys with their scopes, and the customers that a caller may speak for."""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import jwt
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from kefu.api.application import Application, Workspace
from kefu.conversation.events import Customer
from kefu.conversation.ids import CustomerId
from kefu.conversation.values import Record
from kefu.errors import BadRequest, Forbidden, RateLimited, Unauthenticated

Scope = Literal["chat", "widget", "read", "desk", "admin", "pii"]
"""`chat`: a merchant's server, which vouches for its customers. `widget`: a public key in a page, which
vouches for nobody. `read`: conversations and search. `desk`: act as an agent. `pii`: see personal data."""

_ALGORITHM = "HS256"
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated key."""

    key_id: str
    scopes: frozenset[str]
    workspace: Workspace

    def require(self, *scopes: Scope) -> None:
        """Raises `Forbidden` unless the key has one of the scopes; `admin` has them all."""
        if "admin" not in self.scopes and self.scopes.isdisjoint(scopes):
            raise Forbidden(f"this key lacks the scope {' or '.join(scopes)}")

    @property
    def vouches(self) -> bool:
        """Whether the customer ids that this caller names are to be believed."""
        return not self.scopes.isdisjoint({"chat", "admin"})

    @property
    def sees_personal_data(self) -> bool:
        return "pii" in self.scopes


class Gate:
    """Authentication and rate limits for every entry point."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(application.limits.per_minute)

    async def caller(self, connection: HTTPConnection) -> Caller:
        """The caller by its `Authorization: Bearer` key. Raises `Unauthenticated`."""
        scheme, _, secret = connection.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            raise Unauthenticated("send your API key as `Authorization: Bearer <key>`")
        return await self.caller_of(secret.strip())

    async def caller_of(self, secret: str) -> Caller:
        owner = await self._application.storage.authenticate(secret)
        if owner is None:
            raise Unauthenticated("this API key is unknown or revoked")
        workspace = self._application.workspaces[owner.workspace_id]
        return Caller(owner.key_id, frozenset(owner.scopes), workspace)

    async def admit(self, caller: Caller, who: str) -> None:
        """Counts one request of `who` under this key. Raises `RateLimited`."""
        if await self._limiter.hit(self._limit, caller.key_id, who):
            return
        window = await self._limiter.get_window_stats(self._limit, caller.key_id, who)
        wait = max(1.0, window.reset_time - time.time())
        raise RateLimited("too many requests; wait before the next one", retry_after=wait)


def customer_token(secret: bytes, customer_id: str, name: str | None, lasts: timedelta) -> str:
    """What a merchant's site hands to its page so that the widget may speak for this customer (RFC 7519).

    It expires in real time, whatever the pack's clock shows: that is what its check goes by.
    """
    claims = {"sub": customer_id, "name": name, "exp": int(time.time() + lasts.total_seconds())}
    return jwt.encode(claims, secret, _ALGORITHM)  # pyright: ignore[reportUnknownMemberType] -- as in decoding


def customer_of_token(secret: bytes, token: str) -> Customer:
    """The verified customer of a token. Raises `Unauthenticated` when it is forged or expired."""
    try:
        # PyJWT's types name the optional package `cryptography`, which HS256 does not need.
        claims = jwt.decode(  # pyright: ignore[reportUnknownMemberType]
            token, secret, [_ALGORITHM], options={"require": ["sub", "exp"]}
        )
    except jwt.InvalidTokenError as error:
        raise Unauthenticated(f"the customer token cannot be used: {error}") from error
    name = claims.get("name")
    return Customer(CustomerId(str(claims["sub"])), verified=True, name=str(name) if name else None)


def vouched_customer(customer_id: str, name: str | None, locale: str | None, attributes: Record) -> Customer:
    """A customer that the merchant's own server names. Raises `BadRequest` for an unusable id."""
    if not customer_id or len(customer_id) > _LONGEST_ID or not customer_id.isprintable():
        raise BadRequest(
            f"customer.id must have 1 to {_LONGEST_ID} printable characters", field="customer.id"
        )
    return Customer(CustomerId(customer_id), True, name, locale, attributes)


def visitor(visitor_id: str) -> Customer:
    """Somebody whom nobody vouches for. The id is hashed so that it can never equal a merchant's own."""
    digest = hashlib.sha256(visitor_id.encode()).hexdigest()[:24]
    return Customer(CustomerId(f"visitor_{digest}"))
