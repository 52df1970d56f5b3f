"""Downloads a petition's log from its site: the checkpoint, all entries in order, and the number that the site shows.

A site is a stranger: nothing that it sends is trusted, and nothing is read beyond the size that it may have.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any

import aiohttp

from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.signed_note import SignedNote
from core.log.tiles import ENTRIES, LONGEST_ENTRY, TILE_WIDTH, Tile, entries_in

AT_ONCE = 8  # downloads
LARGEST_TEXT = 64 * 1024
LARGEST_BUNDLE = TILE_WIDTH * (LONGEST_ENTRY + 2)
_PATIENCE = aiohttp.ClientTimeout(total=60)


def log_address(address: str) -> str:
    """The address of a log, from its own, its checkpoint's, or that of its petition's page. Raises LogError."""
    scheme, separator, rest = address.partition("://")
    plain = rest.partition("?")[0].partition("#")[0].rstrip("/").removesuffix("/checkpoint").removesuffix("/log")
    if scheme not in ("http", "https") or not separator or not plain:
        raise LogError(f"{address} isn't the address of a petition's page: it has to begin with https://.")
    return f"{scheme}://{plain}/log"


class LogSite:
    """One log of a site, read over a session. Each method raises LogError if the site doesn't answer as it should."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session, self._address = session, address

    async def checkpoint(self) -> SignedNote:
        """The current checkpoint, not yet trusted."""
        body = await self._get(f"{self._address}/checkpoint", LARGEST_TEXT)
        if body is None:
            raise LogError(f"Nothing has been published at {self._address} yet. Try again tomorrow.")
        return SignedNote.parse(_text(body))

    async def shown(self) -> dict[str, Any]:
        """The values that the site's count.json has about the log; empty if it has none."""
        body = await self._get(f"{self._address.removesuffix('/log')}/count.json", LARGEST_TEXT)
        try:
            values = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            values = {}
        shown = values.get("log") if isinstance(values, dict) else None
        return shown if isinstance(shown, dict) else {}

    async def entries(self, checkpoint: Checkpoint) -> AsyncGenerator[tuple[bytes, ...], None]:
        """All entries up to a checkpoint, bundle by bundle, with a few downloads ahead of their reader."""
        size = checkpoint.size
        bundles = iter(range(-(-size // TILE_WIDTH)))
        ahead: deque[asyncio.Task[tuple[bytes, ...]]] = deque()
        try:
            while True:
                while len(ahead) < AT_ONCE and (index := next(bundles, None)) is not None:
                    width = min(TILE_WIDTH, size - index * TILE_WIDTH)
                    ahead.append(asyncio.create_task(self._bundle(Tile(ENTRIES, index, width))))
                if not ahead:
                    return
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _bundle(self, tile: Tile) -> tuple[bytes, ...]:
        body = await self._get(f"{self._address}/tile/{tile.path}", LARGEST_BUNDLE)
        if body is None and tile.width < TILE_WIDTH:  # the log has grown since, and keeps no partial bundle
            body = await self._get(f"{self._address}/tile/{Tile(ENTRIES, tile.index).path}", LARGEST_BUNDLE)
        entries = entries_in(body or b"")[: tile.width]
        if len(entries) < tile.width:
            raise LogError(f"The log lacks entries: {tile.path} has {len(entries)} of {tile.width}.")
        return entries

    async def _get(self, url: str, largest: int) -> bytes | None:
        """A body, or None where there is nothing."""
        try:
            async with self._session.get(url, timeout=_PATIENCE) as response:
                if response.status == HTTPStatus.NOT_FOUND:
                    return None
                if response.status != HTTPStatus.OK:
                    raise LogError(f"{url} answers with {response.status}.")
                return await _whole(response, largest)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise LogError(f"{url} can't be read: {_reason(error)}.") from None


async def _whole(response: aiohttp.ClientResponse, largest: int) -> bytes:
    parts, size = [], 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > largest:
            raise LogError(f"{response.url} is larger than anything that a log has there.")
        parts.append(chunk)
    return b"".join(parts)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise LogError("The checkpoint isn't text.") from None


def _reason(error: Exception) -> str:
    """The reason in a few words, on one line."""
    if isinstance(error, TimeoutError):
        return "it takes too long"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "nothing answers there"
    return " ".join(str(error).split()) or type(error).__name__
