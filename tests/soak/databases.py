"""The databases to soak: PostgreSQL with a process for each role, or a SQLite file with one process for all."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

import psycopg

from tests.postgres import PostgresServer
from tests.soak.report import FULL_DISKS
from tests.soak.small_disk import full, mounted
from tests.soak.triggers import FullDiskErrors

Kind: TypeAlias = tuple[int, Callable[[random.Random], Awaitable[bool | None]]]
"""A kind of trouble: how often it comes among the others, and the function that makes it.

The function returns false if it made none this time.
"""
_SMALL_LOG = {"max_wal_size": "64MB", "min_wal_size": "32MB"}  # so that it fits on the small disk
_NO_OLD_LOG = {"wal_recycle": "off"}  # the files of the log go after a checkpoint, as they do in time
_MANY_SAMPLES = {
    "autovacuum_naptime": "1s", "autovacuum_analyze_threshold": "10", "autovacuum_analyze_scale_factor": "0",
}  # fmt: skip
"""Statistics are taken all the time, and must keep nothing of anyone."""


class SoakedDatabase(Protocol):
    """A database with its trouble. `roles` are the components of each process that works on it, by its name.

    `folder` has its files, and `programs` those for backups.
    """

    url: str
    roles: Mapping[str, str]
    folder: Path
    programs: str

    def prepare(self) -> None:
        """Do what needs the tables."""

    def settle(self) -> None:
        """Write everything to the files, and let its log become old."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The trouble, by name."""


class PostgresDatabase:
    """A database on a server of its own, which may be killed."""

    roles: Mapping[str, str] = {
        "telegram": "telegram", "discord": "discord", "web": "web", "worker-1": "worker", "worker-2": "worker"
    }  # fmt: skip

    def __init__(self, server: PostgresServer, disk: Path | None) -> None:
        self._server, self._disk, self.url = server, disk, server.new_database()
        self.folder, self.programs = server.data, str(server.programs)

    def prepare(self) -> None:
        self._errors = FullDiskErrors(self.url)

    def settle(self) -> None:
        """Begin new files of the log, so that the checkpoints remove the old ones."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for _ in range(2):
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")

    @property
    def kinds(self) -> Mapping[str, Kind]:
        kinds: dict[str, Kind] = {
            "outages of the database": (2, self._outage),
            "kills of the database server": (1, self._kill),
            "full disks, as errors of the database": (2, self._full_disk_error),
        }
        return {**kinds, FULL_DISKS: (1, self._full_disk)} if self._disk else kinds

    async def _outage(self, chance: random.Random) -> None:
        with self._server.away(self.url):
            await asyncio.sleep(chance.uniform(0.1, 5.0))

    async def _kill(self, chance: random.Random) -> None:
        await asyncio.to_thread(self._server.kill)
        await asyncio.sleep(chance.uniform(0.0, 2.0))
        await asyncio.to_thread(self._server.revive)

    async def _full_disk_error(self, chance: random.Random) -> None:
        with self._errors.reported(at_commit=chance.random() < 0.5):
            await asyncio.sleep(chance.uniform(0.1, 4.0))

    async def _full_disk(self, chance: random.Random) -> None:
        """Fill the disk. The server ends if its own log finds no room, and has to be started again."""
        assert self._disk
        with full(self._disk):
            await asyncio.sleep(chance.uniform(0.1, 4.0))
        await asyncio.to_thread(self._server.revive)


class SqliteDatabase:
    """A file, with one process for everything."""

    roles: Mapping[str, str] = {"all": ""}
    programs = ""

    def __init__(self, folder: Path, disk: Path | None) -> None:
        self.folder = disk or folder
        self._file, self._disk = self.folder / "soak.sqlite3", disk
        self.url = f"sqlite:///{self._file}"

    def prepare(self) -> None:
        """Do nothing."""

    def settle(self) -> None:
        """Do nothing: what was committed is in the file or in its log."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        kinds: dict[str, Kind] = {"locks of the database": (4, self._lock)}
        return {**kinds, FULL_DISKS: (2, self._full_disk)} if self._disk else kinds

    async def _lock(self, chance: random.Random) -> None:
        with closing(sqlite3.connect(self._file, 30.0, isolation_level=None, check_same_thread=False)) as connection:
            await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(chance.uniform(0.1, 5.0))
            connection.execute("ROLLBACK")

    async def _full_disk(self, chance: random.Random) -> None:
        assert self._disk
        with full(self._disk):
            await asyncio.sleep(chance.uniform(0.1, 4.0))


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a temporary folder that all users may enter, since PostgreSQL may run as another one."""
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def on_postgres(folder: Path) -> Iterator[SoakedDatabase]:
    """Start a server; on a small disk, if one can be mounted."""
    with ExitStack() as stack:
        disk = stack.enter_context(mounted(folder / "disk"))
        settings = {**_NO_OLD_LOG, **_MANY_SAMPLES, **(_SMALL_LOG if disk else {})}
        server = stack.enter_context(PostgresServer(disk, durable=False, settings=settings))
        yield PostgresDatabase(server, disk)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[SoakedDatabase]:
    """Name a file; on a small disk, if one can be mounted."""
    with mounted(folder / "disk") as disk:
        yield SqliteDatabase(folder, disk)


DATABASES = {"postgresql": on_postgres, "sqlite": on_sqlite}
