"""The stage: both fake platforms, one PostgreSQL database and the product's processes around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp.test_utils import unused_port

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.services import Services
from tests.bots.process import let_people_hurry
from tests.discord_server import TOKEN as DISCORD_TOKEN
from tests.discord_server import DiscordServer
from tests.patience import load
from tests.postgres import PostgresServer
from tests.soak.disk import Disk
from tests.soak.identity import FIRST_TELEGRAM_ID
from tests.soak.processes import WatchedProcess
from tests.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.telegram_server import TelegramServer

KEY = "a key that all processes of the soak test share"
ORGANIZER_ID = FIRST_TELEGRAM_ID
ROLES = {"telegram": "telegram", "discord": "discord", "web": "web", "worker-1": "worker", "worker-2": "worker"}
STOPS_WITHIN = 20.0  # seconds, on a machine with nothing else to do


@dataclass
class Stage:
    """Everything that runs, and where to reach it."""

    postgres: PostgresServer
    url: str
    telegram: TelegramServer
    discord: DiscordServer
    disk: Disk
    web_root: str
    processes: list[WatchedProcess]
    folder: Path

    @property
    def workers(self) -> list[WatchedProcess]:
        """The processes that send announcements."""
        return [process for process in self.processes if process.name.startswith("worker")]

    async def stop(self, processes: list[WatchedProcess]) -> list[str]:
        """Stop processes in good order; the names of those that did not end so."""
        codes = await asyncio.gather(*(process.stop(STOPS_WITHIN * load()) for process in processes))
        return [f"{each.name}: {code}" for each, code in zip(processes, codes, strict=True) if code != 0]

    def services(self) -> Services:
        """Services on the same database, for the checks; close them."""
        settings = {"database_url": self.url, "secret_key": KEY, "petition_keys_dir": self.folder / "petition-keys"}
        return build(Settings.model_validate(settings))


@asynccontextmanager
async def set_up(postgres: PostgresServer, folder: Path) -> AsyncIterator[Stage]:
    """Start all; at the end, nothing is left running."""
    url, port = postgres.new_database(), unused_port()
    shared = {"DATABASE_URL": url, "SECRET_KEY": KEY, "ORGANIZERS": f"telegram:{ORGANIZER_ID}"}
    await asyncio.to_thread(let_people_hurry, folder, DATABASE_URL=url, SECRET_KEY=KEY)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer(quiet=0.3))
        discord = await stack.enter_async_context(DiscordServer(quiet=0.3))
        settings = {
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_URL": telegram.root, "WEB_PORT": str(port),
            "DISCORD_TOKEN": DISCORD_TOKEN, "DISCORD_API_URL": discord.base_url,
            "DISCORD_GATEWAY_URL": discord.gateway_url, **shared,
        }  # fmt: skip
        processes = [WatchedProcess(name, role, folder, settings) for name, role in ROLES.items()]
        for process in processes:
            stack.push_async_callback(process.kill)
            process.start()
        yield Stage(postgres, url, telegram, discord, Disk(url), f"http://127.0.0.1:{port}", processes, folder)
