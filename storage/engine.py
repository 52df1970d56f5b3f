"""The database: SQLite as a single durable file, or PostgreSQL; transactions that write queue up on SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
import stamina
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, PendingRollbackError

from core.errors import ConfigurationError, StorageUnavailableError

BUSY_SECONDS = 30
POOL = 8  # connections to PostgreSQL from one process
READS = {"reads": True}
"""Execution option of a connection that only reads, and so does not queue for the writer's place."""


class Database:
    """An engine and, on SQLite, the place that this process's writers wait in (its own waiting is unfair)."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._turn = threading.Lock()
        self._here = threading.local()

    @property
    def writers(self) -> int:
        """How many may write at once from this process."""
        return 1 if self.is_sqlite else POOL

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A connection in a transaction that may write; the caller calls `commit`, else it is rolled back."""
        shared: sa.Connection | None = getattr(self._here, "connection", None)
        with _faults_translated(), nullcontext(shared) if shared else self._alone() as connection:
            transaction = connection.begin_nested() if shared else connection.begin()
            try:
                yield connection
            finally:
                if transaction.is_active:
                    transaction.rollback()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever this thread commits inside lasts from the end on: many transactions wait for the disk once.

        What is rolled back inside takes nothing else along. StorageUnavailableError: nothing of it lasts. On
        PostgreSQL every transaction stays its own: rows locked for longer, in any order, would end in deadlocks.
        """
        if not self.is_sqlite:
            yield
            return
        with self.writing() as connection:
            self._here.connection = connection
            try:
                yield
            finally:
                self._here.connection = None
            commit(connection)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that only reads, and sees one moment."""
        with _faults_translated(), self.engine.connect().execution_options(**READS) as connection, connection.begin():
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[sa.Connection]:
        with self._turn if self.is_sqlite else nullcontext(), self.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def commit(connection: sa.Connection) -> None:
    """Make what was written last, or inside `Database.together`, make it part of what will last."""
    transaction = connection.get_nested_transaction() or connection.get_transaction()
    if transaction:
        transaction.commit()


@contextmanager
def _faults_translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise StorageUnavailableError(f"The database cannot be opened: {reason}.") from None
    except PendingRollbackError:  # the engine itself ended a transaction that others take part in
        raise StorageUnavailableError("The database gave up what was being written.") from None


def _engine(url: str) -> sa.Engine:
    try:
        address = sa.make_url(url)
        if address.drivername in ("postgres", "postgresql"):
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() not in ("sqlite", "postgresql"):
            raise ConfigurationError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
        engine = sa.create_engine(address, pool_size=POOL, hide_parameters=True)  # no answer of anybody in an error
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        raise ConfigurationError(
            "DATABASE_URL is no database address; it looks like postgresql://user:password@host/name."
        ) from None
    if engine.dialect.name == "sqlite":
        _make_durable(engine)
    return engine


def _make_durable(engine: sa.Engine) -> None:
    """Write-ahead log, synced at every commit; writers take their place at the beginning of a transaction."""

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not behind our back
        for setting in (
            f"busy_timeout={BUSY_SECONDS * 1000}",  # before all else: the next one may have to wait already
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what was erased is overwritten
        ):
            connection.execute(f"PRAGMA {setting}")
        # Where several processes open a new file at once, SQLite refuses this without waiting for the others.
        stamina.retry(on=sqlite3.OperationalError, wait_initial=0.01)(connection.execute)("PRAGMA journal_mode=WAL")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
