"""What a flow may refer to: operations, responses, slot types, intents. The caller knows them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, Protocol

from kefu.flows.slots import STANDARD_TYPES, SlotType

LANGUAGES = ("zh", "en")
"""The languages in which every response must be worded."""


class OperationSignature(Protocol):
    """`arguments` maps each argument to whether it is required; `refusals` are the codes it may answer."""

    @property
    def kind(self) -> Literal["read", "write"]: ...
    @property
    def arguments(self) -> Mapping[str, bool]: ...
    @property
    def refusals(self) -> AbstractSet[str]: ...


class ResponseSignature(Protocol):
    """`needs` are the names without which the response cannot be worded."""

    @property
    def languages(self) -> AbstractSet[str]: ...
    @property
    def needs(self) -> AbstractSet[str]: ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`intents` is None when any name will do."""

    operations: Mapping[str, OperationSignature]
    responses: Mapping[str, ResponseSignature]
    types: Mapping[str, SlotType] = field(default_factory=lambda: STANDARD_TYPES)
    intents: AbstractSet[str] | None = None
