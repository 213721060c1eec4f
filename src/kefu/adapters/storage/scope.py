"""A connection that sees one workspace: statements on its data run through it and through nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from kefu.adapters.storage.columns import exact
from kefu.adapters.storage.prepared import Cursor, Fields, Prepared
from kefu.adapters.storage.rules import ID
from kefu.conversation.ids import WorkspaceId

Query: TypeAlias = sa.Select[*tuple[Any, ...]]

HERE = sa.bindparam("here", type_=exact(ID))
"""Stands for the workspace in the WHERE of every statement; `Scope` fills it in."""


class Scope:
    """Adds the workspace to every row that is inserted, and gives it to every `HERE`.

    Lives as long as one job of the database does.
    """

    __slots__ = ("_connection", "_cursor", "_dialect", "_own", "workspace_id")

    def __init__(self, connection: sa.Connection, workspace_id: WorkspaceId) -> None:
        self.workspace_id = workspace_id
        self._connection = connection
        self._dialect = connection.dialect
        self._cursor: Cursor = connection.connection.cursor()
        self._own = {"here": workspace_id, "workspace_id": workspace_id}

    # Statements of the hot path.

    def first(self, statement: Prepared, **values: object) -> Fields | None:
        return statement.plan(self._dialect).first(self._cursor, self._own | values)

    def rows(self, statement: Prepared, **values: object) -> list[Fields]:
        return statement.plan(self._dialect).rows(self._cursor, self._own | values)

    def run(self, statement: Prepared, **values: object) -> int:
        """The number of rows that were met."""
        return statement.plan(self._dialect).run(self._cursor, self._own | values)

    def run_each(self, statement: Prepared, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            statement.plan(self._dialect).run_each(self._cursor, [{**self._own, **row} for row in rows])

    # All others, which Core runs.

    def query(self, query: Query, **values: object) -> Sequence[Fields]:
        return self._connection.execute(query, {"here": self.workspace_id, **values}).all()

    def one(self, query: Query, **values: object) -> Fields | None:
        return self._connection.execute(query, {"here": self.workspace_id, **values}).first()

    def change(self, statement: sa.Update, **values: object) -> int:
        """Sets the columns to the values of their names; the number of rows that were met."""
        return self._connection.execute(statement, {"here": self.workspace_id, **values}).rowcount

    def insert(self, table: sa.Table, *rows: Mapping[str, object]) -> None:
        if rows:
            own = {"workspace_id": self.workspace_id}
            self._connection.execute(table.insert(), [own | dict(row) for row in rows])
