"""Who may call: bearer tokens and their scopes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kefu.shop.problems import Refusal

Scope = Literal["oms:read", "oms:write", "pii:read"]


@dataclass(frozen=True, slots=True)
class Caller:
    token: str
    scopes: frozenset[str]

    @property
    def reads_personal_data(self) -> bool:
        return "pii:read" in self.scopes


def authorise(authorization: str | None, tokens: Mapping[str, frozenset[str]], needs: Scope) -> Caller:
    """The caller behind an ``Authorization`` header; raises ``token_expired`` or ``forbidden``, both 401.

    The contract knows no 403: an unknown token and one without the scope get the same status.
    """
    scheme, _, token = (authorization or "").partition(" ")
    scopes = tokens.get(token.strip())
    if scheme.lower() != "bearer" or scopes is None:
        raise Refusal("token_expired", "令牌无效或已过期")
    if needs not in scopes:
        raise Refusal("forbidden", f"令牌没有 {needs} 权限", details={"scope": needs})
    return Caller(token.strip(), scopes)
