"""The first moments of `undersign run`: signals, and a PostgreSQL that isn't up yet."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psycopg
import pytest

from storage.schema import _MIGRATION_LOCK
from tests.bots.process import BotProcess, log_contains
from tests.command import UNDERSIGN, environment, run, unmeasured
from tests.patience import limit, until, until_blocking
from tests.ports import unused_port
from tests.postgres import PostgresServer

pytestmark = pytest.mark.process

KEY = "k" * 40
WAITING = "waiting for the database, which isn't up yet: The database cannot be opened: "


@contextmanager
def started(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command from the very beginning, as a container starts it."""
    settings = unmeasured(environment(folder, WEB_PORT=str(unused_port()), PYTHONWARNINGS=""))
    with subprocess.Popen(
        [*UNDERSIGN, "run"], cwd=folder, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            until_blocking(lambda: handles(process.pid, signal.SIGTERM), "it listens to signals")
            yield process
        finally:
            process.kill()


def handles(pid: int, number: signal.Signals) -> bool:
    """Tell whether a process has a handler for this signal."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) & 1 << number - 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("made", ["", "secret.key"])
def test_a_signal_in_the_first_moments_ends_it_in_order(number: signal.Signals, made: str, tmp_path: Path) -> None:
    with started(tmp_path) as process:
        until_blocking((tmp_path / made).exists, "it imports, or opens the database")
        process.send_signal(number)
        output, _ = process.communicate(timeout=limit())
        assert process.returncode == 0
        assert "Traceback" not in output


def test_a_signal_is_not_lost_in_an_import_that_catches_everything() -> None:
    code = "from bots.__main__ import _stop\ntry:\n    _stop(15, None)\nexcept BaseException:\n    print('lost')"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == ""


async def answer(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def test_it_waits_for_a_postgresql_and_stops_while_it_waits(tmp_path: Path) -> None:
    watch = unused_port()
    settings = {
        "DATABASE_URL": f"postgresql://ada:a-secret-word@127.0.0.1:{unused_port()}/x", "SECRET_KEY": KEY,
        "WEB_PORT": str(unused_port()), "METRICS_PORT": str(watch),
    }  # fmt: skip
    bot = BotProcess(tmp_path, settings, lambda: log_contains(tmp_path / "bot.log", WAITING))
    async with bot.running():
        assert await answer(watch, "/healthz") == (200, "alive\n")
        assert await answer(watch, "/readyz") == (503, "the database does not answer\n")
        assert await bot.stop() == 0
    log = bot.log.read_text()
    assert log.count(WAITING) == 1
    assert "Connection refused" in log
    assert "Traceback" not in log
    assert "a-secret-word" not in log


async def test_it_goes_on_when_the_postgresql_comes(tmp_path: Path, postgres: PostgresServer) -> None:
    url, watch = postgres.new_database(), unused_port()
    settings = {
        "DATABASE_URL": url, "SECRET_KEY": KEY, "WEB_PORT": str(unused_port()), "METRICS_PORT": str(watch)
    }  # fmt: skip
    bot = BotProcess(tmp_path, settings, lambda: log_contains(tmp_path / "bot.log", WAITING))
    with postgres.away(url):
        await bot.start()
    try:

        async def is_ready() -> bool:
            return await answer(watch, "/readyz") == (200, "ready\n")

        await until(is_ready, "the database is there")
        assert await bot.stop() == 0
    finally:
        await bot.kill()


async def test_it_goes_on_when_the_postgresql_goes_away_while_it_opens(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    url, log = postgres.new_database(), tmp_path / "bot.log"
    settings = {"DATABASE_URL": url, "SECRET_KEY": KEY, "WEB_PORT": str(unused_port())}
    bot = BotProcess(tmp_path, settings, lambda: len(open_connections(url)))
    with psycopg.connect(url, autocommit=True) as migrating:
        migrating.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        async with bot.running():
            await until(lambda: "advisory" in open_connections(url), "it waits for the migration")
            with postgres.away(url):
                await until(lambda: log_contains(log, WAITING), "it waits for the database")
            await until(lambda: log_contains(log, "the database is up"), "it goes on")
            assert await bot.stop() == 0


def open_connections(url: str) -> list[str]:
    """Events that the other connections to a database wait for."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT coalesce(wait_event, '') FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return [row[0] for row in rows]


def test_a_postgresql_that_refuses_us_is_not_waited_for(tmp_path: Path, postgres: PostgresServer) -> None:
    url = postgres.new_database().replace("/fresh", "/elsewhere")
    done = run(tmp_path, "run", DATABASE_URL=url, SECRET_KEY=KEY, WEB_PORT=str(unused_port()))
    assert done.returncode == 2
    assert done.stderr.startswith("undersign: The database cannot be opened: ")
    assert "does not exist" in done.stderr
    assert done.stderr.count("\n") == 1


def test_other_commands_do_not_wait(tmp_path: Path) -> None:
    done = run(tmp_path, "stats", DATABASE_URL=f"postgresql://ada@127.0.0.1:{unused_port()}/x", SECRET_KEY=KEY)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
