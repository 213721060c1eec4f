"""JSON Schema checks against the contract's own schemas, told in terms of fields."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias, cast

import msgspec
from jsonschema import Draft202012Validator, FormatChecker, TypeChecker, validators
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Object: TypeAlias = Mapping[str, Json]
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]

_BASE = "urn:shop-contract"


@dataclass(frozen=True, slots=True)
class Violation:
    """``field`` is a dotted path into the value, ``rule`` the schema keyword that it breaks."""

    field: str
    rule: str
    reason: str


class Schema:
    """One schema of the document, with its references resolved."""

    def __init__(self, validator: Draft202012Validator) -> None:
        self._validator = validator

    def violations(self, value: Json) -> list[Violation]:
        """All of them, missing fields first, then in the order of their paths."""
        # Any: the published types of jsonschema leave its errors' values unnamed.
        errors = cast("Sequence[Any]", list(cast("Any", self._validator).iter_errors(value)))
        found = [_violation(error) for error in errors]
        return sorted(found, key=lambda violation: (violation.rule != "required", violation.field))


class SchemaBook:
    """All the schemas of one OpenAPI document, found by JSON pointer."""

    def __init__(self, document: Object) -> None:
        # Any: referencing's own type for a document is its generic parameter, jsonschema's is a concrete one.
        resource: Any = Resource(contents=document, specification=DRAFT202012)
        self._registry: Any = cast("Any", Registry)().with_resource(_BASE, resource)
        self._formats = _format_checker()
        types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
        # Any: jsonschema publishes no type for ``extend``.
        dialect = cast("Any", validators).extend(Draft202012Validator, type_checker=types)
        self._dialect = cast("type[Draft202012Validator]", dialect)

    def schema(self, pointer: Sequence[str]) -> Schema:
        """The schema at the steps of ``pointer``, which are given unescaped."""
        escaped = "/".join(step.replace("~", "~0").replace("/", "~1") for step in pointer)
        reference = {"$ref": f"{_BASE}#/{escaped}"}
        return Schema(self._dialect(reference, registry=self._registry, format_checker=self._formats))


def _format_checker() -> FormatChecker:
    """Only the formats that the contract uses, each as strict as its RFC: the standard library is not."""
    checker = FormatChecker(formats=())

    def date_time(value: object) -> bool:
        return not isinstance(value, str) or bool(msgspec.convert(value, Moment))

    def full_date(value: object) -> bool:
        return not isinstance(value, str) or bool(msgspec.convert(value, date))

    def email(value: object) -> bool:
        return not isinstance(value, str) or bool(re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value))

    checker.checks("date-time", raises=msgspec.ValidationError)(date_time)
    checker.checks("date", raises=msgspec.ValidationError)(full_date)
    checker.checks("email")(email)
    return checker


def _is_integer(_checker: TypeChecker, value: object) -> bool:
    """JSON Schema also calls 1.0 an integer; here nobody orders 1.0 pieces."""
    return isinstance(value, int) and not isinstance(value, bool)


def _violation(error: ValidationError) -> Violation:
    rule = str(error.validator)
    steps = [str(step) for step in error.absolute_path]
    # Any: what a keyword demands has a shape of its own for each keyword.
    demand, instance = cast("Any", error.validator_value), cast("Any", error.instance)
    match rule:
        case "required":
            steps.append(next(name for name in demand if name not in instance))
            reason = "缺少"
        case "additionalProperties":
            known = cast("Any", error.schema)["properties"]
            steps.append(next(name for name in instance if name not in known))
            reason = "不认识的字段"
        case "anyOf":
            steps.append(" | ".join(name for choice in demand for name in choice.get("required", ())))
            reason = "缺少"
        case "pattern" | "format" | "type":
            reason = "格式不对"
        case "enum":
            reason = "不在可选值里"
        case _:
            reason = f"超出限制（{rule} {demand}）"
    return Violation(".".join(steps) or "body", rule, reason)
