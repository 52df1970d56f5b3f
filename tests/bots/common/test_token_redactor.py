"""The library's own leaks, stopped at the handler."""

import io
import logging
from base64 import urlsafe_b64encode as b64encode
from collections.abc import Iterator

import pytest
from telegram import Bot
from telegram.error import InvalidToken

from bots.common.token_redactor import TokenRedactor
from bots.telegram.transport import AiohttpRequest
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


INTERACTION = b64encode(b"interaction:1160000000000000042:" + b"x7-_" * 20).decode().rstrip("=")
BOT = "MTE2MDAwMDAwMDAwMDAwMDAw.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789-_"
URLS = [
    (f"POST /interactions/1160000000000000042/{INTERACTION}/callback", INTERACTION),
    (f"PATCH /webhooks/116000000000000000/{INTERACTION}/messages/@original", INTERACTION),
    (f"the header is Bot {BOT}", BOT),
    (f"https://api.telegram.org/bot{TOKEN}/getMe", TOKEN),
]


@pytest.mark.parametrize(("words", "token"), URLS)
def test_every_kind_of_token_is_kept_out(log: io.StringIO, words: str, token: str) -> None:
    logging.getLogger("discord.http").debug("%s failed", words)
    try:
        raise RuntimeError(words)  # noqa: TRY301
    except RuntimeError:
        logging.getLogger("discord.http").exception("not sent")
    written = log.getvalue()
    assert token not in written
    assert words.replace(token, "<token>") + " failed" in written
    assert f"RuntimeError: {words.replace(token, '<token>')}" in written


def test_a_traceback_that_no_handler_formatted_before_holds_no_token() -> None:
    """Pytest's own handler comes first elsewhere, and leaves its text on the record."""
    error = RuntimeError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    record = logging.LogRecord("bots", logging.ERROR, "", 1, "not sent", None, (type(error), error, None))
    assert TokenRedactor().filter(record)
    written = logging.Formatter().format(record)
    assert "RuntimeError: https://api.telegram.org/bot<token>/getMe" in written
    assert TOKEN not in written


def test_channels_in_addresses_are_kept_out(log: io.StringIO) -> None:
    words = "We are being rate limited. POST https://discord.com/api/v10/channels/1160000000000000042/messages"
    logging.getLogger("discord.http").warning(words)
    assert "/channels/<channel>/messages" in log.getvalue()
    assert "1160000000000000042" not in log.getvalue()


def test_other_words_are_not_redacted(log: io.StringIO) -> None:
    words = "GET /applications/1160000000000000042/commands took 12:34:56, see docs.example.org/production"
    logging.getLogger("bots").info(words)
    assert log.getvalue() == f"{words}\n"
