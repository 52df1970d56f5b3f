"""The contract of storage and of cards, and a crowd, on PostgreSQL with the schema in partitions by petition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import sqlalchemy as sa

from core.ports import UnitOfWork
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.postgres import PostgresServer
from tests.storage.partitions import PARTITIONS, create_partitioned
from tests.storage.signers import sign, sql_world
from tests.storage.test_cards import *  # noqa: F403
from tests.storage.test_contract import *  # noqa: F403  (its tests run here again, on this module's storage)
from tests.world import SALESFORCE


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    """A database in partitions."""
    with closing(Database(postgres.migrated_database())) as database:
        with database.writing() as connection:
            create_partitioned(connection)
            connection.commit()
        yield database


@pytest.fixture
def work(database: Database, vault: Vault) -> Callable[[], UnitOfWork]:
    """Transactions on a database in partitions."""
    return lambda: SqlUnitOfWork(database, vault)


def test_people_sign_and_each_petition_is_in_one_partition(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    for number in range(10):
        sign(world, f"user-{number}", mail=f"{number}@example.org")
    count = sa.text("SELECT count(*), count(DISTINCT tableoid) FROM signatures")
    children = sa.text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'signatures'::regclass")
    with database.reading() as connection:
        assert tuple(connection.execute(count).one()) == (10, 1)
        assert connection.execute(children).scalar_one() == PARTITIONS
    with SqlUnitOfWork(database, vault) as unit:
        assert unit.tallies.of(SALESFORCE).counted == 10
