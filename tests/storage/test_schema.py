"""Migrations go up and down on both engines, and give the tables that the code knows."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from core.conversation import state as ev
from core.errors import ConfigurationError
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import check_key, upgrade
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY
from tests.storage.migrations import downgrade
from tests.world import SALESFORCE, World


def present_revision(database: Database) -> str | None:
    with database.reading() as connection:
        return MigrationContext.configure(connection.sqlalchemy).get_current_revision()


def test_up_and_down_and_up(url: str) -> None:
    database = Database(url)
    for _ in range(2):
        assert present_revision(database) is None
        upgrade(database)
        assert present_revision(database) == "0031"
        downgrade(database, "base")
        with database.reading() as connection:
            assert sa.inspect(connection.sqlalchemy).get_table_names() == ["alembic_version"]
    database.close()


def test_migrations_give_what_the_tables_say(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection.sqlalchemy), SQLModel.metadata)
    database.close()
    assert differences == []


def test_migrated_tables_have_the_keys_that_the_tables_say(url: str) -> None:
    """Alembic compares neither primary keys nor, on SQLite, what erasing a row does to others."""
    database = Database(url)
    upgrade(database)
    with database.reading() as connection:
        inspector = sa.inspect(connection.sqlalchemy)
        for table in SQLModel.metadata.sorted_tables:
            assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]
            assert {
                (key["constrained_columns"][0], key["options"].get("ondelete"))
                for key in inspector.get_foreign_keys(table.name)
            } == {(key.parent.name, key.ondelete) for key in table.foreign_keys}
    database.close()


def test_partial_indexes_are_there(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with database.reading() as connection:
        unique = {
            index["name"] for index in sa.inspect(connection.sqlalchemy).get_indexes("signatures") if index["unique"]
        }
    database.close()
    assert {"one_standing_signature_a_signer", "one_counted_signature_a_mailbox"} <= unique


def test_migrated_partial_indexes_cover_the_rows_that_the_tables_say(url: str) -> None:
    database = Database(url)
    upgrade(database)
    migrated = partial_indexes(database)
    with database.writing() as connection:
        SQLModel.metadata.drop_all(connection.sqlalchemy)
        SQLModel.metadata.create_all(connection.sqlalchemy)
        connection.commit()
    created = partial_indexes(database)
    database.close()
    assert migrated == created
    assert len(created) >= 4


def partial_indexes(database: Database) -> dict[str, str]:
    """The condition of each partial index, by its name."""
    where = "postgresql_where" if database.engine.dialect.name == "postgresql" else "sqlite_where"
    with database.reading() as connection:
        inspector = sa.inspect(connection.sqlalchemy)
        indexes = [index for table in inspector.get_table_names() for index in inspector.get_indexes(table)]
    options = {str(index["name"]): index.get("dialect_options", {}).get(where) for index in indexes}
    return {name: str(condition) for name, condition in options.items() if condition is not None}


def test_several_processes_may_migrate_at_once(url: str) -> None:
    databases = [Database(url) for _ in range(4)]
    faults: list[Exception] = []

    def migrate(database: Database) -> None:
        try:
            upgrade(database)
        except Exception as error:  # noqa: BLE001  (any fault at all fails the test)
            faults.append(error)

    threads = [threading.Thread(target=migrate, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert present_revision(databases[0]) == "0031"
    for database in databases:
        database.close()


def test_a_wrong_key_is_said_at_once(database: Database, vault: Vault) -> None:
    check_key(database, vault)
    with pytest.raises(ConfigurationError, match="not the one this database was sealed with"):
        check_key(database, Vault(["another key, also of thirty-two characters"]))


def test_keys_in_the_wrong_order_are_said_at_once(database: Database) -> None:
    with pytest.raises(ConfigurationError, match="in the wrong order"):
        check_key(database, Vault([KEY, "another key, also of thirty-two characters"]))
    check_key(database, Vault(["another key, also of thirty-two characters", KEY]))


def test_several_processes_may_start_at_once(url: str, vault: Vault) -> None:
    databases = [Database(url) for _ in range(6)]
    upgrade(databases[0])
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda database: check_key(database, vault), databases)) == [None] * 6
    for database in databases:
        database.close()


@pytest.mark.parametrize("spoilt", [b"this is not a database, but long enough to be looked at" * 40, b""])
def test_a_file_that_is_no_database_or_a_newer_one_is_one_sentence(tmp_path: Path, spoilt: bytes) -> None:
    path = tmp_path / "undersign.sqlite3"
    path.write_bytes(spoilt)
    database = Database(f"sqlite:///{path}")
    if spoilt:
        with pytest.raises(ConfigurationError, match="is damaged: file is not a database"):
            upgrade(database)
        return
    upgrade(database)
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(ConfigurationError, match="newer version"):
        upgrade(database)
    database.close()


def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        upgrade(Database(f"sqlite:///{tmp_path / 'no' / 'folder' / 'file'}"))


@pytest.mark.parametrize("address", ["mysql://host/name", "not an address", "postgresql://host:port/name"])
def test_a_wrong_address_is_one_sentence(address: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as caught:
        Database(address)
    assert "host" not in str(caught.value) or "user:password@host" in str(caught.value)


def test_what_is_kept_beside_the_signatures_is_counted_from_them(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for name, platform, label in (("Ada", "telegram", "elms"), ("Ben", "discord", "elms"), ("Cem", "telegram", "")):
        world.person(name, platform).does(ev.Open(label), ev.Begin(), ev.Reply("90210"), ev.Confirm())
        world.now += dt.timedelta(hours=2)

    def kept() -> tuple[object, ...]:
        with world.work() as work:
            return work.tallies.history(SALESFORCE, None), work.tallies.credited(SALESFORCE, "elms")

    before = kept()
    downgrade(database, "0002", vault)
    upgrade(database, vault)
    assert kept() == before
    assert before[1] == 2


def test_counts_by_link_are_recounted_from_all_signatures_that_were_not_withdrawn(
    database: Database, vault: Vault
) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    for name in ("Ada", "Ben", "Cem", "Dee"):
        person = world.person("Ada Lovelace", user_id=name)
        person.does(ev.Open("elms"), ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply("ada@example.org"))
        person.does(ev.Confirm())
    person.does(ev.Withdraw())

    def kept() -> tuple[object, ...]:
        queries = SqlQueries(database, vault)
        return queries.credited(SALESFORCE, "elms"), queries.trend(SALESFORCE, "elms", world.now.date())

    before = kept()
    assert before == (3, ((world.now.date(), 3),)), "one counts, two are duplicates, one was withdrawn"
    downgrade(database, "0011", vault)
    assert kept() == (1, ())
    upgrade(database, vault)
    assert kept() == before
