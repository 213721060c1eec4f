"""Looking into JSON records whose shape the API's contract fixes."""

from collections.abc import Mapping, Sequence

from kefu.conversation.values import Record, Value


def records(value: Value) -> list[Record]:
    """The records of a list; nothing for any other value."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [element for element in value if isinstance(element, Mapping)]
