"""A merchant without a back office: nothing can be called."""

from collections.abc import Mapping
from types import MappingProxyType

from kefu.conversation.values import Value
from kefu.errors import OperationUnavailable
from kefu.operations.model import Call, Operation


class NoBackOffice:
    """Implements `BackOffice` with no operations."""

    @property
    def operations(self) -> Mapping[str, Operation]:
        return MappingProxyType({})

    async def run(self, call: Call) -> Value:
        raise OperationUnavailable(f"this pack has no back office to run {call.operation}")
