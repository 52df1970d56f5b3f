"""Figures from a real standby, which may be behind, away, in the way of what it replays, or not ours."""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

import storage.standby
from core.errors import ConfigurationError, StorageUnavailableError
from core.signatures.signature import SignatureStatus
from core.standby import StandbyReads
from storage.connection import Connection
from storage.engine import ANSWERING, Database
from storage.standby import Standby
from storage.vault import Vault
from storage.watchdog import LOOK_EVERY, SUSPICIOUS
from tests.patience import load
from tests.pgbouncer import pgbouncer
from tests.ports import unused_port
from tests.postgres import PostgresServer
from tests.postgres_proxy import PostgresProxy
from tests.standby import StandbyServer, standby_of
from tests.storage.signers import sign, sql_world
from tests.world import SALESFORCE, World

pytestmark = pytest.mark.process
EVERY = tuple(SignatureStatus)
DEADLINE = SUSPICIOUS + LOOK_EVERY + 2 * ANSWERING + 1.0
"""Seconds after which figures must come from the primary, on a machine that has nothing else to do."""


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresServer]:
    """A server of its own, since its standby replays whatever is written to it."""
    with PostgresServer(durable=False) as server:
        server.migrated_database()
        yield server


@pytest.fixture(scope="module")
def follower(primary: PostgresServer) -> Iterator[StandbyServer]:
    """Its standby."""
    with standby_of(primary) as server:
        yield server


@pytest.fixture
def database(primary: PostgresServer) -> Iterator[Database]:
    """A migrated database on the primary."""
    with closing(Database(primary.migrated_database())) as database:
        yield database


@pytest.fixture
def standby(database: Database, follower: StandbyServer, vault: Vault) -> Iterator[Standby]:
    """The same database on the standby."""
    follower.follow()
    address = follower.address(url_of(database))
    with closing(Standby(database, Database(address, ANSWERING, setting="DATABASE_READ_URL"), vault)) as standby:
        yield standby


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """A world in which Ada has signed."""
    world = sql_world(database, vault)
    sign(world)
    return world


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def reads_of(standby: Standby) -> StandbyReads:
    """Begin to read."""
    reads = standby.open()
    assert reads
    return reads


@pytest.mark.usefixtures("world")
def test_a_standby_has_what_was_just_confirmed_and_an_idle_primary_is_no_lag(
    standby: Standby, follower: StandbyServer, primary: PostgresServer
) -> None:
    follower.follow()
    primary.run("CHECKPOINT")  # what it writes without any transaction
    reads = reads_of(standby)
    assert reads.queries.tally(SALESFORCE).counted == 1
    assert len(list(reads.queries.signatures(SALESFORCE, EVERY))) == 1
    with reads.work() as work:
        assert work.tallies.of(SALESFORCE).counted == 1
    with pytest.raises(StorageUnavailableError, match="read-only"), reads.work() as work:
        work.moments.save("test", dt.datetime.now(dt.UTC))
    assert reads.as_of
    assert reads.as_of.behind == dt.timedelta()


def test_a_standby_that_is_behind_says_by_how_much(
    standby: Standby, follower: StandbyServer, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.standby, "CATCH_UP", 0.1)
    follower.follow()
    with follower.paused():
        sign(world, "2", "Ben Sims", "ben@example.org")
        reads = reads_of(standby)
        assert reads.queries.tally(SALESFORCE).counted == 1
        assert reads.as_of
        assert dt.timedelta() < reads.as_of.behind < storage.standby.MOST_BEHIND
    assert reads_of(standby).queries.tally(SALESFORCE).counted == 2


