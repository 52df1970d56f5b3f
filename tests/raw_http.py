"""A client that speaks HTTP byte by byte, so that it can do it badly."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import SO_LINGER, SOL_SOCKET

from tests.patience import patience


class Client:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def say(self, words: bytes) -> None:
        """Send bytes."""
        self._writer.write(words)
        await self._writer.drain()

    async def head(self) -> str:
        """The next answer up to its body, which is read too."""
        async with patience():
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            length = next((line for line in head.splitlines() if line.startswith("Content-Length: ")), ": 0")
            await self._reader.readexactly(int(length.partition(": ")[2]))
        return head

    async def rest(self) -> str:
        """All until the server closes the connection; what it cut off counts as well."""
        parts: list[bytes] = []
        try:
            async with patience():
                while part := await self._reader.read(4096):
                    parts.append(part)
        except ConnectionError:
            pass
        return b"".join(parts).decode()

    def hang_up(self) -> None:
        """Close with a reset."""
        self._writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    """A connection to this port of the loopback interface."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()
