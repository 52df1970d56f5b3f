"""Moves between real databases: everything or nothing, on from where it was killed, never doubled."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

import storage.bulk_rows
from core.conversation import state as ev
from core.errors import ConfigurationError, UndersignError
from storage.bulk_rows import TABLES, read_sequences
from storage.copying import copy_out
from storage.engine import Database
from storage.moving import COPYING, RECOGNIZING, Move
from storage.opening import prepare_petition_keys
from storage.schema import check_key, is_unfinished, upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.command import fork
from tests.conftest import KEY
from tests.databases import migrated_sqlite
from tests.effort import scaled
from tests.patience import until_blocking
from tests.postgres import PostgresServer
from tests.storage.archives import silent
from tests.storage.crowded import fill_everything
from tests.storage.signers import sign, sql_world
from tests.world import World

pytestmark = pytest.mark.process

PAIRS = ("sqlite to postgresql", "postgresql to sqlite", "postgresql to postgresql", "sqlite to sqlite")


@pytest.fixture(params=PAIRS)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The addresses of a migrated database with rows in every table, and of an empty one."""
    before, _, after = request.param.partition(" to ")
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    if before == "sqlite":
        migrated_sqlite(tmp_path / "old").close()
    source = address(request, before, tmp_path / "old", migrated=True)
    with closing(Database(source)) as database:
        check_key(database, Vault([KEY]))
        fill_everything(database, 12)
    return source, address(request, after, tmp_path / "new")


def address(request: pytest.FixtureRequest, engine: str, folder: Path, *, migrated: bool = False) -> str:
    """The address of a database."""
    if engine == "sqlite":
        return f"sqlite:///{folder / 'undersign.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.migrated_database() if migrated else server.new_database()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows in a batch."""
    monkeypatch.setattr(storage.bulk_rows, "BATCH", 2)


def moved(pair: tuple[str, str], watch: Callable[[str, int, int], None] = silent, key: str = KEY) -> int:
    """Move once; returns the number of rows."""
    with closing(Database(pair[0])) as source, closing(Database(pair[1])) as target:
        return Move(source, target, Vault([key]), lambda: None, watch).run()


def stop_halfway(step: str, done: int, total: int) -> None:
    """Stop a move."""
    if step == COPYING and done > total // 2:
        raise KeyboardInterrupt


