"""Any event, made from its type annotations alone, so that a new event is tested from its first day."""

import dataclasses
import types
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any, Literal, NewType, Union, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from kefu.conversation.events import Event, Recorded
from kefu.conversation.values import Record, Value

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

Strategy = st.SearchStrategy[Any]

_words = st.sampled_from(["", "a", "b", "订单", "YL20261108000123", "\u200b", "🙂", "null"]) | st.text(
    max_size=8
)
_numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_json: Strategy = st.recursive(
    st.none() | st.booleans() | _numbers | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
_zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))])
_times = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=_zones)

_PLAIN: Mapping[type, Strategy] = {
    str: _words,
    int: st.integers(0, 99),
    float: st.floats(0, 1e6),
    bool: st.booleans(),
    datetime: _times,
}


@cache
def instances(kind: type) -> Strategy:
    """Any instance of a dataclass of the conversation package."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{entry.name: values_of(hints[entry.name]) for entry in dataclasses.fields(kind)})


def values_of(annotation: Any) -> Strategy:
    if isinstance(annotation, NewType):
        return st.sampled_from(["x", "y", "z"])  # few ids, so that events are about the same things
    if dataclasses.is_dataclass(annotation):
        return instances(cast("type", annotation))
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if annotation == Value:
        return _json
    origin, members = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return st.lists(values_of(members[0]), max_size=3).map(tuple)
    if origin is Literal:
        return st.sampled_from(members)
    if annotation == Record or origin is Mapping:
        return st.dictionaries(_words, _json, max_size=3)
    if origin in (Union, types.UnionType):
        if any(get_origin(member) in (Sequence, Mapping) for member in members):
            return _json
        return st.one_of([st.none() if member is type(None) else values_of(member) for member in members])
    raise TypeError(f"no strategy for {annotation}")


EVENTS: Sequence[type] = get_args(Event)

events: st.SearchStrategy[Event] = st.one_of([instances(kind) for kind in EVENTS])


def recorded(happened: Sequence[Event], *, after: int = 0) -> tuple[Recorded, ...]:
    """The events in their places of a log, a second apart."""
    return tuple(
        Recorded(seq, NOON + timedelta(seconds=seq), event)
        for seq, event in enumerate(happened, start=after + 1)
    )


logs: st.SearchStrategy[tuple[Recorded, ...]] = st.lists(events, max_size=25).map(recorded)
