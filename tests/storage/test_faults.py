"""Faults of the database under way: each reaches every caller as one sentence, and the next call is served again."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from bots.common.service_threads import TRIED_WITHIN, ServiceThreads
from core.errors import StorageDamagedError, StorageUnavailableError
from storage import watchdog
from storage.engine import ANSWERING, Database
from storage.schema import check_key
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.databases import migrated_sqlite
from tests.patience import patience, until, until_blocking
from tests.postgres import PostgresServer
from tests.world import World

NAMES = ("Ada", "Ben", "Cem", "Dee", "Eve")


@pytest.fixture
def file(tmp_path: Path, vault: Vault) -> Iterator[Database]:
    """A migrated SQLite file."""
    with closing(migrated_sqlite(tmp_path)) as database:
        check_key(database, vault)
        yield database


def file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def garbage(database: Database) -> None:
    """Overwrite the file and its log."""
    path = file_of(database)
    for place in (path, path.with_name(f"{path.name}-wal")):
        place.write_bytes(b"garbage!" * 8000)


def malformed(database: Database) -> None:
    """Overwrite all but the header."""
    path = file_of(database)
    database.close()
    held = path.read_bytes()
    path.write_bytes(held[:100] + b"\xff" * (len(held) - 100))


def full(database: Database) -> None:
    """Let the file grow no further, as on a full disk."""

    @sa.event.listens_for(database.engine, "checkout")
    def _on_checkout(driver: sqlite3.Connection, *_: object) -> None:
        driver.execute("PRAGMA max_page_count=1")  # it cannot go below the current size


def read_only(database: Database) -> None:
    @sa.event.listens_for(database.engine, "checkout")
    def _on_checkout(driver: sqlite3.Connection, *_: object) -> None:
        driver.execute("PRAGMA query_only=ON")


FAULTS: dict[Callable[[Database], None], str] = {
    garbage: "The database is damaged|disk I/O error",
    malformed: "The database is damaged",
    full: "disk is full",
    read_only: "readonly database",
}


def writes(database: Database, vault: Vault, name: str) -> None:
    """Store a person and enough for several pages."""
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    with SqlUnitOfWork(database, vault) as work:
        for number in range(80):
            work.signers.lock_or_create(world.person(name, user_id=f"{name}{number}").signer, world.now)
        work.commit()


@pytest.mark.waits
@pytest.mark.parametrize("spoil", FAULTS)
async def test_a_fault_reaches_every_caller_and_the_next_one_is_served(
    file: Database, vault: Vault, spoil: Callable[[Database], None], caplog: pytest.LogCaptureFixture
) -> None:
    spoil(file)
    if spoil is garbage:
        file.close()  # else the pages in its cache would do for a while
    with closing(ServiceThreads(file.writers, file.together)) as threads:
        async with patience():
            answers = await asyncio.gather(
                *(threads.run(writes, file, vault, name) for name in NAMES), return_exceptions=True
            )
            assert await threads.run(str, 1) == "1", "the thread is free"
    for answer in answers:
        assert isinstance(answer, StorageUnavailableError)
        assert isinstance(answer, StorageDamagedError) == ("damaged" in str(answer))
        assert re.search(FAULTS[spoil], str(answer))
        assert len(str(answer).splitlines()) == 1
    assert not any(name in caplog.text for name in NAMES)


@pytest.mark.parametrize("spoil", [garbage, malformed, read_only])  # in `full`, what only changes needs no page
def test_the_probe_finds_it(file: Database, spoil: Callable[[Database], None]) -> None:
    file.probe()
    spoil(file)
    with pytest.raises(StorageUnavailableError, match=FAULTS[spoil]):
        file.probe()


def test_the_probe_writes_on_each_engine(database: Database) -> None:
    for _ in range(2):
        database.probe()
        assert "probe" in {row["name"] for row in rows_of(database)["marks"]}


def test_the_probe_finds_a_server_that_only_reads(postgres: PostgresServer) -> None:
    url = postgres.migrated_database()
    with closing(Database(url)) as database:
        database.probe()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {sa.make_url(url).database} SET default_transaction_read_only = on")
        database.close()
        with pytest.raises(StorageUnavailableError, match="read-only"):
            database.probe()


def test_connections_that_run_out_are_one_sentence(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Database(postgres.new_database())) as database, ExitStack() as held:
        pool: Any = database.engine.pool
        for _ in range(pool.size() + pool._max_overflow):
            held.enter_context(database.reading())
        monkeypatch.setattr(pool, "_timeout", 0)
        with pytest.raises(StorageUnavailableError) as caught, database.reading():
            pass
    assert str(caught.value) == "The database cannot be opened: all connections to it are in use."


DRIVER_ERRORS = (
    sqlite3.DatabaseError("file is not a database"),
    sqlite3.InterfaceError("bad parameter or other API misuse"),
    sqlite3.InternalError("unexpected"),
    sqlite3.OperationalError("disk I/O error"),
)


@pytest.mark.parametrize("error", DRIVER_ERRORS, ids=lambda error: type(error).__name__)
def test_what_the_driver_raises_becomes_one_error(file: Database, error: Exception) -> None:
    with pytest.raises(StorageUnavailableError, match=str(error)), file.writing():
        raise sa.exc.DBAPIError.instance("SELECT 1", None, error, sqlite3.Error, hide_parameters=True)


@pytest.mark.parametrize("error", [sqlite3.IntegrityError("UNIQUE"), sqlite3.ProgrammingError("no such column")])
def test_a_mistake_in_a_statement_is_no_fault_of_the_database(file: Database, error: Exception) -> None:
    with pytest.raises(sa.exc.DatabaseError), file.writing():
        raise sa.exc.DBAPIError.instance("SELECT 1", None, error, sqlite3.Error, hide_parameters=True)


@pytest.mark.waits
def test_a_database_for_people_who_wait_is_patient_for_seconds_only(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}", ANSWERING)) as database:
        with database.reading() as connection:
            assert connection.execute(sa.text("PRAGMA busy_timeout")).scalar() == ANSWERING * 1000
        with (
            database.writing(),
            ThreadPoolExecutor(1) as other,
            pytest.raises(StorageUnavailableError, match="too long"),
        ):
            other.submit(database.probe).result()


def test_a_server_that_does_not_answer_is_given_up(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    for address, expected in ((url, str(ANSWERING)), (f"{url}{'&' if '?' in url else '?'}connect_timeout=7", "7")):
        with closing(Database(address, ANSWERING)) as database, database.reading() as connection:
            driver: Any = connection.sqlalchemy.connection.driver_connection
            options = driver.info.get_parameters()
            assert options["connect_timeout"] == expected
            assert options["tcp_user_timeout"] == str(ANSWERING * 1000)
            assert int(options["keepalives_idle"]) + int(options["keepalives_interval"]) <= ANSWERING + 1


def test_what_people_wait_for_a_database_that_is_away_is_within_five_seconds() -> None:
    assert TRIED_WITHIN + ANSWERING < 5
    assert watchdog.SUSPICIOUS + watchdog.LOOK_EVERY + ANSWERING < 5


async def test_a_server_that_freezes_is_given_up_on_open_connections_too(postgres: PostgresServer) -> None:
    with (
        closing(Database(postgres.migrated_database(), ANSWERING)) as database,
        closing(ServiceThreads(database.writers, database.together)) as threads,
    ):
        people = 3 * database.writers

        async def ends() -> set[type]:
            asked = (threads.run(database.probe) for _ in range(people))
            return {type(end) for end in await asyncio.gather(*asked, return_exceptions=True)}

        async def served() -> bool:
            return await ends() == {type(None)}

        await until(served, "everyone is served")  # a busy machine may take too long to open a connection
        with postgres.frozen():
            async with patience():
                assert await ends() == {StorageUnavailableError}
        await until(served, "everyone is served again")


async def test_a_slow_call_on_a_server_that_answers_is_left_alone(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "SUSPICIOUS", 0.1)
    monkeypatch.setattr(watchdog, "LOOK_EVERY", 0.05)
    with closing(Database(postgres.new_database(), ANSWERING)) as database, database.reading() as connection:
        assert connection.execute(sa.text("SELECT 7 FROM pg_sleep(1)")).scalar() == 7


def test_the_watchdog_ends_with_its_database(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_IDLE_LOOKS", sys.maxsize)
    before = set(threading.enumerate())
    with closing(Database(postgres.new_database())) as database, database.reading() as connection:
        assert connection.execute(sa.text("SELECT 7")).scalar() == 7
        (thread,) = set(threading.enumerate()) - before
    until_blocking(lambda: not thread.is_alive(), "the watchdog has ended")


def test_a_server_that_refuses_answers_too() -> None:
    def refused() -> psycopg.Connection:
        raise psycopg.OperationalError("too many clients already")

    assert watchdog.answers(refused, ANSWERING)


def test_a_file_that_cannot_be_opened_is_not_tried_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    path = tmp_path / "undersign.sqlite3"
    path.write_bytes(b"garbage!" * 8000)
    with closing(Database(f"sqlite:///{path}")) as database, pytest.raises(StorageUnavailableError, match="damaged"):
        database.probe()
    assert waits == []
