"""The tests' own PostgreSQL leaves nothing behind, even if a test is killed."""

from __future__ import annotations

import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.command import fork
from tests.patience import until_blocking
from tests.postgres import PostgresServer

pytestmark = [pytest.mark.process, pytest.mark.server]


def serve(folder: Path) -> None:
    with PostgresServer(folder):
        (folder / "up").touch()
        time.sleep(600)


def test_the_next_server_removes_what_a_killed_test_left_behind(tmp_path: Path) -> None:
    owner = fork(serve, tmp_path)
    until_blocking((tmp_path / "up").exists)
    (left,) = tmp_path.glob("postgres-*")
    postmaster = psutil.Process(int((left / "server" / "postmaster.pid").read_text("utf-8").split()[0]))
    owner.kill()
    owner.join()
    assert postmaster.is_running()
    with PostgresServer(tmp_path):
        assert not left.exists()
        until_blocking(lambda: not postmaster.is_running())
    assert list(tmp_path.glob("postgres-*")) == []
