"""The bot's token appears in no log and no exception, whatever goes wrong on the wire."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from telegram.error import InvalidToken, NetworkError, TimedOut

from bots.telegram.network_errors import ConnectFailed, RequestLost, Unsent, translate
from bots.telegram.transport import Timeouts
from tests.bots.telegram.bots import bot_on
from tests.ports import unused_port
from tests.telegram_server import TOKEN, TelegramServer

pytestmark = pytest.mark.server

IMPATIENT = Timeouts(read=0.1)
SECRET = TOKEN.split(":")[1]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.mark.parametrize("kind", [ValueError, OSError, aiohttp.InvalidURL, aiohttp.ClientPayloadError])
def test_no_word_of_the_original_error_is_kept(kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        raise kind(f"https://api.telegram.org/bot{TOKEN}/getMe")
    translated = translate(caught.value)

    assert kind.__name__ in str(translated)
    assert SECRET not in repr(_chain(translated))


class Evidence:
    """Everything that was logged or raised, as text."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        self.errors: list[BaseException] = []

    def text(self) -> str:
        formatter = logging.Formatter("%(name)s %(message)s")
        logged = [formatter.format(record) + repr(vars(record)) for record in self._caplog.records]
        raised = ["".join(traceback.format_exception(error)) + repr(error) for error in self.errors]
        return "\n".join(logged + raised + [repr(_chain(error)) for error in self.errors])


def _chain(error: BaseException | None) -> list[Any]:
    """The error and all that it hangs on, also what `raise ... from None` would only hide."""
    errors: list[Any] = []
    while error is not None:
        errors.append((repr(error), error.args, str(error)))
        error = error.__cause__ or error.__context__
    return errors


async def _root(trouble: str, server: TelegramServer, babbler: asyncio.Server) -> str:
    """Address to call, prepared for this kind of trouble."""
    match trouble:
        case "refused":
            return f"http://127.0.0.1:{unused_port()}"
        case "no url":
            return "http://[broken"
        case "no protocol":
            return "gopher://127.0.0.1"
        case "not http":
            return f"http://127.0.0.1:{babbler.sockets[0].getsockname()[1]}"
        case "time-out":
            server.slow_next("getMe", 0.3)
        case "502":
            server.bad_gateway_next("getMe")
        case "dropped":
            server.drop_next("getMe", applied=False)
        case "wrong token":
            server.fail_next("getMe", 401, "Unauthorized")
    return server.root


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("refused", ConnectFailed),
        ("no url", ConnectFailed),
        ("no protocol", ConnectFailed),
        ("time-out", TimedOut),
        ("502", NetworkError),
        ("dropped", RequestLost),
        ("not http", RequestLost),
        ("wrong token", InvalidToken),
    ],
)
async def test_the_token_appears_nowhere(
    server: TelegramServer, caplog: pytest.LogCaptureFixture, trouble: str, expected: type[Exception]
) -> None:
    asyncio.get_running_loop().set_debug(True)
    babbler = await asyncio.start_server(_babble, "127.0.0.1", 0)
    root = await _root(trouble, server, babbler)
    evidence = Evidence(caplog)
    async with babbler, bot_on(root, IMPATIENT if trouble == "time-out" else None) as bot:
        # The library itself logs the URL when a Bot is built, and names the token in Bot.initialize().
        caplog.set_level(logging.DEBUG)
        caplog.clear()
        with pytest.raises(expected) as caught:
            await bot.get_me()
        evidence.errors.append(caught.value)

    assert evidence.text().count("getMe") > 0
    assert SECRET not in evidence.text()
    if expected is ConnectFailed:
        assert isinstance(caught.value, Unsent)


async def _babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"this is not HTTP\r\n\r\n")
    await writer.drain()
    writer.close()
