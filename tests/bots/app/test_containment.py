"""`undersign run` with everything at once: one platform's trouble is reported, and never stops the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.bots.figures import figure
from tests.bots.process import BotProcess
from tests.discord_server import TOKEN as DISCORD_TOKEN
from tests.discord_server import DiscordServer
from tests.discord_server.views import ChannelView
from tests.patience import until
from tests.ports import unused_port
from tests.telegram_server import TOKEN as TELEGRAM_TOKEN
from tests.telegram_server import TelegramServer

pytestmark = [pytest.mark.process, pytest.mark.server]


@dataclass
class Installation:
    """One process that serves all surfaces, its platforms, and its ports."""

    bot: BotProcess
    telegram: TelegramServer
    discord: DiscordServer
    session: aiohttp.ClientSession
    pages: str
    watch: str
    organizer: ChannelView

    async def get(self, url: str) -> tuple[int, str]:
        async with self.session.get(url) as response:
            return response.status, await response.text()

    def says(self, path: str, status: int, *words: str) -> Callable[[], Awaitable[bool]]:
        """A condition: the health check answers so."""

        async def holds() -> bool:
            code, text = await self.get(f"{self.watch}{path}")
            return code == status and all(word in text for word in words)

        return holds

    @property
    def log(self) -> str:
        return self.bot.log.read_text(encoding="utf-8")


@asynccontextmanager
async def installed(
    folder: Path, trouble: Callable[[DiscordServer], None] = lambda _: None
) -> AsyncIterator[Installation]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer(quiet=0.3))
        discord = await stack.enter_async_context(DiscordServer(quiet=0.3))
        trouble(discord)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        pages, watch, olga = unused_port(), unused_port(), discord.person(99, "Olga")
        settings = {
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_URL": telegram.root,
            "DISCORD_TOKEN": DISCORD_TOKEN, "DISCORD_API_URL": discord.base_url,
            "DISCORD_GATEWAY_URL": discord.gateway_url, "WEB_PORT": str(pages), "METRICS_PORT": str(watch),
            "ORGANIZERS": f"discord:{olga.id}",
        }  # fmt: skip
        bot = BotProcess(folder, settings, lambda: len(telegram.calls("getMe")))
        await stack.enter_async_context(bot.running())
        yield Installation(
            bot, telegram, discord, session, f"http://127.0.0.1:{pages}", f"http://127.0.0.1:{watch}", olga.dm()
        )  # fmt: skip


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[Installation]:
    """A process in which everything works."""
    async with installed(tmp_path) as installation:
        names = ("telegram", "discord", "web", "worker")
        for name in names:
            await until(installation.says(f"/readyz?surface={name}", 200), f"{name} works")
        yield installation


async def test_a_token_revoked_later_stops_its_surface_alone(installation: Installation) -> None:
    telegram = installation.telegram
    telegram.fail_next("getUpdates", 401, "Unauthorized", times=100)
    await telegram.person(7, "Suzie").private_chat().send("/start", wait=False)
    await until(installation.says("/readyz?surface=telegram", 503, "telegram: stopped"), "Telegram's surface stops")
    status, text = await installation.get(f"{installation.watch}/readyz")
    assert status == 200
    assert text.splitlines()[0] == "ready"
    assert "Telegram refuses TELEGRAM_TOKEN" in text
    asked = len(telegram.calls("getUpdates"))
    person = installation.discord.person(1, "Ada")
    guild = installation.discord.guild("Riverside")
    guild.join(person)
    await person.in_channel(guild.channel("general")).command("petition sign")
    assert (await installation.get(f"{installation.pages}/"))[0] == 200
    figures = (await installation.get(f"{installation.watch}/metrics"))[1]
    for name, value in (("telegram", 0), ("discord", 1), ("web", 1), ("worker-discord", 1)):
        assert figure(figures, "undersign_component_up", component=name) == value, name
    assert len(telegram.calls("getUpdates")) == asked
    await until(lambda: bool(installation.organizer.messages), "the organizer on Discord hears of it")
    assert "The Telegram bot isn't working right now." in installation.organizer.last.as_text()
    assert await installation.bot.stop() == 0
    assert installation.log.count("telegram has stopped") == 1
    assert "Traceback" not in installation.log


async def test_a_gateway_that_fails_at_start_keeps_nothing_else_down(tmp_path: Path) -> None:
    def broken(discord: DiscordServer) -> None:
        discord.fail_next("GET", "/gateway/bot", 503, 0, "Service Unavailable", times=2)

    async with installed(tmp_path, broken) as installation:
        for name in ("telegram", "web", "worker"):
            await until(installation.says(f"/readyz?surface={name}", 200), f"{name} works")
        assert (await installation.get(f"{installation.watch}/readyz"))[0] == 200
        await until(installation.says("/readyz?surface=discord", 200), "Discord works in the end")
        assert [call.status for call in installation.discord.calls("GET", "/gateway/bot")].count(503) == 2
        assert await installation.bot.stop() == 0
