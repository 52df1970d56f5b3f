"""A watchdog that cuts the connections to a PostgreSQL that has stopped answering, so no call waits for it forever.

A frozen server's machine keeps its connections open, so none of libpq's time limits ends the wait for an answer.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import psycopg
import sqlalchemy as sa

log = logging.getLogger(__name__)

LOOK_EVERY = 0.25  # seconds
SUSPICIOUS = 1.0  # seconds that a connection is in use before the server must show that it answers
_IDLE_LOOKS = 240  # looks at an idle pool after which the thread ends
_SOCKET = "socket"
COMMITTING = "committing"
"""The entry in the info of a pooled connection that says when its commit began."""
_WRITE = b"SELECT pg_logical_emit_message(true, 'undersign', '')"
"""Writes to the disk, but neither changes nor locks a row."""


class Watchdog:
    """Watches an engine's connections, in a thread of its own while any is in use.

    When one has been in use for a while, `answers` says whether the server still answers. If it doesn't, all
    connections in use for that long are cut, and their calls fail like those on a lost connection. One that waits for
    its commit for `commit_seconds` is cut in any case: the server may answer, but wait for a standby that doesn't.
    """

    def __init__(self, engine: sa.Engine, answers: Callable[[], bool], commit_seconds: float) -> None:
        self._answers, self._commit_seconds = answers, commit_seconds
        self._lock, self._is_watching = threading.Lock(), False
        self._closed = threading.Event()
        self._used: dict[int, tuple[float, dict[str, Any]]] = {}
        for event, listener in (
            ("connect", self._on_connect), ("close", self._on_close),
            ("checkout", self._on_checkout), ("checkin", self._on_checkin),
        ):  # fmt: skip
            sa.event.listen(engine, event, listener)

    def close(self) -> None:
        """End the thread at once, unless a connection is in use; the next use of one starts it again."""
        self._closed.set()

    def _on_connect(self, connection: psycopg.Connection, record: Any) -> None:
        # A second handle of the socket: the library may close its own at any time, and the number would be another's.
        record.info[_SOCKET] = socket.socket(fileno=os.dup(connection.pgconn.socket))

    def _on_close(self, _: object, record: Any) -> None:
        with self._lock:
            self._used.pop(id(record), None)
            if own := record.info.pop(_SOCKET, None):
                own.close()

    def _on_checkout(self, _: object, record: Any, __: object) -> None:
        with self._lock:
            self._used[id(record)] = time.monotonic(), record.info
            if not self._is_watching:
                self._is_watching = True
                threading.Thread(target=self._watch, name="database-watchdog", daemon=True).start()

    def _on_checkin(self, _: object, record: Any) -> None:
        with self._lock:
            self._used.pop(id(record), None)

    def _watch(self) -> None:
        idle = 0
        while self._goes_on(idle):
            is_closed = self._closed.wait(LOOK_EVERY)
            self._closed.clear()
            idle = 0 if self._used else _IDLE_LOOKS if is_closed else idle + 1
            if self._overdue():
                self._cut(self._overdue)
            elif self._suspects() and not self._answers():
                self._cut(self._suspects)

    def _goes_on(self, idle: int) -> bool:
        with self._lock:
            self._is_watching = bool(self._used) or idle < _IDLE_LOOKS
            return self._is_watching

    def _suspects(self) -> list[socket.socket]:
        now = time.monotonic()
        return [info[_SOCKET] for since, info in list(self._used.values()) if now - since >= SUSPICIOUS]

    def _overdue(self) -> list[socket.socket]:
        began = time.monotonic() - self._commit_seconds
        return [info[_SOCKET] for _, info in list(self._used.values()) if info.get(COMMITTING, began + 1) <= began]

    def _cut(self, find: Callable[[], list[socket.socket]]) -> None:
        with self._lock:
            suspects = find()
            for own in suspects:
                with suppress(OSError):  # it is lost already
                    own.shutdown(socket.SHUT_RDWR)
        if suspects:
            log.warning("PostgreSQL doesn't answer: connections cut: %d", len(suspects))


def answers(connect: Callable[[], psycopg.Connection], patience: float) -> bool:
    """Return True if a server accepts a connection and writes to its disk within `patience` seconds.

    An error is an answer too.
    """
    until = time.monotonic() + patience
    try:
        with closing(connect()) as connection:
            connection.pgconn.send_query(_WRITE)
            answer = select.poll()
            answer.register(connection.pgconn.socket, select.POLLIN)
            return bool(answer.poll(max(0.0, until - time.monotonic()) * 1000))
    except psycopg.errors.ConnectionTimeout:
        return False
    except psycopg.Error:
        return True
