"""Bodies of answers, decompressed step by step and only up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeAlias

from aiohttp import ClientResponse

MOST_BYTES = 5 * 2**20  # of a body, before and after decompressing
ACCEPTED = "gzip, deflate"
_STEP = 2**16  # bytes read at once

_Decompress: TypeAlias = Callable[[bytes, int], bytes]


async def read_body(response: ClientResponse, most: int = MOST_BYTES) -> tuple[bytes, bool]:
    """Read a body; returns its first `most` bytes at most, and whether that is all of it.

    A body in an encoding that wasn't asked for counts as empty and incomplete. Raises zlib.error if it is broken.
    """
    decompress = _decompressor(response.headers.get("Content-Encoding", "").strip().lower())
    if decompress is None:
        return b"", False
    body, received = bytearray(), 0
    async for chunk in response.content.iter_chunked(_STEP):
        received += len(chunk)
        body += decompress(chunk, most + 1 - len(body))
        if len(body) > most or received > most:
            return bytes(body[:most]), False
    return bytes(body), True


def _decompressor(encoding: str) -> _Decompress | None:
    """A function that decompresses the next bytes into a number of bytes at most; None for other encodings."""
    if encoding in ("", "identity"):
        return lambda chunk, most: chunk[:most]
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress
    return _inflate() if encoding == "deflate" else None


def _inflate() -> _Decompress:
    """Decompress with or without zlib's frame: servers disagree about the meaning of "deflate"."""
    framed, bare = zlib.decompressobj(), zlib.decompressobj(-zlib.MAX_WBITS)
    chosen: list[_Decompress] = []

    def decompress(chunk: bytes, most: int) -> bytes:
        if chosen:
            return chosen[0](chunk, most)
        try:
            found = framed.decompress(chunk, most)
            chosen.append(framed.decompress)
        except zlib.error:
            found = bare.decompress(chunk, most)
            chosen.append(bare.decompress)
        return found

    return decompress
