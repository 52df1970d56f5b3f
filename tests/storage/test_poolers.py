"""A real PgBouncer in transaction mode between us and PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
import stamina

from core.conversation import state as ev
from core.errors import ConfigurationError, StorageUnavailableError
from storage.copying import copy_out
from storage.engine import Database
from storage.poolers import AUTO, PGBOUNCER, is_pooled
from storage.schema import check_key, is_current, upgrade
from storage.sole_use import sole_use
from storage.statements import review
from storage.traces import wipe_traces
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.patience import limit
from tests.pgbouncer import pgbouncer
from tests.postgres import PostgresServer
from tests.postgres_proxy import PostgresProxy
from tests.storage.signers import sign, sql_world
from tests.world import SALESFORCE, World

pytestmark = [pytest.mark.process, pytest.mark.tool("pgbouncer")]
SIGNINGS = 240
THREADS = 8


@pytest.fixture
def pooled(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty database through PgBouncer."""
    with (  # PgBouncer's user may not open the server's socket, but a port of ours
        PostgresProxy(postgres.new_database()).serving() as proxy,
        tempfile.TemporaryDirectory(prefix="pgbouncer-") as folder,
        pgbouncer(Path(folder), proxy.address) as address,
    ):
        yield address


def failed_signings(url: str, vault: Vault, pooler: str, signings: int) -> int:
    """Sign that often, in several threads, and repeat what fails for now; returns how many failed for good."""
    with closing(Database(url, pooler=pooler)) as database, ThreadPoolExecutor(THREADS) as pool:
        world = World(work=lambda: SqlUnitOfWork(database, vault))

        def signs(number: int) -> bool:
            signer = world.person(f"P{number}", user_id=str(number)).signer
            events: tuple[ev.Event, ...] = (ev.Open(), ev.Begin(), ev.Reply("90210"), ev.Confirm())
            for step, event in enumerate(events):
                call = partial(world.signing.handle, signer, event, SALESFORCE, update_id=str(step))
                try:
                    stamina.retry(on=StorageUnavailableError, attempts=None, timeout=limit())(call)()
                except sa.exc.DBAPIError:
                    return False
            return True

        return list(pool.map(signs, range(1, signings + 1))).count(False)


@pytest.mark.parametrize("pooler", [AUTO, PGBOUNCER])
def test_everyone_signs_through_a_pooler(pooled: str, vault: Vault, pooler: str) -> None:
    with closing(Database(pooled, pooler=pooler)) as database:
        upgrade(database)
        assert is_current(database)
        check_key(database, vault)
    assert failed_signings(pooled, vault, pooler, SIGNINGS) == 0
    with closing(Database(pooled, pooler=pooler)) as database:
        assert World(work=lambda: SqlUnitOfWork(database, vault)).counted() == SIGNINGS


def test_prepared_statements_fail_through_it(pooled: str, vault: Vault) -> None:
    """Otherwise there is nothing to adapt to."""
    with closing(Database(pooled)) as database:
        upgrade(database)
    failed = failed_signings(pooled, vault, "none", SIGNINGS)
    print(f"{failed} of {SIGNINGS} signings failed")
    assert failed


def test_several_processes_migrate_at_once(pooled: str) -> None:
    def migrate(_: int) -> bool:
        with closing(Database(pooled)) as database:
            upgrade(database)
            return is_current(database)

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(migrate, range(2)))


def test_traces_are_wiped_and_no_setting_is_left_to_others(pooled: str, vault: Vault) -> None:
    with closing(Database(pooled)) as database:
        upgrade(database)
        world = sql_world(database, vault)
        world.signing.forget(sign(world).signer)
        assert wipe_traces(database)
        database.has_traces.set()
        with psycopg.connect(pooled.replace("+psycopg", "")) as other:
            (waits,) = other.execute("SHOW lock_timeout").fetchone() or ()
            other.execute("LOCK signers IN ACCESS EXCLUSIVE MODE")
            assert not wipe_traces(database), "someone is in the way"
        assert waits == "0"
        assert wipe_traces(database)


def test_a_backup_through_it_is_refused_in_one_sentence(pooled: str, tmp_path: Path) -> None:
    with closing(Database(pooled)) as database:
        upgrade(database)
        with pytest.raises(ConfigurationError, match="This doesn't work through PgBouncer"):
            copy_out(database, tmp_path / "copy", lambda *_: None)


def test_a_connection_to_postgresql_itself_is_not_pooled(postgres: PostgresServer) -> None:
    with closing(Database(postgres.migrated_database())) as database, database.reading() as connection:
        assert not is_pooled(connection.sqlalchemy)
        connection.run(review.DECISION, slug=SALESFORCE)
        assert connection.execute(sa.text("SELECT count(*) FROM pg_prepared_statements")).scalar() == 1


def test_a_move_through_it_is_refused_too(pooled: str) -> None:
    """Its lock belongs to a session."""
    with (
        closing(Database(pooled)) as database,
        pytest.raises(ConfigurationError, match="work through PgBouncer"),
        sole_use(database, "The target"),
    ):
        raise AssertionError
