"""After an erasure, what was sealed leaves the database's files soon."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import storage.traces
from core.conversation import state as ev
from core.petition.retention import IDLE
from storage.engine import Database
from storage.retention import SqlPersonalData, anonymise_petition
from storage.sealed_rows import reseal
from storage.traces import wipe_traces
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.storage.signers import sign, sql_world
from tests.storage.test_sealed_rows import as_before
from tests.world import NOW, SALESFORCE, World

Look = Callable[[], bytes]
ADD_DEED = sa.text("INSERT INTO deeds (id, at, what, sealed) VALUES (:row, :at, 'x', :sealed)")
CHANGE_DEED = sa.text("UPDATE deeds SET sealed = :sealed WHERE id = :row")


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """People who talk to the database."""
    return sql_world(database, vault)


@pytest.fixture
def look(database: Database, tmp_path: Path) -> Look:
    """Reads the files of the database: SQLite's with its log; PostgreSQL's tables and indexes, but not its log."""
    if database.is_sqlite:
        return lambda: b"".join(path.read_bytes() for path in sorted(tmp_path.glob("undersign.sqlite3*")))

    def read() -> bytes:
        with database.maintaining() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
            number = connection.exec_driver_sql(
                "SELECT oid FROM pg_database WHERE datname = current_database()"
            ).scalar_one()
        return b"".join(path.read_bytes() for path in Path(folder, "base", str(number)).iterdir() if path.is_file())

    return read


def sealed_of(database: Database, table: str) -> set[bytes]:
    return {bytes(row["sealed"]) for row in rows_of(database)[table] if row["sealed"]}  # type: ignore[call-overload]


def found(files: bytes, values: set[bytes]) -> int:
    return sum(value[:40] in files for value in values)


def test_what_people_erased_leaves_the_files(database: Database, world: World, look: Look) -> None:
    ada = sign(world)
    hers = {value for table in ("signatures", "signers", "conversations") for value in sealed_of(database, table)}
    sign(world, "ben", "Ben", "ben@example.org")
    his = {value for table in ("signatures", "signers", "conversations") for value in sealed_of(database, table)} - hers
    assert (len(hers), len(his)) == (3, 3)
    assert found(look(), hers | his) == 6
    world.signing.forget(ada.signer)
    assert found(look(), hers) > 0, "otherwise there is nothing to do"
    assert wipe_traces(database)
    assert (found(look(), hers), found(look(), his)) == (0, 3)
    assert world.counted() == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_copies_of_rows_that_moved_leave_the_file(database: Database, look: Look) -> None:
    """SQLite overwrites a deleted row, but not the place that it had before its page was rebuilt."""
    chance, numbers = random.Random(1), itertools.count()
    with database.writing() as connection:
        for row in range(150):
            connection.execute(ADD_DEED, {"row": row, "at": NOW.isoformat(sep=" "), "sealed": filler(numbers, 500)})
        for _ in range(1500):
            changed = filler(numbers, chance.choice((450, 600, 700, 900)))
            connection.execute(CHANGE_DEED, {"row": chance.randrange(150), "sealed": changed})
        stored = {content[:11] for content in connection.execute(sa.text("SELECT sealed FROM deeds")).scalars()}
        connection.commit()
    assert set(re.findall(rb"value \d{5}", look())) > stored, "otherwise there is nothing to do"
    assert wipe_traces(database)
    assert set(re.findall(rb"value \d{5}", look())) == stored


def filler(numbers: Iterator[int], length: int) -> bytes:
    return b"value %05d" % next(numbers) + b"x" * length


def test_forgotten_details_leave_the_files(database: Database, world: World, look: Look) -> None:
    ada = sign(world)
    sealed = sealed_of(database, "signers")
    assert wipe_traces(database)
    ada.does(ev.Begin(), ev.NotMe())
    assert found(look(), sealed) > 0
    assert wipe_traces(database)
    assert found(look(), sealed) == 0


def test_what_retention_erased_leaves_the_files(database: Database, vault: Vault, world: World, look: Look) -> None:
    for name in ("Ada", "Ben", "Cem"):
        sign(world, name, name, f"{name}@example.org")
    sealed = sealed_of(database, "signatures") | sealed_of(database, "conversations")
    assert wipe_traces(database)
    anonymise_petition(database, vault, SALESFORCE)
    assert found(look(), sealed) > 0
    assert wipe_traces(database)
    assert found(look(), sealed) == 0


def test_accounts_that_never_signed_leave_the_files(database: Database, vault: Vault, world: World, look: Look) -> None:
    world.person("Ada").does(ev.Begin(), ev.Reply("90210"))
    sealed = sealed_of(database, "signers") | sealed_of(database, "conversations")
    assert wipe_traces(database)
    world.now += IDLE + dt.timedelta(days=1)
    assert SqlPersonalData(database, vault).clean(world.now) == 1
    assert found(look(), sealed) > 0
    assert wipe_traces(database)
    assert found(look(), sealed) == 0


def test_what_was_sealed_again_leaves_the_files(database: Database, vault: Vault, world: World, look: Look) -> None:
    sign(world)
    as_before(database, vault)
    old = sealed_of(database, "signatures")
    assert wipe_traces(database)
    assert list(reseal(database, vault))
    assert wipe_traces(database)
    assert found(look(), old) == 0


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_no_sealed_column_is_sampled(database: Database) -> None:
    sampled = (
        "SELECT relname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE attname = 'sealed' AND relkind = 'r' AND coalesce(attstattarget, -1) <> 0"
    )
    with database.reading() as connection:
        assert connection.execute(sa.text(sampled)).scalars().all() == []


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_planners_statistics_keep_nothing(database: Database, world: World, look: Look) -> None:
    people = [sign(world, name, name, f"{name}@example.org") for name in ("Ada", "Ben", "Cem", "Dee")]
    sealed = {value for table in ("signatures", "signers", "conversations") for value in sealed_of(database, table)}
    with database.maintaining() as connection:
        connection.exec_driver_sql("ANALYZE")  # as autovacuum does
    for person in people:
        world.signing.forget(person.signer)
    assert wipe_traces(database)
    assert found(look(), sealed) == 0


def test_a_reader_is_waited_for(database: Database, world: World, look: Look) -> None:
    ada = sign(world)
    sealed = sealed_of(database, "signatures")
    with database.reading() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(sa.text("SELECT * FROM signatures")).first()
        world.signing.forget(ada.signer)
        assert not wipe_traces(database)
        assert not wipe_traces(database), "and again"
    assert found(look(), sealed) > 0
    assert wipe_traces(database)
    assert found(look(), sealed) == 0


def test_nothing_is_wiped_unless_something_was_erased(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = sign(world)
    assert wipe_traces(database), "what was before the start may have left traces"
    wiped: list[Database] = []

    def wipe(database: Database) -> bool:
        wiped.append(database)
        return True

    for way in ("_rewrite", "_vacuum"):
        monkeypatch.setattr(storage.traces, way, wipe)
    sign(world, "ben", "Ben", "ben@example.org")
    assert wipe_traces(database)
    assert wiped == []
    world.signing.forget(ada.signer)
    assert wipe_traces(database)
    assert wipe_traces(database)
    assert wiped == [database]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_large_tables_are_not_locked(
    database: Database, vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def file() -> object:
        with database.reading() as connection:
            return connection.execute(sa.text("SELECT pg_relation_filepath('signatures')")).scalar_one()

    sign(world)
    before = file()
    monkeypatch.setattr(storage.traces, "WHOLE", 0)
    assert wipe_traces(database)
    assert file() == before
    monkeypatch.setattr(storage.traces, "WHOLE", 1 << 30)
    database.has_traces.set()
    with SqlUnitOfWork(database, vault) as work:
        work.signatures.standing(
            work.signers.lock_or_create(world.person("Ada", user_id="user-4711").signer, world.now)
        )
        assert not wipe_traces(database), "a transaction holds the table"
    assert wipe_traces(database)
    assert file() != before