def rows_at(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows, in an order that doesn't depend on the engine, with the types of the tables."""
    with closing(Database(url)) as database, database.reading() as connection:
        return {
            each.name: sorted((tuple(row) for row in connection.execute(sa.select(each))), key=repr_of_utc)
            for each in TABLES
        }


def repr_of_utc(row: tuple[object, ...]) -> str:
    """A row as text, with times in UTC."""
    return repr([value.timestamp() if hasattr(value, "timestamp") else value for value in row])


@pytest.mark.usefixtures("small_batches")
def test_every_row_of_every_table_is_the_same(pair: tuple[str, str]) -> None:
    rows = moved(pair)
    assert rows_at(pair[0]) == rows_at(pair[1])
    assert rows == sum(map(len, rows_at(pair[0]).values())) == 12 * (len(TABLES) - 1) + 1
    with closing(Database(pair[1])) as target:
        check_key(target, Vault([KEY]))
        upgrade(target)


def test_ids_go_on_after_the_last_that_was_given(pair: tuple[str, str]) -> None:
    with closing(Database(pair[0])) as source, source.writing() as connection:
        connection.execute(sa.text("DELETE FROM outbox WHERE id > 7"))
        before = read_sequences(connection)
        connection.commit()
    moved(pair)
    with closing(Database(pair[1])) as target, target.writing() as connection:
        given = read_sequences(connection)
        words = "INSERT INTO deeds (at, sealed, what) VALUES (CURRENT_TIMESTAMP, '', '') RETURNING id"
        assert connection.execute(sa.text(words)).scalar_one() == 13
    assert given["outbox"] == max(before["outbox"], 7)
    if pair[0].startswith("sqlite"):
        assert before["outbox"] == 12, "SQLite remembers the ids of deleted entries"


@pytest.mark.usefixtures("small_batches")
def test_a_move_that_was_stopped_goes_on(pair: tuple[str, str]) -> None:
    def stop_at(limit: int) -> Callable[[str, int, int], None]:
        def watch(step: str, done: int, _: int) -> None:
            if step == COPYING and done >= limit:
                raise KeyboardInterrupt

        return watch

    steps: list[tuple[str, int]] = []
    for limit in (2, 40, 41, 170):
        with pytest.raises(KeyboardInterrupt):
            moved(pair, stop_at(limit))
        with (
            closing(Database(pair[1])) as target,
            pytest.raises(ConfigurationError, match="unfinished copy of another"),
        ):
            check_key(target, Vault([KEY]))
    moved(pair, lambda step, done, _: steps.append((step, done)))
    assert next(done for step, done in steps if step == COPYING and done) >= 12, "it started over"
    assert RECOGNIZING in dict(steps)
    assert rows_at(pair[0]) == rows_at(pair[1])


@pytest.mark.usefixtures("small_batches")
def test_a_source_that_changed_meanwhile_is_copied_again(pair: tuple[str, str]) -> None:
    with pytest.raises(KeyboardInterrupt):
        moved(pair, stop_halfway)
    with closing(Database(pair[0])) as source, source.writing() as connection:
        connection.execute(sa.text("UPDATE decisions SET words = 'other'"))
        connection.execute(sa.text("DELETE FROM signers WHERE id = 2"))
        connection.commit()
    moved(pair)
    assert rows_at(pair[0]) == rows_at(pair[1])


@pytest.mark.parametrize("pair", ["sqlite to sqlite"], indirect=True)
@pytest.mark.usefixtures("small_batches")
def test_an_unfinished_copy_is_not_backed_up(pair: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        moved(pair, stop_halfway)
    with (
        closing(Database(pair[1])) as target,
        pytest.raises(ConfigurationError, match="unfinished copy of another"),
    ):
        copy_out(target, tmp_path / "copy", silent)


def test_a_copy_that_differs_is_never_used(pair: tuple[str, str]) -> None:
    def spoil(step: str, done: int, total: int) -> None:
        if step == COPYING and done == total and not pair[1].startswith("sqlite"):  # whose file is closed to others
            with closing(Database(pair[1])) as target, target.writing() as connection:
                connection.execute(sa.text("UPDATE tallies SET total = -2 WHERE part = 2"))
                connection.commit()

    with closing(Database(pair[0])) as source, source.writing() as connection:
        connection.execute(sa.text("UPDATE tallies SET total = -1 WHERE part = 2"))
        connection.commit()
    if pair[1].startswith("sqlite"):
        moved(pair, spoil)
        return
    with pytest.raises(UndersignError, match="The copy of the table tallies differs"):
        moved(pair, spoil)
    with closing(Database(pair[1])) as target, pytest.raises(ConfigurationError, match="unfinished copy of another"):
        check_key(target, Vault([KEY]))


def test_what_can_t_be_moved_is_refused_in_one_sentence(pair: tuple[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="not the one this database was sealed with"):
        moved(pair, key="another key, also of thirty-two characters")
    with pytest.raises(ConfigurationError, match="doesn't have this version's schema"):
        moved((pair[1], pair[0]))
    with closing(Database(pair[1])) as target:
        upgrade(target)
    with pytest.raises(ConfigurationError, match="The database is empty"):
        moved((pair[1], pair[0]))
    with closing(Database(pair[1])) as target:
        check_key(target, Vault(["another key, also of thirty-two characters"]))
    with pytest.raises(ConfigurationError, match="not the one this database was sealed with"):
        moved(pair)
    with closing(Database(pair[1])) as target, target.writing() as connection:
        connection.execute(sa.text("INSERT INTO moments (name, at) VALUES ('heartbeat', CURRENT_TIMESTAMP)"))
        connection.commit()
    with pytest.raises(ConfigurationError, match="The target is not empty"):
        moved(pair)


def test_a_database_in_use_is_refused(pair: tuple[str, str]) -> None:
    for used, name in zip(pair, ("The database", "The target"), strict=True):
        with closing(Database(used)) as database:
            upgrade(database)
            with pytest.raises(ConfigurationError, match=f"^{name} is in use: stop the bot"):
                moved(pair)
    moved(pair)


def test_people_go_on_where_they_were(
    request: pytest.FixtureRequest, tmp_path: Path, vault: Vault, engine: str
) -> None:
    other = "postgresql" if engine == "sqlite" else "sqlite"
    (tmp_path / "old").mkdir()
    if engine == "sqlite":
        migrated_sqlite(tmp_path / "old").close()
    urls = address(request, engine, tmp_path / "old", migrated=True), address(request, other, tmp_path)
    with closing(Database(urls[0])) as database:
        check_key(database, vault)
        prepare_petition_keys(database, vault)
        person = sign(sql_world(database, vault))
    with closing(Database(urls[0])) as source, closing(Database(urls[1])) as target:
        Move(source, target, vault, lambda: None, silent).run()
    with closing(Database(urls[1])) as database:
        check_key(database, vault)
        prepare_petition_keys(database, vault)
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        again = world.person("Ada Lovelace", user_id=person.signer.user_id)
        again.does(ev.Begin())
        assert world.counted() == 1
        again.does(ev.Withdraw())
        assert world.counted() == 0


def move_in_small_steps(source: str, target: str, ready: str) -> None:
    """Move in small batches, as a process of its own."""
    storage.bulk_rows.BATCH = 5
    Path(ready).touch()
    move_patiently((source, target))


def is_complete(url: str) -> bool:
    """Return True if a target is complete."""
    with closing(Database(url)) as target, target.reading() as connection:
        has_tables = sa.inspect(connection.sqlalchemy).has_table("marks")
        return has_tables and not is_unfinished(connection)


def move_patiently(pair: tuple[str, str]) -> None:
    """Move once PostgreSQL has noticed that the killed process is gone."""

    def succeeds() -> bool:
        with suppress(ConfigurationError):
            return moved(pair) > 0
        return False

    until_blocking(succeeds)


@pytest.mark.parametrize("pair", PAIRS[:3], indirect=True)
def test_a_move_that_is_killed_at_random_loses_and_doubles_nothing(pair: tuple[str, str], tmp_path: Path) -> None:
    with closing(Database(pair[0])) as database, database.writing() as connection:
        connection.execute(sa.text("DELETE FROM shown_words"))
        words = [{"digest": f"{number}", "words": "x" * 200} for number in range(3000)]
        connection.execute(sa.text("INSERT INTO shown_words (digest, words) VALUES (:digest, :words)"), words)
        connection.commit()
    chance, finished = random.Random(3), False
    for kill in range(scaled(10)):
        ready = tmp_path / f"ready-{kill}"
        process = fork(move_in_small_steps, *pair, str(ready))
        until_blocking(ready.exists)
        time.sleep(chance.uniform(0.0, 0.4))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        if finished := is_complete(pair[1]):
            break
    if not finished:
        move_patiently(pair)
    assert rows_at(pair[0]) == rows_at(pair[1])
