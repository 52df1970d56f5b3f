"""Fixtures for tests of the storage."""

from __future__ import annotations

import os

import pytest

from core.organizer.retention import RetentionService
from core.organizer.service import OrganizerService
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.services.test_signing import signed
from tests.postgres import PostgresServer
from tests.storage.archive import Archive
from tests.world import ORGANIZERS, World


@pytest.fixture
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the tests' PostgreSQL, where it takes part."""
    if "postgresql" in request.node.name:
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv("PATH", f"{server.programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def archive(database: Database, vault: Vault) -> Archive:
    """A petition that Ada signed."""
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    signed(world, "Ada")
    organizing = OrganizerService(world.signing, ORGANIZERS)
    retention = RetentionService(organizing, SqlQueries(database, vault), SqlPersonalData(database, vault))
    retention.run()
    return Archive(world, retention, database)
