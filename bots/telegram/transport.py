"""A transport for python-telegram-bot on aiohttp: one session, kept-alive connections, no URL in any error.

It reads every answer itself (see `answers`): the library would log a garbled one whole, with names and texts, and fail
on JSON that it does not expect.

The URL of a Bot API call holds the bot's token, and aiohttp writes URLs into its exceptions. Therefore a
fault is translated first and raised outside the `except` block: the new exception has neither cause nor
context, so no traceback, however it is printed, can lead back to the URL.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeAlias

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bots.common.bot_api import read_body
from bots.telegram.answers import result_of
from bots.telegram.network_errors import PoolExhausted, translate
from bots.telegram.upload import Body, FileBody, JsonBody, encode

FILE_ANSWER_SECONDS = 60.0  # Telegram inspects a file before it answers
BODY_SECONDS = 60.0  # that an answer may take from its first byte to its last
KEEP_ALIVE_SECONDS = 15.0  # for which an idle connection stays open
_UNSET = BaseRequest.DEFAULT_NONE
Data: TypeAlias = RequestData | JsonBody | FileBody | None


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for one step of a call; None means forever. `media_write` is `write` for files."""

    read: float | None = 5.0
    write: float | None = 5.0
    connect: float | None = 5.0
    pool: float | None = 1.0
    media_write: float | None = 20.0


class AiohttpRequest(BaseRequest):
    """Carries Bot API calls over aiohttp; can be initialised again after a shutdown, also in another loop.

    `on_failure` is called for each call that was refused or not answered, with the method and the status, "odd" for an
    answer that makes no sense, or "network". `on_refusal` is called when Telegram says that it refuses the token.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        timeouts: Timeouts = Timeouts(),
        on_failure: Callable[[str, str], None] = lambda *_: None,
        on_refusal: Callable[[], None] = lambda: None,
    ) -> None:
        self._connections = connections
        self._timeouts = timeouts
        self._on_failure, self._on_refusal = on_failure, on_refusal
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(connections)

    @property
    def read_timeout(self) -> float | None:
        """The seconds that a call waits for its answer unless the caller sets another time."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the session unless it is open."""
        if self._session is not None:
            return
        # We limit connections ourselves (the semaphore), so that waiting for one has its own time-out:
        # aiohttp's `connect` time-out would count waiting and connecting together.
        self._free = asyncio.Semaphore(self._connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            trust_env=False,
        )

    async def shutdown(self) -> None:
        """Close the session and its connections; harmless if already closed."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post_json(self, url: str, values: dict[str, Any], answer_within: float | None = None) -> Any:
        """The result of a call whose parameters are plain values; raises TelegramError as the library's calls do.

        `answer_within` is the number of seconds to wait for the answer, if the usual number is too small.
        """
        read = self._timeouts.read if answer_within is None else answer_within
        return (await self._call(url, "POST", JsonBody(values), replace(self._timeouts, read=read)))[0]

    async def post_file(self, url: str, body: FileBody) -> Any:
        """The result of a call with a file among its parameters; raises TelegramError as the library's calls do."""
        usual = self._timeouts
        waits = replace(usual, read=FILE_ANSWER_SECONDS, write=usual.media_write)
        return (await self._call(url, "POST", body, waits))[0]

    async def do_request(  # noqa: PLR0913, PLR0917  (the library's own signature)
        self,
        url: str,
        method: str,
        request_data: Data = None,
        read_timeout: ODVInput[float] = _UNSET,
        write_timeout: ODVInput[float] = _UNSET,
        connect_timeout: ODVInput[float] = _UNSET,
        pool_timeout: ODVInput[float] = _UNSET,
    ) -> tuple[int, bytes]:
        """The status and body of an answer with a result of the method's shape; raises TelegramError for any other."""
        upload = request_data is not None and request_data.contains_files
        usual = self._timeouts
        waits = Timeouts(
            read=_or_usual(read_timeout, usual.read),
            write=_or_usual(write_timeout, usual.media_write if upload else usual.write),
            connect=_or_usual(connect_timeout, usual.connect),
            pool=_or_usual(pool_timeout, usual.pool),
        )
        _, status, body = await self._call(url, method, request_data, waits)
        return status, body

    async def _call(self, url: str, method: str, data: Data, waits: Timeouts) -> tuple[Any, int, bytes]:
        """Result, status and body."""
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized")
        outcome = await self._attempt(self._session, url, method, data, waits)
        last = url.rpartition("/")[2]
        called = last if last.isalpha() else "other"
        if isinstance(outcome, NetworkError):
            self._on_failure(called, "network")
            raise outcome
        status, body = outcome
        try:
            return result_of(called, status, body), status, body
        except TelegramError as error:
            self._on_failure(called, str(status) if status >= HTTPStatus.BAD_REQUEST else "odd")
            if isinstance(error, InvalidToken) and status == HTTPStatus.UNAUTHORIZED:
                self._on_refusal()
            raise

    async def _attempt(
        self,
        session: aiohttp.ClientSession,
        url: str,
        method: str,
        data: Data,
        waits: Timeouts,
    ) -> tuple[int, bytes] | NetworkError:
        try:
            body = await encode(data) if data else Body()
            async with self._connection(waits.pool), body.sending(waits.write):
                return await _exchange(session, url, method, body, waits)
        except Exception as error:  # noqa: BLE001 - whatever slips past here may quote the URL
            return translate(error)

    @asynccontextmanager
    async def _connection(self, longest: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(longest if self._free.locked() else None):
                await self._free.acquire()
        except TimeoutError:
            raise PoolExhausted from None
        try:
            yield
        finally:
            self._free.release()


async def _exchange(
    session: aiohttp.ClientSession, url: str, method: str, body: Body, waits: Timeouts
) -> tuple[int, bytes]:
    # Redirects are not followed: they would carry the token to a host that nobody chose.
    async with session.request(
        method,
        url,
        data=body.stream(),
        headers=body.headers,
        allow_redirects=False,
        timeout=aiohttp.ClientTimeout(total=None, connect=waits.connect, sock_read=waits.read),
    ) as response:
        async with asyncio.timeout(BODY_SECONDS):
            return response.status, await read_body(response)


def _or_usual(value: ODVInput[float], usual: float | None) -> float | None:
    return usual if isinstance(value, DefaultValue) else value
