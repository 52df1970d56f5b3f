"""The library's own leaks, stopped at the handler."""

import io
import logging
from collections.abc import Iterator

import pytest
from telegram import Bot
from telegram.error import InvalidToken

from bots.telegram.transport import AiohttpRequest
from bots.token_redactor import TokenRedactor
from tests.telegram_server import TOKEN, TelegramServer


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(TokenRedactor())
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.mark.server
async def test_a_rejected_token_is_not_logged(log: io.StringIO) -> None:
    async with TelegramServer() as server:
        server.fail_next("getMe", 401, "Unauthorized")
        parts = AiohttpRequest(), AiohttpRequest()
        bot = Bot(TOKEN, base_url=server.base_url, request=parts[0], get_updates_request=parts[1])
        try:
            await bot.initialize()
        except InvalidToken:
            logging.getLogger("bots").exception("cannot start %s", "the bot")
        await bot.shutdown()

    assert "Set Bot API URL" in log.getvalue()
    assert "cannot start the bot\nTraceback" in log.getvalue()
    assert TOKEN.split(":")[1] not in log.getvalue()
    assert "<token>` was rejected" in log.getvalue()
