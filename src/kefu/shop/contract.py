"""The OpenAPI document, read as the shop's own rule book.

It names the operations and their routes, and it checks what callers send. Nothing of it is repeated in code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, cast

import yaml

from kefu.shop.problems import Code, Refusal
from kefu.shop.schemas import Json, Object, Schema, SchemaBook, Violation

Place = Literal["path", "query", "header"]

# The C parser takes 20 ms for a contract of this size, the Python one most of a second.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_METHODS = ("get", "post", "put", "patch", "delete")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_CODES: Mapping[str, Code] = {
    "Idempotency-Key": "idempotency_key_required",
    "customer_confirmed_at": "confirmation_required",
}
"""The fields whose absence the contract gives a code of its own."""


class ParameterSource(Protocol):
    """Where raw parameters come from: an HTTP request's path, query and headers."""

    def values(self, place: Place, name: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: Place
    required: bool
    declared: Object
    schema: Schema

    def read(self, raw: Sequence[str]) -> Json:
        """The typed value, or the schema's default when ``raw`` is empty; the refusal names the parameter."""
        if not raw:
            if self.required:
                raise _refusal(self.name, "缺少")
            return self.declared.get("default")
        value = _typed(raw, self.declared)
        if violations := self.schema.violations(value):
            raise _refusal(self.name, violations[0].reason)
        return value


@dataclass(frozen=True, slots=True)
class Operation:
    operation_id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    statuses: frozenset[int]

    @property
    def is_write(self) -> bool:
        return self.method != "get"

    def read_parameters(self, source: ParameterSource) -> dict[str, Json]:
        """Path, query and header parameters by name; absent optional ones without a default are left out.

        Where the contract documents no 400, a malformed path value is passed on: an id that cannot exist is
        simply not found.
        """
        values: dict[str, Json] = {}
        for parameter in self.parameters:
            raw = source.values(parameter.place, parameter.name)
            if parameter.place == "path" and 400 not in self.statuses:
                values[parameter.name] = raw[0]
            elif (value := parameter.read(raw)) is not None:
                values[parameter.name] = value
        return values

    def check_body(self, body: Json) -> Object:
        """The body as an object; the refusal names the offending field."""
        if self.body is None:
            return {}
        if violations := self.body.violations(body):
            raise _body_refusal(violations)
        return cast("Object", body)


@dataclass(frozen=True, slots=True)
class Contract:
    operations: Mapping[str, Operation]

    @classmethod
    def load(cls, path: Path) -> "Contract":
        """Raises ``OSError``, ``yaml.YAMLError`` or ``KeyError`` when that is no usable OpenAPI document."""
        document = cast("Object", yaml.load(path.read_bytes(), Loader=_LOADER))  # noqa: S506 - a safe loader
        return cls({operation.operation_id: operation for operation in _operations(document)})


def _operations(document: Object) -> Iterator[Operation]:
    book = SchemaBook(document)
    for path, item in _object(document["paths"]).items():
        for method in _METHODS:
            if method in _object(item):
                yield _operation(document, book, path, method)


def _operation(document: Object, book: SchemaBook, path: str, method: str) -> Operation:
    pointer = ("paths", path, method)
    spec = _at(document, pointer)
    declared = cast("Sequence[Object]", spec.get("parameters", ()))
    body = (*pointer, "requestBody", "content", "application/json", "schema")
    return Operation(
        operation_id=str(spec["operationId"]),
        method=method,
        path=path,
        parameters=tuple(
            _parameter(document, book, raw, (*pointer, "parameters", str(index)))
            for index, raw in enumerate(declared)
        ),
        body=book.schema(body) if "requestBody" in spec else None,
        statuses=frozenset(int(status) for status in _object(spec["responses"])),
    )


def _parameter(document: Object, book: SchemaBook, raw: Object, pointer: Sequence[str]) -> Parameter:
    if "$ref" in raw:
        pointer = _steps(raw)
        raw = _at(document, pointer)
    declared = _object(raw["schema"])
    if "$ref" in declared:
        declared = _at(document, _steps(declared))
    return Parameter(
        name=str(raw["name"]),
        place=cast("Place", raw["in"]),
        required=bool(raw.get("required", False)),
        declared=declared,
        schema=book.schema((*pointer, "schema")),
    )


def _steps(reference: Object) -> Sequence[str]:
    return str(reference["$ref"]).removeprefix("#/").split("/")


def _at(document: Object, pointer: Sequence[str]) -> Object:
    node = document
    for step in pointer:
        node = _object(node[step])
    return node


def _object(node: Json) -> Object:
    return cast("Object", node)


def _typed(raw: Sequence[str], declared: Object) -> Json:
    """What the strings mean under the schema; those that mean nothing stay strings and fail the check."""
    match declared.get("type"):
        case "array":
            return list(raw)
        case "integer" if _WHOLE_NUMBER.fullmatch(raw[-1]):
            return int(raw[-1])
        case "boolean" if raw[-1] in ("true", "false"):
            return raw[-1] == "true"
        case _:
            return raw[-1]


def _refusal(field: str, reason: str) -> Refusal:
    return Refusal(_CODES.get(field, "bad_request"), f"{field}：{reason}", details={"field": field})


def _body_refusal(violations: Sequence[Violation]) -> Refusal:
    first = next((v for v in violations if v.field in _CODES), violations[0])
    if first.field == "tax_id" and first.rule == "pattern":
        return Refusal("invalid_tax_id", "税号应为 15 到 20 位数字或大写字母")
    return _refusal(first.field, first.reason)
