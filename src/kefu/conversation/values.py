"""Values that events carry: what JSON can say, so that a log can be read by anything, at any time."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

Value: TypeAlias = Union[bool, int, float, str, Sequence["Value"], Mapping[str, "Value"], None]  # noqa: UP007 -- quoted members have no `|`
"""A JSON value. Money is a string or number as the back office sent it, never recomputed in binary floats."""

Record: TypeAlias = Mapping[str, Value]
