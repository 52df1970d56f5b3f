"""Fixtures for tests of workers whose results an organizer gets in a chat."""

from __future__ import annotations

import pytest

from tests.scenarios.stage import TelegramTheatre
from tests.telegram_server.views import ChatView

OLGA = 99  # tests.world.ORGANIZERS


@pytest.fixture
async def olga(theatre: TelegramTheatre) -> ChatView:
    """An organizer's private chat with the bot of the test's theatre."""
    chat = theatre.server.person(OLGA, "Olga").private_chat()
    await chat.send("/start")
    return chat
