"""The encodings of gateway packets: plain text, zlib-stream and zstd-stream, one context for each connection."""

import zlib
from typing import Protocol

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_PLAIN_HEADER = b"\x00\x58"  # no checksum, no size, a window of two megabytes
_ZSTD_BLOCK = 128 * 1024


class Encoder(Protocol):
    """Turns one packet into what goes over the wire."""

    def __call__(self, packet: bytes) -> bytes: ...


def zlib_stream() -> Encoder:
    """All packets are one zlib stream, flushed after each."""
    stream = zlib.compressobj()
    return lambda packet: stream.compress(packet) + stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """All packets are one zstd frame; its blocks are stored as they are, which every decoder takes."""

    def __init__(self) -> None:
        self._header = _ZSTD_MAGIC + _ZSTD_PLAIN_HEADER

    def __call__(self, packet: bytes) -> bytes:
        """The blocks of one packet, after the header of the frame where it is the first."""
        header, self._header = self._header, b""
        starts = range(0, len(packet), _ZSTD_BLOCK)
        return header + b"".join(_stored(packet[start : start + _ZSTD_BLOCK]) for start in starts)


def _stored(part: bytes) -> bytes:
    return (len(part) << 3).to_bytes(3, "little") + part


def encoder(name: str | None) -> Encoder | None:
    """The encoder that a client asks for in the address; None for plain text. Raises KeyError for an unknown one."""
    return {None: lambda: None, "zlib-stream": zlib_stream, "zstd-stream": ZstdStream}[name]()
