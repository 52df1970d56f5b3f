"""Fixtures for tests of the storage."""

from __future__ import annotations

import os

import pytest

from tests.postgres import PostgresServer


@pytest.fixture
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the tests' PostgreSQL, where it takes part."""
    if "postgresql" in request.node.name:
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv("PATH", f"{server.programs}{os.pathsep}{os.environ['PATH']}")
