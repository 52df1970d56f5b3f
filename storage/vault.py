"""Seals personal data with a key kept outside the database, and makes keyed fingerprints of it.

Keys come newest first: the first seals, any of them opens, and the last makes the fingerprints. So a new key in front
changes no fingerprint.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import ConfigurationError, SealError

SHORTEST_KEY = 32
_VEILED = 15  # bytes


class Vault:
    """Seals and opens values; raises SealError for a value that none of its keys opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise ConfigurationError(f"SECRET_KEY must have at least {SHORTEST_KEY} characters.")
        self._boxes = MultiFernet([Fernet(urlsafe_b64encode(_derive(key, b"seal"))) for key in keys])
        self._print_key = _derive(keys[-1], b"fingerprint")
        self._veil = AESSIV(_derive(keys[-1], b"veil"))

    def seal(self, value: Mapping[str, Any]) -> bytes:
        """Seal a value, so that only a holder of the key can read it."""
        return self._boxes.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Open a sealed value."""
        opened: dict[str, Any] = json.loads(self.open_bytes(sealed))
        return opened

    def seal_bytes(self, value: bytes) -> bytes:
        """Seal bytes, so that only a holder of the key can read them."""
        return self._boxes.encrypt(value)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Open sealed bytes."""
        try:
            return self._boxes.decrypt(sealed)
        except InvalidToken:
            raise SealError("no known key opens this") from None

    def opens(self, sealed: bytes) -> bool:
        """Tell if one of the keys opens it."""
        try:
            self.open_bytes(sealed)
        except SealError:
            return False
        return True

    def fingerprint(self, *parts: str) -> str:
        """A keyed hash of the parts (HMAC-SHA-256, hexadecimal). Without the key, it does not lead back to them."""
        return hmac.new(self._print_key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()

    def veil(self, value: str, *context: str) -> str:
        """Seal a short value into the same text each time, for a key of a row; another context gives another text.

        All values of up to 15 bytes look equally long (AES-SIV, RFC 5297).
        """
        padded = value.encode().ljust(_VEILED, b"\0")
        return urlsafe_b64encode(self._veil.encrypt(padded, [part.encode() for part in context])).decode()

    def unveil(self, veiled: str, *context: str) -> str:
        """Open a value that `veil` sealed in the same context."""
        try:
            padded = self._veil.decrypt(urlsafe_b64decode(veiled), [part.encode() for part in context])
        except (InvalidTag, ValueError):
            raise SealError("no known key opens this") from None
        return padded.rstrip(b"\0").decode()


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"undersign " + purpose).derive(key.encode())
