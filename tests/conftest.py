"""Fixtures: storage of every kind, real ones included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from bots.common.settings import Settings
from core.ports import UnitOfWork
from storage.engine import Database
from storage.opening import prepare_petition_keys
from storage.schema import check_key
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite, sharing_statements
from tests.effort import scaled
from tests.postgres import PostgresServer
from tests.temporary import prefer_memory
from tests.world import memory

pytest_plugins = ["pytester", "tests.markers", "tests.distribution"]

KEY = "a key for tests, of thirty-two characters or more"

settings.register_profile(
    "default",
    max_examples=scaled(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
settings.load_profile("default")


def pytest_configure() -> None:
    """Keep the .env of the folder where the tests run out of them, and their files off the disk."""
    prefer_memory()
    Settings.model_config["env_file"] = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let another PostgreSQL take part."""
    parser.addoption("--postgres-bin", type=Path, metavar="DIR", help="Programs of the PostgreSQL server to test with.")


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    """A real PostgreSQL, started once."""
    with PostgresServer(durable=False, programs=request.config.getoption("--postgres-bin")) as server:
        yield server


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with the tests' key, and a folder for the petitions' keys."""
    return Vault([KEY], tmp_path / "petition-keys")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """The name of each engine."""
    return str(request.param)


@pytest.fixture
def url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database on each engine."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'undersign.sqlite3'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def database(engine: str, request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> Iterator[Database]:
    """A migrated database on each engine."""
    with closing(_migrated(engine, request, tmp_path)) as database:
        check_key(database, vault)
        prepare_petition_keys(database, vault)
        yield database


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> Iterator[Callable[[], UnitOfWork]]:
    """Transactions on each kind of storage, the fake included."""
    if request.param == "memory":
        yield memory()
        return
    with closing(_migrated(request.param, request, tmp_path)) as database:
        yield lambda: SqlUnitOfWork(database, vault)


def _migrated(engine: str, request: pytest.FixtureRequest, folder: Path) -> Database:
    if engine == "sqlite":
        return migrated_sqlite(folder)
    server: PostgresServer = request.getfixturevalue("postgres")
    return sharing_statements(Database(server.migrated_database()))


def rows_of(database: Database) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables."""
    with database.reading() as connection:
        names = sa.inspect(connection.sqlalchemy).get_table_names()
        return {
            name: [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}")).mappings()]  # noqa: S608
            for name in names
        }
