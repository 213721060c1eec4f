"""Events and state to and from JSON data, driven by their type annotations alone.

Members of a union of dataclasses carry their class name under `type`, in snake case for parts (the public
wire form) and as it is for events. Decoding ignores unknown fields, so that an older process can read what a
newer one wrote, and fills absent ones from their defaults.
"""

import dataclasses
import re
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from kefu.conversation.events import Event, Recorded
from kefu.conversation.messages import Part
from kefu.conversation.state import ConversationState
from kefu.conversation.values import Record, Value

T = TypeVar("T")
Encoder = Callable[[Any], Value]
Decoder = Callable[[Any], Any]  # works on whatever JSON holds; the annotations give the result its type


class Undecodable(ValueError):
    """Stored data does not fit its type: the log was damaged or written by an incompatible release."""


def encode(value: object) -> Value:
    """JSON data for a dataclass of this package, or for anything that one may hold."""
    return _encoder(type(value))(value)


def decode(kind: type[T], data: Value) -> T:
    """A `kind` from what `encode` made of one.

    Raises:
        Undecodable: a required field is absent, or something has another shape. Plain values are not checked.
    """
    try:
        return cast("T", _decoder(kind)(data))
    except (KeyError, TypeError, ValueError) as error:
        raise Undecodable(f"{kind.__name__}: {error}") from error


def encode_event(event: Event) -> tuple[str, Record]:
    """The event's type name and its fields."""
    data = cast("dict[str, Value]", encode(event))
    return type(event).__name__, data


def decode_event(name: str, data: Record) -> Event:
    """Raises `Undecodable` for a name that this release does not know."""
    kind = _EVENTS.get(name)
    if kind is None:
        raise Undecodable(f"no event is called {name!r}")
    return cast("Event", decode(kind, data))


def encode_recorded(recorded: Recorded) -> Record:
    """The public form of an event: `seq`, `at`, `type`, and its fields under `data`."""
    name, data = encode_event(recorded.event)
    return {"seq": recorded.seq, "at": recorded.at.isoformat(), "type": name, "data": data}


def encode_part(part: Part) -> Record:
    """The wire form of a part, its `type` first (design, section 4.2)."""
    return cast("Record", encode(part))


def encode_state(state: ConversationState) -> Record:
    return cast("Record", encode(state))


def decode_state(data: Record) -> ConversationState:
    return decode(ConversationState, data)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_PLAIN = (bool, int, float, str, types.NoneType)
_EVENTS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}
_PARTS: Mapping[str, type] = {_snake(kind.__name__): kind for kind in get_args(Part)}


@cache
def _encoder(kind: type) -> Encoder:
    name = kind.__name__
    if dataclasses.is_dataclass(kind):
        return _dataclass_encoder(kind)
    if issubclass(kind, _PLAIN):
        return _same
    if issubclass(kind, datetime):
        return datetime.isoformat
    if issubclass(kind, tuple | list):
        return _encode_items
    if issubclass(kind, dict):
        return _encode_members
    raise TypeError(f"{name} has no JSON form")


def _encode_items(items: Sequence[object]) -> Value:
    return [encode(item) for item in items]


def _encode_members(members: Mapping[str, object]) -> Value:
    return {name: encode(member) for name, member in members.items()}


def _dataclass_encoder(kind: type) -> Encoder:
    names = tuple(field.name for field in dataclasses.fields(kind))
    tag = next((name for name, part in _PARTS.items() if part is kind), None)
    head: Record = {"type": tag} if tag else {}

    def run(value: Any) -> Value:
        fields = dict(head)
        for name in names:
            item = getattr(value, name)
            # Most fields are plain; asking first spares them two calls.
            fields[name] = item if type(item) in _PLAIN else encode(item)
        return fields

    return run


@cache
def _decoder(kind: Any) -> Decoder:
    if kind is Value or kind is Any:
        return _same
    if isinstance(kind, NewType):
        return _decoder(kind.__supertype__)
    if kind is datetime:
        return datetime.fromisoformat
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(cast("type", kind))
    origin = get_origin(kind)
    if origin is tuple:
        item = _decoder(get_args(kind)[0])
        return lambda data: tuple(item(value) for value in data)
    if origin is Literal:
        return _same
    if origin in (Union, types.UnionType):
        return _union_decoder(get_args(kind))
    if origin is not None:  # Record and other mappings of plain values
        return _same
    return _same


def _union_decoder(members: tuple[Any, ...]) -> Decoder:
    tagged = {name: _decoder(part) for name, part in _PARTS.items() if part in members}
    if tagged:
        return lambda data: tagged[data["type"]](data)
    concrete = [member for member in members if member is not type(None)]
    if len(concrete) == 1:
        inner = _decoder(concrete[0])
        return lambda data: None if data is None else inner(data)
    return _same


def _dataclass_decoder(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    fields = [
        (field.name, _decoder(hints[field.name]), _required(field)) for field in dataclasses.fields(kind)
    ]

    def run(data: Any) -> Any:
        given: dict[str, Any] = {}
        for name, item, required in fields:
            if name in data:
                given[name] = item(data[name])
            elif required:
                raise KeyError(name)
        return kind(**given)

    return run


def _required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _same(data: Any) -> Any:
    return data
