"""A bot whose gateway is odd: it works, and its log names nothing of what arrived."""

from __future__ import annotations

import logging

import pytest

from tests.bots.discord.odd import SECRET
from tests.discord_server.views import ChannelView
from tests.patience import patience, until
from tests.scenarios.discord_stage import DiscordTheatre
from tests.world import SALESFORCE


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Warnings and errors of anyone."""
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def nothing_leaked(caplog: pytest.LogCaptureFixture) -> bool:
    texts = [
        caplog.handler.formatter.format(record) if caplog.handler.formatter else record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.INFO
    ]
    return not any(word in text for text in texts for word in SECRET.split())


async def works(theatre: DiscordTheatre, view: ChannelView) -> None:
    """Assert that the bot runs, or runs again, and answers; what it was asked in a session that broke may be lost."""
    gateway = theatre.server.gateway

    def answered() -> bool:
        return bool(view.messages) and "First goal" in view.last.as_text()

    async with patience():
        while not answered():
            await theatre.server.connected()
            sockets = gateway.accepted
            await view.command("petition show", petition=SALESFORCE, wait=False)
            await until(lambda: answered() or gateway.accepted > sockets, "the bot answers")  # noqa: B023
    assert not theatre.running.done()
