"""A connection in a transaction: hot statements go straight to the driver, all others through SQLAlchemy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias, TypeVar

import psycopg
import sqlalchemy as sa

from core.errors import StorageUnavailableError
from storage.compiled import CompiledStatement, CompiledStatements
from storage.direct import Direct
from storage.faults import leads_elsewhere
from storage.pipeline import Pipeline
from storage.poolers import POOLED
from storage.read_ahead import ReadAhead
from storage.statements.build import PerDialect, numbered
from storage.watchdog import COMMITTING

PIPELINE = "pipeline"
"""The entry in the info of a connection to PostgreSQL that keeps its pipeline."""
Result = TypeVar("Result")
Seen = Callable[[str, Sequence[Any]], object]
"""A function that is told a hot statement and its values before they go to the driver."""


class Sender(Protocol):
    """Sends statements to the driver, and may raise the driver's errors; `sql` is then the one that failed."""

    sql: str

    def add(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement, now or later; returns what `rows` takes."""

    def rows(self, request: Any) -> list[Any]:
        """The rows of a statement."""

    def settle(self) -> None:
        """Run what waits."""

    def commit(self) -> None:
        """Run what waits, and commit."""

    def discard(self) -> None:
        """Forget what waits."""


class Rows:
    """The rows that a hot statement returned: the part of SQLAlchemy's results that the repositories use."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def first(self) -> Any:
        """The first row; None if there is none."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row. Raises ValueError if there are more, or none."""
        (row,) = self._rows
        return row

    def all(self) -> list[Any]:
        """All rows."""
        return self._rows

    def scalar(self) -> Any:
        """The first value of the first row; None if there is none."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """The first value of the only row. Raises ValueError if there are more, or none."""
        return self.one()[0]

    def scalars(self) -> Rows:
        """The first values of all rows."""
        return Rows([row[0] for row in self._rows])

    def mappings(self) -> Rows:
        """The rows by the names of their columns."""
        return Rows([row._asdict() for row in self._rows])

    @property
    def rowcount(self) -> int:
        """Raises TypeError: a statement that must tell how many rows it changed can't be hot, since it may wait."""
        raise TypeError("a hot statement doesn't tell how many rows it changed")


StatementResult: TypeAlias = Rows | sa.CursorResult[*tuple[Any, ...]]
"""The result of a statement, from SQLAlchemy or from the driver."""


class Connection:
    """A connection of the pool, and its transaction, which is rolled back at the end unless `commit` was called.

    `ahead` has rows that were read before they are asked for.

    Raises SQLAlchemy's errors, whoever ran the statement; and StorageUnavailableError once SQLite has ended the
    transaction by itself, as it does when the disk is full.
    """

    def __init__(self, engine: sa.Engine, statements: CompiledStatements, watch: Seen | None = None) -> None:
        self._engine, self._statements, self._watch = engine, statements, watch
        self.is_sqlite = engine.dialect.name == "sqlite"
        try:
            self._pooled = engine.raw_connection()
        except engine.dialect.loaded_dbapi.Error as error:
            raise _translated(error, "CONNECT", engine.dialect) from None
        except sa.exc.InvalidRequestError:  # the pool gave up: the server went away while it made new connections
            raise StorageUnavailableError("The database cannot be opened: the connection was lost.") from None
        driver: Any = self._pooled.driver_connection
        self._driver = driver
        self._sender: Sender = Direct(driver) if self.is_sqlite else _pipeline_of(driver, self._pooled.info)
        self._sqlalchemy: sa.Connection | None = None
        self._savepoints: list[bool] = []
        self.ahead = ReadAhead()

    def begin(self, *, reads: bool = False) -> None:
        """Begin the transaction; on SQLite, one that writes takes the lock now. PostgreSQL's begin by themselves."""
        if self.is_sqlite:
            self._sent(self._sender.add, "BEGIN" if reads else "BEGIN IMMEDIATE")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A block whose changes are undone unless it calls `commit`, which then only ends the savepoint."""
        self._send("SAVEPOINT call")
        self._savepoints.append(True)
        self.ahead.forget_all()
        try:
            yield
        finally:
            self.ahead.forget_all()
            if self._savepoints.pop() and not self._has_ended:
                self._send("ROLLBACK TO call")
                self._send("RELEASE call")

    def commit(self) -> None:
        """Commit; inside a savepoint, its changes are kept for the commit of the whole."""
        if self._savepoints:
            self._send("RELEASE call")
            self._savepoints[-1] = False
            return
        self._require_transaction()
        info = self._pooled.info
        info[COMMITTING] = time.monotonic()
        try:
            self._sent(self._sender.commit)
        finally:
            info.pop(COMMITTING)

    def run(self, statement: Any, /, **values: Any) -> StatementResult:
        """Run a statement once."""
        compiled = self._statements.find(statement, values)
        if compiled is None:
            return self.execute(statement, values)
        return self._run(compiled, compiled.values(values))

    def ask(self, statement: Any, /, **values: Any) -> Callable[[], StatementResult]:
        """Run a hot statement whose rows are needed only after the next one; on PostgreSQL, both go together."""
        compiled = self._statements.find(statement, values)
        if self.is_sqlite or compiled is None:
            result = self.run(statement, **values)
            return lambda: result
        request = self._add(compiled, compiled.values(values))
        return lambda: Rows(compiled.rows(self._sent(self._sender.rows, request)))

    def run_each(self, statement: Any, rows: Sequence[Mapping[str, Any]]) -> StatementResult:
        """Run a statement for each row of values, of which there must be at least one."""
        compiled = self._statements.find_rows(statement, rows)
        if compiled is None:
            return self.execute(statement, rows)
        values = {numbered(name, place): value for place, row in enumerate(rows) for name, value in row.items()}
        return self._run(compiled, compiled.values(values))

    def execute(self, statement: Any, values: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
        """Run any statement through SQLAlchemy."""
        self._require_transaction()
        own = statement.on(self._engine.dialect.name) if isinstance(statement, PerDialect) else statement
        if not isinstance(own, sa.Select):  # which may write to other tables too, as an erasure does
            self.ahead.forget_all()
        return self.sqlalchemy.execute(own, values)

    def settle(self) -> None:
        """Run the hot statements that wait, as before any other statement, and before the commit."""
        self._sent(self._sender.settle)

    @property
    def sqlalchemy(self) -> sa.Connection:
        """SQLAlchemy's view of this connection, in the same transaction."""
        self.settle()
        if self._sqlalchemy is None:
            self._sqlalchemy = sa.Connection(self._engine, self._pooled)
            self._sqlalchemy.begin()  # which sends nothing: the transaction is ours
        return self._sqlalchemy

    def close(self) -> None:
        """Undo what was not committed, and give the connection back to the pool; one that was lost leaves the pool.

        A loss here doesn't matter: the server has undone what was not committed. The pool would log a traceback.
        """
        self._sender.discard()
        if self._pooled.is_valid:
            try:
                self._driver.rollback()
            except self._engine.dialect.loaded_dbapi.Error as error:
                self._pooled.invalidate(error)
        if self._sqlalchemy:
            self._sqlalchemy.close()
        elif self._pooled.is_valid:
            self._pooled.close()

    def discard(self) -> None:
        """Let the connection leave the pool: its server isn't the one that was wanted."""
        self._pooled.invalidate()

    def _run(self, compiled: CompiledStatement, values: Sequence[Any]) -> Rows:
        request = self._add(compiled, values)
        return Rows(compiled.rows(self._sent(self._sender.rows, request)) if compiled.make_row else [])

    def _add(self, compiled: CompiledStatement, values: Sequence[Any]) -> Any:
        self._require_transaction()
        if self._watch:
            self._watch(compiled.sql, values)
        if compiled.target:
            self.ahead.forget(compiled.target)
        return self._sent(self._sender.add, compiled.sql, values)

    def _send(self, sql: str, values: Sequence[Any] = ()) -> Sequence[Sequence[Any]]:
        self._require_transaction()
        return self._sent(self._sender.rows, self._sent(self._sender.add, sql, values))

    def _sent(self, send: Callable[..., Result], *about: Any) -> Result:
        """The result of one of the sender's methods."""
        try:
            return send(*about)
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._noted(error) from None

    @property
    def _has_ended(self) -> bool:
        return self.is_sqlite and not self._driver.in_transaction

    def _require_transaction(self) -> None:
        if self._has_ended:
            raise StorageUnavailableError("The database rolled back the last changes.")
        if not self._pooled.is_valid:
            raise StorageUnavailableError("The database cannot be opened: the connection was lost.")

    def _noted(self, error: Exception) -> BaseException:
        """SQLAlchemy's form of a driver's error; a lost connection leaves the pool."""
        is_lost = self._engine.dialect.is_disconnect(error, self._driver, None)  # type: ignore[arg-type]
        if is_lost or leads_elsewhere(error):
            self._pooled.invalidate(error)
        return _translated(error, self._sender.sql, self._engine.dialect)


def _pipeline_of(driver: psycopg.Connection, info: dict[str, Any]) -> Pipeline:
    """The pipeline of a pooled connection, which remembers what it has prepared there."""
    if PIPELINE not in info:
        info[PIPELINE] = Pipeline(driver, prepares=not info[POOLED])
    pipeline: Pipeline = info[PIPELINE]
    return pipeline


def _translated(error: Exception, sql: str, dialect: sa.Dialect) -> BaseException:
    kind = dialect.loaded_dbapi.Error
    return sa.exc.DBAPIError.instance(sql, None, error, kind, hide_parameters=True, dialect=dialect)
