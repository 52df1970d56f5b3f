"""The database: a durable SQLite file, or PostgreSQL. On SQLite, writing transactions queue up."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar, cast

import psycopg
import sqlalchemy as sa
import stamina
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError

from core.errors import ConfigurationError, StorageUnavailableError
from storage.addresses import ADDRESS, limits, parse_address
from storage.compiled import compiled_for
from storage.connection import Connection, Seen
from storage.faults import discard_read_only, faults_translated
from storage.poolers import AUTO, adapt_to_pooler
from storage.statements.marks import SET_MARK
from storage.turns import Turns
from storage.watchdog import Watchdog, answers

PATIENT = 30  # seconds to wait for a turn to write, or for a connection, in commands and migrations
ANSWERING = 2  # the same while people wait for an answer (docs/design/storage.md does the arithmetic)
COMMIT_SLACK = 3  # seconds more to wait for a commit, which may wait for a standby
POOL = 8  # connections to PostgreSQL from one process
_PROBE = "probe"
_MADE_AT = "made at"
T = TypeVar("T")


class Database:
    """An engine and, on SQLite, the turns of this process's writers (SQLite's own waiting is unfair).

    `patience` is the number of seconds to wait for another writer or for the server, `pooler` one of storage.poolers.
    `setting` has the address. Tests set `watch` to see the hot statements.
    """

    def __init__(self, url: str, patience: int = PATIENT, pooler: str = AUTO, setting: str = ADDRESS) -> None:
        self.engine, self._patience = _engine(url, patience, pooler, setting), patience
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._turns = Turns()
        self._thread = threading.local()
        self.has_traces = threading.Event()  # of what was erased (storage.traces); who knows what was before we started
        self.has_traces.set()
        self._statements = compiled_for(self.engine.dialect.name)
        self.watch: Seen | None = None
        self._watchdog = None if self.is_sqlite else self._watch(patience)

    def _watch(self, patience: int) -> Watchdog:
        return Watchdog(self.engine, partial(answers, self._connect, patience), patience + COMMIT_SLACK)

    def _connect(self) -> psycopg.Connection:
        """A connection to PostgreSQL outside the pool."""
        arguments, options = self.engine.dialect.create_connect_args(self.engine.url)
        options = {**options, **limits(self._patience, self.engine.url.query)}
        return cast("psycopg.Connection", self.engine.dialect.connect(*arguments, **options))

    @property
    def writers(self) -> int:
        """Number of this process's transactions that may write at the same time."""
        return 1 if self.is_sqlite else POOL

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that may write. It is rolled back unless the caller commits."""
        shared: Connection | None = getattr(self._thread, "connection", None)
        with faults_translated():
            if shared:
                with shared.savepoint():
                    yield shared
                return
            with self._turn() if self.is_sqlite else nullcontext(), self._connected() as connection:
                connection.begin()
                yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Collect this thread's commits in the block, and make them as one commit at its end.

        A rollback inside undoes only its own transaction. After StorageUnavailableError, nothing is stored. On
        PostgreSQL each transaction commits by itself, because rows locked for longer, in any order, would deadlock.
        """
        if not self.is_sqlite:
            yield
            return
        with self.writing() as connection:
            self._thread.connection = connection
            try:
                yield
            finally:
                self._thread.connection = None
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, and sees the data as of one moment; it doesn't queue with the writers."""
        with faults_translated(), self._connected() as connection:
            connection.begin(reads=True)
            yield connection

    def read(self, read: Callable[[Connection], T]) -> T:
        """The result of a read with such a connection."""
        with self.reading() as connection:
            return read(connection)

    @contextmanager
    def maintaining(self) -> Iterator[sa.Connection]:
        """A connection to PostgreSQL outside any transaction."""
        options = {"isolation_level": "AUTOCOMMIT"}
        with faults_translated(), self.engine.connect().execution_options(**options) as connection:
            yield connection

    def probe(self) -> None:
        """Write to the disk and read from it. Raises StorageUnavailableError if either fails."""
        with self.writing() as connection:
            if self.is_sqlite:
                connection.execute(sa.text("PRAGMA shrink_memory"))  # otherwise cached pages hide damage
            connection.run(SET_MARK, name=_PROBE, sealed=b"")
            connection.commit()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        connection = Connection(self.engine, self._statements, self.watch)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.take(self._patience):
            raise StorageUnavailableError("The database cannot be opened: another transaction is taking too long.")
        try:
            yield
        finally:
            self._turns.pass_on()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self._watchdog:
            self._watchdog.close()


def _engine(url: str, patience: int, pooler: str, setting: str) -> sa.Engine:
    try:
        address = parse_address(url, setting)
        is_sqlite = address.get_backend_name() == "sqlite"
        engine = sa.create_engine(
            address, pool_size=POOL, hide_parameters=True,  # errors never quote answers
            connect_args={} if is_sqlite else limits(patience, address.query),
            **({"pool_timeout": patience} if address.database or not is_sqlite else {}),  # SQLite in memory has no pool
        )  # fmt: skip
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        raise ConfigurationError(
            f"{setting} is not a valid database URL. Expected format: postgresql://user:password@host/name"
        ) from None
    if engine.dialect.name == "sqlite":
        _make_durable(engine, patience)
    else:
        adapt_to_pooler(engine, pooler)
        discard_read_only(engine)
        _replace_lost(engine)
    return engine


def _replace_lost(engine: sa.Engine) -> None:
    """Once a connection is lost, replace all older ones in the pool before their next use: the server has restarted."""
    lost_at = -math.inf

    @sa.event.listens_for(engine, "connect")
    def _on_connect(_: object, record: Any) -> None:
        record.info[_MADE_AT] = time.monotonic()

    @sa.event.listens_for(engine, "invalidate")
    def _on_invalidate(_: object, __: object, error: object) -> None:
        nonlocal lost_at
        if error:
            lost_at = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _on_checkout(_: object, record: Any, __: object) -> None:
        if record.info[_MADE_AT] < lost_at:
            raise DisconnectionError


def _make_durable(engine: sa.Engine, patience: int) -> None:
    """Use a write-ahead log, synced at each commit."""

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin in storage.connection, not by themselves
        for setting in (
            f"busy_timeout={patience * 1000}",  # first, since the next statement may already need to wait
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # erased data is overwritten
        ):
            connection.execute(f"PRAGMA {setting}")
        # If several processes open a new file at the same time, SQLite refuses this at once instead of waiting.
        stamina.retry(on=_is_busy, attempts=None, timeout=patience, wait_initial=0.01, wait_jitter=0.1)(
            connection.execute
        )("PRAGMA journal_mode=WAL")


def _is_busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorname.startswith("SQLITE_BUSY")