def test_figures_that_are_too_old_come_from_the_primary(
    standby: Standby, follower: StandbyServer, world: World, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(storage.standby, "CATCH_UP", 0.1)
    monkeypatch.setattr(storage.standby, "MOST_BEHIND", dt.timedelta(microseconds=1))
    with follower.paused():
        sign(world, "2", "Ben Sims", "ben@example.org")
        for _ in range(2):
            reads = reads_of(standby)
            assert reads.queries.tally(SALESFORCE).counted == 2
            assert reads.as_of is None
            with pytest.raises(StorageUnavailableError, match="behind"), reads.work():
                pass
    follower.follow()
    assert reads_of(standby).queries.tally(SALESFORCE).counted == 2
    words = [record.message for record in caplog.records if record.name == "storage.standby"]
    assert words == [
        "DATABASE_READ_URL: reading from the primary instead. The standby is more than 0 seconds behind.",
        "DATABASE_READ_URL: reading from the standby again",
    ]


@pytest.mark.usefixtures("world")
def test_a_standby_that_goes_away_is_replaced_by_the_primary(
    standby: Standby, follower: StandbyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = reads_of(standby)
    assert reads.queries.tally(SALESFORCE).counted == 1
    with follower.away():
        assert len(list(reads.queries.signatures(SALESFORCE, EVERY))) == 1
        assert standby.open() is None, "it isn't asked again for a while"
        monkeypatch.setattr(standby, "_rests_until", 0)
        standby.check()
    monkeypatch.setattr(standby, "_rests_until", 0)
    again = reads_of(standby)
    assert again.queries.tally(SALESFORCE).counted == 1
    assert again.as_of


@pytest.mark.parametrize("is_connected", [True, False])
@pytest.mark.usefixtures("world")
def test_a_standby_that_hangs_is_given_up_before_its_deadline(
    standby: Standby, follower: StandbyServer, is_connected: bool
) -> None:
    if is_connected:
        assert reads_of(standby).queries.tally(SALESFORCE).counted == 1
    with follower.frozen():
        reads, begun = reads_of(standby), time.monotonic()
        assert reads.queries.tally(SALESFORCE).counted == 1
        assert time.monotonic() - begun < DEADLINE * load()
        assert reads.as_of is None
        assert len(list(reads.queries.signatures(SALESFORCE, EVERY))) == 1
        assert standby.open() is None, "nobody else waits for it"


@pytest.mark.tool("pgbouncer")
@pytest.mark.usefixtures("world")
def test_a_standby_behind_pgbouncer_is_read(database: Database, follower: StandbyServer, vault: Vault) -> None:
    follower.follow()
    with (
        PostgresProxy(follower.address(url_of(database))).serving() as proxy,
        tempfile.TemporaryDirectory(prefix="pgbouncer-") as folder,
        pgbouncer(Path(folder), proxy.address) as address,
        closing(Standby(database, Database(address, ANSWERING), vault)) as standby,
    ):
        standby.look()
        for _ in range(20):  # so often that a statement would be prepared
            reads = reads_of(standby)
            assert reads.queries.tally(SALESFORCE).counted == 1
            assert len(list(reads.queries.signatures(SALESFORCE, EVERY))) == 1
            assert reads.as_of


@pytest.mark.usefixtures("world")
def test_a_query_in_the_way_of_the_replay_runs_again_on_the_primary(
    standby: Standby, database: Database, follower: StandbyServer
) -> None:
    reads = reads_of(standby)
    asked = []

    def read(connection: Connection) -> int:
        asked.append(connection)
        found = connection.execute(sa.text("SELECT count(*) FROM signatures")).scalar_one()
        if len(asked) == 1:
            connection.execute(sa.text("SELECT count(*) FROM leases"))
            with database.maintaining() as other:
                other.execute(sa.text("DROP TABLE leases"))
            connection.execute(sa.text("SELECT pg_sleep(60)"))
        return int(found)

    follower.run("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    follower.run("SELECT pg_reload_conf()")
    try:
        queries: Any = reads.queries
        assert queries._database.read(read) == 1
    finally:
        follower.run("ALTER SYSTEM RESET max_standby_streaming_delay")
        follower.run("SELECT pg_reload_conf()")
    assert len(asked) == 2


def test_an_address_of_other_data_is_refused(
    primary: PostgresServer, postgres: PostgresServer, database: Database, follower: StandbyServer, vault: Vault
) -> None:
    elsewhere, other = postgres.migrated_database(), primary.migrated_database()
    follower.follow()
    for url, words in ((elsewhere, "another cluster"), (follower.address(other), "another database")):
        with closing(Standby(database, Database(url, ANSWERING), vault)) as standby:
            with pytest.raises(ConfigurationError, match=words):
                standby.check()
            reads = reads_of(standby)
            assert reads.queries.tally(SALESFORCE).counted == 0
            assert reads.as_of is None


def test_several_hosts_prefer_the_standby_and_may_lead_to_the_primary(
    database: Database, follower: StandbyServer, standby: Standby, vault: Vault
) -> None:
    hosts = [sa.make_url(each).query["host"] for each in (url_of(database), url_of(standby.standby))]
    own = sa.make_url(url_of(database)).set(query={})
    several = own.set(query={"host": ",".join(map(str, hosts)), "target_session_attrs": "prefer-standby"})
    url = several.render_as_string(hide_password=False)
    with closing(Standby(database, Database(url, ANSWERING), vault)) as preferred:
        with follower.away():
            assert reads_of(preferred).queries.tally(SALESFORCE).counted == 0
            with pytest.raises(StorageUnavailableError, match="leads to a primary"):
                preferred.look()
        preferred.look()


def test_a_standby_that_never_answered_is_no_reason_not_to_start(database: Database, vault: Vault) -> None:
    url = f"postgresql://nobody@127.0.0.1:{unused_port()}/app"
    with closing(Standby(database, Database(url, ANSWERING), vault)) as standby:
        standby.check()
        assert standby.open() is None


def test_a_standby_with_an_older_schema_is_not_read(
    standby: Standby, database: Database, follower: StandbyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.standby, "CATCH_UP", 0.1)
    with database.maintaining() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0030'"))
    follower.follow()
    with follower.paused():
        with database.maintaining() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '0031'"))
        with pytest.raises(StorageUnavailableError, match="another schema"):
            standby.look()


def test_a_user_without_any_right_but_to_read_can_look(
    standby: Standby, database: Database, primary: PostgresServer, follower: StandbyServer, vault: Vault
) -> None:
    primary.run("DROP ROLE IF EXISTS reader")
    primary.run("CREATE ROLE reader LOGIN")
    with psycopg.connect(url_of(database).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    follower.follow()
    address = sa.make_url(url_of(standby.standby)).set(username="reader").render_as_string(hide_password=False)
    with closing(Standby(database, Database(address, ANSWERING), vault)) as reading:
        reading.look()
    with psycopg.connect(url_of(database).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP OWNED BY reader")
    primary.run("DROP ROLE reader")
