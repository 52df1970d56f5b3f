"""Asking who the bot is: patiently, unless the token is wrong."""

from __future__ import annotations

import logging

import pytest

from bots.common import patience
from bots.common.identity import discord_application, telegram_username
from bots.common.patience import Backoff
from core.errors import ConfigurationError
from tests.discord_server import TOKEN as DISCORD_TOKEN
from tests.telegram_server import TOKEN, TelegramServer

BACKOFF = Backoff(logging.getLogger(__name__), "Telegram")


@pytest.mark.server
async def test_the_name_is_requested_until_telegram_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.001)
    failures: list[str] = []
    async with TelegramServer() as server:
        server.fail_next("getMe", 500, "Internal Server Error")
        assert await telegram_username(server.root, TOKEN, BACKOFF, failures.append) == "undersign_bot"
    assert failures == ["500"]


@pytest.mark.server
async def test_a_wrong_token_is_one_sentence() -> None:
    async with TelegramServer() as server:
        with pytest.raises(ConfigurationError, match="Telegram refuses TELEGRAM_TOKEN"):
            await telegram_username(server.root, "1:x", BACKOFF)


@pytest.mark.parametrize("token", ["", "nonsense", "é.b.c", "a" * 200])
def test_a_discord_token_that_is_none_is_one_sentence(token: str) -> None:
    with pytest.raises(ConfigurationError, match="DISCORD_TOKEN"):
        discord_application(token)


def test_the_application_is_in_the_token() -> None:
    assert discord_application(DISCORD_TOKEN) == 116_000_000_000_000_000
