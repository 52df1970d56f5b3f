"""A proxy in front of a real PostgreSQL that answers with the faults of a server or of a pooler between.

It understands as much of the protocol ("Message Formats" in PostgreSQL's manual) as it takes to answer a client's
request itself: the startup packet has no type, every other message has a type and a length.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104
_REQUESTS = b"QS"
"""The messages at whose end a client waits for an answer: a simple query, and the end of an extended one."""


@dataclass(frozen=True)
class Fault:
    """An answer with this SQLSTATE to a request; one that is `fatal` also closes the connection.

    Without a SQLSTATE, the connection is closed without a word. One `at_commit` only answers COMMIT, which the server
    has then `done` or not. One `at_start` also refuses new connections.
    """

    sqlstate: str = ""
    fatal: bool = False
    at_start: bool = False
    at_commit: bool = False
    done: bool = False

    def __str__(self) -> str:
        """A name for a test."""
        when = "start" if self.at_start else "done" if self.done else "commit" if self.at_commit else "request"
        return f"{self.sqlstate or 'cut'}-{'fatal' if self.fatal else 'error'}-{when}"


@dataclass
class _Answers:
    """Passes a server's answers on to a client, until they are to be swallowed."""

    server: socket.socket
    client: socket.socket
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _swallowed: bool = False

    def swallow(self) -> None:
        """Pass nothing on any more, so that an answer never overtakes the fault."""
        with self._lock:
            self._swallowed = True

    def pass_on(self) -> None:
        """Pass answers on until the server has no more."""
        with suppress(OSError):
            while part := self.server.recv(1 << 16):
                with self._lock:
                    if not self._swallowed:
                        self.client.sendall(part)
            self.client.shutdown(socket.SHUT_RDWR)


@dataclass
class PostgresProxy:
    """Passes connections on to a server; while there is a `fault`, it answers with that.

    `asked` is the number of requests that clients have waited for.
    """

    url: str
    fault: Fault | None = None
    asked: int = 0
    answered: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address of the database through the proxy."""
        own = sa.make_url(self.url).difference_update_query(["host"])
        host, port = self._listener.getsockname()
        return own.set(host=host, port=port).render_as_string(hide_password=False)

    @contextmanager
    def serving(self) -> Iterator[PostgresProxy]:
        """Accept connections for as long as the block lasts; none is left open after it."""
        accepting = self._start(self._accept)
        try:
            yield self
        finally:
            _shut_down(self._listener)
            accepting.join()
            self._listener.close()
            for thread in self._threads:
                while thread.is_alive():
                    _shut_down(*self._open)  # again, because a thread may just be connecting to the server
                    thread.join(0.1)

    @contextmanager
    def failing(self, fault: Fault) -> Iterator[None]:
        """Answer with a fault for as long as the block lasts."""
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None

    def _start(self, target: Callable[..., None], *args: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        return thread

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._threads.append(self._start(self._serve, client))

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError, EOFError):
            self._open.append(client)
            startup = _startup(client)
            if self.fault and self.fault.at_start:
                self._answer(client, self.fault)
                return
            with self._to_server() as server:
                self._open.append(server)
                server.sendall(startup)
                answers = _Answers(server, client)
                passing = self._start(answers.pass_on)
                try:
                    self._requests(client, server, answers)
                finally:
                    _shut_down(server)  # closing alone would not end the session: a thread reads from it
                    passing.join()

    def _to_server(self) -> socket.socket:
        address = sa.make_url(self.url)
        host, port = str(address.query.get("host") or address.host), address.port or 5432
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _requests(self, client: socket.socket, server: socket.socket, answers: _Answers) -> None:
        held = b""
        while True:
            message = _message(client)
            held += message
            if message[:1] not in _REQUESTS:
                if message[:1] in b"pX":  # a password, or the end
                    server.sendall(held)
                    held = b""
                continue
            self.asked += 1
            fault = self.fault
            if fault and _is_met(fault, held):
                if fault.done:
                    answers.swallow()
                    server.sendall(held)
                self._answer(client, fault)
                if fault.fatal or not fault.sqlstate:
                    return
            else:
                server.sendall(held)
            held = b""

    def _answer(self, client: socket.socket, fault: Fault) -> None:
        self.answered += 1
        if fault.sqlstate:
            severity = b"FATAL" if fault.fatal or fault.at_start else b"ERROR"
            fields = [(b"S", severity), (b"V", severity), (b"C", fault.sqlstate.encode()), (b"M", b"not now")]
            body = b"".join(code + text + b"\0" for code, text in fields) + b"\0"
            client.sendall(b"E" + struct.pack("!i", len(body) + 4) + body)
            if not (fault.fatal or fault.at_start):
                client.sendall(b"Z\0\0\0\5E")


def _shut_down(*sockets: socket.socket) -> None:
    for own in sockets:
        with suppress(OSError):
            own.shutdown(socket.SHUT_RDWR)


def _is_met(fault: Fault, request: bytes) -> bool:
    return not fault.at_start and (b"COMMIT\0" in request) >= fault.at_commit


def _startup(client: socket.socket) -> bytes:
    """The startup packet; encryption is refused first."""
    while True:
        head = _exactly(client, 8)
        length, code = struct.unpack("!ii", head)
        rest = _exactly(client, length - 8)
        if code not in (_SSL_REQUEST, _GSS_REQUEST):
            return head + rest
        client.sendall(b"N")


def _message(client: socket.socket) -> bytes:
    head = _exactly(client, 5)
    return head + _exactly(client, struct.unpack("!i", head[1:])[0] - 4)


def _exactly(own: socket.socket, size: int) -> bytes:
    parts: Sequence[bytes] = ()
    while (missing := size - sum(map(len, parts))) > 0:
        part = own.recv(missing)
        if not part:
            raise EOFError
        parts = [*parts, part]
    return b"".join(parts)
