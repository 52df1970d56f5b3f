"""Transactions that last together: all of them or, where the end fails, none; one that is given up alone."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.errors import StorageUnavailableError
from storage.engine import Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.databases import migrated_sqlite
from tests.world import SALESFORCE, World

SIGNS = (ev.Begin(), ev.Reply("90210"), ev.Confirm())


def test_what_is_given_up_takes_nothing_along(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    with database.together():
        world.person("Ada").does(*SIGNS)
        with pytest.raises(ZeroDivisionError), SqlUnitOfWork(database, vault) as work:
            work.signers.lock_or_create(world.person("Ben", user_id="2").signer, world.now)
            raise ZeroDivisionError
        world.person("Cem", user_id="3").does(*SIGNS)
    assert len(rows_of(database)["signers"]) == 2
    assert SqlQueries(database, vault).tally(SALESFORCE).counted == 2


def test_sqlite_waits_for_the_disk_once_and_postgresql_at_every_commit(database: Database, vault: Vault) -> None:
    world, other = World(work=lambda: SqlUnitOfWork(database, vault)), Database(str(database.engine.url))
    if not database.is_sqlite:
        other = database
    with database.together():
        world.person("Ada").does(*SIGNS)
        assert SqlQueries(other, vault).tally(SALESFORCE).counted == (0 if database.is_sqlite else 1)
    assert SqlQueries(other, vault).tally(SALESFORCE).counted == 1
    other.close()


def test_a_transaction_that_sqlite_ends_by_itself_leaves_nothing(tmp_path: Path, vault: Vault) -> None:
    database = migrated_sqlite(tmp_path)
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    with pytest.raises(StorageUnavailableError), database.together():
        world.person("Ada").does(*SIGNS)
        with pytest.raises(StorageUnavailableError), database.writing() as connection:
            connection.execute(sa.text("ROLLBACK"))  # as SQLite does when the disk is full
            connection.commit()
    assert rows_of(database)["signers"] == []
    world.person("Ada").does(*SIGNS)  # and the next one starts again
    assert len(rows_of(database)["signers"]) == 1
    database.close()


def fails(database: Database, statement: sa.Executable, values: list[dict[str, str]]) -> str:
    """The traceback of a statement that the database refuses."""
    with pytest.raises((sa.exc.SQLAlchemyError, StorageUnavailableError)) as caught, database.writing() as connection:
        connection.execute(statement, values)
    return "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("people", [1, 3])
def test_an_error_of_the_database_names_no_value(database: Database, people: int) -> None:
    """A statement's values may be personal, and errors end in logs."""
    rows = [{"mail": f"user-{number}@example.org"} for number in range(people)]
    sentence = fails(database, sa.text("INSERT INTO nowhere VALUES (:mail)"), rows)
    assert "nowhere" in sentence
    assert "@example.org" not in sentence


def test_a_translated_error_says_the_reason_without_the_statement(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'undersign.sqlite3'}")
    with pytest.raises(StorageUnavailableError) as caught, database.reading() as connection:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE mail = :mail"), {"mail": "ada@example.org"})
    assert str(caught.value) == "The database cannot be opened: no such table: nowhere."
    database.close()
