"""Bodies of answers, decompressed step by step and only up to a limit."""

from __future__ import annotations

import zlib
from typing import Protocol

from aiohttp import ClientResponse

MOST_BYTES = 5 * 2**20  # of a body, before and after decompressing
ACCEPTED = "gzip, deflate"
_STEP = 2**16  # bytes read at once


class _Decoder(Protocol):
    """Decodes the bytes of a body one after another."""

    def decode(self, chunk: bytes, most: int) -> bytes:
        """Decode the next bytes into `most` bytes at most."""

    @property
    def is_finished(self) -> bool:
        """True if the bytes so far are a whole body, and nothing follows it."""


async def read_body(response: ClientResponse, most: int = MOST_BYTES) -> tuple[bytes, bool]:
    """Read a body; returns its first `most` bytes at most, and whether that is all of it.

    A body in an encoding that wasn't asked for counts as empty and incomplete. Raises zlib.error if it is broken.
    """
    decoder = _decoder(response.headers.get("Content-Encoding", "").strip().lower())
    if decoder is None:
        return b"", False
    body, received = bytearray(), 0
    async for chunk in response.content.iter_chunked(_STEP):
        received += len(chunk)
        body += decoder.decode(chunk, most + 1 - len(body))
        if len(body) > most or received > most:
            return bytes(body[:most]), False
    return bytes(body), decoder.is_finished or not received


def _decoder(encoding: str) -> _Decoder | None:
    """The decoder of an encoding; None for those that weren't asked for."""
    if encoding in ("", "identity"):
        return _Plain()
    if encoding in ("gzip", "x-gzip"):
        return _Inflating(zlib.MAX_WBITS | 16)
    return _Inflating(zlib.MAX_WBITS, -zlib.MAX_WBITS) if encoding == "deflate" else None


class _Plain:
    """A body as it is."""

    is_finished = True

    def decode(self, chunk: bytes, most: int) -> bytes:
        return chunk[:most]


class _Inflating:
    """A compressed body, with the first of some frames that fits: servers disagree about the meaning of "deflate"."""

    def __init__(self, *frames: int) -> None:
        self._possible = [zlib.decompressobj(frame) for frame in frames]

    def decode(self, chunk: bytes, most: int) -> bytes:
        first, *others = self._possible
        try:
            found = first.decompress(chunk, most)
        except zlib.error:
            if not others:
                raise
            self._possible = others
            return self.decode(chunk, most)
        self._possible = [first]
        return found

    @property
    def is_finished(self) -> bool:
        return self._possible[0].eof and not self._possible[0].unused_data
