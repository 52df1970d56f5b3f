"""Seals short values into the same text each time, so that they can be part of a row's key (AES-SIV, RFC 5297)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from core.errors import SealError


class Veil:
    """A key for values in contexts. Lengths are rounded up to whole `steps` (bytes), which is all that they tell."""

    def __init__(self, key: bytes, step: int) -> None:
        self._cipher, self._step = AESSIV(key), step

    def seal(self, value: str, *context: str) -> str:
        """Seal a value; another context gives another text."""
        content = value.encode()
        padded = content.ljust(max(-(-len(content) // self._step), 1) * self._step, b"\0")
        return urlsafe_b64encode(self._cipher.encrypt(padded, _parts(context))).decode()

    def open(self, veiled: str, *context: str) -> str:
        """Open a value that was sealed in the same context. Raises SealError."""
        try:
            padded = self._cipher.decrypt(urlsafe_b64decode(veiled), _parts(context))
        except (InvalidTag, ValueError):
            raise SealError("no known key opens this") from None
        return padded.rstrip(b"\0").decode()


def _parts(context: Sequence[str]) -> list[bytes]:
    return [part.encode() for part in context]
