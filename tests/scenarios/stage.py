"""Theatres and personas: a story says what a persona does and reads; a theatre plays it on one surface.

A theatre is a surface with its fake platform and a world of its own. The same story runs in each of them.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

from rich.console import Console

from bots.common.listener import Listener
from bots.common.service_threads import ServiceThreads
from bots.delivery.exports import exporter_of
from bots.delivery.files import FileOrders
from bots.services import Services
from bots.telegram.budgets import Budget, Budgets
from bots.telegram.files import TelegramFiles
from bots.telegram.groups import Groups
from bots.telegram.limiter import Limiter
from bots.telegram.surface import TelegramSurface
from bots.terminal.app import TerminalApp
from core.signatures.signature import Signer
from tests.bots.delivery.file_worker import orders, work_off
from tests.patience import patience
from tests.telegram_server import ChatView, TelegramServer
from tests.world import World


class Persona(Protocol):
    """A person in front of a surface; `sign` is typed before an organizer's command there."""

    sign: str

    async def opens(self, petition: str, label: str = "") -> None:
        """Follow a link to a petition."""

    async def taps(self, words: str) -> None:
        """Tap the button that is called so."""

    async def types(self, text: str) -> None:
        """Type something and send it."""

    async def speaks(self) -> None:
        """Send a voice message."""

    def reads(self) -> str:
        """Read the screen, buttons included, as one line of words."""

    def pictures(self) -> list[bytes]:
        """The pictures that were sent so far."""

    def proofs(self) -> list[bytes]:
        """The files with proofs that were sent so far."""


class Theatre(Protocol):
    """Surface with its fake platform and a world, where a story is played."""

    world: World

    async def person(self, name: str, language: str = "en") -> Persona:
        """Create a persona."""

    async def files_arrive(self, folder: Path) -> None:
        """Let a worker make and deliver what was ordered; on a terminal the session has already done so."""


class TerminalTheatre:
    """Each persona has a terminal of their own."""

    def __init__(self, world: World, services: Services, folder: Path) -> None:
        self.world, self.services, self.folder = world, services, folder

    async def person(self, name: str, language: str = "en") -> Persona:
        return TerminalPersona(self.services, Signer("terminal", name, language=language), self.folder)

    async def files_arrive(self, folder: Path) -> None:
        pass


class TerminalPersona:
    """Types the words of buttons, and reads what was printed last."""

    sign = "/"

    def __init__(self, services: Services, signer: Signer, folder: Path) -> None:
        self._paper, self._folder = io.StringIO(), folder
        console = Console(file=self._paper, width=80, color_system=None, highlight=False)
        public_url = services.settings.public_url
        app = TerminalApp(services.signing, services.organizing, exporter_of(services), folder / "workshop", public_url)
        self._session = app.session(signer, console, folder)

    async def opens(self, petition: str, label: str = "") -> None:
        self._clear()
        self._session.open(petition, label, "")

    async def taps(self, words: str) -> None:
        assert f"] {words}" in self._paper.getvalue(), f"{words!r} is not a button here: {self._paper.getvalue()}"
        await self.types(words)

    async def types(self, text: str) -> None:
        self._clear()
        self._session.say(text)

    async def speaks(self) -> None:
        """Speak to a terminal, where only the Enter key arrives."""
        await self.types("")

    def reads(self) -> str:
        return " ".join(self._paper.getvalue().replace("│", " ").split())

    def pictures(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self._folder.glob("*.png"))]

    def proofs(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self._folder.glob("*.tlog-proof"))]

    def _clear(self) -> None:
        self._paper.seek(0)
        self._paper.truncate()


class TelegramTheatre:
    """A fake Bot API server with the real application polling it, or being posted to.

    Only a theatre with `menus` registers them at the start: it takes as many calls as a whole conversation.
    """

    def __init__(self, world: World, services: Services, *, webhook: bool = False, menus: bool = False) -> None:
        self.world, self._webhook, self._menus = world, webhook, menus
        self.server = TelegramServer()
        self.services = services
        self.budgets = Budgets(Budget(1000, 1000), Budget(1000, 1000), Budget(1000, 1000))
        self._people = 0
        self._running: list[asyncio.Task[None]] = []

    @property
    def groups(self) -> Groups:
        """Service for groups."""
        return self.surface.groups

    @asynccontextmanager
    async def playing(self) -> AsyncIterator[Self]:
        """Open the server and the bot on it; close both at the end, the bot first, even if it could not start."""
        async with self.server:
            self.server.wait_also(self._idle)
            try:
                await self._start_bot()
                yield self
            finally:
                await self._stop_bot()

    async def _idle(self) -> None:
        await self.surface.updates.empty()
        await self.surface.deliveries.empty()
        await self.surface.tidying.empty()

    async def registered(self) -> None:
        """Wait until the menus are up to date, in a theatre with menus."""
        assert self._menus
        async with patience():
            await self.surface.registered.wait()

    async def restart(self) -> None:
        """Stop the bot in an orderly way, and start it again."""
        await self._stop_bot()
        await self._start_bot()

    async def _start_bot(self) -> None:
        self._threads = ServiceThreads(1, self.services.database.together, self.services.metrics.count_outcome)
        listener = await self._listen() if self._webhook else None
        self.surface = TelegramSurface(
            self.services, self._threads, self.server.token, self.server.root, Limiter(self.budgets), listener
        )
        if not self._menus:
            self.surface.registered.set()
        self._running = [asyncio.create_task(self.surface.run())]
        if listener:
            self._running.append(asyncio.create_task(listener.run()))

    async def _listen(self) -> Listener:
        """A listener on a free port, which becomes the bot's public address."""
        listener = Listener("127.0.0.1", 0)
        listener.bind()
        public = self.services.settings.model_copy(update={"public_url": f"http://127.0.0.1:{listener.port}"})
        self.services = replace(self.services, settings=public)
        return listener

    def file_orders(self, folder: Path, every: float = 5.0) -> FileOrders:
        """Worker that delivers files by this bot's own calls."""
        return orders(self.services, self._threads, TelegramFiles(self.surface._calls), folder, every)

    async def files_arrive(self, folder: Path) -> None:
        await work_off(self.services, self.file_orders(folder))

    async def _stop_bot(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._threads.close()

    async def person(self, name: str, language: str = "en") -> TelegramPersona:
        self._people += 1
        first, _, last = name.partition(" ")
        return TelegramPersona(self.server.person(self._people, first, last or None, language).private_chat())


class TelegramPersona:
    """Sends messages and presses buttons in a private chat."""

    sign = "/"

    def __init__(self, chat: ChatView) -> None:
        self.chat = chat

    async def opens(self, petition: str, label: str = "") -> None:
        await self.chat.send(f"/start {petition}" + (f"--{label}" if label else ""))

    async def taps(self, words: str) -> None:
        await self.chat.press(words)

    async def types(self, text: str) -> None:
        await self.chat.send(text)

    async def speaks(self) -> None:
        await self.chat.voice()

    def reads(self) -> str:

        return " ".join(self.chat.last.as_text().split())

    def pictures(self) -> list[bytes]:
        return [message.file or b"" for message in self.chat.messages if "photo" in message.extra]

    def proofs(self) -> list[bytes]:
        documents = [message for message in self.chat.messages if "document" in message.extra]
        return [one.file or b"" for one in documents if one.extra["document"]["file_name"].endswith(".tlog-proof")]
