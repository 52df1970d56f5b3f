"""`undersign run`: whatever a process runs, it can be watched at a port of its own."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from tests.bots.discord.test_run import bot_at as discord_at
from tests.bots.figures import figure
from tests.bots.process import BotProcess, log_contains
from tests.bots.telegram.test_run import bot_at as telegram_at
from tests.discord_server import DiscordServer
from tests.patience import until
from tests.ports import unused_port
from tests.telegram_server import TelegramServer

pytestmark = pytest.mark.process


async def watched(bot: BotProcess, role: str, port: int) -> None:
    async with bot.running(role), aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:

        async def answer(path: str) -> tuple[int, str]:
            async with session.get(path) as response:
                return response.status, await response.text()

        assert await answer("/healthz") == (200, "alive\n")

        async def is_ready() -> bool:
            return await answer("/readyz") == (200, "ready\n")

        await until(is_ready, "it works")
        assert (await answer(f"/readyz?surface={role}"))[0] == 200
        assert (await answer("/readyz?surface=elsewhere"))[0] == 404
        async with session.get("/metrics") as response:
            text = await response.text()
        assert figure(text, "undersign_database_up") == 1
        assert figure(text, "undersign_disk_size_bytes") > 0
        assert await bot.stop() == 0


async def test_the_checker_of_sources_runs_alone_and_needs_no_token(tmp_path: Path) -> None:
    port = unused_port()
    log = tmp_path / "bot.log"
    settings = {"METRICS_PORT": str(port), "PYTHONWARNINGS": "default"}
    bot = BotProcess(tmp_path, settings, lambda: int(log_contains(log, "sources: looking")))
    await watched(bot, "sources", port)


@pytest.mark.parametrize("role", ["telegram", "worker", "discord"])
async def test_a_process_is_watched(role: str, tmp_path: Path) -> None:
    port = unused_port()
    if role == "discord":
        async with DiscordServer() as discord:
            await watched(discord_at(discord, tmp_path, METRICS_PORT=str(port)), role, port)
    else:
        async with TelegramServer() as telegram:
            await watched(telegram_at(telegram, tmp_path, METRICS_PORT=str(port)), role, port)
