"""Statements of the path that every message takes, compiled once.

Core compiles once as well, but what it does around each execution costs several times what SQLite then does.
Here the compiled text goes straight to the driver; Core's own types still convert the values on both sides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

Convert: TypeAlias = Callable[[Any], Any]


Fields: TypeAlias = SimpleNamespace | sa.Row[*tuple[Any, ...]]
"""A row: its columns are attributes, of the types that the schema gives them."""


class Cursor(Protocol):
    """What is used here of a driver's cursor (PEP 249)."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, sql: str, values: Sequence[object], /) -> object: ...
    def executemany(self, sql: str, values: Sequence[Sequence[object]], /) -> object: ...
    def fetchone(self) -> Sequence[Any] | None: ...
    def fetchall(self) -> Sequence[Sequence[Any]]: ...


class Prepared:
    """A statement whose text never changes: its lists are written out, not bound.

    Args:
        sets: the columns that an INSERT or UPDATE is given values for; none has a default that SQL must make.
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]] | sa.Insert | sa.Update, *sets: str) -> None:
        self._statement = statement
        self._sets = sets
        self._plans: dict[str, Plan] = {}

    def plan(self, dialect: sa.Dialect) -> "Plan":
        driver = f"{dialect.name}+{dialect.driver}"
        plan = self._plans.get(driver)
        if plan is None:
            columns = self._statement.selected_columns if isinstance(self._statement, sa.Select) else ()
            compiled = self._statement.compile(dialect=dialect, column_keys=self._sets or None)
            plan = self._plans[driver] = Plan(compiled, columns, dialect)
        return plan


class Plan:
    """A statement for one kind of database: its text, how values go in and how rows come out."""

    def __init__(
        self,
        compiled: SQLCompiler,
        columns: Iterable[sa.ColumnElement[Any]],
        dialect: sa.Dialect,
    ) -> None:
        names = compiled.positiontup
        if names is None:
            raise TypeError(f"{dialect.name}'s driver does not take values by position")
        self.sql = compiled.string
        self._given = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
        ]
        selected = [(str(column.key), column.type.dialect_impl(dialect)) for column in columns]
        self._names = [name for name, _ in selected]
        found = enumerate(kind.result_processor(dialect, None) for _, kind in selected)
        self._converted = [(place, convert) for place, convert in found if convert is not None]

    def first(self, cursor: Cursor, values: Mapping[str, object]) -> Fields | None:
        cursor.execute(self.sql, self._bound(values))
        row = cursor.fetchone()
        return None if row is None else self._shaped(row)

    def rows(self, cursor: Cursor, values: Mapping[str, object]) -> list[Fields]:
        cursor.execute(self.sql, self._bound(values))
        return [self._shaped(row) for row in cursor.fetchall()]

    def run(self, cursor: Cursor, values: Mapping[str, object]) -> int:
        cursor.execute(self.sql, self._bound(values))
        return cursor.rowcount

    def run_each(self, cursor: Cursor, rows: Iterable[Mapping[str, object]]) -> None:
        cursor.executemany(self.sql, [self._bound(values) for values in rows])

    def _bound(self, values: Mapping[str, object]) -> tuple[object, ...]:
        return tuple(
            [values[name] if convert is None else convert(values[name]) for name, convert in self._given]
        )

    def _shaped(self, row: Sequence[Any]) -> Fields:
        values = list(row)
        for place, convert in self._converted:
            values[place] = convert(values[place])
        return SimpleNamespace(**dict(zip(self._names, values, strict=True)))
