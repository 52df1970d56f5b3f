"""The stage: the cluster, a Telegram for each way to it, and the product's processes between them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.services import Services
from core.petition.loading import PETITIONS
from storage.engine import Database
from storage.vault import Vault
from tests.bots.process import let_people_hurry
from tests.cluster.cluster import Cluster, started
from tests.patience import load
from tests.soak.archive import keep_erased_rows
from tests.soak.processes import WatchedProcess, lasting_port
from tests.soak.stage import CALLS_KEPT, KEY, KEYS_FOLDER, STOPS_WITHIN
from tests.telegram_server import TOKEN, TelegramServer
from tests.world import SALESFORCE

WORKERS_WAY = "PgBouncer"
UPDATES = 1_000_000
"""More updates than one Telegram sends in a run."""


@dataclass
class Stage:
    """Everything that runs. Each way to the database has a Telegram and a process of its own, and one has a worker."""

    cluster: Cluster
    telegrams: Mapping[str, TelegramServer]
    processes: list[WatchedProcess]
    folder: Path

    async def stop(self) -> list[str]:
        """Stop the processes in good order; the names of those that did not end so."""
        codes = await asyncio.gather(*(process.stop(STOPS_WITHIN * load()) for process in self.processes))
        return [f"{each.name}: {code}" for each, code in zip(self.processes, codes, strict=True) if code != 0]

    def services(self) -> Services:
        """Services on the primary, for the checks; close them."""
        settings = {
            "database_url": self.cluster.places.urls["HAProxy"], "secret_key": KEY,
            "petition_keys_dir": self.folder / KEYS_FOLDER, "petitions_dir": self.folder / "petitions",
        }  # fmt: skip
        return build(Settings.model_validate(settings))

    def vault(self) -> Vault:
        """The vault of all processes."""
        return Vault([KEY], self.folder / KEYS_FOLDER)

    def forget_calls(self) -> None:
        """Forget old calls, which would fill the memory."""
        for telegram in self.telegrams.values():
            del telegram.log[:-CALLS_KEPT]


@asynccontextmanager
async def set_up(folder: Path, ttl: int | None) -> AsyncIterator[Stage]:
    """Start all; at the end, nothing is left running."""
    shutil.copytree(PETITIONS / SALESFORCE, folder / "petitions" / SALESFORCE)
    shared = {
        "SECRET_KEY": KEY, "PETITION_KEYS_DIR": str(folder / KEYS_FOLDER), "PETITIONS_DIR": str(folder / "petitions")
    }  # fmt: skip
    async with AsyncExitStack() as stack:
        cluster = await stack.enter_async_context(started(folder, **_times(ttl)))
        urls = cluster.places.urls
        await asyncio.to_thread(let_people_hurry, folder / "operator", DATABASE_URL=urls["HAProxy"], **shared)
        with closing(Database(urls["HAProxy"])) as database:
            keep_erased_rows(database.engine)
        stage = Stage(cluster, {}, [], folder)
        telegrams = {way: await stack.enter_async_context(server) for way, server in _telegrams(urls).items()}
        stage.telegrams = telegrams
        for way, telegram in telegrams.items():
            port = str(lasting_port())
            settings = {
                **shared, "DATABASE_URL": urls[way], "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.root,
                "WEB_PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}",
            }  # fmt: skip
            roles = ["telegram", "worker"] if way == WORKERS_WAY else ["telegram"]
            for role in roles:
                stage.processes.append(WatchedProcess(f"{role} through {way}", role, folder, settings))
        for process in stage.processes:
            stack.push_async_callback(process.kill)
            process.start()
        yield stage


def _telegrams(ways: Iterable[str]) -> dict[str, TelegramServer]:
    """A Telegram for each way, not started yet: all pose as that of one bot, in which no update's id comes twice."""
    return {
        way: TelegramServer(quiet=0.3, first_update_id=number * UPDATES) for number, way in enumerate(ways, start=1)
    }


def _times(ttl: int | None) -> dict[str, int]:
    """Patroni's times with this one, as its rule has them; nothing to leave those that we ship."""
    if ttl is None:
        return {}
    retry_timeout = max(3, ttl // 4)
    return {"ttl": ttl, "loop_wait": max(1, min(ttl - 2 * retry_timeout, ttl // 4)), "retry_timeout": retry_timeout}
