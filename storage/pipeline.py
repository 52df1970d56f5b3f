"""Hot statements on PostgreSQL, in as few round trips as possible: libpq's pipeline mode.

A statement that returns nothing waits until one that does, or until the commit, and they are sent together. So most
calls make two round trips instead of eight. psycopg's cursors would also work out again for each statement what never
changes.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

MOST_PREPARED = 300  # statements on a connection; one counts again for integers of another size
_STALE = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
"""The errors of a prepared statement that no longer fits: a migration changed its rows, or it was deallocated."""


@dataclass(eq=False, slots=True)
class Request:
    """A statement that waits, or its result."""

    sql: str
    send: Callable[[], None]
    result: PGresult | None = None


class Pipeline:
    """The hot statements of a connection, each prepared at its first use if the pipeline `prepares`.

    The transaction begins with its first statement. Every method may raise psycopg.Error, also for a statement that had
    to wait; `sql` is then the one that failed.
    """

    def __init__(self, driver: psycopg.Connection, *, prepares: bool) -> None:
        self.sql, self._prepares = "", prepares
        self._driver, self._pgconn, self._adapter = driver, driver.pgconn, Transformer(driver)
        self._waiting: list[Request] = []
        self._prepared: dict[object, bytes] = {}
        self._preparing: dict[object, bytes] = {}  # by the requests that wait
        self._numbers = count()

    def add(self, sql: str, values: Sequence[Any] = ()) -> Request:
        """Let a statement wait."""
        parameters = self._adapter.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types, formats = self._adapter.types, self._adapter.formats
        name = self._prepared.get((sql, types)) or self._preparing.get((sql, types))
        if name is None and not (self._prepares and len(self._prepared) < MOST_PREPARED):
            send = partial(self._pgconn.send_query_params, sql.encode(), parameters, types, formats)
        else:
            name = name or self._prepare(sql, types)
            send = partial(self._pgconn.send_query_prepared, name, parameters, formats)
        request = Request(sql, send)
        self._waiting.append(request)
        return request

    def rows(self, request: Request) -> list[tuple[Any, ...]]:
        """The rows of a statement; if it still waits, run all that do."""
        if request.result is None:
            self.settle()
        if request.result is None:
            raise psycopg.InterfaceError("the statement was discarded, or one before it has failed")
        self._adapter.set_pgresult(request.result)
        return self._adapter.load_rows(0, request.result.ntuples, tuple)

    def settle(self) -> None:
        """Run what waits."""
        if self._waiting:
            self._exchange()

    def commit(self) -> None:
        """Run what waits, and commit."""
        if self._waiting:
            self._waiting.append(self._plain("COMMIT"))
            self._exchange()
        else:
            self.sql = "COMMIT"
            self._driver.commit()

    def discard(self) -> None:
        """Forget what waits."""
        self._waiting, self._preparing = [], {}

    def _prepare(self, sql: str, types: Sequence[int] | None) -> bytes:
        name = self._preparing[sql, types] = b"hot %d" % next(self._numbers)
        self._waiting.append(Request(sql, partial(self._pgconn.send_prepare, name, sql.encode(), types)))
        return name

    def _plain(self, sql: str) -> Request:
        return Request(sql, partial(self._pgconn.send_query_params, sql.encode(), None))

    def _exchange(self) -> None:
        """Send what waits, and receive the results."""
        begins = self._pgconn.transaction_status == TransactionStatus.IDLE
        requests, preparing = [*([self._plain("BEGIN")] if begins else []), *self._waiting], self._preparing
        self.discard()  # a failure leaves nothing behind
        self.sql = requests[0].sql
        self._pgconn.enter_pipeline_mode()
        for request in requests:
            request.send()
        self._pgconn.pipeline_sync()
        results = self._receive(len(requests) + 1)
        self._raise_failure(requests, results)
        self._pgconn.exit_pipeline_mode()
        self._prepared.update(preparing)
        for request, result in zip(requests, results, strict=False):  # the last result only ends them
            request.result = result

    def _receive(self, number: int) -> list[PGresult]:
        """So many results; fewer if one tells of a failure, after which the connection was lost."""
        results: list[PGresult] = []
        try:
            self._flush()
            while len(results) < number:
                while self._pgconn.is_busy():
                    self._wait(select.POLLIN)
                result = self._pgconn.get_result()  # None between the results of two requests
                if result is not None:
                    results.append(result)
                elif self._pgconn.status == ConnStatus.BAD:
                    raise psycopg.OperationalError("the connection is lost")
        except psycopg.Error:
            if not any(map(_has_failed, results)):
                raise
        return results

    def _flush(self) -> None:
        """Send the rest of what has not fit into the system's buffer."""
        while self._pgconn.flush():
            self._wait(select.POLLIN | select.POLLOUT)

    def _wait(self, events: int) -> None:
        poll = select.poll()
        poll.register(self._pgconn.socket, events)
        poll.poll()
        self._pgconn.consume_input()

    def _raise_failure(self, requests: Sequence[Request], results: Sequence[PGresult]) -> None:
        """Raise the error of the first request that failed; the server has run none after it."""
        for request, result in zip(requests, results, strict=False):
            if _has_failed(result):
                self.sql = request.sql
                with suppress(psycopg.Error):  # it is lost
                    self._pgconn.exit_pipeline_mode()
                error = error_from_result(result, encoding=self._driver.info.encoding)
                if isinstance(error, _STALE):  # the next call prepares everything again
                    self._prepared.clear()
                raise error


def _has_failed(result: PGresult) -> bool:
    return result.status == ExecStatus.FATAL_ERROR
