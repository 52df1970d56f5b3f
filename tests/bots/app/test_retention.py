"""The loop that erases expired data: it begins with a look, and logs each sentence once."""

from __future__ import annotations

import asyncio
import logging
from contextlib import closing, suppress
from pathlib import Path

import pytest

import bots.app.retention
from bots.app.retention import erase_forever
from bots.common.service_threads import ServiceThreads
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.core.services.test_signing import signed
from tests.databases import migrated_sqlite
from tests.patience import until
from tests.world import SALESFORCE, World, services_of


async def test_a_petition_whose_retention_is_unknown_is_named_once_after_startup(
    tmp_path: Path, vault: Vault, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bots.app.retention, "EVERY", 0.0)
    caplog.set_level(logging.WARNING)
    with closing(migrated_sqlite(tmp_path)) as database, closing(ServiceThreads(1)) as threads:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        signed(world, "Ada")
        del world.petitions[SALESFORCE]
        retention = services_of(world, database, vault).retention
        loop = asyncio.create_task(erase_forever(retention, threads))
        await until(lambda: len(caplog.messages) > 0, "it has looked")
        for _ in range(3):
            await threads.run(str)
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
    (sentence,) = caplog.messages
    assert f"{SALESFORCE}: its folder is gone and its retention period is unknown" in sentence
    assert "Put its folder back for one start" in sentence
