"""The stage: both fake platforms, one database and the product's processes around them."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bots.app.bootstrap import build
from bots.common.settings import Settings
from bots.services import Services
from storage.engine import Database
from storage.vault import Vault
from tests.bots.process import let_people_hurry
from tests.command import DAYS_FILE, run
from tests.discord_server import TOKEN as DISCORD_TOKEN
from tests.discord_server import DiscordServer
from tests.patience import load
from tests.soak.archive import keep_erased_rows
from tests.soak.databases import SoakedDatabase
from tests.soak.identity import FIRST_TELEGRAM_ID
from tests.soak.petition_folders import PetitionFolders
from tests.soak.processes import WatchedProcess, lasting_port
from tests.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.telegram_server import TelegramServer

KEY = "a key that all processes of the soak test share"
ORGANIZER_ID = FIRST_TELEGRAM_ID
STOPS_WITHIN = 20.0  # seconds, on a machine with nothing else to do
CALLS_KEPT = 1000  # of each fake's log
KEYS_FOLDER, BACKUPS, DAYS = "petition-keys", "backups", "days"


@dataclass
class Stage:
    """Everything that runs, and where to reach it.

    `by_webhook` are the settings that turn on Telegram's webhook, and `shared` those of every command.
    """

    database: SoakedDatabase
    telegram: TelegramServer
    discord: DiscordServer
    processes: list[WatchedProcess]
    folder: Path
    petitions: PetitionFolders
    web_root: str
    by_webhook: Mapping[str, str]
    shared: Mapping[str, str]

    @property
    def workers(self) -> list[WatchedProcess]:
        """The processes that send announcements."""
        return self._with("worker")

    @property
    def telegram_process(self) -> WatchedProcess:
        """The process that Telegram's updates reach."""
        return self._with("telegram")[0]

    def _with(self, component: str) -> list[WatchedProcess]:
        return [process for process in self.processes if component in process.role or not process.role]

    async def stop(self, processes: list[WatchedProcess]) -> list[str]:
        """Stop processes in good order; the names of those that did not end so."""
        codes = await asyncio.gather(*(process.stop(STOPS_WITHIN * load()) for process in processes))
        return [f"{each.name}: {code}" for each, code in zip(processes, codes, strict=True) if code != 0]

    def services(self) -> Services:
        """Services on the same database, with all petitions, for the checks; close them."""
        settings = {
            "database_url": self.database.url, "secret_key": KEY, "petition_keys_dir": self.folder / KEYS_FOLDER,
            "petitions_dir": self.petitions.everything,
        }  # fmt: skip
        return build(Settings.model_validate(settings))

    def vault(self) -> Vault:
        """The vault of all processes."""
        return Vault([KEY], self.folder / KEYS_FOLDER)

    def set_days(self, days: float) -> None:
        """Let the clock of all processes and commands be fast by a number of days."""
        draft = self.days_file.with_suffix(".new")
        draft.write_text(str(days), encoding="utf-8")
        draft.replace(self.days_file)

    @property
    def days_file(self) -> Path:
        """The file with that number."""
        return Path(self.shared[DAYS_FILE])

    @property
    def backups(self) -> Path:
        """The folder of the operator's backups."""
        return self.folder / BACKUPS

    async def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the operator's, in a folder of its own."""
        return await asyncio.to_thread(self.command_now, *arguments)

    def command_now(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same, while nothing else happens here."""
        return run(self.folder / "operator", *arguments, **self.shared)

    def forget_calls(self) -> None:
        """Forget the platforms' old calls, which would fill the memory in an hour."""
        del self.telegram.log[:-CALLS_KEPT]
        del self.discord.log[:-CALLS_KEPT]


def _shared_settings(database: SoakedDatabase, folder: Path, petitions: PetitionFolders) -> dict[str, str]:
    (folder / BACKUPS).mkdir()
    (folder / DAYS).write_text("0", encoding="utf-8")
    return {
        "DATABASE_URL": database.url, "SECRET_KEY": KEY, "PETITION_KEYS_DIR": str(folder / KEYS_FOLDER),
        "PETITIONS_DIR": str(petitions.live), DAYS_FILE: str(folder / DAYS),
        "PATH": os.pathsep.join(filter(None, (database.programs, os.environ["PATH"]))),
    }  # fmt: skip


@asynccontextmanager
async def set_up(database: SoakedDatabase, folder: Path) -> AsyncIterator[Stage]:
    """Start all; at the end, nothing is left running."""
    petitions = PetitionFolders(folder)
    shared = _shared_settings(database, folder, petitions)
    await asyncio.to_thread(let_people_hurry, folder, **shared)
    database.prepare()
    opened = Database(database.url)
    keep_erased_rows(opened.engine)
    opened.close()
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer(quiet=0.3))
        discord = await stack.enter_async_context(DiscordServer(quiet=0.3))
        web_port, webhook_port = lasting_port(), lasting_port()
        settings = {
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_URL": telegram.root, "WEB_PORT": str(web_port),
            "DISCORD_TOKEN": DISCORD_TOKEN, "DISCORD_API_URL": discord.base_url,
            "DISCORD_GATEWAY_URL": discord.gateway_url, "ORGANIZERS": f"telegram:{ORGANIZER_ID}", **shared,
        }  # fmt: skip
        processes = [WatchedProcess(name, role, folder, settings) for name, role in database.roles.items()]
        for process in processes:
            stack.push_async_callback(process.kill)
            process.start()
        port = webhook_port if database.roles.get("telegram") else web_port
        webhook = {"WEB_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        root = f"http://127.0.0.1:{web_port}"
        yield Stage(database, telegram, discord, processes, folder, petitions, root, webhook, shared)
