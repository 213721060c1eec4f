"""The expression language of flows: Python's grammar, cut down to what can neither loop nor act.

`parse` admits a whitelist of syntax, `evaluate` gives a value or raises. What is missing is an error, not
false: a flow that decides on a field that is not there would decide wrongly.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal, cast

from kefu.conversation.values import Record, Value
from kefu.errors import OperatorError

LONGEST = 400
"""Characters. Keeps the parser's and the evaluator's recursion shallow."""

_MOST_BITS = 256
_CONSTANTS: Mapping[str, Value] = {"null": None, "true": True, "false": False}
_FUNCTIONS: Mapping[str, int] = {"len": 1, "has": 1, "default": 2, "before": 2, "ending": 3}

_ALLOWED = (
    ast.Constant, ast.Name, ast.Load, ast.Attribute, ast.Subscript, ast.List, ast.Tuple, ast.Call,
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip


class ExpressionInvalid(OperatorError):
    """The text is no expression of the language."""

    code = "expression_invalid"


class ExpressionFailed(OperatorError):
    """The expression has no value here: a wrong type, a comparison of unlike things."""

    code = "expression_failed"


class ValueMissing(ExpressionFailed):
    """A name or a field is not there, or is null where a value is needed; `field` is its path."""

    code = "value_missing"


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. Two are equal when their texts are."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)

    @property
    def reads(self) -> frozenset[str]:
        """Every name that it mentions, also inside `has` and `default`."""
        called = {id(node.func) for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        return frozenset(
            node.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Name) and node.id not in _CONSTANTS and id(node) not in called
        )

    def needs(self, known: frozenset[str] = frozenset()) -> frozenset[str]:
        """The names without which it fails, other than `known` and those that it guards with `has` itself."""
        return _needs(self.tree, known)

    def proves(self, outcome: bool) -> frozenset[str]:
        """The names that surely have a value once the expression came out as `outcome`."""
        return _proves(self.tree, outcome)


def parse(text: str) -> Expression:
    """Raises `ExpressionInvalid` with one sentence for the operator."""
    if len(text) > LONGEST:
        raise ExpressionInvalid(f"an expression may have at most {LONGEST} characters")
    if "\\" in text:
        raise ExpressionInvalid("an expression has no backslashes")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionInvalid(f"`{text}` is not an expression") from error
    for node in ast.walk(tree):
        _admit(node, text)
    return Expression(text, tree)


def evaluate(expression: Expression, scope: Record) -> Value:
    """The value, given the names of `scope`. Raises `ExpressionFailed`; `ValueMissing` if it is not there."""
    try:
        return _value(expression.tree, scope)
    except (ArithmeticError, RecursionError) as error:
        raise ExpressionFailed(f"`{expression.text}` cannot be computed") from error


def holds(expression: Expression, scope: Record) -> bool:
    """Whether a condition is true. Anything but true or false is an `ExpressionFailed`."""
    value = evaluate(expression, scope)
    if isinstance(value, bool):
        return value
    raise ExpressionFailed(f"`{expression.text}` is neither true nor false")


def is_empty(value: Value) -> bool:
    """Null, zero, an empty text or an empty list: what a back office may leave out."""
    return value is None or value is False or (not isinstance(value, bool) and value in (0, "", [], {}))


def _admit(node: ast.AST, text: str) -> None:
    if not isinstance(node, _ALLOWED):
        raise ExpressionInvalid(f"`{text}`: {type(node).__name__} is not part of the language")
    match node:
        case ast.Constant(value=value) if value is not None and not isinstance(
            value, bool | int | float | str
        ):
            raise ExpressionInvalid(f"`{text}`: only numbers, texts, true, false and null can be written")
        case ast.Subscript(slice=index) if not _is_index(index):
            raise ExpressionInvalid(f"`{text}`: an index is a whole number or a text")
        case ast.Attribute(attr=name) if name.startswith("_"):
            raise ExpressionInvalid(f"`{text}`: a field's name does not begin with `_`")
        case ast.Call():
            _admit_call(node, text)
        case _:
            pass


def _is_index(index: ast.expr) -> bool:
    match index:
        case ast.Constant(value=value):
            return isinstance(value, int | str) and not isinstance(value, bool)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
            return True
        case _:
            return False


def _admit_call(call: ast.Call, text: str) -> None:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in _FUNCTIONS:
        raise ExpressionInvalid(f"`{text}`: the functions are {', '.join(sorted(_FUNCTIONS))}")
    if call.keywords or len(call.args) != _FUNCTIONS[name]:
        raise ExpressionInvalid(f"`{text}`: {name}() takes {_FUNCTIONS[name]} argument(s)")
    if name in ("has", "default") and not _is_path(call.args[0]):
        raise ExpressionInvalid(f"`{text}`: {name}() takes a name or a field")


def _is_path(node: ast.expr) -> bool:
    match node:
        case ast.Name():
            return True
        case ast.Attribute(value=inner) | ast.Subscript(value=inner):
            return _is_path(inner)
        case _:
            return False


def _called(call: ast.Call) -> Literal["len", "has", "default", "before", "ending"]:
    return cast("Literal['len', 'has', 'default', 'before', 'ending']", cast("ast.Name", call.func).id)


def _needs(node: ast.expr, known: frozenset[str]) -> frozenset[str]:
    match node:
        case ast.Name(id=name):
            return frozenset() if name in known or name in _CONSTANTS else frozenset((name,))
        case ast.Call() if _called(node) == "has":
            return frozenset()
        case ast.Call(args=args) if _called(node) == "default":
            return _needs(args[1], known)
        case ast.Call(args=args):
            return frozenset[str]().union(*(_needs(argument, known) for argument in args))
        case ast.BoolOp(op=op, values=values):
            missing: frozenset[str] = frozenset()
            for operand in values:
                missing |= _needs(operand, known)
                known |= _proves(operand, isinstance(op, ast.And))
            return missing
        case _:
            children = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
            return frozenset[str]().union(*(_needs(child, known) for child in children))


def _proves(node: ast.expr, outcome: bool) -> frozenset[str]:
    match node:
        case ast.Call(args=[path]) if _called(node) == "has":
            return frozenset((_root(path),)) if outcome else frozenset()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _proves(operand, not outcome)
        case ast.BoolOp(op=op, values=values):
            proofs = [_proves(operand, outcome) for operand in values]
            every_operand_decides = isinstance(op, ast.And) == outcome
            return (
                frozenset[str]().union(*proofs)
                if every_operand_decides
                else frozenset[str].intersection(*proofs)
            )
        case _:
            return frozenset()


def _root(path: ast.expr) -> str:
    while isinstance(path, ast.Attribute | ast.Subscript):
        path = path.value
    return path.id if isinstance(path, ast.Name) else ""


def _value(node: ast.expr, scope: Record) -> Value:
    match node:
        case ast.Constant(value=value):
            return cast("Value", value)
        case ast.Name(id=name):
            return _named(name, scope)
        case ast.Attribute(value=inner, attr=name):
            return _member(_value(inner, scope), name, node)
        case ast.Subscript(value=inner, slice=index):
            return _item(_value(inner, scope), _value(index, scope), node)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_value(element, scope) for element in elements]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(operand, scope)
        case ast.UnaryOp(operand=operand):
            return -_number(_value(operand, scope), operand)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_truth(operand, scope) for operand in values)
        case ast.BoolOp(values=values):
            return any(_truth(operand, scope) for operand in values)
        case ast.BinOp(left=left, op=op, right=right):
            return _arithmetic(op, _number(_value(left, scope), left), _number(_value(right, scope), right))
        case ast.Compare():
            return _comparison(node, scope)
        case ast.Call():
            return _call(node, scope)
        case _:
            raise ExpressionFailed(f"{type(node).__name__} cannot be evaluated")


def _call(call: ast.Call, scope: Record) -> Value:
    match _called(call):
        case "len":
            value = _value(call.args[0], scope)
            if isinstance(value, str | Sequence | Mapping):
                return len(value)
            raise ExpressionFailed(f"`{ast.unparse(call.args[0])}` has no length")
        case "has":
            return _reached(call.args[0], scope) is not None
        case "default":
            value = _reached(call.args[0], scope)
            return _value(call.args[1], scope) if value is None else value
        case "ending":
            return _ending(*(_value(argument, scope) for argument in call.args))
        case _:
            first, second = (_instant(_value(argument, scope), argument) for argument in call.args)
            return first < second


def _ending(items: Value, name: Value, end: Value) -> Value:
    """The records of a list whose field, a text, has that end."""
    if not isinstance(items, Sequence) or isinstance(items, str) or not isinstance(name, str):
        raise ExpressionFailed("`ending` takes a list, the name of a field and a text")
    fields = ((item, item.get(name)) for item in items if isinstance(item, Mapping))
    return [item for item, field in fields if isinstance(field, str) and field.endswith(str(end))]


def _reached(path: ast.expr, scope: Record) -> Value:
    try:
        return _value(path, scope)
    except ValueMissing:
        return None


def _named(name: str, scope: Record) -> Value:
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    if name not in scope:
        raise ValueMissing(f"`{name}` has no value", field=name)
    return scope[name]


def _member(owner: Value, name: str, node: ast.expr) -> Value:
    if isinstance(owner, Mapping) and name in owner:
        return owner[name]
    path = ast.unparse(node)
    if owner is None:
        raise ValueMissing(f"`{path}`: what it is a field of is null", field=path)
    if not isinstance(owner, Mapping):
        raise ExpressionFailed(f"`{path}`: only a record has fields", field=path)
    raise ValueMissing(f"`{path}` is missing", field=path)


def _item(owner: Value, index: Value, node: ast.expr) -> Value:
    if isinstance(index, str):
        return _member(owner, index, node)
    path = ast.unparse(node)
    if owner is None:
        raise ValueMissing(f"`{path}`: what it is an element of is null", field=path)
    if not isinstance(owner, Sequence) or isinstance(owner, str) or not isinstance(index, int):
        raise ExpressionFailed(f"`{path}`: only a list has elements", field=path)
    if not -len(owner) <= index < len(owner):
        raise ValueMissing(f"`{path}` is missing", field=path)
    return owner[index]


def _truth(node: ast.expr, scope: Record) -> bool:
    value = _value(node, scope)
    if isinstance(value, bool):
        return value
    raise ExpressionFailed(f"`{ast.unparse(node)}` is neither true nor false")


def _number(value: Value, node: ast.expr) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionFailed(f"`{ast.unparse(node)}` is not a number")
    return value


def _arithmetic(op: ast.operator, left: float, right: float) -> int | float:
    if isinstance(left, int) and isinstance(right, int):
        if max(left.bit_length(), right.bit_length()) > _MOST_BITS:
            raise ExpressionFailed("a number is too large")
        return (
            left + right
            if isinstance(op, ast.Add)
            else left - right
            if isinstance(op, ast.Sub)
            else left * right
        )
    # Amounts of money are decimal fractions: 0.1 + 0.2 is 0.3 here.
    a, b = Decimal(str(left)), Decimal(str(right))
    return float(a + b if isinstance(op, ast.Add) else a - b if isinstance(op, ast.Sub) else a * b)


def _comparison(node: ast.Compare, scope: Record) -> bool:
    left = _value(node.left, scope)
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, scope)
        if not _compare(op, left, right, node):
            return False
        left = right
    return True


def _compare(op: ast.cmpop, left: Value, right: Value, node: ast.Compare) -> bool:
    match op:
        case ast.Eq():
            return _same(left, right)
        case ast.NotEq():
            return not _same(left, right)
        case ast.In():
            return _contains(right, left, node)
        case ast.NotIn():
            return not _contains(right, left, node)
        case _:
            return _ordered(op, left, right, node)


def _same(left: Value, right: Value) -> bool:
    # In JSON, true is not 1.
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _contains(container: Value, member: Value, node: ast.Compare) -> bool:
    if isinstance(container, str) and isinstance(member, str):
        return member in container
    if isinstance(container, Sequence) and not isinstance(container, str):
        return any(_same(element, member) for element in container)
    raise ExpressionFailed(f"`{ast.unparse(node)}`: `in` takes a list, or a text in a text")


def _ordered(op: ast.cmpop, left: Value, right: Value, node: ast.Compare) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        order = (left > right) - (left < right)
    else:
        a, b = _number(left, node), _number(right, node)
        order = (a > b) - (a < b)
    match op:
        case ast.Lt():
            return order < 0
        case ast.LtE():
            return order <= 0
        case ast.Gt():
            return order > 0
        case _:
            return order >= 0


def _instant(value: Value, node: ast.expr) -> datetime:
    if value is None:
        raise ValueMissing(f"`{ast.unparse(node)}` is null", field=ast.unparse(node))
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ExpressionFailed(f"`{ast.unparse(node)}` is not an instant with an offset")
    return instant.astimezone(UTC)
