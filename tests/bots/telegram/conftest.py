"""The real application against the fake Bot API server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bots.common import patience
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server import ChatView, TelegramServer
from tests.world import World, services_of


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let little time pass between attempts to reach Telegram."""
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.01)


@pytest.fixture
def menus() -> bool:
    """True in tests of the menus, which ask for it by `parametrize`."""
    return False


@pytest.fixture
async def theatre(tmp_path: Path, vault: Vault, *, menus: bool) -> AsyncIterator[TelegramTheatre]:
    """A bot that polls, on storage that is a file."""
    async with _playing(tmp_path, vault, menus=menus) as theatre:
        yield theatre


@pytest.fixture
async def posted(tmp_path: Path, vault: Vault) -> AsyncIterator[TelegramTheatre]:
    """A bot that is posted to."""
    async with _playing(tmp_path, vault, webhook=True) as theatre:
        yield theatre


@asynccontextmanager
async def _playing(
    tmp_path: Path, vault: Vault, *, webhook: bool = False, menus: bool = False
) -> AsyncIterator[TelegramTheatre]:
    with closing(migrated_sqlite(tmp_path)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        services = services_of(world, database, vault)
        async with TelegramTheatre(world, services, webhook=webhook, menus=menus).playing() as theatre:
            yield theatre


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A fake Bot API server, and nothing that talks to it."""
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def chat(server: TelegramServer) -> ChatView:
    """A private chat in which the bot may write."""
    view = server.person(11, "Anna").private_chat()
    view.chat.started = True
    return view
